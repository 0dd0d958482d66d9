from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation.local_time import instant_of
from alerts.escalation.on_call import Absence, Override, Rota, Shift, holes, on_call, stands_in

BEN, DORA, EVE = (UUID(int=number) for number in (1, 2, 3))
BERLIN = ZoneInfo("Europe/Berlin")
# Weeks with a change of clocks, among them half an hour, at midnight, and a whole skipped day.
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Havana", date(2026, 3, 8)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Tokyo", date(2026, 3, 29)),
]


def at(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> datetime:
    # Python never finds an instant that occurs twice equal to one of another zone.
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def shift(weekday: int, starts: str, ends: str, user: UUID = BEN) -> Shift:
    return Shift(weekday, time.fromisoformat(starts), time.fromisoformat(ends), user)


NIGHT = shift(5, "20:00", "08:00")


@pytest.mark.parametrize(
    ("instant", "there"),
    [
        ("2026-05-09T19:59", ()),
        ("2026-05-09T20:00", (BEN,)),
        ("2026-05-10T07:59", (BEN,)),
        ("2026-05-10T08:00", ()),
        ("2026-05-16T21:00", (BEN,)),
        ("2026-05-10T21:00", ()),
    ],
)
def test_a_night_shift_holds_from_its_first_minute_until_the_morning(instant, there):
    assert on_call(Rota([NIGHT]), at(instant), BERLIN) == there


@pytest.mark.parametrize(
    ("begins_on", "hours"),
    [("2026-03-28", 11), ("2026-10-24", 13), ("2026-05-09", 12)],
    ids=["spring", "autumn", "any other night"],
)
def test_a_night_lasts_as_long_as_the_clock_makes_it(begins_on, hours):
    start = at(f"{begins_on}T20:00").astimezone(UTC)
    minutes = [start + timedelta(minutes=number) for number in range(-60, 15 * 60)]

    covered = [minute for minute in minutes if on_call(Rota([NIGHT]), minute, BERLIN)]

    assert len(covered) == hours * 60
    assert covered[0] == start


def test_a_boundary_that_the_clock_jumps_over_lies_at_the_jump():
    # In Berlin 02:00 to 03:00 does not exist on 29 March 2026; the jump is at 01:00 UTC.
    jump = datetime(2026, 3, 29, 1, tzinfo=UTC)

    assert instant_of(date(2026, 3, 29), time(2, 30), BERLIN) == jump
    assert instant_of(date(2026, 3, 29), time(2), BERLIN) == jump
    assert instant_of(date(2026, 3, 29), time(3), BERLIN) == jump


def test_a_boundary_that_occurs_twice_lies_at_its_first_occurrence():
    week = Rota([shift(5, "20:00", "02:30"), shift(6, "02:30", "08:00", DORA)])

    assert instant_of(date(2026, 10, 25), time(2, 30), BERLIN) == at("2026-10-25T02:30", fold=0)
    assert on_call(week, at("2026-10-25T02:29", fold=0), BERLIN) == (BEN,)
    assert on_call(week, at("2026-10-25T02:31", fold=0), BERLIN) == (DORA,)
    assert on_call(week, at("2026-10-25T02:29", fold=1), BERLIN) == (DORA,)


@pytest.mark.parametrize(("zone", "change"), CHANGES)
@pytest.mark.parametrize("boundary", ["00:00", "00:30", "02:15", "20:00"])
def test_shifts_that_meet_leave_no_hole_and_no_overlap_when_clocks_change(zone, change, boundary):
    users = [UUID(int=10 + day) for day in range(7)]
    week = Rota([shift(day, boundary, boundary, users[day]) for day in range(7)])
    first = datetime.combine(change, time(), UTC) - timedelta(days=2)

    for quarter in range(4 * 24 * 4):
        assert len(on_call(week, first + timedelta(minutes=15 * quarter), ZoneInfo(zone))) == 1


def test_an_override_takes_the_place_of_the_week():
    swap = Override(at("2026-05-09T22:00"), at("2026-05-10T02:00"), DORA)
    rota = Rota([NIGHT], [swap])

    assert on_call(rota, at("2026-05-09T21:59"), BERLIN) == (BEN,)
    assert on_call(rota, at("2026-05-09T22:00"), BERLIN) == (DORA,)
    assert on_call(rota, at("2026-05-10T02:00"), BERLIN) == (BEN,)


def test_the_cover_takes_over_on_the_days_away_both_included():
    away = Absence(BEN, date(2026, 5, 10), date(2026, 5, 16), DORA)
    rota = Rota([NIGHT], absences=[away])

    assert on_call(rota, at("2026-05-09T23:59"), BERLIN) == (BEN,)
    assert on_call(rota, at("2026-05-10T00:00"), BERLIN) == (DORA,)
    assert on_call(rota, at("2026-05-16T23:59"), BERLIN) == (DORA,)
    assert on_call(rota, at("2026-05-17T00:01"), BERLIN) == (BEN,)


TODAY = date(2026, 5, 10)


def away(user: UUID, cover: UUID | None) -> Absence:
    return Absence(user, TODAY, TODAY, cover)


@pytest.mark.parametrize(
    ("absences", "answers"),
    [
        ([], BEN),
        ([away(BEN, None)], None),
        ([away(BEN, DORA)], DORA),
        ([away(BEN, DORA), away(DORA, EVE)], EVE),
        ([away(BEN, DORA), away(DORA, None)], None),
        ([away(BEN, DORA), away(DORA, BEN)], None),
    ],
    ids=["there", "no cover", "cover", "cover of the cover", "cover away", "each other"],
)
def test_who_answers_for_somebody_away(absences, answers):
    assert stands_in(BEN, absences, TODAY) == answers


def test_whoever_is_left_of_two_on_call_is_told_alone():
    two = Rota([NIGHT, shift(5, "20:00", "08:00", DORA)], absences=[away(BEN, None)])

    assert on_call(two, at("2026-05-10T01:00"), BERLIN) == (DORA,)


@pytest.mark.parametrize(
    ("shifts", "missing"),
    [
        ([], ((0, 10_080),)),
        ([shift(day, "00:00", "00:00") for day in range(7)], ()),
        (
            [shift(day, "08:00", "07:00") for day in range(7)],
            tuple((day * 1440 + 420, day * 1440 + 480) for day in range(7)),
        ),
        # Monday 08:00 to Sunday 20:00: the hole runs over the end of the week.
        (
            [shift(day, "08:00", "08:00") for day in range(6)] + [shift(6, "08:00", "20:00")],
            ((6 * 1440 + 20 * 60, 7 * 1440 + 8 * 60),),
        ),
    ],
    ids=["no shift", "always", "an hour a day", "over the end of the week"],
)
def test_finds_the_holes_of_a_week(shifts, missing):
    assert holes(shifts) == missing


SHIFTS = st.builds(
    Shift,
    st.integers(0, 6),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.just(BEN),
)


@given(st.lists(SHIFTS, max_size=4), st.integers(0, 10_079))
def test_nobody_is_on_call_exactly_in_the_holes(shifts, minute):
    monday = datetime(2026, 5, 4, tzinfo=UTC)
    in_hole = any(a <= each < b for a, b in holes(shifts) for each in (minute, minute + 10_080))

    there = on_call(Rota(shifts), monday + timedelta(minutes=minute), ZoneInfo("UTC"))

    assert (there == ()) == in_hole
