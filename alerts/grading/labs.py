"""Blood results: grades by the laboratory's own limits, and what they ask for (R9)."""

from __future__ import annotations

from collections.abc import Mapping

from alerts.grading.case import Case
from alerts.grading.course import Context, Entry
from alerts.grading.lab_units import ANALYTES
from alerts.grading.reasons import Reason, Wording, degrees, plain
from alerts.grading.rules import RuleSet
from alerts.grading.terms import Level, above, below

LABEL = "Imatinib label, dose rules for liver tests and neutrophils; CTCAE 5.0 Investigations"
CTCAE = "CTCAE 5.0 Investigations"
PATIENT = {
    "cells": "A blood test shows that your body may fight infection less well.",
    "alt": "A blood test about your liver needs the attention of your care team.",
    "ast": "A blood test about your liver needs the attention of your care team.",
    "bilirubin": "A blood test about your liver needs the attention of your care team.",
    "creatinine": "A blood test about your kidneys needs the attention of your care team.",
    "allergy": "A blood test together with your rash needs the attention of your care team.",
}

CUTS: Mapping[str, tuple[float, ...]] = {
    "alt": (1, 3, 5, 20),
    "ast": (1, 3, 5, 20),
    "bilirubin": (1, 1.5, 3, 10),
    "creatinine": (1, 1.5, 3, 6),
    "ldh": (1,),
}

ANC_VERY_LOW = Wording(
    "R9_ANC_LT_0_5",
    "Neutrophils {value} x 10^9/L, below {limit}: estimated grade 4 (CTCAE 5.0).",
    PATIENT["cells"],
    LABEL,
)
ANC_LOW = Wording(
    "R9_ANC_LT_1_0_LABEL_HOLD",
    "Neutrophils {value} x 10^9/L, below {limit}: estimated grade 3 (CTCAE 5.0); the label "
    "stops the "
    "drug here.",
    PATIENT["cells"],
    LABEL,
)
HYS_LAW = Wording(
    "R9_HYS_LAW_PATTERN",
    "{liver} and bilirubin {bilirubin_ratio} times the upper limit (over 3 and over 2 times): "
    "possible "
    "severe liver injury.",
    PATIENT["alt"],
    "Hy's law (rule of thumb)",
)
DRESS = Wording(
    "R9_DRESS_PATTERN_LABS",
    "Eosinophils {value} x 10^9/L, over {limit}, with a rash (estimated grade {rash}) and "
    "{beside}: "
    "possible DRESS.",
    PATIENT["allergy"],
    "Danger signs of drug eruptions (eosinophils over 1.0 x 10^9/L)",
)
EOSINOPHILS = Wording(
    "R9_EOS_GT_1_WITH_RASH",
    "Eosinophils {value} x 10^9/L, over {limit}, with a rash (estimated grade {rash}).",
    PATIENT["allergy"],
    "Danger signs of drug eruptions; Park 2016 (eosinophils follow the rash)",
)
RATIO = "{name} {value} {unit}, {ratio} times the upper limit of {limit}: estimated grade {grade}"
LIVER_HOLD = {
    key: Wording(
        f"R9_{key.upper()}_GT_{times}ULN_LABEL_HOLD",
        f"{RATIO} (CTCAE 5.0); the label withholds the drug here.",
        PATIENT[key],
        LABEL,
    )
    for key, times in (("alt", 5), ("ast", 5), ("bilirubin", 3))
}
GRADE_2 = {
    key: Wording(f"R9_{key.upper()}_G2", f"{RATIO} (CTCAE 5.0).", PATIENT[key], CTCAE)
    for key in ("alt", "ast", "bilirubin", "creatinine")
}
WORDINGS = (
    ANC_VERY_LOW,
    ANC_LOW,
    HYS_LAW,
    DRESS,
    EOSINOPHILS,
    *LIVER_HOLD.values(),
    *GRADE_2.values(),
)
NAMES = {"alt": "ALT", "ast": "AST", "bilirubin": "Bilirubin", "creatinine": "Creatinine"}


def ratio(entry: Entry, context: Context, key: str) -> float | None:
    """Return a result as a multiple of its upper limit; None when either is unknown."""
    value = None if entry.labs is None else getattr(entry.labs, key)
    limit = getattr(context.uln, key)
    return None if value is None or limit is None else value / limit


