import pytest

from alerts.errors import ImpossibleValueError
from alerts.grading.body_surface import (
    AMOUNTS,
    REGIONS,
    bsa_from_map_and_handprints,
    bsa_percent,
)


def test_sums_to_exactly_100_percent():
    assert sum(region.percent for region in REGIONS) == 100


@pytest.mark.parametrize(("side", "percent"), [("front", 48), ("back", 52)])
def test_sums_each_side_as_in_the_chart(side, percent):
    assert sum(region.percent for region in REGIONS if region.side == side) == percent


@pytest.mark.parametrize(
    ("part", "percent"),
    [
        ("head", 7),
        ("neck", 2),
        ("trunk", 26),
        ("buttock", 5),
        ("genital", 1),
        ("upper_arm", 8),
        ("forearm", 6),
        ("hand", 5),
        ("thigh", 19),
        ("lower_leg", 14),
        ("foot", 7),
    ],
)
def test_gives_each_part_its_share(part, percent):
    assert sum(region.percent for region in REGIONS if region.key.startswith(part)) == percent


def test_gives_every_region_a_name_of_its_own():
    assert len({region.key for region in REGIONS}) == len(REGIONS) == 33
    assert len({region.label for region in REGIONS}) == len(REGIONS)
    assert {region.side for region in REGIONS} == {"front", "back"}


@pytest.mark.parametrize(
    ("amounts", "percent"),
    [
        ({}, 0),
        ({"trunk_front": "none"}, 0),
        ({"trunk_front": "all"}, 13),
        ({"trunk_front": "half", "trunk_back": "quarter"}, 9.75),
        ({"thigh_left_back": "three_quarters"}, 3.5625),
        ({"trunk_back": "few_spots"}, 0.65),
    ],
)
def test_adds_the_marked_parts(amounts, percent):
    assert bsa_percent(amounts) == pytest.approx(percent, abs=1e-9)


def test_reaches_100_when_all_is_marked():
    assert bsa_percent({region.key: "all" for region in REGIONS}) == 100


@pytest.mark.parametrize("amounts", [{"tail": "all"}, {"trunk_front": "most"}])
def test_refuses_what_the_map_does_not_have(amounts):
    with pytest.raises(ImpossibleValueError):
        bsa_percent(amounts)


def test_offers_six_amounts():
    assert list(AMOUNTS.values()) == [0, 0.05, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize(
    ("mapped", "handprints", "used", "disagree"),
    [
        (10, 10, 10, False),
        (10, 20, 10, False),  # exactly twice
        (10, 20.1, 20.1, True),
        (20, 10, 20, False),
        (20.1, 10, 20.1, True),
        (0, 3, 3, True),
        (3, 0, 3, True),
        (0, 0, 0, False),
        (12, None, 12, False),
        (None, 12, 12, False),
        (0, None, 0, False),
        (30, 300, 100, True),
    ],
)
def test_takes_the_higher_extent_when_map_and_handprints_disagree(
    mapped, handprints, used, disagree
):
    assert bsa_from_map_and_handprints(mapped, handprints) == (used, disagree)


@pytest.mark.parametrize(("mapped", "handprints"), [(None, None), (-1, 1), (101, 1), (1, -1)])
def test_refuses_an_extent_that_cannot_be(mapped, handprints):
    with pytest.raises(ImpossibleValueError):
        bsa_from_map_and_handprints(mapped, handprints)
