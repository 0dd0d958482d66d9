"""One course under two rule sets: which alerts appear, vanish or change, and the load per week."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.escalation.nurse_load import Forecast, forecast
from alerts.escalation.replay import AlertChange, Told, replay_course
from alerts.grading.course import AncValue, Context, Entry, TemperatureInput
from alerts.grading.rules import DEFAULT_RULES
from alerts.grading.sensitivity import sensitivity

DAY_0 = date(2026, 3, 2)
# A safe count excludes neutropenia, so that 38.0 to 38.2 is a same-day matter (R4).
SAFE = Context(anc_history=(AncValue(0, 2.5),))


def fever(day: int, celsius: float, hour: int = 9) -> Told:
    entry = Entry(
        day=day,
        minute_of_day=hour * 60,
        temperature_input=TemperatureInput(celsius, "C", "oral"),
        red_flags=frozenset(),
        morphology=frozenset(),
        bsa_percent=0,
        itch_nrs=0,
        chills="none",
        antipyretic_within_6h=False,
    )
    at = datetime(2026, 3, 2, hour, tzinfo=UTC) + timedelta(days=day)
    return Told(entry, SAFE, DAY_0 + timedelta(days=day), at)


def test_the_same_rules_change_nothing():
    found = replay_course([fever(0, 38.4), fever(1, 36.6)], DEFAULT_RULES, DEFAULT_RULES)

    assert found.changes == ()
    assert found.levels == (("urgent", "urgent"), ("none", "none"))
    assert found.before == found.after == ((DAY_0, "urgent"),)


def test_a_lower_high_fever_makes_a_same_day_alert_urgent():
    stricter = replace(DEFAULT_RULES, version="t", high_fever_celsius=38.0)

    found = replay_course([fever(0, 36.6), fever(1, 38.1)], DEFAULT_RULES, stricter)

    assert found.levels == (("none", "none"), ("prompt", "urgent"))
    assert found.changes == (AlertChange(DAY_0 + timedelta(days=1), "prompt", "urgent"),)
    assert [change.kind for change in found.changes] == ["changes"]


def test_an_alert_that_vanishes_one_way_appears_the_other_way():
    stricter = replace(DEFAULT_RULES, version="t", fever_celsius=37.6, high_fever_celsius=37.7)
    course = [fever(0, 37.8)]

    there = replay_course(course, DEFAULT_RULES, stricter)
    back = replay_course(course, stricter, DEFAULT_RULES)

    assert [(c.before, c.after, c.kind) for c in there.changes] == [(None, "urgent", "appears")]
    assert [(c.before, c.after, c.kind) for c in back.changes] == [("urgent", None, "vanishes")]


def test_the_same_fever_again_within_twelve_hours_is_one_alert():
    course = [fever(0, 38.4, hour=8), fever(0, 38.4, hour=12), fever(0, 38.4, hour=21)]

    found = replay_course(course, DEFAULT_RULES, DEFAULT_RULES)

    assert found.before == ((DAY_0, "urgent"), (DAY_0, "urgent"))


def test_days_that_were_not_asked_for_are_looked_back_on_and_not_counted():
    course = [fever(0, 38.4), fever(3, 38.4)]

    found = replay_course(course, DEFAULT_RULES, DEFAULT_RULES, lambda on: on > DAY_0)

    assert found.levels == (("urgent", "urgent"),)
    assert found.before == ((DAY_0 + timedelta(days=3), "urgent"),)


def test_a_week_to_come_is_like_the_last_four_weeks_by_the_new_rules():
    # 20 alerts before, 10 after: half. The new rules give the last four weeks 2, 1, 3 and 2.
    assert forecast([4, 4, 2, 6, 4], [2, 2, 1, 3, 2]) == Forecast(2.0, 1.0, 3.0, 0.5)


def test_a_quiet_month_by_the_old_rules_promises_no_quiet_month_by_the_new_ones():
    assert forecast([3, 0, 0, 0, 0], [9, 6, 3, 8, 5]) == Forecast(5.5, 3, 8, 31 / 3)


def test_a_week_to_come_is_that_of_the_new_rules_when_there_was_no_alert_before():
    assert forecast([0, 0], [1, 3]) == Forecast(2.0, 1, 3, None)
    assert forecast([], []) is None


def test_the_reviewed_rules_miss_no_red_flag_course():
    found = sensitivity(DEFAULT_RULES)

    assert found.missed == ()
    assert found.share == 1
    assert found.sentence == f"All {found.courses} red-flag courses stay urgent."


@pytest.mark.parametrize(
    ("numbers", "missed"),
    [
        # 38.3 with normal neutrophils (D12) is urgent by the single reading alone.
        ({"high_fever_celsius": 38.4}, "D12"),
        # 30.1 % (D08) is grade 3 by CTCAE in any case, 45 % without strong itch (D23) is not.
        ({"wide_extent_percent": 46.0}, "D23"),
    ],
)
def test_rules_that_miss_a_red_flag_course_are_told_so_first(numbers, missed):
    found = sensitivity(replace(DEFAULT_RULES, version="t", **numbers))

    assert missed in {name for name, _title in found.missed}
    assert found.sentence.startswith("DANGER: ")
    assert missed in found.sentence
    assert found.share < 1
