"""How soon a person must look at a rash: extent, grade, persistence, spread (R5)."""

from __future__ import annotations

from alerts.grading.answer_words import SCALES
from alerts.grading.assessment import Assessment
from alerts.grading.case import Case
from alerts.grading.course import Entry
from alerts.grading.rash import limited_by
from alerts.grading.reasons import Reason, Wording, plain
from alerts.grading.terms import Level, above, at_least

CTCAE = "CTCAE 5.0 rash maculo-papular and the terms of the other lesions"
SEVERE = "Severe rash as in trial NCT03440515 and Oncologist 2025 (oyaf176)"

_NURSE = "Rash covers {extent}{beside}"
_PATIENT = "{extent_told}{beside_told}"
WIDE = Wording(
    "R5_EXTENT_GT_30_PERCENT",
    f"{_NURSE}: over {{limit}} %, urgent whatever the symptoms; estimated grade {{grade}} "
    "(CTCAE 5.0).",
    f"Your rash is wide: {_PATIENT}.",
    "Design choice, cautious side of CTCAE 5.0",
)
GRADE_3 = Wording(
    "R5_RASH_G3_LIKE",
    f"{_NURSE}: {{kind}}, estimated grade {{grade}} (CTCAE 5.0).",
    f"Your rash is severe: {_PATIENT}.",
    CTCAE,
)
GRADE_2_NEW = Wording(
    "R5_RASH_G2_NEW_OR_WORSE",
    f"{_NURSE}: {{kind}}, estimated grade 2 (CTCAE 5.0), new or worse than in the last 7 days.",
    f"Your rash is new or has become worse: {_PATIENT}.",
    CTCAE,
)
GRADE_2_ITCH = Wording(
    "R5_RASH_G2_WITH_PRURITUS_G2",
    f"{_NURSE}: rash estimated grade 2 with itch estimated grade {{pruritus}}, severe in trial "
    "NCT03440515.",
    f"You have a rash together with strong itching: {_PATIENT}.",
    SEVERE,
)
GRADE_2_PERSISTING = Wording(
    "R5_RASH_G2_PERSISTING_7D",
    f"{_NURSE}: estimated grade 2 (CTCAE 5.0) persists, no skin alert for 7 days.",
    f"Your rash has not gone away: {_PATIENT}.",
    CTCAE,
)
GRADE_2_STABLE = Wording(
    "R5_RASH_G2_STABLE",
    f"{_NURSE}: estimated grade 2 (CTCAE 5.0), no worse than in the last 7 days.",
    f"Your rash is still there, about as before: {_PATIENT}.",
    CTCAE,
)
GRADE_2_AGAIN = Wording(
    "R5_RECURRENT_G2",
    f"{_NURSE}: back to estimated grade 2 after it had fallen to grade 1 or less; recurrent "
    "grade 2 counts as severe.",
    f"Your rash has come back: {_PATIENT}.",
    SEVERE,
)
GRADE_1_IN_WINDOW = Wording(
    "R5_RASH_G1_IN_WINDOW",
    f"{_NURSE}: new, estimated grade 1 (CTCAE 5.0), {{window}}.",
    f"You have a new rash, {{window}}: {_PATIENT}.",
    CTCAE,
)
GRADE_1 = Wording(
    "R5_RASH_G1",
    f"{_NURSE}: estimated grade 1 (CTCAE 5.0).",
    f"You told us about a rash: {_PATIENT}.",
    CTCAE,
)
FAST_SPREAD = Wording(
    "R5_RAPID_SPREAD_GE_20PTS_48H",
    "Rash spread from {before_percent} % to {extent_percent} % of the skin within 2 days.",
    "Your rash is spreading fast: from {before_percent} to {extent_percent} % of your skin in 2 "
    "days.",
    "Design choice",
)
SPREAD = Wording(
    "R5_RAPID_SPREAD_GE_10PTS_48H",
    "Rash spread from {before_percent} % to {extent_percent} % of the skin within 2 days.",
    "Your rash is spreading: from {before_percent} to {extent_percent} % of your skin in 2 days.",
    "Design choice",
)
WORDINGS = (
    WIDE,
    GRADE_3,
    GRADE_2_NEW,
    GRADE_2_ITCH,
    GRADE_2_PERSISTING,
    GRADE_2_STABLE,
    GRADE_2_AGAIN,
    GRADE_1_IN_WINDOW,
    GRADE_1,
    FAST_SPREAD,
    SPREAD,
)

KINDS = {
    "sjs_ten_suspected": "peeling with sores (SJS or TEN suspected)",
    "erythema_multiforme": "target lesions",
    "bullous_dermatitis": "blisters",
    "urticaria": "hives",
    "rash_maculopapular": "rash maculo-papular",
    "rash_acneiform": "rash acneiform",
}

# What makes these kinds of rash grade 2 or 3 beside their extent (R2.5, R2.7, R2.8).
BY_SORES = frozenset({"erythema_multiforme", "sjs_ten_suspected"})
BY_PAIN = frozenset({"erythema_multiforme", "bullous_dermatitis"})
NO_ITCH = "itch 0 of 10"


