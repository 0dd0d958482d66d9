"""An entry with something in it imagined otherwise, and the steps numbers are imagined in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any

from alerts.grading.assessment import Assessment
from alerts.grading.course import AncValue, Context, Entry, Labs, TemperatureInput
from alerts.grading.terms import BENIGN_MORPHOLOGY

TEMPERATURE = "temperature_input"
RASH = "rash"
COUNT = "labs.anc_1e9_l"
# Neither fever nor cold; what an imagined temperature is counted from.
USUAL = {"C": 36.6, "F": 97.9}

Earlier = Sequence[tuple[Entry, Assessment]]


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

    def upward(self, start: float) -> list[float]:
        """Return the steps above the start, nearest first."""
        first = max(floor(start / self.step + 1e-6) + 1, ceil(self.low / self.step - 1e-6))
        return [self._at(count) for count in range(first, round(self.high / self.step) + 1)]

    def downward(self, start: float) -> list[float]:
        """Return the steps below the start, nearest first."""
        first = min(ceil(start / self.step - 1e-6) - 1, floor(self.high / self.step + 1e-6))
        return [self._at(count) for count in range(first, round(self.low / self.step) - 1, -1)]

    def _at(self, count: int) -> float:
        return count if self.step == 1 else round(count * self.step, 1)


DEGREES: Mapping[str, Scale] = {
    "C": Scale(0.1, 34.0, 41.0, 1.8, "at {value:.1f} °C", "reaches {value:.1f} °C"),
    "F": Scale(0.1, 93.2, 105.8, 3.2, "at {value:.1f} °F", "reaches {value:.1f} °F"),
}
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


def imagined(
    entry: Entry, earlier: Earlier, context: Context, field: str, value: object
) -> tuple[Entry, Earlier, Context]:
    """Return what ``assess`` takes, with one answer or result changed.

    Args:
        entry: What was told.
        earlier: Shape ``(n,)``, oldest first.
        context: The treatment.
        field: A field of the entry; ``red_flags.blisters`` or ``morphology.hives`` for one tick,
            ``labs.alt`` for one result,
            ``rash`` for everything that was told of a rash.
        value: The new answer; a number for a temperature, in the unit that was typed, and for a
            result, in its canonical unit; True or False for a tick.
    """
    if field == RASH:
        return without_rash(entry), earlier, context
    if field == COUNT:
        return _counted(entry, earlier, context, value)
    name, _, word = field.partition(".")
    changed: Any = value
    if name == "labs":
        results: Any = {word: value}
        changed = replace(entry.labs or Labs(), **results)
    elif word:
        ticked: frozenset[str] = getattr(entry, name) or frozenset()
        changed = ticked | {word} if value else ticked - {word}
    elif name == TEMPERATURE and isinstance(value, int | float):
        typed = entry.temperature_input or awaited(entry, earlier)
        changed = TemperatureInput(value) if typed is None else replace(typed, value=value)
        return replace(entry, temperature_input=changed, timer_event=None), earlier, context
    return replace(entry, **{name: changed}), earlier, context


def without_rash(entry: Entry) -> Entry:
    """Return the entry as if no rash had been told; marks that are none stay."""
    seen = entry.morphology
    return replace(
        entry,
        bsa_percent=0,
        rash_present=None if entry.rash_present is None else False,
        generalized=None if entry.generalized is None else False,
        morphology=None if seen is None else seen & BENIGN_MORPHOLOGY,
    )


def awaited(entry: Entry, earlier: Earlier) -> TemperatureInput | None:
    """Return the reading after which a second one did not come; None for an entry with answers."""
    if entry.timer_event is None:
        return None
    readings = [past.temperature_input for past, _ in earlier if past.temperature_input is not None]
    return readings[-1] if readings else None


def latest_count(entry: Entry, context: Context, days: int) -> AncValue | None:
    """Return the newest neutrophil count, of the entry or of the days before; None when unknown."""
    if entry.labs is not None and entry.labs.anc_1e9_l is not None:
        return AncValue(entry.day, entry.labs.anc_1e9_l)
    recent = [count for count in context.anc_history if 0 <= entry.day - count.day <= days]
    return max(recent, key=lambda count: count.day, default=None)


def _counted(
    entry: Entry, earlier: Earlier, context: Context, value: object
) -> tuple[Entry, Earlier, Context]:
    # One count is kept in up to three places: the entry, the entries before, the history.
    found = latest_count(entry, context, 100_000)
    if found is None or not isinstance(value, int | float):
        return entry, earlier, context
    day = found.day
    history = tuple(
        AncValue(day, value) if count.day == day else count for count in context.anc_history
    )
    before = [(_with_count(past, day, value), outcome) for past, outcome in earlier]
    return _with_count(entry, day, value), before, replace(context, anc_history=history)


def _with_count(entry: Entry, day: int, value: float) -> Entry:
    if entry.day != day or entry.labs is None or entry.labs.anc_1e9_l is None:
        return entry
    return replace(entry, labs=replace(entry.labs, anc_1e9_l=value))
