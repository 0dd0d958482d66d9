"""The timeline of a visit: doses, symptoms, laboratory, alerts and photos on one time axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from diary_app.exports.bundle import VisitBundle
from diary_app.exports.code_words import symptom_words
from diary_app.figures.alert_lane import LETTERS, alert_lane
from diary_app.figures.axis import DayAxis, ticks
from diary_app.figures.course import (
    CourseDay,
    PlanSpan,
    days_of,
    dose_days_of,
    former_spans_of,
    raised_on,
    rash_kinds_of,
    runs_without_entry,
    spans_of,
)
from diary_app.figures.dose_lane import IMATINIB, PREDNISOLONE, dose_lane, highest_dose
from diary_app.figures.lab_lane import lab_lane, lab_rows
from diary_app.figures.lane import TEXT_SIZE, Lane
from diary_app.figures.legend import Used, legend
from diary_app.figures.palette import GROUND_ROLES
from diary_app.figures.photo_lane import PhotoMark, photo_lane, photo_marks
from diary_app.figures.shapes import Figure, Line, Room, Shape, Text
from diary_app.figures.step_labels import StepMark, step_marks
from diary_app.figures.symptom_lanes import (
    itch_lane,
    rash_kind_lane,
    rash_lane,
    temperature_lane,
    temperature_range,
)
from diary_app.figures.words import summary
from diary_app.text import _

LANE_GAP = 9.0
_TITLE_ROW = 17.0


@dataclass(frozen=True)
class _Heading:
    """Name and unit of a lane, and how tall it is."""

    name: str
    unit: str
    height: float


@dataclass(frozen=True)
class Drawn:
    """A figure and what a finger or a mouse may ask of it.

    Attributes:
        top: Where the first lane begins, in pixels.
        bottom: Where the last lane ends.
        photos: The marks of the photos.
    """

    figure: Figure
    axis: DayAxis
    top: float
    bottom: float
    photos: tuple[PhotoMark, ...]


def timeline(
    bundle: VisitBundle, *, width: float, compact: bool = False, brief: bool = False
) -> Figure:
    """Return the figure of one patient's period; arguments as in `drawn`."""
    return drawn(bundle, width=width, compact=compact, brief=brief).figure


def drawn(
    bundle: VisitBundle, *, width: float, compact: bool = False, brief: bool = False
) -> Drawn:
    """Draw one patient's period; the same bundle gives the same figure.

    Args:
        bundle: The period. Days without an entry are marked as gaps, never drawn as zero.
        width: Of the whole figure in pixels, at least 280; texts are 11 pixels high, so a
            figure for print is made wide and scaled down.
        compact: Lane names above the lanes instead of beside them, for a phone.
        brief: Laboratory values in one row and lower lanes, for one page of paper.
    """
    left, right = (34.0, width - 32.0) if compact else (126.0, width - 34.0)
    axis = DayAxis(bundle.first_on, bundle.last_on, left, right)
    stack = _Stack(axis, Room(0, width), compact)
    days, spans, former = days_of(bundle), spans_of(bundle), former_spans_of(bundle)
    gaps = [(axis.start(first), axis.end(last)) for first, last in runs_without_entry(bundle)]

    marks, stack.y = step_marks(axis, stack.room, spans)
    stack.bands.append((0.0, stack.y))
    top = stack.y
    _doses(stack, spans, former, dose_days_of(bundle, days), brief=brief)
    _rash(stack, days, gaps, brief=brief)
    lane = stack.lane(_Heading(_("Worst itch"), _("0 to 10"), 50 if brief else 72), 0, 10)
    stack.draw(itch_lane(lane, days, [lane.gap(*gap) for gap in gaps]))
    heading = _Heading(_("Temperature"), _("degrees C"), 64 if brief else 96)
    lane = stack.lane(heading, *temperature_range(days))
    stack.draw(temperature_lane(lane, days, [lane.gap(*gap) for gap in gaps]))
    lab_list = lab_rows(bundle, brief=brief)
    for row in lab_list:
        name = f"{row.name}, {row.unit}" if row.unit else row.name
        lane = stack.lane(_Heading(name, "", 20), 0, 1)
        stack.draw(lab_lane(lane, row))
    lane = stack.lane(_Heading(_("Alerts"), "", 24), 0, 1)
    raised = [
        (on, alert.level)
        for alert in bundle.alerts
        if alert.level in LETTERS
        and bundle.first_on <= (on := raised_on(alert, bundle.time_zone)) <= bundle.last_on
    ]
    stack.draw(alert_lane(lane, raised))
    photos: tuple[PhotoMark, ...] = ()
    if bundle.photos:
        lane = stack.lane(_Heading(_("Photos"), "", 24), 0, 1)
        photos = photo_marks(lane, bundle)
        stack.draw(photo_lane(lane, photos))
    bottom_of_lanes = lane.bottom

    stack.draw(_dates(axis, stack.room, bottom_of_lanes))
    stack.y = bottom_of_lanes + 40
    used = Used(
        every_other_day=any(span.step.every_n_days > 1 for span in spans),
        former=bool(former),
        labs=bool(lab_list),
        photos=bool(photos),
    )
    explained, height = legend(0 if compact or brief else left, width, stack.y, used)
    bands = stack.bands if compact else [(0.0, bottom_of_lanes)]
    ground = [shape for shape in stack.shapes if shape.role in GROUND_ROLES]
    front = [shape for shape in stack.shapes if shape.role not in GROUND_ROLES]
    labels = [mark.label for mark in marks if mark.label is not None]
    figure = Figure(
        width=width,
        height=stack.y + height + 2,
        shapes=(*ground, *_step_lines(marks, bands), *front, *labels, *explained),
        title=_("Timeline of doses and symptoms"),
        description=summary(bundle, days),
    )
    return Drawn(figure, axis, top, bottom_of_lanes, photos)


