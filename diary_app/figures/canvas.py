"""A figure as shapes for a Flet canvas, for the app."""

import flet as ft
from flet import canvas

from diary_app.figures.palette import LIGHT, Palette
from diary_app.figures.shapes import Circle, Figure, Line, Polygon, Polyline, Rect, Shape, Text

_ALIGNMENTS = {
    "start": ft.Alignment.CENTER_LEFT,
    "middle": ft.Alignment.CENTER,
    "end": ft.Alignment.CENTER_RIGHT,
}


def to_canvas(figure: Figure, palette: Palette = LIGHT) -> list[canvas.Shape]:
    """Return the shapes for ``flet.canvas.Canvas(shapes, width=..., height=...)``.

    The canvas is silent for screen readers: wrap it in ``ft.Semantics`` with
    ``figure.description`` and offer ``rows.as_table``.
    """
    return [drawn for shape in figure.shapes for drawn in _drawn(shape, palette)]


def _drawn(shape: Shape, palette: Palette) -> list[canvas.Shape]:
    color = palette[shape.role]
    match shape:
        case Line(x1, y1, x2, y2, _, thickness, dash):
            return [canvas.Line(x1, y1, x2, y2, paint=_stroke(color, thickness, dash))]
        case Rect(x, y, width, height):
            return [canvas.Rect(x, y, width, height, paint=_fill(color))]
        case Polyline(points, _, thickness, dash):
            return [canvas.Path(_path(points), paint=_stroke(color, thickness, dash))]
        case Polygon(points):
            return [canvas.Path([*_path(points), canvas.Path.Close()], paint=_fill(color))]
        case Circle(x, y, radius, _, True):
            return [canvas.Circle(x, y, radius, paint=_fill(color))]
        case Circle(x, y, radius):
            return [
                canvas.Circle(x, y, radius, paint=_fill(palette["background"])),
                canvas.Circle(x, y, radius, paint=_stroke(color, 1.3, None)),
            ]
        case Text():
            return [_text(shape, color)]


def _text(text: Text, color: str) -> canvas.Text:
    weight = ft.FontWeight.W_700 if text.bold else ft.FontWeight.W_400
    return canvas.Text(
        text.x,
        text.y,
        text.text,
        style=ft.TextStyle(size=text.size, color=color, weight=weight),
        alignment=_ALIGNMENTS[text.anchor],
    )


def _path(points: tuple[tuple[float, float], ...]) -> list[canvas.Path.PathElement]:
    (x, y), *rest = points
    return [canvas.Path.MoveTo(x, y), *(canvas.Path.LineTo(x, y) for x, y in rest)]


def _fill(color: str) -> ft.Paint:
    return ft.Paint(color=color, style=ft.PaintingStyle.FILL)


def _stroke(color: str, thickness: float, dash: tuple[float, float] | None) -> ft.Paint:
    return ft.Paint(
        color=color,
        style=ft.PaintingStyle.STROKE,
        stroke_width=thickness,
        stroke_dash_pattern=None if dash is None else list(dash),
    )
