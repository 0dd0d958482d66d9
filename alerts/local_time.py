"""Local days and clock times as instants: the one place that knows what clock changes do.

A local time that does not exist (the clock was put forward over it) counts as the next minute that
does; one that occurs twice (the clock was put back) counts the first time alone. So a time of day
is one instant on every day, and a later day is never earlier.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.escalation import local_time

ONE_DAY = timedelta(days=1)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def instant_of(day: date, at: str, zone: ZoneInfo) -> datetime:
    """Return the instant, UTC, of a time of day on a calendar day of a zone.

    Args:
        day: Calendar day there.
        at: "HH:MM", 00:00 to 23:59.
        zone: IANA zone.

    Raises:
        ValueError: If ``at`` is no time of day.

    Example:
        >>> instant_of(date(2026, 3, 29), "02:30", ZoneInfo("Europe/Berlin")).isoformat()
        '2026-03-29T01:00:00+00:00'
    """
    instant = local_time.instant_of(day, time_of(at), zone)
    past_the_minute = instant.astimezone(zone).second  # zones once kept odd seconds
    return instant if past_the_minute == 0 else instant + timedelta(seconds=60 - past_the_minute)


def time_of(at: str) -> time:
    """Return "HH:MM" as a time of day; raises ValueError for anything else."""
    if not _CLOCK.fullmatch(at):
        raise ValueError("A time of day is written as HH:MM.")
    return time(int(at[:2]), int(at[3:]))


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of an instant in a zone."""
    return at.astimezone(zone).date()


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first instant after a calendar day of a zone."""
    return instant_of(day + ONE_DAY, "00:00", zone)


def exists(day: date, zone: ZoneInfo) -> bool:
    """Return whether a zone has this day; Samoa went from 29 to 31 December 2011."""
    return day_of(instant_of(day, "00:00", zone), zone) == day


def days_between(first: date, last: date, zone: ZoneInfo) -> list[date]:
    """Return the days of a zone from ``first`` to ``last``, both included, without skipped ones."""
    count = (last - first).days + 1
    days = (first + timedelta(days=ahead) for ahead in range(max(count, 0)))
    return [day for day in days if exists(day, zone)]
