import pytest

from tests.grading.told import context, entry, increase, last, one, well


@pytest.mark.parametrize(
    ("told", "grade"),
    [
        ({"itch_nrs": 0, "sleep_loss": "major", "morphology": ["scratch_marks"]}, 0),
        ({"itch_nrs": 1}, 1),
        ({"itch_nrs": 3}, 1),
        ({"itch_nrs": 4}, 2),
        ({"itch_nrs": 6}, 2),
        ({"itch_nrs": 7}, 3),
        ({"itch_nrs": 1, "itch_extent": "widespread", "itch_pattern": "intermittent"}, 2),
        ({"itch_nrs": 1, "itch_extent": "widespread"}, 1),
        ({"itch_nrs": 1, "itch_extent": "localized", "itch_pattern": "constant"}, 1),
        ({"itch_nrs": 1, "itch_extent": "widespread", "itch_pattern": "constant"}, 3),
        ({"itch_nrs": 1, "sleep_loss": "some"}, 2),
        ({"itch_nrs": 1, "sleep_loss": "major"}, 3),
        ({"itch_nrs": 1, "morphology": ["scratch_marks"]}, 2),
        ({"itch_nrs": 1, "adl": "instrumental", "adl_due_to": ["itch"]}, 2),
        ({"itch_nrs": 1, "adl": "instrumental"}, 1),
        ({"itch_nrs": 1, "adl": "self_care", "adl_due_to": ["itch", "skin"]}, 3),
        ({"itch_nrs": 1, "adl": "self_care", "adl_due_to": ["skin"]}, 1),
    ],
)
def test_grades_the_itch(told, grade):
    assert one(entry(**told)).grades["pruritus"] == grade


LOCAL = {
    "itch_nrs": 8,
    "itch_extent": "localized",
    "itch_pattern": "intermittent",
    "sleep_loss": "none",
    "adl": "none",
}


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({}, 2),
        ({"itch_nrs": 10}, 2),
        ({"itch_extent": "widespread"}, 3),
        ({"itch_pattern": "constant"}, 3),
        ({"sleep_loss": "some"}, 3),
        ({"adl": "instrumental"}, 3),
        ({"itch_extent": None}, 3),
        ({"itch_pattern": None}, 3),
        ({"sleep_loss": None}, 3),
        ({"adl": None}, 3),
    ],
)
def test_lowers_a_severe_itch_only_when_everything_else_is_known_to_be_mild(change, grade):
    assert one(entry(**{**LOCAL, **change})).grades["pruritus"] == grade


def test_gives_no_grade_without_a_rating():
    assert "pruritus" not in one(entry(itch_extent="widespread", sleep_loss="some")).grades


@pytest.mark.parametrize(
    ("itch", "where", "level", "code"),
    [
        (3, context(), "digest", "R6_PRURITUS_G1"),
        (4, context(), "digest", "R6_PRURITUS_G2"),
        (4, context(increase(0)), "prompt", "R6_PRURITUS_G2_IN_WINDOW"),
        (
            4,
            context(increase(0), baseline_grades={"pruritus": 2}),
            "digest",
            "R6_PRURITUS_G2",
        ),
        (7, context(), "prompt", "R6_PRURITUS_G3_LIKE"),
    ],
)
def test_tells_somebody_about_the_itch(itch, where, level, code):
    found = one(well(itch_nrs=itch), where)

    assert found.level.word == level
    assert code in found.codes


@pytest.mark.parametrize(
    ("before", "days", "raised"),
    [([0], 3, True), ([0], 4, False), ([1], 1, False), ([3, 0, 3], 1, True), ([0], 0, True)],
)
def test_notices_a_rise_of_four_points_within_three_days(before, days, raised):
    told = [well(0, itch_nrs=nrs) for nrs in before] + [well(days, itch_nrs=4)]

    found = last(told)

    assert ("R6_ITCH_WORSE_BY_4_IN_72H" in found.codes) is raised
