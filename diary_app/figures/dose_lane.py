"""Dose staircase: the plan as steps with their area, what was taken as dots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diary_app.figures.course import CourseDay, PlanSpan
from diary_app.figures.lane import TEXT_SIZE, Lane
from diary_app.figures.shapes import Circle, Line, Rect, Shape, Text
from diary_app.figures.wording import amount, dose_words
from diary_app.text import _

# Below this many pixels a day, dots would touch: doses taken become a thick line.
DOTS_FROM_DAY_WIDTH = 2.5
_SHORTEST_RUN = 2.4
FORMER_DASH = (1.5, 2.5)


@dataclass(frozen=True)
class Medicine:
    """What tells the imatinib lane from the prednisolone lane.

    Attributes:
        role: Color role; ``<role>_area`` is the color below the staircase.
        planned: mg per dosing day of a step; None = the plan says nothing.
        words: What is written on a step.
        taken: mg logged as taken on a day; None = not answered.
        due: mg prescribed for a day; None = unknown.
        every_other_day: Whether a step is drawn dashed.
    """

    role: str
    planned: Callable[[PlanSpan], float | None]
    words: Callable[[PlanSpan], str]
    taken: Callable[[CourseDay], float | None]
    due: Callable[[CourseDay], float | None]
    every_other_day: Callable[[PlanSpan], bool]


IMATINIB = Medicine(
    role="imatinib",
    planned=lambda span: span.step.imatinib_mg,
    words=lambda span: dose_words(span.step),
    taken=lambda day: day.imatinib_mg,
    due=lambda day: day.imatinib_planned_mg,
    every_other_day=lambda span: span.step.every_n_days > 1,
)
PREDNISOLONE = Medicine(
    role="prednisolone",
    planned=lambda span: span.step.prednisolone_mg,
    words=lambda span: _("{mg} mg").format(mg=amount(span.step.prednisolone_mg or 0)),
    taken=lambda day: day.prednisolone_mg,
    due=lambda day: day.prednisolone_planned_mg,
    every_other_day=lambda _span: False,
)


def highest_dose(
    medicine: Medicine,
    spans: Sequence[PlanSpan],
    days: Sequence[CourseDay],
    former: Sequence[PlanSpan] = (),
) -> float | None:
    """Return the highest dose planned or taken in mg; None = nothing planned, nothing logged."""
    planned = (medicine.planned(span) for span in (*spans, *former))
    taken = (medicine.taken(day) for day in days)
    return max((mg for mg in (*planned, *taken) if mg is not None), default=None)


def dose_lane(
    lane: Lane,
    medicine: Medicine,
    spans: Sequence[PlanSpan],
    days: Sequence[CourseDay],
    former: Sequence[PlanSpan] = (),
) -> list[Shape]:
    """Return the staircase of one medicine: area, frame, steps, dots and the words on it.

    Args:
        former: Steps that a newer plan replaced; they are dotted.
    """
    doses = {medicine.planned(span) for span in (*spans, *former)} | {0.0}
    marks = [(mg, amount(mg)) for mg in sorted((d for d in doses if d is not None), reverse=True)]
    shapes = _areas(lane, medicine, spans)
    shapes += lane.frame(marks)
    shapes += _replaced(lane, medicine, former)
    shapes += _staircase(lane, medicine, spans)
    shapes += _taken(lane, medicine, days)
    said = ""
    for span in spans:
        if medicine.planned(span) is None:
            said = ""
        elif (words := medicine.words(span)) != said:
            shapes += _step_words(lane, medicine, span, words)
            said = words
    return shapes


def _areas(lane: Lane, medicine: Medicine, spans: Sequence[PlanSpan]) -> list[Shape]:
    shapes: list[Shape] = []
    for span in spans:
        mg = medicine.planned(span)
        if mg is not None and mg > 0:
            start, end = lane.axis.start(span.first_on), lane.axis.end(span.last_on)
            top = lane.y(mg)
            shapes.append(Rect(start, top, end - start, lane.bottom - top, f"{medicine.role}_area"))
    return shapes


def _replaced(lane: Lane, medicine: Medicine, former: Sequence[PlanSpan]) -> list[Shape]:
    shapes: list[Shape] = []
    for span in former:
        mg = medicine.planned(span)
        if mg is not None:
            start, end, y = lane.axis.start(span.first_on), lane.axis.end(span.last_on), lane.y(mg)
            shapes.append(Line(start, y, end, y, "former", 1.4, FORMER_DASH))
    return shapes


def _staircase(lane: Lane, medicine: Medicine, spans: Sequence[PlanSpan]) -> list[Shape]:
    shapes: list[Shape] = []
    level_before: float | None = None
    for span in spans:
        mg = medicine.planned(span)
        if mg is None:
            level_before = None
            continue
        start, end, y = lane.axis.start(span.first_on), lane.axis.end(span.last_on), lane.y(mg)
        if level_before is not None and level_before != y:
            shapes.append(Line(start, level_before, start, y, medicine.role, 1.8))
        dash = (4.0, 3.0) if medicine.every_other_day(span) else None
        shapes.append(Line(start, y, end, y, medicine.role, 1.8, dash))
        level_before = y
    return shapes


def _taken(lane: Lane, medicine: Medicine, days: Sequence[CourseDay]) -> list[Shape]:
    shapes: list[Shape] = []
    missed: list[Shape] = []
    radius = min(3.2, max(2.4, lane.axis.day_width * 0.32))
    for day in days:
        taken, due = medicine.taken(day), medicine.due(day)
        x = lane.axis.middle(day.on)
        if taken is not None and taken > 0:
            if lane.axis.day_width >= DOTS_FROM_DAY_WIDTH:
                shapes.append(Circle(x, lane.y(taken), radius, medicine.role))
            else:
                _lengthen(shapes, lane, medicine, day, taken)
        elif taken == 0 and due is not None and due > 0:
            missed.append(Circle(x, lane.y(due), max(2.6, radius), medicine.role, filled=False))
    return shapes + missed


def _lengthen(
    shapes: list[Shape], lane: Lane, medicine: Medicine, day: CourseDay, taken: float
) -> None:
    start, y = lane.axis.start(day.on), lane.y(taken)
    end = max(lane.axis.end(day.on), start + _SHORTEST_RUN)
    last = shapes[-1] if shapes else None
    if isinstance(last, Line) and last.y1 == y and last.x2 >= start - 0.01:
        shapes[-1] = Line(last.x1, y, end, y, medicine.role, 4.0)
    else:
        shapes.append(Line(start, y, end, y, medicine.role, 4.0))


def _step_words(lane: Lane, medicine: Medicine, span: PlanSpan, words: str) -> list[Text]:
    start, y = lane.axis.start(span.first_on) + 4, lane.y(medicine.planned(span) or 0)
    above, below = y - 9, y + 10
    places = [Text(start, above, words, TEXT_SIZE, medicine.role)]
    if below + TEXT_SIZE / 2 < lane.bottom:
        places.append(Text(start, below, words, TEXT_SIZE, medicine.role))
    fitting = [text for text in places if text.box[2] <= lane.axis.right]
    return lane.room.place(*fitting)
