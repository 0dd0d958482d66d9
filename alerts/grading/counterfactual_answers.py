"""The answers one may imagine otherwise: their steps, and the words for nurse and patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

from alerts.grading.course import Entry, TemperatureInput

TEMPERATURE = "temperature_input"


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
