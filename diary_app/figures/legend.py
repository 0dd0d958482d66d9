"""What the marks of the timeline mean, in words, wrapped to the width."""

from collections.abc import Callable, Sequence

from diary_app.figures.alert_lane import marker
from diary_app.figures.lane import TEXT_SIZE
from diary_app.figures.shapes import Circle, Line, Rect, Shape, Text, text_width
from diary_app.text import _

ROW_HEIGHT = 17.0
_SYMBOL_WIDTH = 22.0
_BETWEEN = 16.0

Symbol = Callable[[float, float], Shape]


def legend(
    left: float, right: float, top: float, *, every_other_day: bool
) -> tuple[list[Shape], float]:
    """Return the legend from ``top`` down, and the height it takes, both in pixels."""
    shapes: list[Shape] = []
    x, y = left, top + ROW_HEIGHT / 2
    for symbol, words in _items(every_other_day):
        width = _SYMBOL_WIDTH + text_width(words, TEXT_SIZE)
        if x > left and x + width > right:
            x, y = left, y + ROW_HEIGHT
        shapes.append(symbol(x + 8, y))
        shapes.append(Text(x + _SYMBOL_WIDTH, y, words, TEXT_SIZE, "muted"))
        x += width + _BETWEEN
    return shapes, y + ROW_HEIGHT / 2 - top


def _items(every_other_day: bool) -> Sequence[tuple[Symbol, str]]:
    items: list[tuple[Symbol, str]] = [
        (lambda x, y: Line(x - 8, y, x + 8, y, "imatinib", 1.8), _("planned dose")),
        (lambda x, y: Circle(x, y, 3.2, "imatinib"), _("dose taken")),
        (lambda x, y: Circle(x, y, 3.2, "imatinib", filled=False), _("hollow: dose missed")),
        (lambda x, y: Line(x, y - 7, x, y + 7, "step", 1.0, (2.0, 2.0)), _("step up or restart")),
        (lambda x, y: Rect(x - 8, y - 6, 16, 12, "gap"), _("gray: no entry")),
        (lambda x, y: marker(x, y, "urgent"), _("U: urgent alert")),
        (lambda x, y: marker(x, y, "prompt"), _("P: same-day alert")),
    ]
    if every_other_day:
        dashed: Symbol = lambda x, y: Line(x - 8, y, x + 8, y, "imatinib", 1.8, (4.0, 3.0))  # noqa: E731
        items.insert(1, (dashed, _("dashed: every 2nd day")))
    return items
