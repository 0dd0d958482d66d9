"""Days in which a reaction is likelier: after a start, a step up, or less steroid (W1 to W3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from alerts.grading.course import Context, DoseEvent, SteroidEvent
from alerts.grading.rules import RuleSet

Event = TypeVar("Event", DoseEvent, SteroidEvent)

STARTS = frozenset({"start", "restart"})
INCREASES = frozenset({"increase"})
STEPS_UP = frozenset({"increase", "restart"})
STEROID_STEPS_DOWN = frozenset({"decrease", "stop"})


@dataclass(frozen=True, slots=True)
class Windows:
    """Which windows are open on one day, and the words that name the step behind each.

    Attributes:
        start: Words for W1, 0 to 56 days after a start or restart; None when closed.
        increase: Words for W2, 0 to 14 days after an increase.
        step_up: Words for W2r, as W2 or 0 to 14 days after a restart.
        steroid: Words for W3, 0 to 21 days after a steroid decrease or stop.
    """

    start: str | None = None
    increase: str | None = None
    step_up: str | None = None
    steroid: str | None = None

    @property
    def words(self) -> str | None:
        """Return the words of the window that says most; None when W1, W2 and W3 are closed."""
        return self.increase or self.steroid or self.start

    @property
    def open(self) -> bool:
        """Return whether W1, W2 or W3 is open."""
        return self.words is not None


def windows(context: Context, day: int, rules: RuleSet) -> Windows:
    """Return the windows open on this day; both ends count.

    Args:
        context: Holds the dose and steroid events; ``day`` of an event is its first day.
        day: Calendar day of the patient.
        rules: Lengths of the windows in days.

    Source:
        Lengths are design choices after Hwang 2010 (8 quiet weeks; recurrence on day 4 of a
        step) and Kim 2020 (5 of 7 relapses within 3 weeks after the steroid).
    """
    steroid = _latest(context.steroid_events, STEROID_STEPS_DOWN, day, rules.steroid_window_days)
    return Windows(
        start=_dose_words(_latest(context.dose_events, STARTS, day, rules.start_window_days), day),
        increase=_dose_words(
            _latest(context.dose_events, INCREASES, day, rules.increase_window_days), day
        ),
        step_up=_dose_words(
            _latest(context.dose_events, STEPS_UP, day, rules.increase_window_days), day
        ),
        steroid=None if steroid is None else _steroid_words(steroid, day - steroid.day),
    )


def _latest(events: Iterable[Event], types: frozenset[str], day: int, window: int) -> Event | None:
    latest = None
    for event in events:
        if event.type in types and 0 <= day - event.day <= window:
            latest = event if latest is None or event.day >= latest.day else latest
    return latest


def _dose_words(event: DoseEvent | None, day: int) -> str | None:
    if event is None:
        return None
    ago = day - event.day
    if event.type == "increase":
        if event.from_mg is None or event.to_mg is None:
            return f"{_after(ago)} the step up"
        if event.from_mg == event.to_mg:
            return f"{_after(ago)} the change of schedule at {event.to_mg:g} mg"
        return f"{_after(ago)} the step from {event.from_mg:g} to {event.to_mg:g} mg"
    dose = "" if event.to_mg is None else f" of {event.to_mg:g} mg"
    return f"{_after(ago)} the {event.type}{dose}"


def _steroid_words(event: SteroidEvent, ago: int) -> str:
    if event.type == "stop":
        return f"{_after(ago)} the end of the steroid"
    if event.from_mg is None or event.to_mg is None:
        return f"{_after(ago)} the steroid step down"
    return f"{_after(ago)} the steroid step from {event.from_mg:g} to {event.to_mg:g} mg"


def _after(days: int) -> str:
    if days == 0:
        return "on the day of"
    return "1 day after" if days == 1 else f"{days} days after"
