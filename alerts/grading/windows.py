"""Days in which a reaction is likelier: after a start, a step up, or less steroid (W1 to W3)."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.grading.course import Context, DoseEvent, SteroidEvent
from alerts.grading.rules import RuleSet

STARTS = frozenset({"start", "restart"})
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
    start = increase = step_up = steroid = None
    for dose in sorted(context.dose_events, key=lambda event: event.day):
        ago = day - dose.day
        if dose.type in STARTS and 0 <= ago <= rules.start_window_days:
            start = _dose_words(dose, ago)
        if dose.type in STEPS_UP and 0 <= ago <= rules.increase_window_days:
            step_up = _dose_words(dose, ago)
        if dose.type == "increase" and 0 <= ago <= rules.increase_window_days:
            increase = _dose_words(dose, ago)
    for change in sorted(context.steroid_events, key=lambda event: event.day):
        ago = day - change.day
        if change.type in STEROID_STEPS_DOWN and 0 <= ago <= rules.steroid_window_days:
            steroid = _steroid_words(change, ago)
    return Windows(start, increase, step_up, steroid)


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
