"""The one time axis that all lanes share: calendar days to pixels, and ticks that stay apart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from diary_app.figures.shapes import text_width
from diary_app.text import dates

TICK_GAP = 10.0


@dataclass(frozen=True)
class DayAxis:
    """Calendar days from ``first_on`` to ``last_on`` (inclusive) spread from left to right."""

    first_on: date
    last_on: date
    left: float
    right: float

    @property
    def day_width(self) -> float:
        """Pixels of one calendar day."""
        return (self.right - self.left) / ((self.last_on - self.first_on).days + 1)

    def start(self, on: date) -> float:
        """Return where a day begins, held inside the axis."""
        x = self.left + (on - self.first_on).days * self.day_width
        return min(self.right, max(self.left, x))

    def end(self, on: date) -> float:
        """Return where a day ends, held inside the axis."""
        return self.start(on + timedelta(days=1))

    def middle(self, on: date) -> float:
        """Return the middle of a day."""
        return (self.start(on) + self.end(on)) / 2


@dataclass(frozen=True)
class Tick:
    """A marked day: its label, and the year where it has to be said."""

    on: date
    label: str
    year: str | None


def ticks(axis: DayAxis, size: float) -> tuple[Tick, ...]:
    """Return the finest regular ticks whose labels (of this text size) stay apart."""
    for days, label in _choices(axis):
        marked = [on for on in days if axis.first_on <= on <= axis.last_on]
        if len(marked) * TICK_GAP > axis.right - axis.left:
            continue
        if marked and _stay_apart(marked, label, axis, size):
            return _with_years(marked, label)
    return _with_years([axis.first_on], _day)


def _choices(axis: DayAxis) -> Iterable[tuple[list[date], Callable[[date], str]]]:
    total = (axis.last_on - axis.first_on).days + 1
    for step in (1, 2, 7, 14):
        yield [axis.first_on + timedelta(days=n) for n in range(0, total, step)], _day
    for months in (1, 2, 3, 6, 12):
        days = list(_firsts_of_months(axis, months))
        if len(days) >= 2:
            yield days, _month
    for step in (28, 56, 182, 365):
        yield [axis.first_on + timedelta(days=n) for n in range(0, total, step)], _day


def _firsts_of_months(axis: DayAxis, every: int) -> Iterable[date]:
    for index in range(axis.first_on.year * 12, axis.last_on.year * 12 + 12):
        year, month = divmod(index, 12)
        if month % every == 0:
            yield date(year, month + 1, 1)


def _stay_apart(
    marked: list[date], label: Callable[[date], str], axis: DayAxis, size: float
) -> bool:
    widest = max(text_width(words, size) for on in marked for words in (label(on), str(on.year)))
    return all(
        axis.start(later) - axis.start(earlier) >= widest + TICK_GAP
        for earlier, later in pairwise(marked)
    )


def _with_years(marked: list[date], label: Callable[[date], str]) -> tuple[Tick, ...]:
    seen: set[int] = set()
    found = []
    for on in marked:
        found.append(Tick(on, label(on), None if on.year in seen else str(on.year)))
        seen.add(on.year)
    return tuple(found)


def _day(on: date) -> str:
    return dates.day(on, "MMMd")


def _month(on: date) -> str:
    return dates.day(on, "MMM")
