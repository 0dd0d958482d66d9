"""The timeline of a visit: dose, steroid, rash, itch, temperature and alerts on one time axis."""

from dataclasses import dataclass

from diary_app.exports.bundle import VisitBundle
from diary_app.figures.alert_lane import LETTERS, alert_lane
from diary_app.figures.axis import DayAxis, ticks
from diary_app.figures.course import days_of, dose_days_of, raised_on, runs_without_entry, spans_of
from diary_app.figures.dose_lane import IMATINIB, PREDNISOLONE, dose_lane, highest_dose
from diary_app.figures.lane import TEXT_SIZE, Lane
from diary_app.figures.legend import legend
from diary_app.figures.palette import GROUND_ROLES
from diary_app.figures.shapes import Figure, Line, Room, Shape, Text
from diary_app.figures.step_labels import StepMark, step_marks
from diary_app.figures.symptom_lanes import (
    itch_lane,
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


def timeline(bundle: VisitBundle, *, width: float, compact: bool = False) -> Figure:
    """Return the figure of one patient's period; the same bundle gives the same figure.

    Args:
        bundle: The period. Days without an entry are marked as gaps, never drawn as zero.
        width: Of the whole figure in pixels, at least 280; texts are 11 pixels high, so a
            figure for print is made wide and scaled down.
        compact: Lane names above the lanes instead of beside them, for a phone.
    """
    left, right = (34.0, width - 32.0) if compact else (126.0, width - 34.0)
    axis = DayAxis(bundle.first_on, bundle.last_on, left, right)
    stack = _Stack(axis, Room(0, width), compact)
    days, spans = days_of(bundle), spans_of(bundle)
    dosed = dose_days_of(bundle)

    marks, stack.y = step_marks(axis, stack.room, spans)
    stack.bands.append((0.0, stack.y))
    for medicine, heading in (
        (IMATINIB, _Heading(_("Imatinib"), _("mg a day"), 108)),
        (PREDNISOLONE, _Heading(_("Prednisolone"), _("mg a day"), 58)),
    ):
        highest = highest_dose(medicine, spans, dosed)
        if highest is None:
            stack.say_nothing(heading)
            continue
        lane = stack.lane(heading, 0, highest if highest > 0 else 1)
        stack.draw(dose_lane(lane, medicine, spans, dosed))
    lane = stack.lane(_Heading(_("Rash"), _("estimated grade"), 80), 0, 4)
    gaps = [(axis.start(first), axis.end(last)) for first, last in runs_without_entry(bundle)]
    stack.draw(rash_lane(lane, days, [lane.gap(*gap) for gap in gaps]))
    lane = stack.lane(_Heading(_("Worst itch"), _("0 to 10"), 72), 0, 10)
    stack.draw(itch_lane(lane, days, [lane.gap(*gap) for gap in gaps]))
    lane = stack.lane(_Heading(_("Temperature"), _("degrees C"), 96), *temperature_range(days))
    stack.draw(temperature_lane(lane, days, [lane.gap(*gap) for gap in gaps]))
    lane = stack.lane(_Heading(_("Alerts"), "", 24), 0, 1)
    raised = [
        (on, alert.level)
        for alert in bundle.alerts
        if alert.level in LETTERS
        and bundle.first_on <= (on := raised_on(alert, bundle.time_zone)) <= bundle.last_on
    ]
    stack.draw(alert_lane(lane, raised))
    bottom_of_lanes = lane.bottom

    stack.draw(_dates(axis, stack.room, bottom_of_lanes))
    stack.y = bottom_of_lanes + 40
    dashed = any(span.step.every_n_days > 1 for span in spans)
    explained, height = legend(0 if compact else left, width, stack.y, every_other_day=dashed)
    bands = stack.bands if compact else [(0.0, bottom_of_lanes)]
    ground = [shape for shape in stack.shapes if shape.role in GROUND_ROLES]
    drawn = [shape for shape in stack.shapes if shape.role not in GROUND_ROLES]
    labels = [mark.label for mark in marks if mark.label is not None]
    return Figure(
        width=width,
        height=stack.y + height + 2,
        shapes=(*ground, *_step_lines(marks, bands), *drawn, *labels, *explained),
        title=_("Timeline of doses and symptoms"),
        description=summary(bundle),
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
        middle = self.y + TEXT_SIZE * 0.7
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
