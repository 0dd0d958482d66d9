"""A time of day is one instant on each day, whatever the clocks do. The long run: bench/dst.py."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from alerts.local_time import day_of, days_between, end_of, exists, instant_of, time_of
from bench.dst import run

TIMES = ("00:00", "01:30", "02:30", "19:00", "23:59")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        # 29 March 2026: Berlin goes from 01:59 to 03:00 at 01:00 UTC.
        ("Europe/Berlin", "2026-03-29", "01:59", "2026-03-29T00:59"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00"),
        # 25 October 2026: 02:30 comes at 00:30 UTC (summer time) and again at 01:30 UTC.
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-10-25", "19:00", "2026-10-25T18:00"),
        # Lord Howe moves by half an hour: 4 October 2026, 02:00 becomes 02:30 at 15:30 UTC.
        ("Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:30", "2026-10-03T15:30"),
        # Nepal is 5 h 45 min ahead, always.
        ("Asia/Kathmandu", "2026-06-01", "19:00", "2026-06-01T13:15"),
        # Morocco leaves summer time for Ramadan: 15 February 2026, 03:00 becomes 02:00.
        ("Africa/Casablanca", "2026-02-14", "19:00", "2026-02-14T18:00"),
        ("Africa/Casablanca", "2026-02-15", "19:00", "2026-02-15T19:00"),
    ],
)
def test_a_time_of_day_is_one_instant(zone, day, at, expected):
    assert instant_of(date.fromisoformat(day), at, ZoneInfo(zone)) == utc(expected)


def test_a_day_that_begins_late_ends_where_the_next_begins():
    # Beirut: at midnight of 29 March 2026 the clock goes to 01:00, which is 22:00 UTC.
    beirut = ZoneInfo("Asia/Beirut")

    assert end_of(date(2026, 3, 28), beirut) == utc("2026-03-28T22:00")
    assert day_of(utc("2026-03-28T21:59"), beirut) == date(2026, 3, 28)


def test_a_day_that_a_zone_never_had_is_passed_over():
    # Samoa crossed the date line: after 29 December 2011 came the 31st, at 10:00 UTC of the 30th.
    samoa = ZoneInfo("Pacific/Apia")
    first, last = date(2011, 12, 29), date(2012, 1, 1)

    assert not exists(date(2011, 12, 30), samoa)
    assert days_between(first, last, samoa) == [first, date(2011, 12, 31), last]
    assert end_of(first, samoa) == utc("2011-12-30T10:00")
    assert instant_of(date(2011, 12, 30), "19:00", samoa) == utc("2011-12-30T10:00")


@pytest.mark.parametrize("wrong", ["24:00", "7:00", "19:60", "T1900", "19-00", ""])
def test_what_is_no_time_of_day_is_refused(wrong):
    with pytest.raises(ValueError, match="HH:MM"):
        time_of(wrong)


def test_no_zone_misses_or_doubles_a_time_of_day():
    assert run(sorted(available_timezones()), date(2027, 1, 1), date(2029, 12, 31), TIMES) == []


def test_the_long_run_would_notice_a_missed_hour(monkeypatch):
    """Proof that the comparison can fail: a clock that ignores the second offset of a gap."""
    monkeypatch.setattr(
        "bench.dst.instant_of",
        lambda day, at, zone: instant_of(day, at, zone) + timedelta(hours=day.month == 3),
    )

    assert run(["Europe/Berlin"], date(2027, 2, 1), date(2027, 12, 31), TIMES)
