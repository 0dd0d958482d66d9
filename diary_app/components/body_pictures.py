"""The human figure and the marks on it, as pictures of one color each.

A picture is one short text for the client, however many points its outlines have, and takes its
color from the theme, light or dark.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import flet as ft

from diary_app.state.figure import FIGURES, LINES, RIMS, WHOLE, Outline, Point, Window
from diary_app.state.rash_spots import spots

_RASH = ft.Colors.ERROR
_BARE = ft.Colors.OUTLINE
_SKIN, _PALE = 0.2, 0.18


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
        """Return where a point of the figure is drawn."""
        x, y = point
        return (
            round((x - self.window.left) * self.scale + self.margin, 1),
            round((y - self.window.top) * self.scale, 1),
        )

    def point(self, x: float, y: float) -> Point:
        """Return which point of the figure is drawn at a place."""
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


def figure_layers(
    side: str, regions: Mapping[str, str], place: Place, *, strong: str = ""
) -> list[ft.Control]:
    """Return the pictures that lie over each other: the bare figure, the marks, one region.

    Args:
        strong: This region gets a thick line, marked or not; empty = none.
    """
    layers = [_layer(_bare(side, place), place, _BARE)]
    if any(key in regions for key in FIGURES[side]):
        layers.append(_layer(_marks(side, regions, place), place, _RASH))
    if strong in FIGURES[side]:
        line = _stroke([FIGURES[side][strong]], max(4.0, 1.4 * place.scale) / place.scale)
        layers.append(_layer(_svg(place.window, line), place, ft.Colors.PRIMARY))
    return layers


def figure_picture(side: str, regions: Mapping[str, str], height: float) -> ft.Control:
    """Return a small figure to look at; screen readers hear the words beside it."""
    place = Place(WHOLE, height / WHOLE.height)
    return ft.Stack(figure_layers(side, regions, place), width=place.width, height=place.height)


def region_picture(side: str, key: str, amount: str, size: float) -> ft.Control:
    """Return one region alone, fitted into a square, with an amount of it covered.

    Args:
        size: Side of the square, pixels.
    """
    place = _fitted(FIGURES[side][key], size)
    if amount == "none":
        return _image(_alone(side, key, amount, place), place, _BARE)
    return _image(_alone(side, key, amount, place), place, _RASH)


def _fitted(outline: Outline, size: float) -> Place:
    xs, ys = [x for x, _y in outline], [y for _x, y in outline]
    edge = max(max(xs) - min(xs), max(ys) - min(ys)) * size / (size - 6)
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    window = Window(middle_x - edge / 2, middle_y - edge / 2, edge, edge)
    return Place(window, size / edge)


@lru_cache(maxsize=64)
def _bare(side: str, place: Place) -> str:
    fine = max(1.0, 0.45 * place.scale) / place.scale
    thick = max(1.8, 0.8 * place.scale) / place.scale
    outlines = FIGURES[side].values()
    dash = f"{4 / place.scale:.1f}"
    return _svg(
        place.window,
        f'<path d="{_data(outlines, closed=True)}" fill-opacity="{_SKIN}"/>',
        _stroke(outlines, fine, more=f' stroke-dasharray="{dash} {dash}" stroke-opacity=".8"'),
        _stroke(LINES[side], fine, more=' stroke-opacity=".6"', closed=False),
        _stroke(RIMS[side], thick, closed=False),
    )


def _marks(side: str, regions: Mapping[str, str], place: Place) -> str:
    width = max(2.0, 0.7 * place.scale) / place.scale
    parts = [
        _covered(side, key, regions[key], width)
        for key, outline in FIGURES[side].items()
        if key in regions and place.box(outline) is not None
    ]
    return _svg(place.window, *parts)


@lru_cache(maxsize=512)
def _alone(side: str, key: str, amount: str, place: Place) -> str:
    return _svg(place.window, _covered(side, key, amount, 2 / place.scale))


@lru_cache(maxsize=1024)
def _covered(side: str, key: str, amount: str, width: float) -> str:
    """Return a region with its rim, and as much of it covered as an amount says."""
    opacity = {"all": 1.0, "none": _SKIN}.get(amount, _PALE)
    points, diameter = spots(side, key, amount)
    dots = "".join(f"M{x:g} {y:g}h.01" for x, y in points)
    drawn = (
        f'<path d="{_data([FIGURES[side][key]], closed=True)}" fill-opacity="{opacity}"'
        f' stroke="#000" stroke-width="{width:.2f}" stroke-linejoin="round"/>'
    )
    if not dots:
        return drawn
    return (
        f'{drawn}<path d="{dots}" stroke="#000" stroke-linecap="round"'
        f' stroke-width="{diameter:.1f}"/>'
    )


def _stroke(
    outlines: Iterable[Outline], width: float, *, more: str = "", closed: bool = True
) -> str:
    return (
        f'<path d="{_data(outlines, closed=closed)}" fill="none" stroke="#000"'
        f' stroke-width="{width:.2f}" stroke-linecap="round" stroke-linejoin="round"{more}/>'
    )


def _data(outlines: Iterable[Outline], *, closed: bool) -> str:
    return "".join(_line(outline) + ("Z" if closed else "") for outline in outlines)


def _line(outline: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in outline)


def _svg(window: Window, *parts: str) -> str:
    box = f"{window.left:.1f} {window.top:.1f} {window.width:.1f} {window.height:.1f}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{"".join(parts)}</svg>'


def _layer(svg: str, place: Place, color: ft.ColorValue) -> ft.Control:
    return ft.Container(_image(svg, place, color), left=place.margin, top=0)


def _image(svg: str, place: Place, color: ft.ColorValue) -> ft.Container:
    width, height = place.window.width * place.scale, place.height
    picture = ft.Image(
        src=svg,
        color=color,
        exclude_from_semantics=True,
        width=width,
        height=height,
        gapless_playback=True,
    )
    return ft.Container(picture, width=width, height=height)