def lab_grades(entry: Entry, context: Context, rules: RuleSet) -> dict[str, int]:
    """Return the grade of every result that can be graded.

    Neutrophils of 1.5 and more give 0: grade 1 would need the laboratory's lower limit.

    Source:
        CTCAE v5.0, Investigations: cuts at multiples of the upper limit of normal; neutrophil
        count <1.5, <1.0, <0.5 x 10^9/L; eosinophilia above the upper limit.
    """
    grades: dict[str, int] = {}
    if entry.labs is None:
        return grades
    for key, cuts in CUTS.items():
        times = ratio(entry, context, key)
        if times is not None:
            grades[f"lab_{key}"] = sum(above(times, cut) for cut in cuts)
    if entry.labs.eosinophils_1e9_l is not None:
        limit = context.uln.eosinophils
        limit = rules.eosinophils_uln if limit is None else limit
        grades["lab_eosinophilia"] = int(above(entry.labs.eosinophils_1e9_l, limit))
    if entry.labs.anc_1e9_l is not None:
        grades["lab_anc"] = grade_neutrophils(entry.labs.anc_1e9_l)
    return grades


def grade_neutrophils(anc: float) -> int:
    """Return 4, 3, 2 or 0 for a neutrophil count in 10^9 per liter."""
    for limit, grade in ((0.5, 4), (1.0, 3), (1.5, 2)):
        if below(anc, limit):
            return grade
    return 0


def lab_reasons(case: Case) -> list[Reason]:
    """Return why the blood results of this entry need a person."""
    labs = case.entry.labs
    if labs is None:
        return []
    reasons = _neutrophils(case, labs.anc_1e9_l)
    for key, least in (("alt", 3), ("ast", 3), ("bilirubin", 3)):
        if case.grade(f"lab_{key}") >= least:
            reasons.append(LIVER_HOLD[key].reason(Level.PROMPT, **_ratio_values(case, key)))
        elif case.grade(f"lab_{key}") == 2:
            reasons.append(GRADE_2[key].reason(Level.DIGEST, **_ratio_values(case, key)))
    if _liver_over(case, 3) and _over(case, "bilirubin", 2):
        reasons.append(HYS_LAW.reason(Level.URGENT, **_liver_values(case)))
    if case.grade("lab_creatinine") >= 2:
        values = _ratio_values(case, "creatinine")
        reasons.append(GRADE_2["creatinine"].reason(Level.PROMPT, **values))
    return reasons + _eosinophils(case, labs.eosinophils_1e9_l)


def _neutrophils(case: Case, anc: float | None) -> list[Reason]:
    rules = case.rules
    if anc is None or not below(anc, rules.anc_low):
        return []
    if below(anc, rules.anc_very_low):
        return [ANC_VERY_LOW.reason(Level.URGENT, value=anc, limit=degrees(rules.anc_very_low))]
    return [ANC_LOW.reason(Level.PROMPT, value=anc, limit=degrees(rules.anc_low))]


def _eosinophils(case: Case, eosinophils: float | None) -> list[Reason]:
    if eosinophils is None or not above(eosinophils, case.rules.eosinophils_high):
        return []
    if case.grade("rash") == 0:
        return []
    beside = {
        "fever": case.reading.reaches(case.rules.fever_celsius),
        "swelling of the face": case.entry.flagged("face_swelling"),
        "swollen glands": case.entry.flagged("swollen_glands"),
        "firm eyelid swelling": case.grade("periorbital_edema") >= 2,
        "raised liver tests": _liver_over(case, 2),
    }
    present = " and ".join(sign for sign, there in beside.items() if there)
    values: dict[str, object] = {
        "value": eosinophils,
        "limit": degrees(case.rules.eosinophils_high),
        "rash": case.grade("rash"),
    }
    if present:
        return [DRESS.reason(Level.URGENT, **values, beside=present)]
    return [EOSINOPHILS.reason(Level.PROMPT, **values)]


def _over(case: Case, key: str, times: float) -> bool:
    found = ratio(case.entry, case.context, key)
    return found is not None and above(found, times)


def _liver_over(case: Case, times: float) -> bool:
    return _over(case, "alt", times) or _over(case, "ast", times)


def _liver_values(case: Case) -> dict[str, object]:
    ratios = {
        NAMES[key]: times
        for key in ("alt", "ast")
        if (times := ratio(case.entry, case.context, key)) is not None and above(times, 3)
    }
    liver = " and ".join(f"{name} {plain(times)}" for name, times in ratios.items())
    return {"liver": liver, "bilirubin_ratio": ratio(case.entry, case.context, "bilirubin")}


def _ratio_values(case: Case, key: str) -> dict[str, object]:
    return {
        "name": NAMES[key],
        "value": getattr(case.entry.labs, key),
        "unit": ANALYTES[key].unit,
        "limit": getattr(case.context.uln, key),
        "ratio": ratio(case.entry, case.context, key),
        "grade": case.grade(f"lab_{key}"),
    }
