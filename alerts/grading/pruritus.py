"""Itch: estimated grade (R3) and how soon a person must know (R6)."""

from __future__ import annotations

from alerts.grading.answer_words import SCALES
from alerts.grading.case import Case
from alerts.grading.course import Entry
from alerts.grading.rash import limited_by, nrs_band
from alerts.grading.reasons import Reason, Wording
from alerts.grading.rules import RuleSet
from alerts.grading.terms import Level

CTCAE = "CTCAE 5.0 pruritus; bands of the itch scale: Reich 2012"

GRADE_3 = Wording(
    "R6_PRURITUS_G3_LIKE",
    "Itch {itch} of 10{beside}: CTCAE 5.0 pruritus, estimated grade 3.",
    "You told us about severe itching: {itch} of 10{beside}.",
    CTCAE,
)
GRADE_2_IN_WINDOW = Wording(
    "R6_PRURITUS_G2_IN_WINDOW",
    "Itch {itch} of 10{beside}, new or worse: CTCAE 5.0 pruritus, estimated grade 2, {window}.",
    "Your itching is new or worse, {window}: {itch} of 10{beside}.",
    CTCAE,
)
GRADE_2 = Wording(
    "R6_PRURITUS_G2",
    "Itch {itch} of 10{beside}: CTCAE 5.0 pruritus, estimated grade 2.",
    "You told us about itching: {itch} of 10{beside}.",
    CTCAE,
)
GRADE_1 = Wording(
    "R6_PRURITUS_G1",
    "Itch {itch} of 10{beside}: CTCAE 5.0 pruritus, estimated grade 1.",
    "You told us about some itching: {itch} of 10{beside}.",
    CTCAE,
)
WORSE = Wording(
    "R6_ITCH_WORSE_BY_4_IN_72H",
    "Itch rose from {before} to {itch} of 10 within 3 days.",
    "Your itching has become much worse: from {before} to {itch} of 10 within 3 days.",
    "A change of 4 points is clinically meaningful (dupilumab trials)",
)
WORDINGS = (GRADE_3, GRADE_2_IN_WINDOW, GRADE_2, GRADE_1, WORSE)


def pruritus_grades(entry: Entry, rules: RuleSet) -> dict[str, int]:
    """Return the itch grade, 0 to 3; empty when the itch was not rated.

    Source:
        CTCAE v5.0 "Pruritus": mild or localized; widespread and intermittent, or scratch
        damage, or instrumental ADL; widespread and constant, or self-care ADL or sleep.
    """
    if entry.itch_nrs is None:
        return {}
    if entry.itch_nrs == 0:
        return {"pruritus": 0}
    band = nrs_band(entry.itch_nrs, rules)
    widespread = entry.itch_extent == "widespread"
    adl = limited_by(entry, "itch")
    if (
        (band == 3 and not _mild_in_every_other_way(entry))
        or (widespread and entry.itch_pattern == "constant")
        or entry.sleep_loss == "major"
        or adl == "self_care"
    ):
        return {"pruritus": 3}
    if (
        band >= 2
        or (widespread and entry.itch_pattern == "intermittent")
        or entry.sleep_loss == "some"
        or entry.looks_like("scratch_marks")
        or adl == "instrumental"
    ):
        return {"pruritus": 2}
    return {"pruritus": 1}


def pruritus_reasons(case: Case) -> list[Reason]:
    """Return why the itch needs a person."""
    itch = case.entry.itch_nrs
    if itch is None:
        return []
    reasons = []
    grade = case.grade("pruritus")
    told = {"itch": itch, "beside": _beside(case.entry) if grade else ""}
    if grade == 3:
        reasons.append(GRADE_3.reason(Level.PROMPT, **told))
    elif grade == 2 and case.fresh("pruritus") and case.windows.open:
        words = case.windows.words
        reasons.append(GRADE_2_IN_WINDOW.reason(Level.PROMPT, **told, window=words))
    elif grade >= 1:
        wording = GRADE_2 if grade == 2 else GRADE_1
        reasons.append(wording.reason(Level.DIGEST, **told))
    if itch < case.rules.itch_rise:
        return reasons
    before = [
        entry.itch_nrs
        for entry, _ in case.within(case.rules.itch_rise_days)
        if entry.itch_nrs is not None
    ]
    if before and itch - min(before) >= case.rules.itch_rise:
        reasons.append(WORSE.reason(Level.PROMPT, itch=itch, before=min(before)))
    return reasons


def _beside(entry: Entry) -> str:
    """Return what else the grade looks at, as far as it was told and is not mild."""
    living = limited_by(entry, "itch")
    said = {
        "widespread": entry.itch_extent == "widespread",
        "constant": entry.itch_pattern == "constant",
        SCALES["sleep_loss"][entry.sleep_loss or "none"]: entry.sleep_loss in {"some", "major"},
        "scratch marks": entry.looks_like("scratch_marks"),
        SCALES["adl"][living]: living != "none",
    }
    return "".join(f", {words}" for words, there in said.items() if there)


def _mild_in_every_other_way(entry: Entry) -> bool:
    return (
        entry.itch_extent == "localized"
        and entry.itch_pattern == "intermittent"
        and entry.sleep_loss == "none"
        and entry.adl == "none"
    )