def rash_reasons(case: Case) -> list[Reason]:
    """Return why the rash needs a person; empty without a rash."""
    reasons = [case.rash.remark] if case.rash.remark is not None else []
    extent = case.rash.extent_percent
    grade = case.grade("rash")
    if extent is None or grade == 0:
        return reasons
    values = _values(case, extent, grade)
    if above(extent, case.rules.wide_extent_percent):
        reasons.append(WIDE.reason(Level.URGENT, **values, limit=case.rules.wide_extent_percent))
    if grade >= 3:
        reasons.append(GRADE_3.reason(Level.URGENT, **values))
    elif grade == 2:
        reasons += _grade_2(case, values)
    elif case.fresh("rash") and case.windows.open:
        words = case.windows.words
        reasons.append(GRADE_1_IN_WINDOW.reason(Level.PROMPT, **values, window=words))
    else:
        reasons.append(GRADE_1.reason(Level.DIGEST, **values))
    return reasons + _spread(case, extent)


def _grade_2(case: Case, values: dict[str, object]) -> list[Reason]:
    reasons = []
    pruritus = case.grade("pruritus")
    if case.fresh("rash"):
        reasons.append(GRADE_2_NEW.reason(Level.PROMPT, **values))
    if pruritus >= 2:
        reasons.append(GRADE_2_ITCH.reason(Level.PROMPT, **values, pruritus=pruritus))
    if not reasons:
        if _skin_alert_lately(case):
            reasons.append(GRADE_2_STABLE.reason(Level.DIGEST, **values))
        else:
            reasons.append(GRADE_2_PERSISTING.reason(Level.PROMPT, **values))
    if _came_back(case):
        reasons.append(GRADE_2_AGAIN.reason(Level.DIGEST, **values))
    return reasons


def _skin_alert_lately(case: Case) -> bool:
    days = case.rules.skin_alert_days
    return any(is_skin_alert(past) for _, past in case.within(days - 1)) or any(
        0 <= case.entry.day - day < days for day in case.context.skin_alert_days
    )


def is_skin_alert(past: Assessment) -> bool:
    """Return whether an entry with a rash reached prompt or urgent through R1, R4 or R5."""
    return past.grades.get("rash", 0) >= 1 and any(
        reason.level >= Level.PROMPT and reason.code.startswith(("R1_", "R4_", "R5_"))
        for reason in past.reasons
    )


def _came_back(case: Case) -> bool:
    was_two = fell = False
    for _, past in case.earlier:
        grade = past.grades.get("rash")
        if grade is None:
            continue
        fell = fell or (was_two and grade <= 1)
        was_two = was_two or grade >= 2
    return fell


def _spread(case: Case, extent: float) -> list[Reason]:
    rules = case.rules
    if not at_least(extent, min(rules.spread_points, rules.fast_spread_points)):
        return []
    before = [
        percent
        for entry, past in case.within(rules.spread_days)
        if entry.day < case.entry.day and (percent := reported_extent(entry, past)) is not None
    ]
    if not before:
        return []
    lowest = min(before)
    values = {"before_percent": lowest, "extent_percent": extent}
    if at_least(extent - lowest, rules.fast_spread_points):
        return [FAST_SPREAD.reason(Level.URGENT, **values)]
    if at_least(extent - lowest, rules.spread_points):
        return [SPREAD.reason(Level.PROMPT, **values)]
    return []


def reported_extent(entry: Entry, past: Assessment) -> float | None:
    """Return the extent an earlier entry reported, percent; None when the patient gave none.

    No rash counts as 0; a rash all over counts as the extent assumed for it.
    """
    if past.grades.get("rash") == 0:
        return 0.0
    if entry.bsa_percent is None and not entry.generalized:
        return None
    return past.extent_percent


def _values(case: Case, extent: float, grade: int) -> dict[str, object]:
    grades, beside = case.grades, _beside(case, grade)
    kinds = [words for kind, words in KINDS.items() if grades.get(kind, 0) == grade]
    return {
        "extent": _extent_words(case, extent),
        "extent_percent": extent,
        "extent_told": _extent_words(case, extent, "your skin"),
        "itch": case.entry.itch_nrs,
        "beside": "".join(f", {words}" for words in beside),
        "beside_told": "".join(f", {words}" for words in beside if words != NO_ITCH),
        "grade": grade,
        "kind": " and ".join(kinds),
    }


def _beside(case: Case, grade: int) -> list[str]:
    """Return what else the grade looks at, as far as it was told."""
    entry = case.entry
    itch, pain, living = entry.itch_nrs, entry.skin_pain_nrs, limited_by(entry, "skin")
    worst = {kind for kind in KINDS if case.grades.get(kind, 0) == grade}
    sores = case.mouth_sores() or entry.flagged("eye_sores", "genital_sores")
    said = {
        f"itch {itch} of 10": itch is not None,
        f"skin pain {pain} of 10": bool(pain),
        SCALES["adl"][living]: living != "none",
        "with sores": sores and not worst.isdisjoint(BY_SORES),
        "painful": entry.flagged("skin_pain") and not worst.isdisjoint(BY_PAIN),
    }
    return [words for words, there in said.items() if there]


def _extent_words(case: Case, extent: float, skin: str = "the skin") -> str:
    if case.entry.bsa_percent is not None:
        return f"{plain(extent)} % of {skin}"
    if case.entry.generalized:
        return f"the whole body ({plain(extent)} % assumed)"
    return f"an unknown part of {skin}"
