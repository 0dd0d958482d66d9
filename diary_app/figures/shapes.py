"""What a figure is made of: plain shapes in pixels, colored by role, and the room text takes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

Anchor = Literal["start", "middle", "end"]
Box = tuple[float, float, float, float]

LINE_HEIGHT = 1.2
_NARROW = frozenset("iljtfrI.,:;'|!()[] -")
_WIDE = frozenset("mwMW%@+<>=~")
# Widths in em, the wider of Roboto (app) and Libertinus Serif (PDF), so that nothing collides.
_EM_NARROW, _EM_LOWER, _EM_UPPER, _EM_WIDE, _EM_FULL = 0.38, 0.565, 0.69, 0.9, 1.05


@dataclass(frozen=True)
class Line:
    """A straight line; ``dash`` is (drawn, left out) in pixels, empty = solid."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: str
    thickness: float = 1.0
    dash: tuple[float, float] | None = None


@dataclass(frozen=True)
class Rect:
    """A filled rectangle from its top left corner."""

    x: float
    y: float
    width: float
    height: float
    role: str


@dataclass(frozen=True)
class Polyline:
    """Points joined by straight lines, not filled."""

    points: tuple[tuple[float, float], ...]
    role: str
    thickness: float = 1.5
    dash: tuple[float, float] | None = None


@dataclass(frozen=True)
class Polygon:
    """A closed, filled shape."""

    points: tuple[tuple[float, float], ...]
    role: str


@dataclass(frozen=True)
class Circle:
    """A dot; ``filled`` False = hollow (the middle takes the background)."""

    x: float
    y: float
    radius: float
    role: str
    filled: bool = True


@dataclass(frozen=True)
class Text:
    """One line of text; ``y`` is the middle of the line, ``x`` the end named by ``anchor``."""

    x: float
    y: float
    text: str
    size: float
    role: str = "text"
    anchor: Anchor = "start"
    bold: bool = False

    @property
    def box(self) -> Box:
        """Left, top, right, bottom of the room this text takes, generously."""
        width = text_width(self.text, self.size)
        left = self.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor]
        half = self.size * LINE_HEIGHT / 2
        return (left, self.y - half, left + width, self.y + half)


Shape = Line | Rect | Polyline | Polygon | Circle | Text


@dataclass(frozen=True)
class Figure:
    """Shapes in drawing order on a field of ``width`` x ``height`` pixels.

    Attributes:
        title: A few words naming the figure.
        description: The same story in plain sentences, for a screen reader.
    """

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    description: str

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every text of the figure, in drawing order."""
        return tuple(shape for shape in self.shapes if isinstance(shape, Text))


def scaled(figure: Figure, factor: float) -> Figure:
    """Return the figure with every length, text size and line made larger by a factor."""
    return replace(
        figure,
        width=figure.width * factor,
        height=figure.height * factor,
        shapes=tuple(_scaled(shape, factor) for shape in figure.shapes),
    )


def _scaled(shape: Shape, factor: float) -> Shape:
    match shape:
        case Polyline(points) | Polygon(points):
            return replace(shape, points=tuple((x * factor, y * factor) for x, y in points))
        case Line(x1, y1, x2, y2, _, thickness, dash):
            return replace(
                shape,
                x1=x1 * factor,
                y1=y1 * factor,
                x2=x2 * factor,
                y2=y2 * factor,
                thickness=thickness * factor,
                dash=None if dash is None else (dash[0] * factor, dash[1] * factor),
            )
        case Rect(x, y, width, height):
            return replace(
                shape, x=x * factor, y=y * factor, width=width * factor, height=height * factor
            )
        case Circle(x, y, radius):
            return replace(shape, x=x * factor, y=y * factor, radius=radius * factor)
        case Text(x, y, _, size):
            return replace(shape, x=x * factor, y=y * factor, size=size * factor)


def text_width(text: str, size: float) -> float:
    """Return an upper estimate of the width of one line of text, in the unit of ``size``."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if ord(character) >= 0x1100:
        return _EM_FULL
    if character in _NARROW:
        return _EM_NARROW
    if character in _WIDE:
        return _EM_WIDE
    return _EM_UPPER if character.isupper() else _EM_LOWER


@dataclass
class Room:
    """Keeps texts apart: a text is placed only where no earlier one stands.

    Attributes:
        left: No text may begin before this, in pixels.
        right: No text may end after this, in pixels.
        taken: Boxes of the texts placed so far; never shared.
        ruled: Boxes of upright lines; texts avoid them where they can.
    """

    left: float
    right: float
    taken: list[Box] = field(default_factory=list)
    ruled: list[Box] = field(default_factory=list)

    def place(self, *candidates: Text) -> list[Text]:
        """Take room for the first candidate that fits; none fits = an empty list."""
        for avoided in ([*self.taken, *self.ruled], self.taken):
            for text in candidates:
                if self._holds(text.box) and not touches(text.box, avoided):
                    self.taken.append(text.box)
                    return [text]
        return []

    def band(self, top: float, bottom: float) -> "Room":
        """Return the room between two heights alone; nobody else may place a text there."""
        return Room(
            self.left,
            self.right,
            *(
                [box for box in boxes if box[1] < bottom and box[3] > top]
                for boxes in (self.taken, self.ruled)
            ),
        )

    def is_free(self, box: Box) -> bool:
        """Whether no text stands in a box and the box lies between left and right."""
        return self._holds(box) and not touches(box, self.taken)

    def _holds(self, box: Box) -> bool:
        return box[0] >= self.left and box[2] <= self.right


def touches(box: Box, others: Iterable[Box]) -> bool:
    """Whether a box overlaps any of the others; sharing an edge is not overlapping."""
    left, top, right, bottom = box
    return any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
        for other in others
    )
