"""One horizontal band of the timeline: its place, its scale and its frame."""

from collections.abc import Sequence
from dataclasses import dataclass

from diary_app.figures.axis import DayAxis
from diary_app.figures.shapes import Line, Rect, Room, Shape, Text

TEXT_SIZE = 11.0
# Room above the highest value for the number written over it.
HEADROOM = 15.0


@dataclass(frozen=True)
class Lane:
    """Where a lane lies and which values its top and bottom stand for.

    Attributes:
        room: Shared by all lanes, so that no text of one meets a text of another.
        low: Value at the bottom line.
        high: Value at ``HEADROOM`` below the top.
    """

    axis: DayAxis
    room: Room
    top: float
    height: float
    low: float
    high: float

    @property
    def bottom(self) -> float:
        """Where the lane's bottom line lies."""
        return self.top + self.height

    def y(self, value: float) -> float:
        """Return the height of a value, in pixels from the top of the figure."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.height - HEADROOM)

    def frame(self, marks: Sequence[tuple[float, str]], *, grid: bool = True) -> list[Shape]:
        """Return the bottom line and a labelled grid line for each (value, label)."""
        shapes: list[Shape] = [
            Line(self.axis.left, self.bottom, self.axis.right, self.bottom, "axis")
        ]
        for value, label in marks:
            y = self.y(value)
            if grid and value != self.low:
                shapes.append(Line(self.axis.left, y, self.axis.right, y, "grid", 0.7))
            shapes += self.room.place(
                Text(self.axis.left - 6, y, label, TEXT_SIZE, "muted", anchor="end")
            )
        return shapes

    def gap(self, start: float, end: float) -> Rect:
        """Return the band that marks days without an entry, between two pixels."""
        return Rect(start, self.top, end - start, self.height, "gap")
