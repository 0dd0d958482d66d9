"""The days that are looked at within a period: nearer, farther, earlier, later."""

from dataclasses import dataclass
from datetime import date, timedelta

from diary_app.figures.axis import DayAxis

# Fewer days than this say nothing about a course.
SHORTEST_DAYS = 7


@dataclass(frozen=True)
class Window:
    """Days from first to last, both inclusive."""

    first_on: date
    last_on: date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last_on - self.first_on).days + 1


def nearer(window: Window, whole: Window) -> Window:
    """Return half the days around the same middle, at least a week."""
    return _around(window, whole, (window.days + 1) // 2)


def farther(window: Window, whole: Window) -> Window:
    """Return twice the days around the same middle, at most the whole period."""
    return _around(window, whole, window.days * 2)


def earlier(window: Window, whole: Window) -> Window:
    """Return as many days before, half of them the same ones."""
    return _held(window.first_on - timedelta(days=_half(window)), window.days, whole)


def later(window: Window, whole: Window) -> Window:
    """Return as many days after, half of them the same ones."""
    return _held(window.first_on + timedelta(days=_half(window)), window.days, whole)


def spanning(one: date, other: date, whole: Window) -> Window:
    """Return the days between two days in any order, at least a week, inside the period."""
    first_on, last_on = sorted((one, other))
    window = Window(first_on, last_on)
    return _around(window, whole, window.days)


def day_at(axis: DayAxis, x: float) -> date:
    """Return the day at a place on an axis; beside it the nearest."""
    days = (axis.last_on - axis.first_on).days
    at = int((x - axis.left) // axis.day_width)
    return axis.first_on + timedelta(days=min(days, max(0, at)))


def _half(window: Window) -> int:
    return max(1, window.days // 2)


def _around(window: Window, whole: Window, days: int) -> Window:
    days = min(whole.days, max(SHORTEST_DAYS, days))
    return _held(window.first_on - timedelta(days=(days - window.days) // 2), days, whole)


def _held(first_on: date, days: int, whole: Window) -> Window:
    days = min(days, whole.days)
    latest = whole.last_on - timedelta(days=days - 1)
    first_on = max(whole.first_on, min(first_on, latest))
    return Window(first_on, first_on + timedelta(days=days - 1))
