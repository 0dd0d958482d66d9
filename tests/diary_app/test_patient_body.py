"""The body map: where a touch lands and what the marks add up to."""

import pytest

from alerts.grading.body_surface import REGIONS
from diary_app.state import body


def test_every_region_of_the_clinical_map_can_be_touched() -> None:
    drawn = {key for outlines in body.FIGURES.values() for key in outlines}

    assert drawn == {region.key for region in REGIONS}
    assert all(region.key in body.FIGURES[region.side] for region in REGIONS)


@pytest.mark.parametrize("side", ["front", "back"])
def test_touching_the_middle_of_a_region_finds_it(side: str) -> None:
    for key, outline in body.FIGURES[side].items():
        x = sum(x for x, _y in outline) / len(outline)
        y = sum(y for _x, y in outline) / len(outline)
        assert body.touched(side, x, y) == key


def test_the_right_hand_is_on_the_viewers_left_in_front_and_right_behind() -> None:
    assert body.touched("front", 28, 235) == "hand_right_front"
    assert body.touched("back", 172, 235) == "hand_right_back"


def test_a_near_miss_counts_and_a_far_one_does_not() -> None:
    assert body.touched("front", 5, 232) == "hand_right_front"
    assert body.touched("front", 100, 380) in {"foot_right_front", "foot_left_front"}
    assert body.touched("front", 10, 20) is None


def test_whole_map_is_a_hundred_percent() -> None:
    everything = {region.key: "all" for region in REGIONS}

    assert body.map_percent(everything) == pytest.approx(100)


def test_half_the_chest_and_belly_is_six_and_a_half_percent() -> None:
    # Lund-Browder, adult: trunk 13 % in front.
    assert body.map_percent({"trunk_front": "half"}) == pytest.approx(6.5)


def test_marking_none_takes_the_mark_away() -> None:
    once = body.marked({}, "head_front", "half")
    twice = body.marked(once, "head_front", "none")

    assert once == {"head_front": "half"}
    assert twice == {}


def test_the_higher_extent_counts_when_map_and_hands_disagree_by_more_than_two() -> None:
    assert body.disagree(6.5, 30)
    assert body.extent_percent(6.5, 30) == 30
    assert not body.disagree(6.5, 13)
    assert body.extent_percent(6.5, 13) == 6.5
    assert not body.disagree(None, 30)
    assert body.extent_percent(None, None) is None
