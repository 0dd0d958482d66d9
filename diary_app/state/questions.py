"""The questions of an entry: their order, which of them apply, and what answers each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diary_app.state.typed_temperature import may_be_fever

ORDER = (
    "temperature",
    "site",
    "medicine",
    "itch",
    "itch_extent",
    "itch_pattern",
    "sleep",
    "rash",
    "regions",
    "handprints",
    "morphology",
    "photos",
    "danger",
    "eyelids",
    "mouth",
    "eating",
    "stools",
    "nausea",
    "fatigue",
    "limbs",
    "weight",
    "adl",
    "adl_due_to",
    "imatinib",
    "prednisolone",
    "contact",
)
REVIEW = "review"
READING = ("temperature", "site", "medicine")

# From this worst itch on, its extent, pattern and cost of sleep are asked (0 to 10).
ITCH_DETAIL = 4

# The columns that answer each question; "photos" has none; "also", "copied_map" and
# "handprints_sure" are a draft's alone.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "temperature": ("temperature_value", "temperature_text"),
    "site": ("temperature_site",),
    "medicine": ("antipyretic_within_6h",),
    "itch": ("itch_nrs",),
    "itch_extent": ("itch_extent",),
    "itch_pattern": ("itch_pattern",),
    "sleep": ("sleep_loss",),
    "rash": ("rash_present",),
    "regions": ("regions", "map_percent", "generalized", "copied_map"),
    "handprints": ("handprints", "handprints_sure"),
    "morphology": ("morphology",),
    "photos": (),
    "danger": ("red_flags", "chills", "also"),
    "eyelids": ("periorbital",),
    "mouth": ("mouth",),
    "eating": ("mouth_intake_affected",),
    "stools": ("stools_over_baseline",),
    "nausea": ("nausea",),
    "fatigue": ("fatigue",),
    "limbs": ("limb_swelling",),
    "weight": ("weight_gain_3d_kg",),
    "adl": ("adl",),
    "adl_due_to": ("adl_due_to",),
    "imatinib": ("imatinib_mg_taken",),
    "prednisolone": ("prednisolone_mg_taken",),
    "contact": ("wants_contact",),
}

# Show the emergency number at once, without waiting for a save (clinical.md 4.1 and 8).
EMERGENCY = frozenset(
    {"breathing_difficulty", "lip_tongue_swelling", "chest_pain", "confusion", "fainting"}
)
# Asked about in "What does it look like?" already, by these words.
_ALSO_LOOKS = {
    "blisters": "blisters",
    "skin_peeling_raw": "peeling_raw",
    "purple_skin": "purple_nonblanching",
}
_ONLY_WITH_RASH = frozenset({"blisters", "skin_peeling_raw"})
DANGER = (
    "breathing_difficulty",
    "lip_tongue_swelling",
    "chest_pain",
    "confusion",
    "fainting",
    "rigors",
    "face_swelling",
    "blisters",
    "skin_peeling_raw",
    "purple_skin",
    "skin_pain",
    "mouth_sores",
    "eye_sores",
    "genital_sores",
    "swollen_glands",
    "visual_disturbance",
    "bleeding",
    "severe_abdominal_pain",
    "jaundice_or_dark_urine",
    "reduced_urine",
    "chills_mild",
    "feels_unwell",
)
# Ticked below the danger signs; each tick opens a question of its own.
ALSO: Mapping[str, str] = {
    "eyelids": "periorbital",
    "stools": "stools_over_baseline",
    "nausea": "nausea",
    "fatigue": "fatigue",
    "limbs": "limb_swelling",
    "weight": "weight_gain_3d_kg",
}
MOUTH_SORES = "mouth_sores"


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """What the plan says for the day of the entry.

    Attributes:
        imatinib_mg: 0 = none today; None = there is no plan.
        prednisolone_mg: 0 = none; None = the plan says nothing.
        off_day: The day between two doses of an every-other-day plan.
    """

    imatinib_mg: float | None = None
    prednisolone_mg: float | None = None
    off_day: bool = False


def applicable(kind: str, answers: Mapping[str, Any], planned: PlannedDay) -> tuple[str, ...]:
    """Return the questions that apply to what was answered so far, in order."""
    asked = READING if kind == "reading" else ORDER
    return tuple(question for question in asked if _applies(question, answers, planned))


def _applies(question: str, answers: Mapping[str, Any], planned: PlannedDay) -> bool:
    rash = answers.get("rash_present") is True
    itch = answers.get("itch_nrs") or 0
    match question:
        case "site" | "medicine":
            return answers.get("temperature_value") is not None
        case "itch_extent" | "itch_pattern" | "sleep":
            return itch >= ITCH_DETAIL
        case "regions" | "morphology" | "photos":
            return rash
        case "handprints":
            return rash and answers.get("generalized") is not True
        case "mouth" | "eating":
            return MOUTH_SORES in (answers.get("red_flags") or ())
        case "eyelids" | "stools" | "nausea" | "fatigue" | "limbs" | "weight":
            return question in (answers.get("also") or ())
        case "adl":
            return rash or itch > 0
        case "adl_due_to":
            return rash and itch > 0 and answers.get("adl") in {"instrumental", "self_care"}
        case "prednisolone":
            return bool(planned.prednisolone_mg)
        case "contact":
            return was_anything_reported(answers)
    return True


def was_anything_reported(answers: Mapping[str, Any]) -> bool:
    """Return whether the answers tell of any symptom or a temperature worth a question."""
    value = answers.get("temperature_value")
    fever = value is not None and may_be_fever(value, answers.get("temperature_unit") or "C")
    return (
        fever
        or (answers.get("itch_nrs") or 0) > 0
        or answers.get("rash_present") is True
        or bool(answers.get("red_flags"))
        or bool(answers.get("also"))
        or answers.get("chills") in {"mild", "rigors"}
    )


def danger_signs(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the danger signs to ask about, the most pressing first.

    Signs of the skin are asked about with a rash only, and not twice: what was shown among the
    pictures of the rash is left out here unless the patient was not sure there.
    """
    rash = answers.get("rash_present") is True
    shown_before = rash and answers.get("morphology") is not None
    return tuple(
        sign
        for sign in DANGER
        if (rash or sign not in _ONLY_WITH_RASH) and not (shown_before and sign in _ALSO_LOOKS)
    )
