"""A human figure in front and back view: the outline of each region of the body map.

Units: a box of 200 wide by 400 high. One half is drawn, the viewer's left; the other is its mirror.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = tuple[Point, ...]

WIDTH, HEIGHT = 200.0, 400.0
# A thumb is about 14 units wide on a phone; a touch this near an outline still counts.
SLOP = 14.0
_STEPS = 4


def _smooth(*points: Point) -> Outline:
    """Return a soft curve through points (Catmull-Rom); point n stays at n * _STEPS."""
    ends = (points[0], *points, points[-1])
    curve = []
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(_STEPS):
            t = step / _STEPS
            curve.append(
                (
                    _between(before[0], start[0], end[0], after[0], t),
                    _between(before[1], start[1], end[1], after[1], t),
                )
            )
    return (*curve, points[-1])


def _between(before: float, start: float, end: float, after: float, t: float) -> float:
    a = 2 * start
    b = end - before
    c = 2 * before - 5 * start + 4 * end - after
    d = after - before + 3 * (start - end)
    return round((a + b * t + c * t * t + d * t * t * t) / 2, 2)


def _part(curve: Outline, first: int, last: int) -> Outline:
    """Return a curve between two of the points it was made of."""
    return curve[first * _STEPS : last * _STEPS + 1]


def _mirror(outline: Sequence[Point]) -> Outline:
    return tuple((round(WIDTH - x, 2), y) for x, y in outline)


def _closed(*curves: Sequence[Point]) -> Outline:
    """Return curves joined to one outline without doubled points."""
    joined: list[Point] = []
    for point in (point for curve in curves for point in curve):
        if not joined or point != joined[-1]:
            joined.append(point)
    return tuple(joined[:-1] if joined[0] == joined[-1] else joined)


_HEAD_POINTS: Outline = (
    (100, 4), (90, 6.5), (82.5, 14), (79.8, 25), (80.8, 36), (84.5, 46.5), (91.5, 55), (100, 58.5)
)  # fmt: skip
_HEAD_HALF = _smooth((110, 6.5), *_HEAD_POINTS, (108.5, 55))[_STEPS : 8 * _STEPS + 1]
_NECK_SIDE = _smooth((88, 51.5), (88.6, 60), (86.5, 68), (80, 73))
_COLLAR = _smooth((80, 73), (89, 77), (100, 78.5), (111, 77), (120, 73))
_ARM_OUTER = _smooth(
    (80, 73), (71, 76.5), (62, 80.5), (53.5, 87), (48.6, 98), (46, 113), (43.8, 130), (40.6, 147),
    (36, 162), (31.6, 182), (28.2, 203),
)  # fmt: skip
_ARM_INNER = _smooth(
    (66, 107), (64.2, 121), (61.2, 135), (58, 148), (54.6, 163), (47.6, 185), (41.2, 205)
)
_HAND = _smooth(
    (28.2, 203), (24.6, 212), (20.8, 224), (18.8, 236), (19.6, 246), (23, 253), (27.6, 255.5),
    (32, 252), (34.6, 244), (36.6, 236.5), (39.4, 238.5), (42.6, 236), (44, 229), (43.4, 217),
    (41.2, 205),
)  # fmt: skip
_FLANK = _smooth(
    (66, 107), (68.4, 121), (70.6, 138), (71, 153), (69, 168), (66, 182), (63.6, 194), (62.2, 206),
    (61.4, 224), (62.4, 250), (66, 280), (68.8, 299), (67.2, 312), (66, 328), (68.8, 348),
    (73.4, 367),
)  # fmt: skip
_INSEAM = _smooth(
    (99.5, 226), (98, 246), (95, 272), (91.6, 299), (92.6, 313), (92, 328), (88.6, 348), (85.6, 367)
)
_FOOT_FRONT = _smooth(
    (85.6, 367), (87, 376), (89, 386), (87.6, 394), (80, 397), (69, 396.4), (63.4, 392),
    (66, 384), (71.4, 375.5), (73.4, 367),
)  # fmt: skip
_FOOT_BACK = _smooth(
    (85.6, 367), (87.4, 378), (88, 389), (84.6, 395.6), (78, 396.6), (69, 395.6), (64.6, 391.6),
    (67.4, 384), (71.8, 376), (73.4, 367),
)  # fmt: skip
_SHOULDER = _smooth((62, 80.5), (62, 94), (66, 107))
_ELBOW = _smooth((40.6, 147), (49, 151), (58, 148))
_WRIST = _smooth((28.2, 203), (34.4, 206.4), (41.2, 205))
_KNEE = _smooth((68.8, 299), (80, 303), (91.6, 299))
_ANKLE = _smooth((73.4, 367), (79.4, 369.6), (85.6, 367))
_GROIN = _smooth((62.2, 206), (74, 207.5), (86, 212))
_GENITAL_SIDE = _smooth((86, 212), (92, 220.5), (99.5, 226))
_GENITAL_TOP = _smooth((86, 212), (100, 209.5), (114, 212))
_WAIST_BACK = _smooth((66, 182), (83, 186.5), (100, 185), (117, 186.5), (134, 182))
_FOLD = _smooth((61.4, 224), (70, 232), (86, 233.5), (99.5, 226))

_ARM: Mapping[str, Outline] = {
    "upper_arm": _closed(
        _part(_ARM_OUTER, 2, 7), _ELBOW, _part(_ARM_INNER, 0, 3)[::-1], _SHOULDER[::-1]
    ),
    "forearm": _closed(
        _part(_ARM_OUTER, 7, 10), _WRIST, _part(_ARM_INNER, 3, 6)[::-1], _ELBOW[::-1]
    ),
    "hand": _closed(_HAND, _WRIST[::-1]),
}  # fmt: skip
_LOWER_LEG = _closed(
    _part(_FLANK, 11, 15), _ANKLE, _part(_INSEAM, 3, 7)[::-1], _KNEE[::-1]
)  # fmt: skip
_FRONT: Mapping[str, Outline] = {
    **_ARM,
    "thigh": _closed(
        _part(_FLANK, 7, 11), _KNEE, _part(_INSEAM, 0, 3)[::-1], _GENITAL_SIDE[::-1], _GROIN[::-1]
    ),
    "lower_leg": _LOWER_LEG,
    "foot": _closed(_FOOT_FRONT, _ANKLE),
}
_BACK: Mapping[str, Outline] = {
    **_ARM,
    "thigh": _closed(_part(_FLANK, 8, 11), _KNEE, _part(_INSEAM, 0, 3)[::-1], _FOLD[::-1]),
    "lower_leg": _LOWER_LEG,
    "foot": _closed(_FOOT_BACK, _ANKLE),
}
_HEAD = _closed(_HEAD_HALF, _mirror(_HEAD_HALF)[::-1])
_JAW = _part(_HEAD_HALF, 5, 7)
_NECK = _closed(
    _NECK_SIDE, _COLLAR, _mirror(_NECK_SIDE)[::-1], _mirror(_JAW), _JAW[::-1]
)  # fmt: skip


def _trunk(bottom: int, below: Outline) -> Outline:
    """Return the trunk down to a point of the flank and a line from there to the other side."""
    side = _closed(_part(_ARM_OUTER, 0, 2), _SHOULDER, _part(_FLANK, 0, bottom))
    return _closed(_COLLAR[::-1], side, below, _mirror(side)[::-1])


def _figure(side: str) -> dict[str, Outline]:
    # Seen from the front, the patient's right is the viewer's left; from behind it is not.
    near, far = ("right", "left") if side == "front" else ("left", "right")
    outlines = {f"head_{side}": _HEAD, f"neck_{side}": _NECK}
    if side == "front":
        outlines["trunk_front"] = _trunk(7, _closed(_GROIN, _GENITAL_TOP, _mirror(_GROIN)[::-1]))
        outlines["genital"] = _closed(_GENITAL_TOP, _mirror(_GENITAL_SIDE), _GENITAL_SIDE[::-1])
    else:
        outlines["trunk_back"] = _trunk(5, _WAIST_BACK)
        half = len(_WAIST_BACK) // 2 + 1
        buttock = _closed(_WAIST_BACK[:half], _FOLD[::-1], _part(_FLANK, 5, 8)[::-1])
        outlines[f"buttock_{near}"], outlines[f"buttock_{far}"] = buttock, _mirror(buttock)
    for part, outline in (_FRONT if side == "front" else _BACK).items():
        outlines[f"{part}_{near}_{side}"] = outline
        outlines[f"{part}_{far}_{side}"] = _mirror(outline)
    return outlines


FIGURES: Mapping[str, Mapping[str, Outline]] = {side: _figure(side) for side in ("front", "back")}


def _both(*curves: Outline) -> tuple[Outline, ...]:
    return tuple(each for curve in curves for each in (curve, _mirror(curve)))


_EDGE = (_part(_ARM_OUTER, 0, 10), _NECK_SIDE, _part(_ARM_INNER, 0, 6), _HAND, _FLANK, _INSEAM)
# The rim of the whole body, drawn strongly; and fine lines that make it a body, drawn faintly.
RIMS: Mapping[str, tuple[Outline, ...]] = {
    "front": ((*_HEAD, _HEAD[0]), *_both(*_EDGE, _FOOT_FRONT)),
    "back": ((*_HEAD, _HEAD[0]), *_both(*_EDGE, _FOOT_BACK)),
}
_FINGERS = (
    _smooth((24, 251), (25, 243), (27, 235)),
    _smooth((28, 253), (28.8, 244), (30.2, 236)),
    _smooth((31.8, 250), (32.4, 243), (33.4, 236)),
)
LINES: Mapping[str, tuple[Outline, ...]] = {
    "front": (
        *_both(
            *_FINGERS,
            _smooth((86.4, 29.6), (89, 27.8), (92, 28), (94.4, 29.6)),  # brow
            _smooth((87.4, 33), (90.4, 34.2), (93.4, 33)),  # closed eye
            _smooth((78, 79), (88, 81.6), (97, 83.4)),  # collarbone
            _smooth((74, 121), (84, 127.5), (97, 125)),  # chest
            _smooth((74.5, 293), (80, 290.6), (86, 293)),  # knee
            _smooth((66.6, 390.5), (66.9, 393), (67.2, 394.4)),
            _smooth((71, 391.5), (71.2, 393.6), (71.4, 395.4)),
            _smooth((75.4, 392), (75.5, 394), (75.6, 396)),
            _smooth((80, 391.6), (80.1, 393.6), (80.1, 396)),
        ),
        _smooth((100, 32), (98.6, 38), (97.6, 41.4), (100, 42.4), (102.4, 41.4)),
        _smooth((94.6, 47.4), (97.6, 48.6), (100, 48.9), (102.4, 48.6), (105.4, 47.4)),
        _smooth((99, 172), (100, 175), (101, 172)),  # navel
    ),
    "back": (
        *_both(
            *_FINGERS,
            _smooth((78, 96), (84, 104), (87, 116), (82, 126)),  # shoulder blade
            _smooth((74, 324), (76.5, 338), (79, 347)),  # calf
        ),
        _smooth((100, 88), (100, 120), (100, 150), (100, 178)),  # spine
        _smooth((100, 190), (100, 205), (99.8, 226)),
        _smooth((84, 44), (92, 49), (100, 50.4), (108, 49), (116, 44)),  # hair
    ),
}


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the figure's box, to be shown large.

    Attributes:
        left: Units from the left of the box, as ``top`` from its top.
    """

    left: float
    top: float
    width: float
    height: float

    def holds(self, outline: Outline) -> bool:
        """Return whether an outline lies inside."""
        return all(
            self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height
            for x, y in outline
        )


