"""Who is on call: a weekly rota, overrides, and cover for those who are away.

The rota is written in the clinic's wall time. How it meets the nights when clocks change:

- A shift ends at the very instant at which one that begins at the same wall time starts, so
  shifts that meet on paper neither overlap nor leave a hole.
- A shift over the change lasts as long as the night does: 20:00 to 08:00 is 11 hours in spring
  and 13 in autumn.
- A boundary that the clock jumps over lies at the jump; one that occurs twice lies at its first
  occurrence.

Overrides are instants and know no such nights. Days away are calendar days of the clinic.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID

from alerts.escalation.local_time import span_of

MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY


@dataclass(frozen=True)
class Shift:
    """One row of the weekly rota.

    Attributes:
        weekday: On which it begins, 0 (Monday) to 6 (Sunday).
        starts: Its first minute, the clinic's wall clock.
        ends: The minute after its last; not later than ``starts`` means on the next day, so the
            same time means 24 hours.
        user: Who is on call.
    """

    weekday: int
    starts: time
    ends: time
    user: UUID


@dataclass(frozen=True)
class Override:
    """From ``starts_at`` until before ``ends_at`` this person is on call instead of the rota."""

    starts_at: datetime
    ends_at: datetime
    user: UUID


@dataclass(frozen=True)
class Absence:
    """Somebody is away on calendar days of the clinic, both included.

    Attributes:
        cover: Who takes over; None = nobody.
    """

    user: UUID
    first_on: date
    last_on: date
    cover: UUID | None


@dataclass(frozen=True)
class Rota:
    """Who is on call when."""

    shifts: Sequence[Shift] = ()
    overrides: Sequence[Override] = ()
    absences: Sequence[Absence] = field(default=())


def on_call(rota: Rota, at: datetime, zone: tzinfo) -> tuple[UUID, ...]:
    """Return who is on call at an instant, each once, in the order of the rota.

    While an override lasts, its people are on call and those of the weekly rota are not. Whoever
    is away that day is replaced by their cover; without one there is nobody in their place.

    Returns:
        Shape ``(n,)``; empty when nobody is on call.
    """
    at = at.astimezone(UTC)
    today = at.astimezone(zone).date()
    named = [each.user for each in rota.overrides if each.starts_at <= at < each.ends_at]
    if not named:
        named = [
            shift.user
            for shift in rota.shifts
            for on in (today - timedelta(days=1), today)
            if shift.weekday == on.weekday() and _covers(shift, on, at, zone)
        ]
    there = (stands_in(user, rota.absences, today) for user in named)
    return tuple(dict.fromkeys(user for user in there if user is not None))


def stands_in(user: UUID, absences: Iterable[Absence], on: date) -> UUID | None:
    """Return who answers for a person on a day: they, their cover, the cover's cover ...

    Returns:
        None when somebody in the row is away without cover, or all cover each other.
    """
    away = {each.user: each.cover for each in absences if each.first_on <= on <= each.last_on}
    seen: set[UUID] = set()
    present: UUID | None = user
    while present is not None and present in away:
        if present in seen:
            return None
        seen.add(present)
        present = away[present]
    return present


def holes(shifts: Iterable[Shift]) -> tuple[tuple[int, int], ...]:
    """Return when in the week nobody is on call, in minutes since Monday 00:00.

    Returns:
        Shape ``(n, 2)``: begin (0 to 10,079) and end (after the begin; beyond 10,080 when it
        runs into the next Monday). Holes that meet are one. A rota without a shift is one hole.
    """
    free = [True] * MINUTES_A_WEEK
    for shift in shifts:
        begin = shift.weekday * MINUTES_A_DAY + _minute(shift.starts)
        length = (_minute(shift.ends) - _minute(shift.starts)) % MINUTES_A_DAY or MINUTES_A_DAY
        for minute in range(begin, begin + length):
            free[minute % MINUTES_A_WEEK] = False
    if all(free):
        return ((0, MINUTES_A_WEEK),)
    begins = [minute for minute in range(MINUTES_A_WEEK) if free[minute] and not free[minute - 1]]
    found = []
    for begin in begins:
        end = begin
        while free[end % MINUTES_A_WEEK]:
            end += 1
        found.append((begin, end))
    return tuple(found)


def _covers(shift: Shift, on: date, at: datetime, zone: tzinfo) -> bool:
    begin, end = span_of(on, shift.starts, shift.ends, zone)
    return begin <= at < end


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
