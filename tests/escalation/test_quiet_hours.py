from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation.policy import PolicyError, policy_from_json, policy_to_json
from alerts.escalation.quiet_hours import QuietHours, deliver_at, quiet_until
from tests.escalation.test_policy import stored_policy

BERLIN = ZoneInfo("Europe/Berlin")
NIGHTS = QuietHours(time(22), time(7))


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        ("2026-05-08T21:59", "2026-05-08T21:59"),
        ("2026-05-08T22:00", "2026-05-09T07:00"),
        ("2026-05-09T03:00", "2026-05-09T07:00"),
        ("2026-05-09T06:59", "2026-05-09T07:00"),
        ("2026-05-09T07:00", "2026-05-09T07:00"),
    ],
)
def test_a_same_day_message_waits_for_the_end_of_the_night(written, leaves):
    assert deliver_at("prompt", NIGHTS, BERLIN, at(written), None) == at(leaves)


@pytest.mark.parametrize("level", ["urgent", "louder"])
def test_nothing_else_ever_waits(level):
    assert deliver_at(level, NIGHTS, BERLIN, at("2026-05-09T03:00"), None) == at("2026-05-09T03:00")


def test_without_quiet_hours_nothing_waits():
    assert deliver_at("prompt", None, BERLIN, at("2026-05-09T03:00"), None) == at(
        "2026-05-09T03:00"
    )


def test_waits_no_longer_than_until_the_alert_becomes_urgent():
    urgent_at = at("2026-05-09T05:10")

    assert deliver_at("prompt", NIGHTS, BERLIN, at("2026-05-09T03:00"), urgent_at) == urgent_at


def test_holds_on_the_chosen_nights_alone():
    # Begins on Friday and Saturday; Sunday night is not quiet.
    weekend = QuietHours(time(22), time(7), frozenset({4, 5}))

    assert quiet_until(weekend, BERLIN, at("2026-05-09T06:00")) == at("2026-05-09T07:00")
    assert quiet_until(weekend, BERLIN, at("2026-05-07T23:00")) is None
    assert quiet_until(weekend, BERLIN, at("2026-05-10T23:00")) is None


@pytest.mark.parametrize(
    ("written", "leaves", "hours"),
    [
        ("2026-03-28T22:00", "2026-03-29T07:00", 8),
        ("2026-10-24T22:00", "2026-10-25T07:00", 10),
    ],
    ids=["spring", "autumn"],
)
def test_the_night_of_a_clock_change_ends_at_the_same_time_of_day(written, leaves, hours):
    until = deliver_at("prompt", NIGHTS, BERLIN, at(written), None)

    assert until == at(leaves)
    assert until.timestamp() - at(written).timestamp() == hours * 3600


def test_even_in_autumn_nothing_waits_more_than_12_hours():
    long = QuietHours(time(20), time(8))  # 13 hours in the night of 24 October 2026

    until = quiet_until(long, BERLIN, at("2026-10-24T20:00"))

    assert until is not None
    assert until.timestamp() - at("2026-10-24T20:00").timestamp() == 12 * 3600


CLOCKS = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(
    CLOCKS,
    st.integers(1, 720),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 366 * 24 * 60),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_waits_12_hours_at_most_and_what_waited_leaves(starts, minutes, days, later, zone):
    begin = datetime.combine(date(2026, 1, 1), starts)
    quiet = QuietHours(starts, (begin + timedelta(minutes=minutes)).time(), days)
    now = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(minutes=later)

    leaves = deliver_at("prompt", quiet, ZoneInfo(zone), now, None)

    assert timedelta(0) <= leaves - now <= timedelta(hours=12)
    assert deliver_at("urgent", quiet, ZoneInfo(zone), now, None) == now


@pytest.mark.parametrize(
    ("starts", "ends", "days"),
    [
        ("22:00", "22:00", {0}),
        ("22:00", "10:01", {0}),
        ("22:00", "07:00", set()),
        ("22:00", "07:00", {7}),
    ],
    ids=["empty", "too long", "no day", "no such day"],
)
def test_refuses_quiet_hours_that_cannot_be(starts, ends, days):
    with pytest.raises(ValueError, match="Quiet hours"):
        QuietHours(time.fromisoformat(starts), time.fromisoformat(ends), frozenset(days))


@pytest.mark.parametrize(
    ("quiet", "starts"),
    [
        ("night", "Quiet hours: give the fields starts, ends, days."),
        ({"starts": "22:00"}, "Quiet hours, ends: is missing."),
        ({"starts": "25:00", "ends": "07:00"}, "Quiet hours, starts: give a time such as 22:00"),
        ({"starts": 22, "ends": "07:00"}, "Quiet hours, starts: give a time such as 22:00"),
        ({"starts": "20:00", "ends": "09:00"}, "Quiet hours: Quiet hours last 1 minute to 12"),
        ({"starts": "22:00", "ends": "07:00", "days": [True]}, "Quiet hours, days: give the days"),
        ({"starts": "22:00", "ends": "07:00", "days": []}, "Quiet hours: Quiet hours begin on"),
    ],
)
def test_a_policy_with_impossible_quiet_hours_is_refused(quiet, starts):
    with pytest.raises(PolicyError) as caught:
        policy_from_json(stored_policy() | {"quiet_hours": quiet})

    (sentence,) = caught.value.mistakes
    assert sentence.startswith(starts)


def test_quiet_hours_come_back_from_json_as_they_went():
    policy = policy_from_json(
        stored_policy() | {"quiet_hours": {"starts": "22:00", "ends": "07:00", "days": [0, 4]}}
    )

    assert policy.quiet == QuietHours(time(22), time(7), frozenset({0, 4}))
    assert policy_from_json(policy_to_json(policy)) == policy
