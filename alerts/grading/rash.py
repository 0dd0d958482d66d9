"""Rash: extent, kind and estimated grade (R2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.grading.course import Entry
from alerts.grading.reasons import Reason, Wording
from alerts.grading.rules import RuleSet
from alerts.grading.terms import BENIGN_MORPHOLOGY, Level, above, at_least

OWN_TERM = frozenset({"hives", "target_lesions", "blisters"})
ACNEIFORM = frozenset({"acneiform_pustules", "macules_papules"})

ONLY_BENIGN = Wording(
    "R2_ONLY_BENIGN_MORPHOLOGY",
    "Only dark marks, dry skin or scratch marks on {extent_percent} % of the skin: not counted as "
    "rash.",
    "You marked skin changes that are not counted as a rash.",
    "Design choice; CTCAE grades dry skin and hyperpigmentation apart",
)
GENERALIZED = Wording(
    "R2_BSA_ASSUMED_GT30_GENERALISED",
    "Rash reported all over, extent not measured: {extent_percent} % assumed.",
    "You told us that the rash is all over your body.",
    "Design choice: the cautious side of the 30 % limit of CTCAE 5.0",
)
EXTENT_MISSING = Wording(
    "R2_BSA_MISSING_MIN_GRADE",
    "Rash of unknown extent, counted as {extent_percent} %: the lowest possible grade is shown; "
    "ask for the extent.",
    "You told us about a rash. Please mark how much of your skin it covers.",
    "Design choice: unknown is not normal",
)
WORDINGS = (ONLY_BENIGN, GENERALIZED, EXTENT_MISSING)


@dataclass(frozen=True, slots=True)
class RashGrading:
    """The rash of one entry.

    Attributes:
        grades: Grade per kind of rash, and ``rash``, the highest; empty when not asked.
        v6_maculopapular: CTCAE 6.0 grade of a maculopapular or acneiform rash, 1 to 3.
        extent_percent: Extent as used; 0 when there is no rash, None when unknown.
        severity: Worst symptom of the skin, 0 none to 3 severe.
        remark: How the extent was arrived at, when not simply as given.
    """

    grades: Mapping[str, int]
    v6_maculopapular: int | None = None
    extent_percent: float | None = None
    severity: int = 0
    remark: Reason | None = None


def nrs_band(nrs: int | None, rules: RuleSet) -> int:
    """Return 0 none, 1 mild, 2 moderate or 3 severe; unknown counts as none here.

    Source:
        Reich 2012 (mild 1-3, moderate 4-6, severe 7-10; 7 is disputed, the stricter is taken).
    """
    if nrs is None or nrs == 0:
        return 0
    if nrs >= rules.itch_severe:
        return 3
    return 2 if nrs >= rules.itch_moderate else 1


def limited_by(entry: Entry, cause: str) -> str:
    """Return none, instrumental or self_care: the daily living this cause limits.

    A limit without a stated cause is put down to the skin.
    """
    causes = entry.adl_due_to or frozenset({"skin"})
    return entry.adl if entry.adl is not None and cause in causes else "none"


def grade_rash(entry: Entry, mouth_sores: bool, rules: RuleSet) -> RashGrading:
    """Return the estimated grades of every kind of rash in the entry.

    Args:
        entry: What was told; extent in percent of the body surface.
        mouth_sores: Sores in the mouth, ticked or by the mucositis grade.
        rules: Assumed extents and the bands of the itch scale.

    Returns:
        Nothing graded when neither extent, lesion type, presence nor spread was asked.

    Source:
        NCI, CTCAE v5.0, Skin and subcutaneous tissue disorders; a semicolon means OR.
    """
    ticked = entry.morphology or frozenset()
    if not _asked(entry, ticked):
        return RashGrading({})
    lesions = ticked - BENIGN_MORPHOLOGY
    kinds = _kinds(entry, ticked, lesions, mouth_sores)
    severity = _severity(entry, rules)
    if not kinds:
        return RashGrading({"rash": 0}, None, 0.0, severity, _benign_remark(entry, ticked))
    extent, remark = _extent(entry, rules)
    sores = mouth_sores or entry.flagged("eye_sores", "genital_sores")
    tender = entry.flagged("skin_pain") or (entry.skin_pain_nrs or 0) > 0
    grades: dict[str, int] = {}
    for kind in kinds:
        match kind:
            case "erythema_multiforme":
                grades[kind] = grade_erythema_multiforme(extent, tender, sores)
            case "urticaria":
                grades[kind] = grade_urticaria(extent)
            case "bullous_dermatitis":
                grades[kind] = grade_bullous(extent, tender, limited_by(entry, "skin"))
            case "sjs_ten_suspected":
                grades[kind] = grade_sloughing(entry.peeling_bsa_percent)
            case _:
                grades[kind] = grade_maculopapular(extent, severity, limited_by(entry, "skin"))
    flat = "rash_maculopapular" in grades or "rash_acneiform" in grades
    grades["rash"] = max(grades.values())
    v6 = grade_maculopapular_v6(extent, severity) if flat else None
    return RashGrading(grades, v6, extent, severity, remark)


def grade_maculopapular(extent: float, severity: int, adl: str) -> int:
    """Return grade 1 to 3 of a maculopapular or acneiform rash.

    Source:
        CTCAE v5.0 "Rash maculo-papular": <10 %; 10-30 % or instrumental ADL or >30 % with at
        most mild symptoms; >30 % with moderate or severe symptoms or self-care ADL.
    """
    if adl == "self_care":
        return 3
    if above(extent, 30):
        return 3 if severity >= 2 else 2
    return 2 if at_least(extent, 10) or adl == "instrumental" else 1


def grade_maculopapular_v6(extent: float, severity: int) -> int:
    """Return grade 1 to 3 by CTCAE v6.0: asymptomatic; mild; >50 % or moderate or severe."""
    if above(extent, 50) or severity >= 2:
        return 3
    return 2 if severity == 1 else 1


def grade_erythema_multiforme(extent: float, tender: bool, sores: bool) -> int:
    """Return grade 1 to 3 of target lesions.

    Source:
        CTCAE v5.0 "Erythema multiforme", its "and" read as "or" (cautious, design choice).
    """
    if above(extent, 30) or sores:
        return 3
    return 2 if at_least(extent, 10) or tender else 1


def grade_urticaria(extent: float) -> int:
    """Return grade 1 to 3 of hives: <10 %, 10-30 %, >30 % (CTCAE v5.0 "Urticaria")."""
    if above(extent, 30):
        return 3
    return 2 if at_least(extent, 10) else 1


def grade_bullous(extent: float, painful: bool, adl: str) -> int:
    """Return grade 1 to 3 of blisters.

    Source:
        CTCAE v5.0 "Bullous dermatitis": <10 %; 10-30 % or painful or instrumental ADL; >30 %
        or self-care ADL.
    """
    if above(extent, 30) or adl == "self_care":
        return 3
    return 2 if at_least(extent, 10) or painful or adl == "instrumental" else 1


def grade_sloughing(peeling_percent: float | None) -> int:
    """Return 3, or 4 when skin comes off on 10 % or more; a flag to act on, not a diagnosis.

    Source:
        CTCAE v5.0 "Stevens-Johnson syndrome": sloughing <10 %; 10-30 %.
    """
    return 4 if peeling_percent is not None and at_least(peeling_percent, 10) else 3


def _asked(entry: Entry, ticked: frozenset[str]) -> bool:
    return bool(
        ticked
        or entry.bsa_percent is not None
        or entry.rash_present is not None
        or entry.generalized is not None
    )


def _kinds(
    entry: Entry, ticked: frozenset[str], lesions: frozenset[str], mouth_sores: bool
) -> list[str]:
    kinds = []
    flat = lesions - OWN_TERM
    if flat:
        only_acneiform = "acneiform_pustules" in flat and flat <= ACNEIFORM
        kinds.append("rash_acneiform" if only_acneiform else "rash_maculopapular")
    elif not lesions and _unspecified_rash(entry, ticked):
        kinds.append("rash_maculopapular")
    if "target_lesions" in lesions:
        kinds.append("erythema_multiforme")
    if "hives" in lesions:
        kinds.append("urticaria")
    if "blisters" in lesions or entry.flagged("blisters"):
        kinds.append("bullous_dermatitis")
    raw = "peeling_raw" in lesions
    sores = mouth_sores or entry.flagged("eye_sores", "genital_sores")
    if ((raw or entry.flagged("skin_peeling_raw")) and sores) or (
        raw and "purple_nonblanching" in lesions
    ):
        kinds.append("sjs_ten_suspected")
    return kinds


def _unspecified_rash(entry: Entry, ticked: frozenset[str]) -> bool:
    if entry.rash_present:
        return True
    if ticked:
        return False
    if entry.bsa_percent is None:
        return entry.generalized is True
    return above(entry.bsa_percent, 0)


def _severity(entry: Entry, rules: RuleSet) -> int:
    adl = {"none": 0, "instrumental": 2, "self_care": 3}[limited_by(entry, "skin")]
    return max(nrs_band(entry.itch_nrs, rules), nrs_band(entry.skin_pain_nrs, rules), adl)


def _extent(entry: Entry, rules: RuleSet) -> tuple[float, Reason | None]:
    if entry.bsa_percent is not None:
        return float(entry.bsa_percent), None
    if entry.generalized:
        extent = rules.generalized_percent
        return extent, GENERALIZED.reason(Level.NONE, extent_percent=extent)
    return rules.least_percent, EXTENT_MISSING.reason(
        Level.NONE, extent_percent=rules.least_percent
    )


def _benign_remark(entry: Entry, ticked: frozenset[str]) -> Reason | None:
    if not ticked or entry.bsa_percent is None or not above(entry.bsa_percent, 0):
        return None
    return ONLY_BENIGN.reason(Level.NONE, extent_percent=float(entry.bsa_percent))
