"""The body map: where a touch lands and what the marks add up to."""

import pytest

from alerts.grading.body_surface import REGIONS
from diary_app.components.body_pictures import Place
from diary_app.screens.patient.region_map import PHONE, part_shown_large
from diary_app.state import body
from diary_app.state.figure import CLOSE, FIGURES, distance, inside, small_place, touched
from diary_app.state.rash_spots import spots

SMALLEST_TARGET = 48.0


def test_every_region_of_the_clinical_map_can_be_touched() -> None:
    drawn = {key for outlines in body.FIGURES.values() for key in outlines}

    assert drawn == {region.key for region in REGIONS}
    assert all(region.key in body.FIGURES[region.side] for region in REGIONS)


@pytest.mark.parametrize("side", ["front", "back"])
def test_touching_the_middle_of_a_region_finds_it(side: str) -> None:
    for key, outline in FIGURES[side].items():
        x = sum(x for x, _y in outline) / len(outline)
        y = sum(y for _x, y in outline) / len(outline)
        assert touched(side, x, y) == key


def test_the_right_hand_is_on_the_viewers_left_in_front_and_right_behind() -> None:
    assert touched("front", 28, 235) == "hand_right_front"
    assert touched("back", 172, 235) == "hand_right_back"


def test_a_near_miss_counts_and_a_far_one_does_not() -> None:
    assert touched("front", 8, 232) == "hand_right_front"
    assert touched("front", 100, 380) in {"foot_right_front", "foot_left_front"}
    assert touched("front", 10, 20) is None


@pytest.mark.parametrize("side", ["front", "back"])
def test_no_place_of_the_figure_belongs_to_two_regions(side: str) -> None:
    for x in range(3, 200, 7):
        for y in range(3, 400, 7):
            found = [each for each in FIGURES[side].values() if inside(each, x, y)]
            assert len(found) <= 1 or min(distance(each, x, y) for each in found) < 0.5, (x, y)


@pytest.mark.parametrize("side", ["front", "back"])
def test_every_region_is_large_enough_for_a_finger_or_can_be_shown_large(side: str) -> None:
    def size(key: str, place: Place) -> float:
        box = place.box(FIGURES[side][key])
        return 0.0 if box is None else min(box[2:])

    small = {key for key in FIGURES[side] if small_place(side, key)}
    for key in small:
        assert size(key, part_shown_large(small_place(side, key) or "")) >= SMALLEST_TARGET, key
    # Arms are narrow and long: a touch beside them counts as well, half a thumb on either side.
    for key in set(FIGURES[side]) - small:
        assert size(key, PHONE) + 2 * 14 >= SMALLEST_TARGET, key
    assert len(small) == (7 if side == "front" else 6)
    assert {small_place(side, key) for key in small} <= set(CLOSE)


@pytest.mark.parametrize(("amount", "part"), [("quarter", 1 / 4), ("half", 1 / 2)])
def test_spots_show_the_part_of_a_region_that_an_amount_names(amount: str, part: float) -> None:
    for side, outlines in FIGURES.items():
        for key, outline in outlines.items():
            drawn, _width = spots(side, key, amount)
            all_but_a_quarter, _width = spots(side, key, "three_quarters")
            assert len(drawn) / len(all_but_a_quarter) == pytest.approx(part / 0.75, rel=0.05)
            assert set(drawn) < set(all_but_a_quarter)
            assert all(inside(outline, x, y) for x, y in drawn)


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
