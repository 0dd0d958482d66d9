"""A patient's own course as points: one a day, or the worst of each week when there are too many.

The chart, the table and the summary are all made of these, so that they say the same numbers.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from diary_app.state.course import ChartDay, CourseChart

MOST_POINTS = 400
WEEK = 7


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a period.

    Attributes:
        every: Days that one point stands for: 1, or 7 where each is the worst of its week.
        days: Points with at least one entry, oldest first; ``on`` is the first day of a week.
        gaps: Stretches of days without an entry, first and last day inclusive. Of weeks: whole
            weeks without one.
    """

    every: int
    days: tuple[ChartDay, ...]
    gaps: tuple[tuple[date, date], ...]
    missed: Mapping[date, int]


def points(chart: CourseChart) -> Points:
    """Return the points of a period; a day or week without an entry has none."""
    length = (chart.last_on - chart.first_on).days + 1
    if length <= MOST_POINTS:
        missed = {day.on: 1 for day in chart.days if _missed(day)}
        return Points(1, tuple(chart.days), tuple(_gaps(chart, chart.days, 1)), missed)
    weeks: dict[int, list[ChartDay]] = defaultdict(list)
    for day in chart.days:
        weeks[(day.on - chart.first_on).days // WEEK].append(day)
    worst = tuple(
        _worst(chart.first_on + timedelta(days=number * WEEK), weeks[number])
        for number in sorted(weeks)
    )
    missed = {
        worst[place].on: count
        for place, number in enumerate(sorted(weeks))
        if (count := sum(map(_missed, weeks[number])))
    }
    return Points(WEEK, worst, tuple(_gaps(chart, worst, WEEK)), missed)


def celsius_in(chart: CourseChart, celsius: float) -> float:
    """Return a temperature in the patient's unit, to a tenth of a degree."""
    return round(celsius if chart.unit == "C" else celsius * 9 / 5 + 32, 1)


def day_since_step(chart: CourseChart, on: date) -> int | None:
    """Return the days since imatinib was last started, restarted or raised; 0 = that day.

    None = that has not happened by then, or imatinib is stopped on that day.
    """
    in_force = [step for step in chart.steps if step.starts_on <= on]
    if in_force and in_force[-1].imatinib_mg == 0:
        return None
    begun = [step for step in chart.step_ups if step <= on]
    return (on - max(begun)).days if begun else None


def _worst(first_on: date, days: Sequence[ChartDay]) -> ChartDay:
    itch = [day.itch for day in days if day.itch is not None]
    celsius = [day.celsius for day in days if day.celsius is not None]
    percent = [day.rash_percent for day in days if day.rash_percent is not None]
    said = {day.rash_words for day in days}
    largest = max(percent, default=None)
    # An extent without a number counts over no rash, and under a number.
    words: Literal["", "everywhere", "unsized"] = ""
    if "everywhere" in said:
        words = "everywhere"
    elif "unsized" in said and not largest:
        words = "unsized"
    taken = [day.imatinib_mg for day in days if day.imatinib_mg is not None]
    steroid = [day.prednisolone_mg for day in days if day.prednisolone_mg is not None]
    return ChartDay(
        on=first_on,
        itch=max(itch, default=None),
        celsius=max(celsius, default=None),
        rash_percent=None if words else largest,
        rash_words=words,
        imatinib_mg=max(taken, default=None),
        prednisolone_mg=max(steroid, default=None),
    )


def _missed(day: ChartDay) -> bool:
    return day.imatinib_mg == 0 and bool(day.imatinib_due_mg)


def _gaps(chart: CourseChart, days: Sequence[ChartDay], every: int) -> Iterator[tuple[date, date]]:
    step = timedelta(days=every)
    said = {day.on for day in days}
    begun: date | None = None
    on = chart.first_on
    while on <= chart.last_on:
        if on in said and begun is not None:
            yield begun, on - timedelta(days=1)
            begun = None
        elif on not in said and begun is None:
            begun = on
        on += step
    if begun is not None:
        yield begun, chart.last_on
