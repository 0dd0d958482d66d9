"""A clinic's wall clock as instants, also on the nights when clocks change."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache


def instant_of(on: date, at: time, zone: tzinfo) -> datetime:
    """Return the instant (UTC) at which a zone's clock shows this time on this day.

    A time that occurs twice stands for its first occurrence; one that does not exist, because
    the clock jumps over it, for the instant of the jump. So a later wall time never comes at an
    earlier instant, and what ends at a wall time meets what begins at it.

    Args:
        on: A calendar day of the zone.
        at: Without a zone, whole seconds.
        zone: Of the clinic.
    """
    wall = datetime.combine(on, at)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if _wall(found, zone) == wall:
        return found
    early, late = wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
        if _wall(middle, zone) < wall:
            early = middle
        else:
            late = middle
    return late


@lru_cache(maxsize=4096)
def span_of(on: date, starts: time, ends: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return begin and end (UTC) of a span of wall time that begins on a day.

    Args:
        on: The day on which it begins.
        starts: Its first minute.
        ends: The minute after its last; not later than ``starts`` means on the next day.
        zone: Of the clinic.
    """
    last_on = on if ends > starts else on + timedelta(days=1)
    return instant_of(on, starts, zone), instant_of(last_on, ends, zone)


def _wall(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)
