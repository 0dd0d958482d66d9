"""How much of the skin is affected: from a body map, checked by counting handprints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.errors import ImpossibleValueError
from alerts.grading.limits import Range, check_number, shown
from alerts.grading.terms import above

DISAGREEMENT = 2.0


@dataclass(frozen=True, slots=True)
class Region:
    """One area of the body map.

    Attributes:
        key: Stable name, such as ``thigh_left_back``.
        side: ``front`` or ``back`` of the map.
        percent: Share of an adult's body surface, percent.
        label: English name for the patient.
    """

    key: str
    side: str
    percent: float
    label: str


def _both(key: str, percent: float, front: str, back: str) -> list[Region]:
    return [
        Region(f"{key}_front", "front", percent, front),
        Region(f"{key}_back", "back", percent, back),
    ]


def _limb(part: str, percent: float) -> list[Region]:
    words = part.replace("_", " ").capitalize()
    regions = []
    for side in ("right", "left"):
        name = f"{words}, {side}"
        regions += _both(f"{part}_{side}", percent, f"{name}, front", f"{name}, back")
    return regions


REGIONS: tuple[Region, ...] = (
    *_both("head", 3.5, "Face", "Back of the head"),
    *_both("neck", 1.0, "Neck, front", "Neck, back"),
    *_both("trunk", 13.0, "Chest and belly", "Upper and lower back"),
    Region("buttock_right", "back", 2.5, "Buttock, right"),
    Region("buttock_left", "back", 2.5, "Buttock, left"),
    Region("genital", "front", 1.0, "Genital area"),
    *_limb("upper_arm", 2.0),
    *_limb("forearm", 1.5),
    *_limb("hand", 1.25),
    *_limb("thigh", 4.75),
    *_limb("lower_leg", 3.5),
    *_limb("foot", 1.75),
)
"""Lund-Browder, adult (Lundin and Alsbjorn 2013; Miminas 2007); the hand is 1.25, not 1.5."""

PERCENT_BY_REGION: Mapping[str, float] = {region.key: region.percent for region in REGIONS}

AMOUNTS: Mapping[str, float] = {
    "none": 0.0,
    "few_spots": 0.05,
    "quarter": 0.25,
    "half": 0.5,
    "three_quarters": 0.75,
    "all": 1.0,
}
"""Part of a region that is affected, as the patient picks it; a design choice."""


def bsa_percent(amounts: Mapping[str, str]) -> float:
    """Return the affected body surface of a map.

    Args:
        amounts: Amount per region key; a region left out is not affected.

    Returns:
        Percent of the body surface, 0 to 100.

    Raises:
        ImpossibleValueError: If a region or an amount is not one of the map's.

    Example:
        >>> bsa_percent({"trunk_front": "half", "head_front": "quarter"})
        7.375
    """
    total = 0.0
    for region, amount in amounts.items():
        if region not in PERCENT_BY_REGION:
            raise ImpossibleValueError(f"The body map has no region {shown(region)}.", "region")
        if amount not in AMOUNTS:
            raise ImpossibleValueError(
                f"The amount of {region} must be one of {', '.join(AMOUNTS)}, got {shown(amount)}.",
                region,
            )
        total += PERCENT_BY_REGION[region] * AMOUNTS[amount]
    return total


def bsa_from_map_and_handprints(
    map_percent: float | None, handprints: float | None
) -> tuple[float, bool]:
    """Return the extent to use, and whether map and handprints disagree.

    Args:
        map_percent: Extent by the body map, percent; None when no map was drawn.
        handprints: How many of the patient's own handprints, fingers together, would cover it;
            one counts as 1 percent. None when not asked.

    Returns:
        Percent of the body surface, 0 to 100, and True when the two differ by more than a
        factor of 2: ask again; the higher value stands meanwhile. Otherwise the map stands.

    Raises:
        ImpossibleValueError: If both are None, or a number is below 0, or the map over 100.

    Source:
        Rhodes 2013: the adult handprint is about 0.87 percent, so that 1 errs to the safe side.
        The factor of 2 is a design choice.
    """
    for field, value, high in (("map_percent", map_percent, 100), ("handprints", handprints, 1000)):
        if value is not None:
            check_number(field, value, Range(0, high))
    if handprints is None:
        if map_percent is None:
            raise ImpossibleValueError("The extent needs a body map or handprints.", "bsa_percent")
        return float(map_percent), False
    by_hand = min(float(handprints), 100.0)
    if map_percent is None:
        return by_hand, False
    lower, higher = sorted((float(map_percent), by_hand))
    if above(higher, DISAGREEMENT * lower):
        return higher, True
    return float(map_percent), False
