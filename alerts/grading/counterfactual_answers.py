"""The answers one may imagine otherwise: their steps, and the words for nurse and patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

from alerts.grading.course import Entry, TemperatureInput

TEMPERATURE = "temperature_input"

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


@dataclass(frozen=True, slots=True)
class Scale:
    """A number one may imagine higher or lower.

    Attributes:
        step: The patient's natural step.
        low: Lowest value looked at; ``high`` the highest.
        span: A difference this large counts as one whole symptom more.
        words: ``{value}`` stands for the number.
        patient: Words after "Call at once if".
    """

    step: float
    low: float
    high: float
    span: float
    words: str
    patient: str

    def upward(self, start: float) -> Iterator[float]:
        """Return the steps above the start, nearest first."""
        first = max(floor(start / self.step + 1e-6) + 1, ceil(self.low / self.step - 1e-6))
        for count in range(first, round(self.high / self.step) + 1):
            yield self._at(count)

    def downward(self, start: float) -> Iterator[float]:
        """Return the steps below the start, nearest first."""
        first = min(ceil(start / self.step - 1e-6) - 1, floor(self.high / self.step + 1e-6))
        for count in range(first, round(self.low / self.step) - 1, -1):
            yield self._at(count)

    def _at(self, count: int) -> float:
        return count if self.step == 1 else round(count * self.step, 1)


CELSIUS = Scale(
    0.1, 36.0, 41.0, 1.8, "at {value:.1f} °C", "your temperature reaches {value:.1f} °C"
)
FAHRENHEIT = Scale(
    0.1, 96.8, 105.8, 3.2, "at {value:.1f} °F", "your temperature reaches {value:.1f} °F"
)
NUMBERS: Mapping[str, Scale] = {
    "bsa_percent": Scale(
        1, 0, 100, 100, "at {value} % of the skin", "a rash reaches {value} % of your skin"
    ),
    "itch_nrs": Scale(1, 0, 10, 10, "at itch {value} of 10", "your itch reaches {value} of 10"),
    "skin_pain_nrs": Scale(
        1, 0, 10, 10, "at skin pain {value} of 10", "your skin pain reaches {value} of 10"
    ),
    "stools_over_baseline": Scale(
        1,
        0,
        10,
        7,
        "at {value} stools a day above the usual number",
        "you have {value} stools a day more than usual",
    ),
    "weight_gain_3d_kg": Scale(
        0.1,
        0,
        4,
        4,
        "at {value:g} kg gained in 3 days",
        "you gain {value:g} kg in 3 days",
    ),
}


def scale_of(entry: Entry, field: str) -> Scale:
    """Return the scale of a number, for a temperature in the unit that was typed."""
    if field != TEMPERATURE:
        return NUMBERS[field]
    typed = entry.temperature_input
    return FAHRENHEIT if typed is not None and typed.unit == "F" else CELSIUS


def answered(entry: Entry, field: str, value: object) -> Entry:
    """Return the entry with one answer changed.

    Args:
        entry: What was told.
        field: A field of the entry; ``red_flags.blisters`` or ``morphology.hives`` for one tick.
        value: The new answer; a number for a temperature, in the unit that was typed; True or
            False for a tick.
    """
    name, _, word = field.partition(".")
    if word:
        ticked: frozenset[str] = getattr(entry, name) or frozenset()
        changed: Any = ticked | {word} if value else ticked - {word}
    elif name == TEMPERATURE and isinstance(value, int | float):
        typed = entry.temperature_input
        changed = TemperatureInput(value) if typed is None else replace(typed, value=value)
    else:
        changed = value
    return replace(entry, **{name: changed})
