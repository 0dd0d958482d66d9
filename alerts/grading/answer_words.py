"""The answers of the diary in words that patients and nurses share."""

from __future__ import annotations

from collections.abc import Mapping

SCALES: Mapping[str, Mapping[str, str]] = {
    "mouth": {
        "none": "no sores in the mouth",
        "mild": "mild sores in the mouth",
        "moderate": "moderate sores in the mouth",
        "severe": "severe sores in the mouth",
    },
    "chills": {"none": "no chills", "mild": "mild chills", "rigors": "shaking chills"},
    "periorbital": {
        "none": "no swelling around the eyes",
        "soft": "soft swelling around the eyes",
        "firm_or_pitting": "firm swelling around the eyes",
        "cannot_open_or_vision": "eyes swollen shut",
    },
    "limb_swelling": {
        "none": "no swelling of an arm or leg",
        "mild": "mild swelling of an arm or leg",
        "moderate": "moderate swelling of an arm or leg",
        "severe": "severe swelling of an arm or leg",
    },
    "blurred_vision": {
        "none": "clear sight",
        "mild": "mildly blurred sight",
        "moderate": "moderately blurred sight",
        "severe": "severely blurred sight",
    },
    "nausea": {
        "none": "no nausea",
        "mild": "mild nausea",
        "reduced_intake": "nausea and smaller meals",
        "inadequate_intake": "nausea and hardly any food or drink",
    },
    "fatigue": {
        "none": "no tiredness",
        "relieved_by_rest": "tiredness that rest relieves",
        "not_relieved": "tiredness that rest does not relieve",
        "self_care": "tiredness that limits washing or dressing",
    },
    "adl": {
        "none": "daily living not limited",
        "instrumental": "shopping, cooking or housework limited",
        "self_care": "washing, dressing or eating limited",
    },
    "sleep_loss": {
        "none": "undisturbed sleep",
        "some": "some loss of sleep",
        "major": "much loss of sleep",
    },
    "itch_extent": {"localized": "itch in one place", "widespread": "widespread itch"},
    "itch_pattern": {"intermittent": "itch that comes and goes", "constant": "constant itch"},
}
"""Words of every choice, the mildest first."""

FLAGS: Mapping[str, str] = {
    "mouth_sores": "sores in the mouth",
    "blisters": "blisters",
    "skin_peeling_raw": "skin that comes off",
    "skin_pain": "painful skin",
    "lip_tongue_swelling": "swollen lips or tongue",
    "breathing_difficulty": "trouble breathing",
    "rigors": "shaking chills",
    "feels_unwell": "feeling unwell",
    "eye_sores": "sore eyes",
    "genital_sores": "sores in the genital area",
    "purple_skin": "dark purple skin",
    "purple_nonblanching": "dark purple skin",
    "face_swelling": "a swollen face",
    "swollen_glands": "swollen glands",
    "target_lesions": "ring-shaped spots",
    "pustules_widespread": "many small pus spots",
    "visual_disturbance": "a change of sight",
    "confusion": "confusion",
    "reduced_urine": "hardly any urine",
    "jaundice_or_dark_urine": "yellow eyes or dark urine",
    "chest_pain": "chest pain",
    "fainting": "fainting",
    "bleeding": "bleeding",
    "severe_abdominal_pain": "severe belly pain",
}
"""Words of every red flag; of two that are equally near, the one further up is named."""

LESIONS: Mapping[str, str] = {
    "blisters": "blisters",
    "peeling_raw": "skin that comes off",
    "purple_nonblanching": "purple spots that do not fade",
    "target_lesions": "ring-shaped spots",
    "pustules_widespread": "many small pus spots",
    "hives": "hives",
    "macules_papules": "flat or raised spots",
    "acneiform_pustules": "acne-like spots",
    "diffuse_redness": "widespread redness",
    "scaling_dry": "dry scaling",
    "crusted_infected": "crusts",
    "scratch_marks": "scratch marks",
}
YES_OR_NO: Mapping[str, str] = {
    "mouth_intake_affected": "sores that make eating hard",
    "generalized": "a rash all over",
    "antipyretic_within_6h": "a painkiller or fever medicine within 6 hours",
}