def _doses(
    stack: "_Stack",
    spans: Sequence[PlanSpan],
    former: Sequence[PlanSpan],
    dosed: Sequence[CourseDay],
    *,
    brief: bool,
) -> None:
    for medicine, heading in (
        (IMATINIB, _Heading(_("Imatinib"), _("mg a day"), 78 if brief else 108)),
        (PREDNISOLONE, _Heading(_("Prednisolone"), _("mg a day"), 46 if brief else 58)),
    ):
        highest = highest_dose(medicine, spans, dosed, former)
        if highest is None:
            stack.say_nothing(heading)
            continue
        lane = stack.lane(heading, 0, highest if highest > 0 else 1)
        stack.draw(dose_lane(lane, medicine, spans, dosed, former))


def _rash(
    stack: "_Stack",
    days: Sequence[CourseDay],
    gaps: Sequence[tuple[float, float]],
    *,
    brief: bool,
) -> None:
    """Draw the highest grade of each day and, where they differ from it, each kind of rash."""
    kinds = rash_kinds_of(days)
    only = kinds[0] if len(kinds) == 1 and _says_all(days, kinds[0]) else None
    unit = _("estimated grade") if only is None else symptom_words(only)
    lane = stack.lane(
        _Heading(_("Rash, estimated grade") if only else _("Rash"), unit, 58 if brief else 80), 0, 4
    )
    stack.draw(rash_lane(lane, days, [lane.gap(*gap) for gap in gaps]))
    for kind in () if only else kinds:
        lane = stack.lane(_Heading(symptom_words(kind), "", 34 if brief else 42), 0, 4)
        stack.draw(rash_kind_lane(lane, kind, days, [lane.gap(*gap) for gap in gaps]))


def _says_all(days: Sequence[CourseDay], kind: str) -> bool:
    return all(
        day.rash_kinds.get(kind) == day.rash_grade for day in days if (day.rash_grade or 0) > 0
    )


class _Stack:
    """Lanes from top to bottom, each below the one before; ``bands`` = their top and bottom."""

    def __init__(self, axis: DayAxis, room: Room, compact: bool) -> None:
        self.axis = axis
        self.room = room
        self.compact = compact
        self.y = 0.0
        self.shapes: list[Shape] = []
        self.bands: list[tuple[float, float]] = []

    def lane(self, heading: _Heading, low: float, high: float) -> Lane:
        """Write the heading and return the lane below or beside it."""
        self._write(heading)
        lane = Lane(self.axis, self.room, self.y, heading.height, low, high)
        self.y += heading.height + LANE_GAP
        self.bands.append((lane.top, lane.bottom))
        return lane

    def say_nothing(self, heading: _Heading) -> None:
        """Write the heading and that nothing was planned or logged, in one row."""
        self._write(heading)
        words = _("none planned, none logged")
        y = self.y + TEXT_SIZE * 0.7
        self.draw(self.room.place(Text(self.axis.left + 4, y, words, TEXT_SIZE, "muted")))
        self.y += TEXT_SIZE * 2.6 + LANE_GAP

    def draw(self, shapes: list[Shape] | list[Text]) -> None:
        """Add shapes on top of those drawn so far."""
        self.shapes += shapes

    def _write(self, heading: _Heading) -> None:
        if self.compact:
            words = f"{heading.name}, {heading.unit}" if heading.unit else heading.name
            middle = self.y + _TITLE_ROW / 2
            self.draw(self.room.place(Text(0, middle, words, TEXT_SIZE, bold=True)))
            self.y += _TITLE_ROW
            return
        middle = self.y + (TEXT_SIZE * 0.7 if heading.unit else min(heading.height / 2, 14))
        self.draw(self.room.place(Text(0, middle, heading.name, TEXT_SIZE, bold=True)))
        if heading.unit:
            below = Text(0, middle + TEXT_SIZE * 1.3, heading.unit, TEXT_SIZE, "muted")
            self.draw(self.room.place(below))


def _dates(axis: DayAxis, room: Room, bottom: float) -> list[Shape]:
    shapes: list[Shape] = []
    for tick in ticks(axis, TEXT_SIZE):
        x = axis.start(tick.on)
        shapes.append(Line(x, bottom, x, bottom + 5, "axis"))
        shapes += room.place(Text(x, bottom + 14, tick.label, TEXT_SIZE))
        if tick.year is not None:
            shapes += room.place(Text(x, bottom + 28, tick.year, TEXT_SIZE, "muted"))
    return shapes


def _step_lines(marks: list[StepMark], bands: list[tuple[float, float]]) -> list[Shape]:
    return [
        Line(mark.x, max(mark.top, top), mark.x, bottom, "step", 1.0, (2.0, 2.0))
        for mark in marks
        for top, bottom in bands
        if mark.top < bottom
    ]
