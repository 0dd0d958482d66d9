"""Mouth, eyelids, gut, tiredness, limbs, sight, weight: grade and level (R7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.grading.answer_words import SCALES, YES_OR_NO
from alerts.grading.case import Case
from alerts.grading.course import Entry
from alerts.grading.rash import limited_by
from alerts.grading.reasons import Reason, Wording
from alerts.grading.terms import Level, at_least


@dataclass(frozen=True, slots=True)
class Symptom:
    """One symptom asked in words.

    Attributes:
        key: Name of the grade.
        code: Middle part of the reason codes.
        domain: Part of the body, for two ambers in different domains.
        term: CTCAE 5.0 term.
        worst_level: Level of grade 3.
        new_level: Level of a fresh grade 2.
    """

    key: str
    code: str
    domain: str
    term: str
    worst_level: Level = Level.URGENT
    new_level: Level = Level.PROMPT


SYMPTOMS = (
    Symptom("mucositis", "MUCOSITIS", "mouth", "mucositis oral"),
    Symptom("periorbital_edema", "PERIORBITAL_EDEMA", "swelling", "periorbital edema"),
    Symptom("diarrhea", "DIARRHEA", "gut", "diarrhea"),
    Symptom("nausea", "NAUSEA", "gut", "nausea", new_level=Level.DIGEST),
    Symptom(
        "fatigue",
        "FATIGUE",
        "tiredness",
        "fatigue",
        worst_level=Level.PROMPT,
        new_level=Level.DIGEST,
    ),
    Symptom("limb_edema", "LIMB_EDEMA", "swelling", "edema limbs"),
    Symptom("blurred_vision", "BLURRED_VISION", "sight", "blurred vision"),
)
DOMAINS: Mapping[str, str] = {
    "rash": "skin",
    "pruritus": "skin",
    **{symptom.key: symptom.domain for symptom in SYMPTOMS},
}

FIELDS: Mapping[str, str] = {
    "mucositis": "mouth",
    "periorbital_edema": "periorbital",
    "nausea": "nausea",
    "fatigue": "fatigue",
    "limb_edema": "limb_swelling",
    "blurred_vision": "blurred_vision",
}
SEVERITY: Mapping[str | None, int] = {"none": 0, "mild": 1, "moderate": 2, "severe": 3}
EYELIDS: Mapping[str | None, int] = {
    "none": 0,
    "soft": 1,
    "firm_or_pitting": 2,
    "cannot_open_or_vision": 3,
}
EATING: Mapping[str | None, int] = {
    "none": 0,
    "mild": 1,
    "reduced_intake": 2,
    "inadequate_intake": 3,
}
TIREDNESS: Mapping[str | None, int] = {
    "none": 0,
    "relieved_by_rest": 1,
    "not_relieved": 2,
    "self_care": 3,
}

_ENDINGS = {
    "G3": ("estimated grade 3", "You told us about {answer}."),
    "G2_NEW": ("estimated grade 2, new or worse", "You told us about {answer}, new or worse."),
    "G2_STABLE": (
        "estimated grade 2, no worse than before",
        "You told us about {answer}, no worse than before.",
    ),
    "G1": ("estimated grade 1", "You told us about {answer}."),
}
GRADED: Mapping[tuple[str, str], Wording] = {
    (symptom.key, ending): Wording(
        f"R7_{symptom.code}_{ending}",
        f"{{start}}: CTCAE 5.0 {symptom.term}, {nurse}.",
        patient,
        f"CTCAE 5.0 {symptom.term}",
    )
    for symptom in SYMPTOMS
    for ending, (nurse, patient) in _ENDINGS.items()
}
WEIGHT = Wording(
    "R7_RAPID_WEIGHT_GAIN",
    "Weight gain of {kilograms} kg in 3 days: unexpected rapid gain is to be investigated.",
    "You have gained {kilograms} kg in 3 days.",
    "Imatinib label, fluid retention; the 2 kg are a design choice",
)
UNWELL = Wording(
    "R7_FEELS_UNWELL_ALONE",
    "Feels unwell, without any other criterion met.",
    "You told us that you feel unwell. Phone your care team if it gets worse.",
    "Design choice",
)
WORDINGS = (*GRADED.values(), WEIGHT, UNWELL)


def symptom_grades(entry: Entry) -> dict[str, int]:
    """Return the grade of every symptom that was asked, 0 to 3.

    Source:
        CTCAE v5.0: mucositis oral, periorbital edema, diarrhea, nausea, fatigue, edema limbs,
        blurred vision; the words of the diary stand for the grades.
    """
    grades = {
        "mucositis": _mouth(entry),
        "periorbital_edema": EYELIDS.get(entry.periorbital),
        "diarrhea": _diarrhea(entry),
        "nausea": EATING.get(entry.nausea),
        "fatigue": TIREDNESS.get(entry.fatigue),
        "limb_edema": SEVERITY.get(entry.limb_swelling),
        "blurred_vision": SEVERITY.get(entry.blurred_vision),
    }
    return {key: grade for key, grade in grades.items() if grade is not None}


def symptom_reasons(case: Case) -> list[Reason]:
    """Return why these symptoms and the weight need a person."""
    reasons = []
    for symptom in SYMPTOMS:
        grade = case.grades.get(symptom.key, 0)
        if grade == 0:
            continue
        ending, level = _ending(case, symptom, grade)
        wording = GRADED[symptom.key, ending]
        answer = _answer(case.entry, symptom.key)
        start = answer[:1].upper() + answer[1:]
        reasons.append(wording.reason(level, start=start, answer=answer))
    gain = case.entry.weight_gain_3d_kg
    if gain is not None and at_least(gain, case.rules.weight_gain_kg):
        reasons.append(WEIGHT.reason(Level.PROMPT, kilograms=gain))
    return reasons


def unwell_reasons(case: Case, others: list[Reason]) -> list[Reason]:
    """Return the reason for feeling unwell when nothing else would tell anybody."""
    if case.entry.flagged("feels_unwell") and not any(reason.level for reason in others):
        return [UNWELL.reason(Level.DIGEST, told="feeling unwell")]
    return []


def _ending(case: Case, symptom: Symptom, grade: int) -> tuple[str, Level]:
    if grade >= 3:
        return "G3", symptom.worst_level
    if grade == 1:
        return "G1", Level.DIGEST
    if case.fresh(symptom.key):
        return "G2_NEW", symptom.new_level
    return "G2_STABLE", Level.DIGEST


def _mouth(entry: Entry) -> int | None:
    return 3 if entry.mouth_intake_affected else SEVERITY.get(entry.mouth)


def _diarrhea(entry: Entry) -> int | None:
    stools = entry.stools_over_baseline
    if stools is None:
        return None
    by_count = 3 if stools >= 7 else 2 if stools >= 4 else 1 if stools >= 1 else 0
    by_living = {"none": 0, "instrumental": 2, "self_care": 3}[limited_by(entry, "diarrhea")]
    return max(by_count, by_living)


def _answer(entry: Entry, key: str) -> str:
    if key == "diarrhea":
        more = entry.stools_over_baseline
        stools = "1 more loose stool" if more == 1 else f"{more} more loose stools"
        living = SCALES["adl"][limited_by(entry, "diarrhea")]
        limited = limited_by(entry, "diarrhea") != "none"
        return f"{stools} a day than usual{f', {living}' if limited else ''}"
    if key == "mucositis" and entry.mouth_intake_affected:
        return YES_OR_NO["mouth_intake_affected"]
    return SCALES[FIELDS[key]][getattr(entry, FIELDS[key])]
