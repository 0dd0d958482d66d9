"""A patient's own course on one time axis: doses, itch, temperature and rash, with the steps."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from diary_app.exports.bundle import PlanStepLine
from diary_app.figures.axis import DayAxis, ticks
from diary_app.figures.course import CourseDay, spans_between
from diary_app.figures.dose_lane import IMATINIB, PREDNISOLONE, Medicine, dose_lane, highest_dose
from diary_app.figures.lane import TEXT_SIZE, Lane
from diary_app.figures.own_points import celsius_in, day_since_step, points
from diary_app.figures.own_words import summary
from diary_app.figures.palette import GROUND_ROLES
from diary_app.figures.shapes import Figure, Line, Rect, Room, Shape, Text, scaled
from diary_app.figures.step_labels import StepMark, step_marks
from diary_app.figures.symptom_lanes import numbers_of, peaks_of, points_of
from diary_app.state.course import ChartDay, CourseChart
from diary_app.text import _

# Texts of figures are 11 pixels high; on a phone at arm's length they are 15.
LARGER = 1.35
NARROWEST = 300.0
_LEFT, _RIGHT = 34.0, 34.0
_TITLE = 18.0
_GAP = 12.0
_SCALES = (10.0, 25.0, 50.0, 100.0)
_COUNTED_EVERY = (1, 2, 7, 14, 28, 56, 182, 364)
_FEVER = {"C": ((38.0, -6.0), (37.5, 6.0)), "F": ((100.4, -6.0), (99.5, 6.0))}
_USUAL = {"C": (36.0, 39.0), "F": (97.0, 102.0)}


def own_chart(chart: CourseChart, *, width: float) -> Figure:
    """Return the figure of a period, with texts large enough for a phone held in a hand.

    Args:
        chart: Days without an entry are gray gaps, never drawn as zero.
        width: Of the whole figure in pixels, at least `NARROWEST`.
    """
    return scaled(_Drawing(chart, width / LARGER).figure(), LARGER)


class _Drawing:
    """Lanes from top to bottom, in pixels before they are made larger."""

    def __init__(self, chart: CourseChart, width: float) -> None:
        self.chart = chart
        self.width = width
        self.points = points(chart)
        self.axis = DayAxis(chart.first_on, chart.last_on, _LEFT, width - _RIGHT)
        self.room = Room(0, width)
        plan = [
            PlanStepLine(
                step.starts_on, step.imatinib_mg, step.every_n_days, step.prednisolone_mg, "", ""
            )
            for step in chart.steps
        ]
        self.spans = spans_between(plan, chart.first_on, chart.last_on)
        self.y = 0.0
        self.shapes: list[Shape] = []
        self.bands: list[tuple[float, float]] = []

    def figure(self) -> Figure:
        """Draw everything."""
        marks, self.y = step_marks(self.axis, self.room, self.spans)
        self.bands.append((0.0, self.y))
        self.counted()
        self.medicine(_("Imatinib, mg a day"), IMATINIB, 92)
        self.medicine(_("Prednisolone, mg a day"), PREDNISOLONE, 58)
        self.itch()
        self.temperature()
        bottom = self.rash()
        self.dates(bottom)
        ground = [shape for shape in self.shapes if shape.role in GROUND_ROLES]
        drawn = [shape for shape in self.shapes if shape.role not in GROUND_ROLES]
        labels = [mark.label for mark in marks if mark.label is not None]
        return Figure(
            width=self.width,
            height=bottom + 38,
            shapes=(*ground, *_step_lines(marks, self.bands), *drawn, *labels),
            title=_("My course"),
            description=summary(self.chart),
        )

    def title(self, words: str) -> None:
        """Write the name of a lane above it."""
        text = Text(0, self.y + _TITLE / 2, words, TEXT_SIZE, bold=True)
        self.shapes += self.room.place(text)
        self.y += _TITLE

    def lane(self, words: str, height: float, low: float, high: float) -> Lane:
        """Write the name and return the lane below it, with the gaps drawn on its ground."""
        self.title(words)
        lane = Lane(self.axis, self.room, self.y, height, low, high)
        self.y += height + _GAP
        self.bands.append((lane.top, lane.bottom))
        return lane

    def gaps(self, lane: Lane) -> list[Rect]:
        """Return the gray bands of days without an entry."""
        axis = self.axis
        return [lane.gap(axis.start(first), axis.end(last)) for first, last in self.points.gaps]

    def counted(self) -> None:
        """Write the days since the step along the axis."""
        if not self.chart.step_ups:
            return
        self.title(_("Day since the step"))
        y = self.y + TEXT_SIZE / 2
        every = next(
            (n for n in _COUNTED_EVERY if n * self.axis.day_width >= 3.2 * TEXT_SIZE),
            _COUNTED_EVERY[-1],
        )
        on = self.chart.first_on
        while on <= self.chart.last_on:
            number = day_since_step(self.chart, on)
            if number is not None and (number % every == 0 or on == self.chart.last_on):
                words = Text(self.axis.middle(on), y, str(number), TEXT_SIZE, anchor="middle")
                self.shapes += self.room.place(words)
            on += timedelta(days=1)
        self.y += TEXT_SIZE * 1.4 + _GAP

    def medicine(self, words: str, medicine: Medicine, height: float) -> None:
        """Draw the plan as a staircase and what was taken as dots."""
        days = [_course_day(day) for day in self.chart.days]
        highest = highest_dose(medicine, self.spans, days)
        if not highest:
            return
        lane = self.lane(words, height, 0, highest)
        self.shapes += dose_lane(lane, medicine, self.spans, days)

    def itch(self) -> None:
        """Draw the worst itch of each point."""
        lane = self.lane(_("Worst itch, 0 to 10"), 84, 0, 10)
        self.shapes += [*self.gaps(lane), *lane.frame([(10, "10"), (5, "5"), (0, "0")])]
        found = [(day.on, float(day.itch)) for day in self.points.days if day.itch is not None]
        self._dots(lane, found, "itch", math.inf, 0)

    def temperature(self) -> None:
        """Draw the highest temperature of each point, in the patient's own unit."""
        unit = self.chart.unit
        found = [
            (day.on, celsius_in(self.chart, day.celsius))
            for day in self.points.days
            if day.celsius is not None
        ]
        low, high = _USUAL[unit]
        low = min(low, *(math.floor(value) for _on, value in found), low)
        high = max(high, *(math.ceil(value) for _on, value in found), high)
        name = _("Temperature, °C") if unit == "C" else _("Temperature, °F")
        lane = self.lane(name, 96, low, high)
        whole = range(int(high), int(low) - 1, -1)
        self.shapes += [*self.gaps(lane), *lane.frame([(each, str(each)) for each in whole])]
        (fever, _shift), (recheck, _other) = _FEVER[unit]
        for value, shift in _FEVER[unit]:
            y = lane.y(value)
            self.shapes.append(
                Line(self.axis.left, y, self.axis.right, y, "threshold", 1.0, (5.0, 3.0))
            )
            self.room.ruled.append((self.axis.left, y - 1, self.axis.right, y + 1))
            self.shapes += self.room.place(
                Text(self.axis.right + 4, y + shift, f"{value:.1f}", TEXT_SIZE, "threshold")
            )
        self._dots(lane, found, "temperature", fever, recheck)

    def rash(self) -> float:
        """Draw the extent of the rash as bars; return where the lane ends."""
        largest = max((day.rash_percent or 0 for day in self.points.days), default=0)
        everywhere = any(day.rash_words == "everywhere" for day in self.points.days)
        high = 100.0 if everywhere else next(each for each in _SCALES if largest <= each)
        lane = self.lane(_("Rash, percent of the skin"), 92, 0, high)
        marks = [(value, f"{value:g}") for value in (high, high / 2, 0.0)]
        self.shapes += [*self.gaps(lane), *lane.frame(marks)]
        for day in self.points.days:
            self._bar(lane, day)
        found = [(day.on, day.rash_percent) for day in self.points.days if day.rash_percent]
        self.shapes += numbers_of(lane, [(on, round(value)) for on, value in found if value >= 1])
        return lane.bottom

    def dates(self, bottom: float) -> None:
        """Write the days below the lowest lane."""
        for tick in ticks(self.axis, TEXT_SIZE):
            x = self.axis.start(tick.on)
            self.shapes.append(Line(x, bottom, x, bottom + 5, "axis"))
            self.shapes += self.room.place(Text(x, bottom + 14, tick.label, TEXT_SIZE))
            if tick.year is not None:
                self.shapes += self.room.place(Text(x, bottom + 28, tick.year, TEXT_SIZE, "muted"))

    def _bar(self, lane: Lane, day: ChartDay) -> None:
        start = self.axis.start(day.on)
        end = self.axis.end(day.on + timedelta(days=self.points.every - 1))
        width = max(1.4, end - start - (1 if end - start > 4 else 0))
        if day.rash_percent is not None:
            # A low stroke says "no rash"; a day that was not asked has none.
            top = min(lane.y(day.rash_percent), lane.bottom - 2.5)
            role = "rash" if day.rash_percent else "grade_0"
            self.shapes.append(Rect(start, top, width, lane.bottom - top, role))
        elif day.rash_words:
            words = _("all over") if day.rash_words == "everywhere" else "?"
            top = lane.y(lane.high if day.rash_words == "everywhere" else lane.high / 4)
            self.shapes.append(Rect(start, top, width, lane.bottom - top, "rash_unsized"))
            middle = (start + end) / 2
            self.shapes += self.room.place(
                Text(middle, top - 8, words, TEXT_SIZE, anchor="middle", bold=True),
                Text(end, top - 8, words, TEXT_SIZE, anchor="end", bold=True),
                Text(start, top - 8, words, TEXT_SIZE, bold=True),
            )

    def _dots(
        self,
        lane: Lane,
        found: Sequence[tuple[date, float]],
        role: str,
        always_from: float,
        numbered_from: float,
    ) -> None:
        every = self.points.every
        middle = timedelta(days=every // 2)
        moved = [(on + middle, value) for on, value in found]
        self.shapes += points_of(lane, moved, role, always_from, every)
        peaks = [peak for peak in peaks_of(moved, every) if peak[1] > numbered_from]
        self.shapes += numbers_of(lane, peaks)


def _step_lines(marks: Sequence[StepMark], bands: Sequence[tuple[float, float]]) -> list[Shape]:
    return [
        Line(mark.x, max(mark.top, top), mark.x, bottom, "step", 1.2, (2.0, 2.0))
        for mark in marks
        for top, bottom in bands
        if mark.top < bottom
    ]


def _course_day(day: ChartDay) -> CourseDay:
    return CourseDay(
        on=day.on,
        itch=day.itch,
        rash_grade=None,
        temperature=day.celsius,
        imatinib_mg=day.imatinib_mg,
        imatinib_planned_mg=day.imatinib_due_mg,
        prednisolone_mg=day.prednisolone_mg,
        prednisolone_planned_mg=day.prednisolone_due_mg,
    )
