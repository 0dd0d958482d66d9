"""How much of a region is drawn as covered: spots that fill that part of its outline."""

from functools import lru_cache
from math import pi, sin, sqrt

from alerts.grading.body_surface import AMOUNTS
from diary_app.state.figure import FIGURES, Outline, Point, distance, inside

_GRID = 110
# Patches are about this many spots wide.
_PATCH = 1.5
_FEW = 9


@lru_cache(maxsize=512)
def spots(side: str, key: str, amount: str) -> tuple[tuple[Point, ...], float]:
    """Return where spots are drawn in a region, and how wide they are.

    From a quarter on, a larger amount has the spots of the smaller ones and more. None and all of
    it have no spots.

    Args:
        side: ``front`` or ``back``.

    Returns:
        Shape ``(n, 2)``, units of the figure, and one diameter, units.
    """
    outline = FIGURES[side][key]
    step = sqrt(_area(outline) / _GRID)
    if amount == "few_spots":
        places = sorted(_grid(outline, step, edge=0.6 * step), key=_scattered)
        return tuple(places[:_FEW]), 0.85 * step
    if amount not in {"quarter", "half", "three_quarters"}:
        return (), 0.0
    places = sorted(_grid(outline, step, edge=0.45 * step), key=lambda at: _wave(at, step))
    return tuple(places[: round(AMOUNTS[amount] * len(places))]), 1.12 * step


def _grid(outline: Outline, step: float, *, edge: float) -> list[Point]:
    """Return the points of a honeycomb inside an outline, not nearer to its edge than told."""
    xs, ys = [x for x, _y in outline], [y for _x, y in outline]
    points = []
    rise = step * sqrt(3) / 2
    for row in range(int((max(ys) - min(ys)) / rise) + 2):
        shift = step / 2 if row % 2 else 0.0
        for column in range(int((max(xs) - min(xs)) / step) + 2):
            x = round(min(xs) + column * step + shift, 1)
            y = round(min(ys) + row * rise, 1)
            if inside(outline, x, y) and distance(outline, x, y) >= edge:
                points.append((x, y))
    return points


def _wave(at: Point, step: float) -> float:
    # Slow waves across the region, so that spots run together in patches as a rash does.
    x, y = at[0] / step / _PATCH, at[1] / step / _PATCH
    return sin(1.1 * x + 0.6 * y) + sin(0.5 * x - 1.2 * y + 1.0) + 0.6 * sin(2.1 * x + 1.7 * y)


def _scattered(at: Point) -> float:
    # The golden ratio spreads neighbours far apart.
    return (at[0] * 0.618034 + at[1] * 0.754878 * pi) % 1.0


def _area(outline: Outline) -> float:
    pairs = zip(outline, (*outline[1:], outline[0]), strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2
