"""Alerts on the time axis: urgent as a triangle with U, same-day as a diamond with P."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from diary_app.figures.lane import TEXT_SIZE, Lane
from diary_app.figures.shapes import Line, Polygon, Shape, Text

LETTERS = {"urgent": "U", "prompt": "P"}
MARKER_SIZE = 5.5
# A marker with "U +12" beside it is this wide.
_TOGETHER_WITHIN = 50.0


@dataclass(frozen=True)
class Marked:
    """Alerts drawn as one marker because they would touch: the day and level of the worst."""

    x: float
    level: str
    count: int


def marker(x: float, y: float, level: str) -> Polygon:
    """Return the shape of an alert level around its middle: triangle = urgent, else diamond."""
    size = MARKER_SIZE
    points: tuple[tuple[float, float], ...]
    if level == "urgent":
        points = ((x, y - size), (x + size, y + size), (x - size, y + size))
    else:
        points = ((x, y - size), (x + size, y), (x, y + size), (x - size, y))
    return Polygon(points, level)


def alert_lane(lane: Lane, raised: Sequence[tuple[date, str]]) -> list[Shape]:
    """Return a marker and letter for each alert; alerts too close to draw are counted."""
    y = lane.top + lane.height / 2
    shapes: list[Shape] = [Line(lane.axis.left, lane.bottom, lane.axis.right, lane.bottom, "axis")]
    for group in _grouped(lane, raised):
        letter = LETTERS[group.level]
        words = letter if group.count == 1 else f"{letter} +{group.count - 1}"
        beside = MARKER_SIZE + 2
        shapes.append(marker(group.x, y, group.level))
        shapes += lane.room.place(
            Text(group.x + beside, y, words, TEXT_SIZE, group.level, bold=True),
            Text(group.x - beside, y, words, TEXT_SIZE, group.level, anchor="end", bold=True),
        )
    return shapes


def _grouped(lane: Lane, raised: Sequence[tuple[date, str]]) -> list[Marked]:
    groups: list[Marked] = []
    begins = -_TOGETHER_WITHIN
    for on, level in sorted(raised):
        x = lane.axis.middle(on)
        if groups and x - begins < _TOGETHER_WITHIN:
            last = groups[-1]
            worse = level == "urgent" and last.level != "urgent"
            groups[-1] = Marked(last.x, level if worse else last.level, last.count + 1)
        else:
            groups.append(Marked(x, level, 1))
            begins = x
    return groups
