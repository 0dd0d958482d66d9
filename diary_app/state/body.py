"""The body map: outlines to draw and to touch, amounts, and what they add up to."""

from collections.abc import Mapping
from typing import TypeAlias

from alerts.errors import ImpossibleValueError
from alerts.grading.body_surface import (
    AMOUNTS,
    REGIONS,
    bsa_from_map_and_handprints,
    bsa_percent,
)
from diary_app.text import _

Outline: TypeAlias = tuple[tuple[float, float], ...]

WIDTH, HEIGHT = 200.0, 400.0
# A thumb is about 14 units wide on a phone; a touch this near an outline still counts.
SLOP = 14.0

# One half of a figure in a box of 200 by 400, the viewer's left; the other half is its mirror.
_HALF: Mapping[str, Outline] = {
    "upper_arm": ((61, 84), (47, 92), (37, 146), (55, 150), (66, 114)),
    "forearm": ((36, 150), (26, 203), (41, 207), (55, 154)),
    "hand": ((25, 207), (14, 230), (18, 250), (32, 254), (39, 236), (41, 211)),
    "lower_leg": ((66, 296), (69, 364), (87, 364), (93, 296)),
    "foot": ((69, 368), (56, 388), (60, 395), (88, 395), (88, 368)),
}
_HEAD: Outline = (
    (100, 6), (113, 9), (121, 22), (120, 38), (112, 52), (100, 58),
    (88, 52), (80, 38), (79, 22), (87, 9),
)  # fmt: skip
_NECK: Outline = ((90, 59), (110, 59), (114, 73), (86, 73))
_FRONT_THIGH: Outline = ((67, 211), (64, 292), (94, 292), (97, 238), (86, 211))
_BACK_THIGH: Outline = ((67, 225), (64, 292), (94, 292), (98, 232), (84, 236))


def _mirror(outline: Outline) -> Outline:
    return tuple((WIDTH - x, y) for x, y in outline)


def _figure(side: str) -> dict[str, Outline]:
    # Seen from the front, the patient's right is the viewer's left; from behind it is not.
    near, far = ("right", "left") if side == "front" else ("left", "right")
    halves = {**_HALF, "thigh": _FRONT_THIGH if side == "front" else _BACK_THIGH}
    outlines = {f"head_{side}": _HEAD, f"neck_{side}": _NECK}
    if side == "front":
        outlines["trunk_front"] = (
            (65, 81), (87, 75), (113, 75), (135, 81), (133, 140), (133, 207), (67, 207), (67, 140),
        )  # fmt: skip
        outlines["genital"] = ((89, 210), (111, 210), (104, 234), (96, 234))
    else:
        outlines["trunk_back"] = (
            (65, 81), (87, 75), (113, 75), (135, 81), (133, 140), (133, 180), (67, 180), (67, 140),
        )  # fmt: skip
        buttock: Outline = ((67, 183), (98, 183), (98, 226), (84, 231), (67, 220))
        outlines[f"buttock_{near}"], outlines[f"buttock_{far}"] = buttock, _mirror(buttock)
    for part, outline in halves.items():
        outlines[f"{part}_{near}_{side}"] = outline
        outlines[f"{part}_{far}_{side}"] = _mirror(outline)
    return outlines


FIGURES: Mapping[str, Mapping[str, Outline]] = {side: _figure(side) for side in ("front", "back")}
AMOUNT_WORDS = tuple(AMOUNTS)


def region_label(key: str) -> str:
    """Return a region's name for people."""
    return _(next(region.label for region in REGIONS if region.key == key))


def amount_label(amount: str) -> str:
    """Return how much of a region is affected, in words."""
    return {
        "none": _("None"),
        "few_spots": _("A few spots"),
        "quarter": _("About a quarter"),
        "half": _("About half"),
        "three_quarters": _("About three quarters"),
        "all": _("All of it"),
    }[amount]


def touched(side: str, x: float, y: float) -> str | None:
    """Return the region at a point of a figure; the nearest one for a near miss.

    Args:
        side: ``front`` or ``back``.
        x: 0 to 200 from the left.
        y: 0 to 400 from the top.
    """
    outlines = FIGURES[side]
    for key, outline in outlines.items():
        if _inside(outline, x, y):
            return key
    nearest = min(outlines, key=lambda key: _distance(outlines[key], x, y))
    return nearest if _distance(outlines[nearest], x, y) <= SLOP else None


def marked(regions: Mapping[str, str], key: str, amount: str) -> dict[str, str]:
    """Return the map with one region set; ``none`` takes its mark away."""
    others = {region: kept for region, kept in regions.items() if region != key}
    return others if amount == "none" else {**others, key: amount}


def map_percent(regions: Mapping[str, str]) -> float:
    """Return the extent of a map in percent of the body surface; unknown regions count 0."""
    try:
        return round(bsa_percent(regions), 2)
    except ImpossibleValueError:
        known = {region.key for region in REGIONS}
        kept = {k: v for k, v in regions.items() if k in known and v in AMOUNTS}
        return round(bsa_percent(kept), 2)


def extent_percent(drawn: float | None, handprints: float | None) -> float | None:
    """Return the extent that counts, percent of the body surface; None = not known."""
    if drawn is None and handprints is None:
        return None
    return bsa_from_map_and_handprints(drawn, handprints)[0]


def disagree(drawn: float | None, handprints: float | None) -> bool:
    """Return whether map and handprints differ by more than a factor of two."""
    if drawn is None or handprints is None:
        return False
    return bsa_from_map_and_handprints(drawn, handprints)[1]


def _inside(outline: Outline, x: float, y: float) -> bool:
    crossings = False
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings = not crossings
    return crossings


def _distance(outline: Outline, x: float, y: float) -> float:
    """Return the distance from a point to the nearest edge of an outline."""
    distances = []
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        along = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2)
        part = min(1.0, max(0.0, along))
        distances.append((x - x1 - part * (x2 - x1)) ** 2 + (y - y1 - part * (y2 - y1)) ** 2)
    return float(min(distances) ** 0.5)
