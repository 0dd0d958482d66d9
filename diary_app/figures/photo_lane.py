"""Photos on the time axis: a square for each day with photos, which leads to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from diary_app.exports.bundle import PhotoLine, VisitBundle
from diary_app.figures.lane import TEXT_SIZE, Lane
from diary_app.figures.shapes import Line, Rect, Shape, Text

MARK = 11.0
# So large is what a finger meets around a mark, in pixels.
TARGET = 48.0
# Marks whose middles lie closer than this are one mark, so that a finger meets one of them.
_TOGETHER_WITHIN = TARGET


@dataclass(frozen=True)
class PhotoMark:
    """One mark: its middle in pixels and the photos it stands for, oldest first."""

    x: float
    y: float
    photos: tuple[PhotoLine, ...]


def photo_marks(lane: Lane, bundle: VisitBundle) -> tuple[PhotoMark, ...]:
    """Return the marks of the period's photos from left to right."""
    y = lane.top + lane.height / 2
    marks: list[PhotoMark] = []
    for photo in sorted(bundle.photos, key=lambda photo: photo.taken_on):
        if not bundle.first_on <= photo.taken_on <= bundle.last_on:
            continue
        x = lane.axis.middle(photo.taken_on)
        if marks and x - marks[-1].x < _TOGETHER_WITHIN:
            marks[-1] = replace(marks[-1], photos=(*marks[-1].photos, photo))
        else:
            marks.append(PhotoMark(x, y, (photo,)))
    return tuple(marks)


def photo_lane(lane: Lane, marks: Sequence[PhotoMark]) -> list[Shape]:
    """Return a picture frame for each mark, with how many photos where there are several."""
    shapes: list[Shape] = [Line(lane.axis.left, lane.bottom, lane.axis.right, lane.bottom, "grid")]
    for mark in marks:
        shapes += frame(mark.x, mark.y)
        if len(mark.photos) > 1:
            number = str(len(mark.photos))
            beside = MARK / 2 + 3
            shapes += lane.room.place(
                Text(mark.x + beside, mark.y, number, TEXT_SIZE, "photo", bold=True),
                Text(mark.x - beside, mark.y, number, TEXT_SIZE, "photo", anchor="end", bold=True),
            )
    return shapes


def frame(x: float, y: float) -> list[Shape]:
    """Return a filled square with a lighter middle around a point."""
    half, inner = MARK / 2, MARK / 2 - 2
    return [
        Rect(x - half, y - half, MARK, MARK, "photo"),
        Rect(x - inner, y - inner, 2 * inner, 2 * inner, "lens"),
    ]
