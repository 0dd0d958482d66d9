"""What the marks of the timeline mean, in words, wrapped to the width."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from diary_app.figures.alert_lane import marker
from diary_app.figures.dose_lane import FORMER_DASH
from diary_app.figures.lab_lane import triangle
from diary_app.figures.lane import TEXT_SIZE
from diary_app.figures.photo_lane import frame
from diary_app.figures.shapes import Circle, Line, Rect, Shape, Text, text_width
from diary_app.text import _

ROW_HEIGHT = 17.0
_SYMBOL_WIDTH = 22.0
_BETWEEN = 16.0

Symbol = Callable[[float, float], list[Shape]]


@dataclass(frozen=True)
class Used:
    """Which marks the figure has that not every figure has."""

    every_other_day: bool = False
    former: bool = False
    labs: bool = False
    photos: bool = False


def legend(left: float, right: float, top: float, used: Used) -> tuple[list[Shape], float]:
    """Return the legend from ``top`` down, and the height it takes, both in pixels."""
    shapes: list[Shape] = []
    x, y = left, top + ROW_HEIGHT / 2
    for symbol, words in _items(used):
        width = _SYMBOL_WIDTH + text_width(words, TEXT_SIZE)
        if x > left and x + width > right:
            x, y = left, y + ROW_HEIGHT
        shapes += symbol(x + 8, y)
        shapes.append(Text(x + _SYMBOL_WIDTH, y, words, TEXT_SIZE, "muted"))
        x += width + _BETWEEN
    return shapes, y + ROW_HEIGHT / 2 - top


def _items(used: Used) -> Sequence[tuple[Symbol, str]]:
    items: list[tuple[Symbol, str]] = [(_line("imatinib", None), _("planned dose"))]
    if used.every_other_day:
        items.append((_line("imatinib", (4.0, 3.0)), _("dashed: every 2nd day")))
    if used.former:
        items.append((_line("former", FORMER_DASH), _("dotted: step that a newer plan replaced")))
    items += [
        (lambda x, y: [Circle(x, y, 3.2, "imatinib")], _("dose taken")),
        (lambda x, y: [Circle(x, y, 3.2, "imatinib", filled=False)], _("hollow: dose missed")),
        (lambda x, y: [Line(x, y - 7, x, y + 7, "step", 1.0, (2.0, 2.0))], _("step up or restart")),
        (lambda x, y: [Rect(x - 8, y - 6, 16, 12, "gap")], _("gray: no entry")),
    ]
    if used.labs:
        items += [
            (lambda x, y: [triangle(x, y, up=True)], _("above the laboratory's limit")),
            (lambda x, y: [triangle(x, y, up=False)], _("below the limit")),
            (lambda x, y: [Circle(x, y, 3.4, "lab", filled=False)], _("within the limits")),
            (lambda x, y: [Circle(x, y, 3.4, "lab")], _("dot: limits not given")),
        ]
    items += [
        (lambda x, y: [marker(x, y, "urgent")], _("U: urgent alert")),
        (lambda x, y: [marker(x, y, "prompt")], _("P: same-day alert")),
    ]
    if used.photos:
        items.append((frame, _("photo")))
    return items


def _line(role: str, dash: tuple[float, float] | None) -> Symbol:
    return lambda x, y: [Line(x - 8, y, x + 8, y, role, 1.8, dash)]
