"""A figure as SVG, for the printed report: text stays text."""

from xml.sax.saxutils import escape, quoteattr

from diary_app.figures.palette import LIGHT, Palette
from diary_app.figures.shapes import Circle, Figure, Line, Polygon, Polyline, Rect, Shape, Text

# Where the baseline lies below the middle of a line, in em, for Latin digits and capitals.
_BASELINE = 0.34


def to_svg(figure: Figure, palette: Palette = LIGHT, font_family: str = "Libertinus Serif") -> str:
    """Return the figure as one SVG document with title and description."""
    width, height = _n(figure.width), _n(figure.height)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family={quoteattr(font_family)}>',
        f"<title>{escape(figure.title)}</title>",
        f"<desc>{escape(figure.description)}</desc>",
        *(_element(shape, palette) for shape in figure.shapes),
        "</svg>",
    ]
    return "\n".join(lines)


def _element(shape: Shape, palette: Palette) -> str:
    color = palette[shape.role]
    match shape:
        case Line(x1, y1, x2, y2, _, thickness, dash):
            return (
                f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
                f'stroke="{color}" stroke-width="{_n(thickness)}"{_dash(dash)}/>'
            )
        case Rect(x, y, width, height):
            return (
                f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" '
                f'fill="{color}"/>'
            )
        case Polyline(points, _, thickness, dash):
            return (
                f'<polyline points="{_points(points)}" fill="none" stroke="{color}" '
                f'stroke-width="{_n(thickness)}" stroke-linejoin="round"{_dash(dash)}/>'
            )
        case Polygon(points):
            return f'<polygon points="{_points(points)}" fill="{color}"/>'
        case Circle(x, y, radius, _, filled):
            fill = color if filled else palette["background"]
            return (
                f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" '
                f'stroke="{color}" stroke-width="{"0" if filled else "1.3"}"/>'
            )
        case Text():
            return _text(shape, color)


def _text(text: Text, color: str) -> str:
    weight = ' font-weight="700"' if text.bold else ""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    words = escape(text.text.replace("->", "\N{RIGHTWARDS ARROW}"))
    return (
        f'<text x="{_n(text.x)}" y="{_n(text.y + text.size * _BASELINE)}" '
        f'font-size="{_n(text.size)}" fill="{color}"{weight}{anchor}>{words}</text>'
    )


def _dash(dash: tuple[float, float] | None) -> str:
    return "" if dash is None else f' stroke-dasharray="{_n(dash[0])} {_n(dash[1])}"'


def _points(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
