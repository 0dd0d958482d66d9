"""Labels over the upright lines of step ups and restarts, in as many rows as they need."""

from collections.abc import Sequence
from dataclasses import dataclass

from diary_app.figures.axis import DayAxis
from diary_app.figures.course import PlanSpan
from diary_app.figures.lane import TEXT_SIZE
from diary_app.figures.shapes import Box, Room, Text, text_width, touches
from diary_app.figures.wording import amount, change_words
from diary_app.text import _

ROW_HEIGHT = 15.0
MOST_ROWS = 6
_NO_HEIGHT = 10_000.0


@dataclass(frozen=True)
class StepMark:
    """One step up: where its line stands and begins, and its label (None = found no room)."""

    x: float
    top: float
    label: Text | None


def step_marks(
    axis: DayAxis, room: Room, spans: Sequence[PlanSpan]
) -> tuple[list[StepMark], float]:
    """Return the marks of all step ups and where the lanes may begin; reserves their lines.

    An earlier label stands above a later one, so that no line runs through a label. A label
    that finds no room is left out; its line and the table still tell the step.
    """
    marks: list[StepMark] = []
    lines: list[Box] = []
    rows = 0
    for span in (span for span in spans if span.is_step_up):
        mark = StepMark(axis.start(span.first_on), 0.0, None)
        for row, text in _places(axis, span, room.right):
            top = (row + (1 if text.box[0] < mark.x < text.box[2] else 0)) * ROW_HEIGHT
            line = (mark.x - 1, top, mark.x + 1, MOST_ROWS * ROW_HEIGHT)
            if room.is_free(text.box) and room.is_free(line) and not touches(text.box, lines):
                room.taken.append(text.box)
                mark = StepMark(mark.x, top, text)
                rows = max(rows, row + 1)
                break
        marks.append(mark)
        lines.append((mark.x - 1, mark.top, mark.x + 1, MOST_ROWS * ROW_HEIGHT))
        room.ruled.append((mark.x - 1, 0.0, mark.x + 1, _NO_HEIGHT))
    return marks, rows * ROW_HEIGHT + 4


def _places(axis: DayAxis, span: PlanSpan, right: float) -> list[tuple[int, Text]]:
    x = axis.start(span.first_on)
    places = []
    for words in (
        change_words(span.before, span.step),
        _("{mg} mg").format(mg=amount(span.step.imatinib_mg)),
    ):
        for row in range(MOST_ROWS):
            y = (row + 0.5) * ROW_HEIGHT
            if x + 3 + text_width(words, TEXT_SIZE) <= right:
                places.append((row, Text(x + 3, y, words, TEXT_SIZE, bold=True)))
            else:
                places.append((row, Text(right, y, words, TEXT_SIZE, anchor="end", bold=True)))
                places.append((row, Text(x - 3, y, words, TEXT_SIZE, anchor="end", bold=True)))
    return places
