import pytest

from tests.grading.told import context, course, increase, last, levels, one, rash, well


@pytest.mark.parametrize(
    ("percent", "level", "code"),
    [
        (30, "prompt", "R5_RASH_G2_NEW_OR_WORSE"),
        (30.1, "urgent", "R5_EXTENT_GT_30_PERCENT"),
    ],
)
def test_is_urgent_over_30_percent_whatever_the_grade(percent, level, code):
    found = one(rash(percent))

    assert found.grades["rash"] == 2
    assert found.level.word == level
    assert code in found.codes


def test_is_urgent_for_grade_3():
    found = one(rash(2, adl="self_care"))

    assert found.level.word == "urgent"
    assert found.codes == ("R5_RASH_G3_LIKE",)


def test_does_not_count_benign_marks_over_30_percent():
    assert one(rash(60, "hyperpigmentation")).level.word == "none"


@pytest.mark.parametrize(
    ("itch", "codes"),
    [
        (3, {"R5_RASH_G2_NEW_OR_WORSE", "R6_PRURITUS_G1"}),
        (4, {"R5_RASH_G2_NEW_OR_WORSE", "R5_RASH_G2_WITH_PRURITUS_G2", "R6_PRURITUS_G2"}),
    ],
)
def test_calls_the_same_day_for_a_new_grade_2(itch, codes):
    found = one(rash(15, itch_nrs=itch))

    assert found.level.word == "prompt"
    assert set(found.codes) == codes


def test_lists_a_stable_grade_2_and_raises_it_again_after_seven_days():
    found = course(*(rash(15, day=day) for day in (0, 1, 6, 7, 8)))

    assert levels(found) == ["prompt", "digest", "digest", "prompt", "digest"]
    assert found[1].codes == ("R5_RASH_G2_STABLE",)
    assert found[3].codes == ("R5_RASH_G2_PERSISTING_7D",)


def test_calls_every_day_for_a_stable_grade_2_that_itches():
    found = course(rash(15, day=0, itch_nrs=4), rash(15, day=1, itch_nrs=4))

    assert levels(found) == ["prompt", "prompt"]
    assert "R5_RASH_G2_WITH_PRURITUS_G2" in found[1].codes
    assert "R5_RASH_G2_NEW_OR_WORSE" not in found[1].codes


@pytest.mark.parametrize(("alert_day", "level"), [(-6, "digest"), (-7, "prompt"), (1, "prompt")])
def test_remembers_skin_alerts_of_the_context(alert_day, level):
    where = context(baseline_grades={"rash": 2}, skin_alert_days=(alert_day,))

    assert one(rash(15), where).level.word == level


@pytest.mark.parametrize(
    ("earlier", "is_alert"),
    [
        (rash(5, "target_lesions", day=0), True),  # R1 prompt
        (rash(5, day=0, celsius=38.4), True),  # R4 urgent
        (rash(5, day=0, itch_nrs=7), False),  # R6 prompt is no skin alert
        (well(day=0, celsius=38.4), False),  # no rash
        (rash(5, day=0), False),  # digest
    ],
)
def test_counts_as_skin_alert_what_reached_prompt_with_a_rash(earlier, is_alert):
    where = context(baseline_grades={"rash": 2})

    found = last([earlier, rash(12, day=1)], where)

    assert ("R5_RASH_G2_STABLE" in found.codes) is is_alert
    assert ("R5_RASH_G2_PERSISTING_7D" in found.codes) is not is_alert


def test_notes_that_grade_2_came_back():
    found = course(rash(15, day=0), rash(5, day=2), rash(12, day=4))

    assert "R5_RECURRENT_G2" in found[2].codes
    assert "R5_RECURRENT_G2" not in found[0].codes + found[1].codes


def test_does_not_call_a_first_or_lasting_grade_2_recurrent():
    found = course(rash(5, day=0), rash(12, day=1), rash(12, day=2))

    assert all("R5_RECURRENT_G2" not in assessment.codes for assessment in found)


@pytest.mark.parametrize(
    ("where", "level", "code"),
    [
        (context(), "digest", "R5_RASH_G1"),
        (context(increase(-14)), "prompt", "R5_RASH_G1_IN_WINDOW"),
        (context(increase(-15)), "digest", "R5_RASH_G1"),
        (context(increase(0), baseline_grades={"rash": 1}), "digest", "R5_RASH_G1"),
    ],
)
def test_calls_for_a_new_grade_1_only_in_a_window(where, level, code):
    found = one(rash(5), where)

    assert found.level.word == level
    assert code in found.codes


@pytest.mark.parametrize(("days", "fresh"), [(0, False), (1, False), (7, False), (8, True)])
def test_calls_a_grade_fresh_when_higher_than_in_the_last_seven_days(days, fresh):
    found = last([rash(5, day=0), rash(5, day=days)], context(increase(0)))

    assert ("R5_RASH_G1_IN_WINDOW" in found.codes) is fresh


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        ([(1, 5)], 14.9, None),
        ([(1, 5)], 15, "R5_RAPID_SPREAD_GE_10PTS_48H"),
        ([(1, 5)], 24.9, "R5_RAPID_SPREAD_GE_10PTS_48H"),
        ([(1, 5)], 25, "R5_RAPID_SPREAD_GE_20PTS_48H"),
        ([(0, 5)], 25, "R5_RAPID_SPREAD_GE_20PTS_48H"),
        ([(-1, 5)], 25, None),
        ([(2, 5)], 25, None),
        ([(0, 5), (1, 20)], 25, "R5_RAPID_SPREAD_GE_20PTS_48H"),
        ([(1, 0)], 10, "R5_RAPID_SPREAD_GE_10PTS_48H"),
    ],
)
def test_compares_the_extent_with_the_lowest_of_the_two_days_before(before, now, code):
    told = [rash(percent, day=day) if percent else well(day) for day, percent in before]

    found = last([*told, rash(now, day=2)])

    spread = [each for each in found.codes if "SPREAD" in each]
    assert spread == ([code] if code else [])


@pytest.mark.parametrize(
    ("code", "level"),
    [("R5_RAPID_SPREAD_GE_20PTS_48H", "urgent"), ("R5_RAPID_SPREAD_GE_10PTS_48H", "prompt")],
)
def test_gives_spread_its_own_level(code, level):
    now = {"urgent": 22, "prompt": 12}[level]
    found = last([rash(2, day=0), rash(now, day=1)])

    assert {reason.level.word for reason in found.reasons if reason.code == code} == {level}


def test_counts_benign_marks_as_extent_0_for_spread():
    found = last([rash(40, "dry_skin", day=0), rash(12, day=1)])

    assert "R5_RAPID_SPREAD_GE_10PTS_48H" in found.codes


def test_does_not_compare_with_an_extent_nobody_reported():
    found = last([rash(None, day=0), rash(25, day=1)])

    assert not any("SPREAD" in code for code in found.codes)
