"""The body map: regions and amounts in words, and what they add up to."""

from collections.abc import Mapping

from alerts.errors import ImpossibleValueError
from alerts.grading.body_surface import (
    AMOUNTS,
    REGIONS,
    bsa_from_map_and_handprints,
    bsa_percent,
)
from diary_app.state.figure import FIGURES
from diary_app.text import _, said

__all__ = [
    "AMOUNT_WORDS",
    "FIGURES",
    "amount_label",
    "disagree",
    "extent_percent",
    "map_percent",
    "marked",
    "named",
    "region_label",
]

AMOUNT_WORDS = tuple(AMOUNTS)


def region_label(key: str) -> str:
    """Return a region's name for people."""
    return said(next(region.label for region in REGIONS if region.key == key))


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


def named(key: str, amount: str) -> str:
    """Return a region with its amount, such as "Face: about half"."""
    return _("{region}: {amount}").format(
        region=region_label(key), amount=amount_label(amount).lower()
    )


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
