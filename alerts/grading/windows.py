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

    Each is looked up when it is read: most entries ask for none.

    Attributes:
        context: Holds the dose and steroid events; ``day`` of an event is its first day.
        day: Calendar day of the patient; both ends of a window count.
        rules: Lengths of the windows in days.

    Source:
        Lengths are design choices after Hwang 2010 (8 quiet weeks; recurrence on day 4 of a
        step) and Kim 2020 (5 of 7 relapses within 3 weeks after the steroid).
    """

    context: Context
    day: int
    rules: RuleSet

    @property
    def start(self) -> str | None:
        """Return the words for W1, 0 to 56 days after a start or restart; None when closed."""
        return self._dose_step(STARTS, self.rules.start_window_days)

    @property
    def increase(self) -> str | None:
        """Return the words for W2, 0 to 14 days after an increase."""
        return self._dose_step(INCREASES, self.rules.increase_window_days)

    @property
    def step_up(self) -> str | None:
        """Return the words for W2r, as W2 or 0 to 14 days after a restart."""
        return self._dose_step(STEPS_UP, self.rules.increase_window_days)

    @property
    def steroid(self) -> str | None:
        """Return the words for W3, 0 to 21 days after a steroid decrease or stop."""
        events, length = self.context.steroid_events, self.rules.steroid_window_days
        step = _latest(events, STEROID_STEPS_DOWN, self.day, length)
        return None if step is None else _steroid_words(step, self.day - step.day)

    @property
    def words(self) -> str | None:
        """Return the words of the window that says most; None when W1, W2 and W3 are closed."""
        return self.increase or self.steroid or self.start

    @property
    def open(self) -> bool:
        """Return whether W1, W2 or W3 is open."""
        return self.words is not None

    def _dose_step(self, types: frozenset[str], length: int) -> str | None:
        step = _latest(self.context.dose_events, types, self.day, length)
        return None if step is None else _dose_words(step, self.day - step.day)


def _latest(events: Iterable[Event], types: frozenset[str], day: int, window: int) -> Event | None:
    latest = None
    for event in events:
        if event.type in types and 0 <= day - event.day <= window:
            latest = event if latest is None or event.day >= latest.day else latest
    return latest


def _dose_words(event: DoseEvent, ago: int) -> str:
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