WHOLE = Window(0, 0, WIDTH, HEIGHT)
# Places whose regions are too small for a finger on the whole figure.
CLOSE: Mapping[str, Window] = {
    "head": Window(60, 0, 80, 84),
    "hand_near": Window(4, 186, 72, 74),
    "hand_far": Window(124, 186, 72, 74),
    "hips": Window(56, 174, 88, 84),
    "feet": Window(54, 330, 92, 70),
}


def small_place(side: str, key: str) -> str | None:
    """Return the place to show large for a region that is small to touch; None for a large one."""
    if not key.startswith(("head", "neck", "hand", "foot", "genital")):
        return None
    outline = FIGURES[side][key]
    return next((place for place, window in CLOSE.items() if window.holds(outline)), None)


def touched(side: str, x: float, y: float, slop: float = SLOP) -> str | None:
    """Return the region at a point of a figure; the nearest one for a near miss.

    Args:
        side: ``front`` or ``back``.
        x: 0 to 200 from the left.
        y: 0 to 400 from the top.
        slop: How far beside an outline still counts, units.
    """
    outlines = FIGURES[side]
    for key, outline in outlines.items():
        if inside(outline, x, y):
            return key
    nearest = min(outlines, key=lambda key: distance(outlines[key], x, y))
    return nearest if distance(outlines[nearest], x, y) <= slop else None


def inside(outline: Outline, x: float, y: float) -> bool:
    """Return whether a point lies inside an outline."""
    crossings = False
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings = not crossings
    return crossings


def distance(outline: Outline, x: float, y: float) -> float:
    """Return the distance from a point to the nearest edge of an outline, units."""
    nearest = float("inf")
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
        part = min(1.0, max(0.0, along))
        nearest = min(
            nearest,
            (x - x1 - part * (x2 - x1)) ** 2 + (y - y1 - part * (y2 - y1)) ** 2,
        )
    return float(nearest**0.5)
