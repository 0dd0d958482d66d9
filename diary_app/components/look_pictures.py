"""Small drawings of what a rash can look like, one per word, on a patch of skin."""

from collections.abc import Callable, Mapping
from math import cos, pi, sin

import flet as ft
import flet.canvas as cv

WIDTH, HEIGHT = 104.0, 76.0

_SKIN = "#e9c6a8"
_RED = "#c4423b"
_PALE_RED = "#dd8377"
_DARK = "#7b4a2f"
_PURPLE = "#5b2a63"
_YELLOW = "#e8c95a"
_WHITE = "#fdf6ee"

# Scattered, but the same on every screen: x and y as parts of the patch, and a size.
_SPREAD = (
    (0.14, 0.22, 1.0), (0.36, 0.15, 0.7), (0.60, 0.24, 1.1), (0.84, 0.18, 0.8),
    (0.24, 0.50, 0.8), (0.48, 0.46, 1.0), (0.73, 0.52, 0.9), (0.90, 0.48, 0.7),
    (0.12, 0.78, 0.9), (0.36, 0.80, 1.1), (0.60, 0.78, 0.7), (0.84, 0.82, 1.0),
)  # fmt: skip


def look_picture(word: str) -> ft.Control:
    """Return the drawing of one way a rash can look; screen readers hear the words beside it."""
    shapes = [_patch(), *_PICTURES[word]()]
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Container(
            cv.Canvas(shapes, width=WIDTH, height=HEIGHT),
            width=WIDTH,
            height=HEIGHT,
            border_radius=10,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        ),
    )


def _patch(color: str = _SKIN) -> cv.Shape:
    return cv.Rect(0, 0, WIDTH, HEIGHT, paint=_fill(color))


def _fill(color: str) -> ft.Paint:
    return ft.Paint(style=ft.PaintingStyle.FILL, color=color)


def _line(color: str, width: float) -> ft.Paint:
    return ft.Paint(
        style=ft.PaintingStyle.STROKE,
        color=color,
        stroke_width=width,
        stroke_cap=ft.StrokeCap.ROUND,
    )


def _dots(radius: float, *layers: tuple[str, float]) -> list[cv.Shape]:
    """Return scattered dots, each of several layers (color, part of the radius)."""
    return [
        cv.Circle(x * WIDTH, y * HEIGHT, radius * size * part, paint=_fill(color))
        for x, y, size in _SPREAD
        for color, part in layers
    ]


def _some(count: int, radius: float, *layers: tuple[str, float]) -> list[cv.Shape]:
    places = ((0.25, 0.32), (0.70, 0.30), (0.46, 0.72), (0.86, 0.74))[:count]
    return [
        cv.Circle(x * WIDTH, y * HEIGHT, radius * part, paint=_fill(color))
        for x, y in places
        for color, part in layers
    ]


def _blob(x: float, y: float, radius: float, paint: ft.Paint) -> cv.Shape:
    """Return an uneven round outline around a point."""
    points = []
    for step in range(16):
        turn = 2 * pi * step / 16
        wave = radius * (1 + 0.16 * sin(3 * turn) + 0.08 * cos(5 * turn))
        points.append((x + 1.35 * wave * cos(turn), y + wave * sin(turn)))
    first, *others = points
    return cv.Path(
        [cv.Path.MoveTo(*first), *(cv.Path.LineTo(*point) for point in others), cv.Path.Close()],
        paint=paint,
    )


def _spots() -> list[cv.Shape]:
    return _dots(6.5, (_PALE_RED, 1.0), (_RED, 0.6))


def _redness() -> list[cv.Shape]:
    return [_patch("#d9675c"), *_dots(9, ("#d15a50", 1.0))]


def _hives() -> list[cv.Shape]:
    shapes: list[cv.Shape] = []
    for x, y, radius in ((30, 26, 15), (76, 22, 11), (68, 56, 15), (20, 60, 9)):
        shapes.append(_blob(x, y, radius, _fill(_PALE_RED)))
        shapes.append(_blob(x, y, radius * 0.66, _fill("#f3d3bd")))
    return shapes


def _pimples() -> list[cv.Shape]:
    return _dots(6, (_RED, 1.0), (_WHITE, 0.42))


