"""Rash grade as bars, itch and temperature as points. A day without a value stays empty."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from diary_app.figures.course import CourseDay
from diary_app.figures.lane import TEXT_SIZE, Lane
from diary_app.figures.shapes import Anchor, Circle, Line, Polyline, Rect, Shape, Text
from diary_app.figures.wording import amount
from diary_app.text import _

# Fever lines: 38.0 starts CTCAE 5.0 fever grade 1; 37.5 is the clinic's recheck line.
FEVER_CELSIUS = 38.0
RECHECK_CELSIUS = 37.5
# One written number per stretch of this many pixels: the highest.
NUMBER_EVERY = 34.0
_DOTS_FROM_DAY_WIDTH = 2.5
_THINNEST_BAR = 1.4
_BAR_A_DAY_FROM = 12.0
# Where days are dense, a stretch of more days than this is drawn as a line without dots.
_DOTS_UP_TO = 3

_SIDES: tuple[tuple[float, Anchor], ...] = ((0.0, "middle"), (3.0, "start"), (-3.0, "end"))

Readings = Sequence[tuple[date, float]]


def rash_lane(lane: Lane, days: Sequence[CourseDay], gaps: Sequence[Rect]) -> list[Shape]:
    """Return estimated rash grades 0 to 4 as bars with the number on them."""
    graded = [(day.on, day.rash_grade) for day in days if day.rash_grade is not None]
    shapes: list[Shape] = [*gaps, *lane.frame([(grade, str(grade)) for grade in (4, 3, 2, 1, 0)])]
    return shapes + _grade_bars(lane, graded) + _no_entry(lane, gaps)


def rash_kind_lane(
    lane: Lane, kind: str, days: Sequence[CourseDay], gaps: Sequence[Rect]
) -> list[Shape]:
    """Return the estimated grades of one kind of rash, as `rash_lane` does, lower."""
    graded = [(day.on, day.rash_kinds[kind]) for day in days if kind in day.rash_kinds]
    return [*gaps, *lane.frame([(4, "4"), (0, "0")]), *_grade_bars(lane, graded)]


def _grade_bars(lane: Lane, graded: Sequence[tuple[date, int]]) -> list[Shape]:
    shapes: list[Shape] = []
    apart = lane.axis.day_width >= _BAR_A_DAY_FROM
    runs = sorted(_grade_runs(graded, apart=apart), key=lambda run: run[2])
    for first_on, last_on, grade in runs:
        start, end = lane.axis.start(first_on), lane.axis.end(last_on)
        top = lane.y(grade) if grade > 0 else lane.bottom - 2.5
        width = max(_THINNEST_BAR, end - start - (1 if end - start > 4 else 0))
        shapes.append(Rect(start, top, width, lane.bottom - top, f"grade_{grade}"))
    zero_from = -math.inf
    for first_on, last_on, grade in sorted(runs, key=lambda run: (-run[2], run[0])):
        middle = (lane.axis.start(first_on) + lane.axis.end(last_on)) / 2
        if grade == 0 and middle < zero_from:
            continue
        number = Text(middle, lane.y(grade) - 8, str(grade), TEXT_SIZE, "text", "middle", grade > 0)
        shapes += lane.room.place(number)
        zero_from = middle + NUMBER_EVERY if grade == 0 else zero_from
    return shapes


def _no_entry(lane: Lane, gaps: Sequence[Rect]) -> list[Shape]:
    shapes: list[Shape] = []
    for gap in sorted(gaps, key=lambda gap: gap.width, reverse=True):
        words = Text(
            gap.x + gap.width / 2,
            (lane.top + lane.bottom) / 2,
            _("no entry"),
            TEXT_SIZE,
            "muted",
            anchor="middle",
        )
        if words.box[2] - words.box[0] + 6 <= gap.width:
            shapes += lane.room.place(words)
    return shapes


def itch_lane(lane: Lane, days: Sequence[CourseDay], gaps: Sequence[Rect]) -> list[Shape]:
    """Return the worst itch of each day, 0 to 10."""
    readings = [(day.on, float(day.itch)) for day in days if day.itch is not None]
    shapes: list[Shape] = [*gaps, *lane.frame([(10, "10"), (5, "5"), (0, "0")])]
    shapes += points_of(lane, readings, "itch", always_from=math.inf)
    return shapes + numbers_of(lane, [peak for peak in peaks_of(readings) if peak[1] > 0])


def temperature_range(days: Sequence[CourseDay]) -> tuple[float, float]:
    """Return the lowest and highest degree Celsius to draw: 36 to 39, or wider if measured."""
    values = [day.temperature for day in days if day.temperature is not None]
    return min(36.0, *map(math.floor, values), 36.0), max(39.0, *map(math.ceil, values), 39.0)


def temperature_lane(lane: Lane, days: Sequence[CourseDay], gaps: Sequence[Rect]) -> list[Shape]:
    """Return temperatures in degrees Celsius with lines at 37.5 and 38.0."""
    readings = [(day.on, day.temperature) for day in days if day.temperature is not None]
    whole = range(int(lane.high), int(lane.low) - 1, -1)
    shapes: list[Shape] = [*gaps, *lane.frame([(degree, str(degree)) for degree in whole])]
    for value, shift in ((FEVER_CELSIUS, -6.0), (RECHECK_CELSIUS, 6.0)):
        y = lane.y(value)
        shapes.append(Line(lane.axis.left, y, lane.axis.right, y, "threshold", 1.0, (5.0, 3.0)))
        lane.room.ruled.append((lane.axis.left, y - 1, lane.axis.right, y + 1))
        shapes += lane.room.place(
            Text(lane.axis.right + 4, y + shift, f"{value:.1f}", TEXT_SIZE, "threshold")
        )
    shapes += points_of(lane, readings, "temperature", always_from=FEVER_CELSIUS)
    return shapes + numbers_of(lane, [r for r in peaks_of(readings) if r[1] >= RECHECK_CELSIUS])


def _grade_runs(graded: Sequence[tuple[date, int]], *, apart: bool) -> list[tuple[date, date, int]]:
    runs: list[tuple[date, date, int]] = []
    for on, grade in graded:
        yesterday = on - timedelta(days=1)
        if not apart and runs and runs[-1][1:] == (yesterday, grade):
            runs[-1] = (runs[-1][0], on, grade)
        else:
            runs.append((on, on, grade))
    return runs


def points_of(
    lane: Lane, readings: Readings, role: str, always_from: float, every: int = 1
) -> list[Shape]:
    """Return readings as dots, joined by a line where no reading is missing between them.

    Args:
        always_from: A value from which on a dot is drawn also where days are dense.
        every: Days from one reading to the next.
    """
    shapes: list[Shape] = []
    dense = lane.axis.day_width * every < _DOTS_FROM_DAY_WIDTH
    radius = min(3.0, max(1.7, lane.axis.day_width * every * 0.3))
    for run in _consecutive(readings, every):
        points = tuple((lane.axis.middle(on), lane.y(value)) for on, value in run)
        if len(points) > 1:
            shapes.append(Polyline(points, role))
        short = len(points) <= _DOTS_UP_TO
        shapes += [
            Circle(x, y, radius, role)
            for (x, y), (_on, value) in zip(points, run, strict=True)
            if not dense or short or value >= always_from
        ]
    return shapes


def _consecutive(readings: Readings, every: int) -> Iterable[list[tuple[date, float]]]:
    run: list[tuple[date, float]] = []
    for reading in readings:
        if run and reading[0] - run[-1][0] != timedelta(days=every):
            yield run
            run = []
        run.append(reading)
    if run:
        yield run


def peaks_of(readings: Readings, every: int = 1) -> list[tuple[date, float]]:
    """Return the readings that no neighbor exceeds; ``every`` as in `points_of`."""
    peaks = []
    for run in _consecutive(readings, every):
        values = [-math.inf, *(value for _on, value in run), -math.inf]
        peaks += [
            reading
            for reading, before, after in zip(run, values, values[2:], strict=False)
            if reading[1] >= max(before, after)
        ]
    return peaks


def numbers_of(lane: Lane, readings: Readings) -> list[Shape]:
    """Return the highest reading of each stretch as a number over its dot, where there is room."""
    highest: dict[int, tuple[date, float]] = {}
    for on, value in readings:
        stretch = int((lane.axis.middle(on) - lane.axis.left) // NUMBER_EVERY)
        if stretch not in highest or value > highest[stretch][1]:
            highest[stretch] = (on, value)
    shapes: list[Shape] = []
    for on, value in sorted(highest.values(), key=lambda reading: -reading[1]):
        x, y = lane.axis.middle(on), lane.y(value)
        shapes += lane.room.place(
            *(
                Text(x + aside, y - above, amount(value), TEXT_SIZE, anchor=anchor)
                for above in (9, 13, 17, 21, 25)
                for aside, anchor in _SIDES
                if y - above - TEXT_SIZE / 2 >= lane.top
            )
        )
    return shapes
