"""The human figure and the marks on it, as shapes of a canvas."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import flet as ft
import flet.canvas as cv

from diary_app.state.figure import FIGURES, LINES, RIMS, Outline, Point, Window
from diary_app.state.rash_spots import spots

_SKIN = ft.Colors.SURFACE_CONTAINER_HIGHEST
_RASH = ft.Colors.ERROR
_PALE = ft.Colors.with_opacity(0.18, ft.Colors.ERROR)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of the figure is drawn.

    Attributes:
        window: The part that is seen.
        scale: Pixels to a unit.
        margin: Pixels left and right of it.
    """

    window: Window
    scale: float
    margin: float = 0.0

    @property
    def width(self) -> float:
        """Pixels."""
        return self.window.width * self.scale + 2 * self.margin

    @property
    def height(self) -> float:
        """Pixels."""
        return self.window.height * self.scale

    def at(self, point: Point) -> Point:
        """Return where a point of the figure is on the canvas."""
        x, y = point
        return (
            round((x - self.window.left) * self.scale + self.margin, 1),
            round((y - self.window.top) * self.scale, 1),
        )

    def point(self, x: float, y: float) -> Point:
        """Return which point of the figure is at a place on the canvas."""
        return (
            (x - self.margin) / self.scale + self.window.left,
            y / self.scale + self.window.top,
        )

    def box(self, outline: Outline) -> tuple[float, float, float, float] | None:
        """Return left, top, width and height of an outline as far as seen; None = not seen."""
        seen = [self.at(point) for point in outline]
        left = max(self.margin, min(x for x, _y in seen))
        right = min(self.width - self.margin, max(x for x, _y in seen))
        top = max(0.0, min(y for _x, y in seen))
        bottom = min(self.height, max(y for _x, y in seen))
        return None if right <= left or bottom <= top else (left, top, right - left, bottom - top)


def figure_shapes(side: str, place: Place) -> list[cv.Shape]:
    """Return the bare figure: skin, the lines between regions, and what makes it a body."""
    outlines = FIGURES[side].values()
    fine = max(1.0, 0.45 * place.scale)
    return [
        *(cv.Path(_path(each, place, closed=True), paint=_fill(_SKIN)) for each in outlines),
        *(
            cv.Path(
                _path(each, place, closed=True),
                paint=_line(ft.Colors.OUTLINE, fine, dashes=[4, 4]),
            )
            for each in outlines
        ),
        *(
            cv.Path(_path(each, place), paint=_line(ft.Colors.with_opacity(0.6, "outline"), fine))
            for each in LINES[side]
        ),
        *(
            cv.Path(_path(each, place), paint=_line(ft.Colors.OUTLINE, max(1.8, 0.8 * place.scale)))
            for each in RIMS[side]
        ),
    ]


def mark_shapes(
    side: str, regions: Mapping[str, str], place: Place, *, strong: str = ""
) -> list[cv.Shape]:
    """Return what is marked: by color, by how thickly it is spotted, and by a line around.

    Args:
        strong: This region gets a thick line, marked or not.
    """
    shapes: list[cv.Shape] = []
    for key, outline in FIGURES[side].items():
        amount = regions.get(key, "none")
        if (amount == "none" and key != strong) or place.box(outline) is None:
            continue
        if amount != "none":
            shapes += _covered(side, key, amount, place)
        width = max(2.2, 0.7 * place.scale) * (1.8 if key == strong else 1.0)
        color = ft.Colors.PRIMARY if key == strong else _RASH
        shapes.append(cv.Path(_path(outline, place, closed=True), paint=_line(color, width)))
    return shapes


def region_shapes(side: str, key: str, amount: str, size: float) -> list[cv.Shape]:
    """Return one region alone, fitted into a square, with an amount of it covered.

    Args:
        size: Side of the square, pixels.
    """
    outline = FIGURES[side][key]
    xs, ys = [x for x, _y in outline], [y for _x, y in outline]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = (size - 6) / max(wide, high)
    window = Window(
        (max(xs) + min(xs)) / 2 - size / scale / 2,
        (max(ys) + min(ys)) / 2 - size / scale / 2,
        size / scale,
        size / scale,
    )
    place = Place(window, scale)
    path = _path(outline, place, closed=True)
    rim = ft.Colors.OUTLINE if amount == "none" else _RASH
    return [
        cv.Path(path, paint=_fill(_SKIN)),
        *(_covered(side, key, amount, place) if amount != "none" else ()),
        cv.Path(path, paint=_line(rim, 2)),
    ]


def _covered(side: str, key: str, amount: str, place: Place) -> list[cv.Shape]:
    outline = FIGURES[side][key]
    path = _path(outline, place, closed=True)
    if amount == "all":
        return [cv.Path(path, paint=_fill(_RASH))]
    points, diameter = spots(side, key, amount)
    return [
        cv.Path(path, paint=_fill(_PALE)),
        cv.Points(
            points=[place.at(point) for point in points],
            point_mode=cv.PointMode.POINTS,
            paint=_line(_RASH, round(diameter * place.scale, 1)),
        ),
    ]


@lru_cache(maxsize=1024)
def _path(outline: Outline, place: Place, *, closed: bool = False) -> list[cv.Path.PathElement]:
    first, *others = (place.at(point) for point in outline)
    line: list[cv.Path.PathElement] = [
        cv.Path.MoveTo(*first),
        *(cv.Path.LineTo(*point) for point in others),
    ]
    return [*line, cv.Path.Close()] if closed else line


def _fill(color: ft.ColorValue) -> ft.Paint:
    return ft.Paint(style=ft.PaintingStyle.FILL, color=color)


def _line(color: ft.ColorValue, width: float, dashes: list[int | float] | None = None) -> ft.Paint:
    return ft.Paint(
        style=ft.PaintingStyle.STROKE,
        color=color,
        stroke_width=width,
        stroke_cap=ft.StrokeCap.ROUND,
        stroke_join=ft.StrokeJoin.ROUND,
        stroke_dash_pattern=dashes,
    )