def _dry() -> list[cv.Shape]:
    return [
        cv.Line(x, y, x + 15, y + rise, paint=_line("#c9a184", 1.6))
        for x, y, rise in (
            (8, 14, 4), (34, 10, -3), (62, 16, 5), (86, 10, 3), (16, 34, -4), (44, 32, 5),
            (74, 36, -3), (6, 54, 4), (32, 58, -4), (60, 54, 4), (84, 60, -4), (46, 70, 2),
        )
    ]  # fmt: skip


def _scales() -> list[cv.Shape]:
    shapes: list[cv.Shape] = [_blob(52, 38, 25, _fill(_PALE_RED))]
    for x, y in ((32, 28), (50, 22), (70, 30), (40, 46), (60, 44), (76, 50), (52, 58), (26, 44)):
        shapes.append(_blob(x, y, 5.5, _fill(_WHITE)))
        shapes.append(_blob(x, y, 5.5, _line("#cdb7a4", 1.0)))
    return shapes


def _scratches() -> list[cv.Shape]:
    return [
        cv.Line(16 + 15 * n, 12 + 4 * (n % 2), 30 + 15 * n, 62, paint=_line(_RED, 2.4))
        for n in range(4)
    ]


def _marks() -> list[cv.Shape]:
    return [
        _blob(x, y, radius, _fill(_DARK))
        for x, y, radius in ((26, 26, 11), (72, 24, 9), (52, 54, 12), (88, 58, 7), (14, 60, 6))
    ]


def _crusts() -> list[cv.Shape]:
    shapes: list[cv.Shape] = [_blob(50, 38, 24, _fill(_RED))]
    for x, y, radius in ((38, 32, 9), (62, 34, 10), (50, 50, 8)):
        shapes.append(_blob(x, y, radius, _fill(_YELLOW)))
    return shapes


def _targets() -> list[cv.Shape]:
    return _some(3, 17, (_RED, 1.0), ("#f0b9a6", 0.72), (_RED, 0.4))


def _pus() -> list[cv.Shape]:
    shapes: list[cv.Shape] = [_patch("#dd8377")]
    for row in range(5):
        for column in range(8):
            x, y = 8 + 12.5 * column + 5 * (row % 2), 9 + 14.5 * row
            shapes.append(cv.Circle(x, y, 2.6, paint=_fill(_WHITE)))
    return shapes


def _blisters() -> list[cv.Shape]:
    shapes: list[cv.Shape] = []
    for x, y, radius in ((30, 30, 17), (74, 26, 12), (66, 58, 13)):
        shapes.append(cv.Circle(x, y, radius + 3, paint=_fill(_PALE_RED)))
        shapes.append(cv.Circle(x, y, radius, paint=_fill("#f7e3c4")))
        shapes.append(cv.Circle(x, y, radius, paint=_line("#b77b58", 1.5)))
        shapes.append(cv.Circle(x - radius * 0.35, y - radius * 0.35, radius * 0.22,
                                paint=_fill("#ffffff")))  # fmt: skip
    return shapes


def _peeling() -> list[cv.Shape]:
    flap = [
        cv.Path.MoveTo(28, 16), cv.Path.LineTo(84, 12), cv.Path.LineTo(90, 34),
        cv.Path.LineTo(58, 30), cv.Path.LineTo(34, 42), cv.Path.Close(),
    ]  # fmt: skip
    return [
        _blob(54, 42, 26, _fill("#b3261e")),
        cv.Path(flap, paint=_fill("#f3ddc9")),
        cv.Path(flap, paint=_line("#a9805f", 1.5)),
    ]


def _purple() -> list[cv.Shape]:
    return [*_dots(5, (_PURPLE, 1.0)), _blob(54, 40, 13, _fill(_PURPLE))]


_PICTURES: Mapping[str, Callable[[], list[cv.Shape]]] = {
    "macules_papules": _spots,
    "diffuse_redness": _redness,
    "hives": _hives,
    "acneiform_pustules": _pimples,
    "dry_skin": _dry,
    "scaling_dry": _scales,
    "scratch_marks": _scratches,
    "hyperpigmentation": _marks,
    "crusted_infected": _crusts,
    "target_lesions": _targets,
    "pustules_widespread": _pus,
    "blisters": _blisters,
    "peeling_raw": _peeling,
    "purple_nonblanching": _purple,
}
