"""Every IANA zone, every clock change of 2026 to 2035: is a time of day one instant a day?

    python -m bench.dst

Checks `alerts.local_time.instant_of` against a second reading of the zone: its stretches of
constant offset, found by bisection. Exit status 1 when anything differs.
"""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from alerts.local_time import ONE_DAY, exists, instant_of

FIRST, LAST = date(2026, 1, 1), date(2035, 12, 31)
# Shorter than the shortest stretch between two changes (Ramadan in Morocco, about a month).
STRIDE = timedelta(days=7)
AROUND = 2


@dataclass(frozen=True)
class Stretch:
    """A stretch of time with one offset, from ``begins`` up to the next one's."""

    begins: datetime
    ends: datetime
    offset: timedelta


def stretches(zone: ZoneInfo, first: date, last: date) -> list[Stretch]:
    """Return the stretches of a zone that cover a period and some days around it."""
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - 5 * ONE_DAY
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + 5 * ONE_DAY
    found, begins, offset = [], at, _offset(at, zone)
    while at < end:
        later = min(at + STRIDE, end)
        if _offset(later, zone) == offset:
            at = later
            continue
        low, high = at, later
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2
            middle = middle.replace(microsecond=0)
            if _offset(middle, zone) == offset:
                low = middle
            else:
                high = middle
        found.append(Stretch(begins, high, offset))
        at, begins, offset = high, high, _offset(high, zone)
    found.append(Stretch(begins, end, offset))
    return found


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    if offset is None:
        raise ValueError("A zone has an offset at every instant.")
    return offset


def expected(day: date, at: str, kept: Sequence[Stretch]) -> datetime:
    """Return the first instant at which the clock shows this time or, where it never does, more."""
    wanted = datetime(day.year, day.month, day.day, int(at[:2]), int(at[3:]), tzinfo=UTC)
    shown = [one for one in kept if one.begins <= wanted - one.offset < one.ends]
    if shown:
        return wanted - shown[0].offset
    # In a gap: the clock stands still before it at the end of one stretch, and goes on after it.
    before = [one for one in kept if one.ends + one.offset <= wanted]
    return before[-1].ends


def days_near_changes(kept: Sequence[Stretch], first: date, last: date) -> list[date]:
    """Return the days around each change, and the first of each month."""
    near = {
        (one.begins + one.offset).date() + timedelta(days=ahead)
        for one in kept[1:]
        for ahead in range(-AROUND, AROUND + 1)
    }
    months = {date(y, m, 1) for y in range(first.year, last.year + 1) for m in range(1, 13)}
    return sorted(day for day in near | months if first <= day <= last)


def differences(name: str, first: date, last: date, times: Sequence[str]) -> Iterator[str]:
    """Return a sentence for each time of day in a zone that is missed, doubled or wrong."""
    zone = ZoneInfo(name)
    kept = stretches(zone, first, last)
    for day in days_near_changes(kept, first, last):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        near = [
            one for one in kept if one.begins < noon + 3 * ONE_DAY and one.ends > noon - 3 * ONE_DAY
        ]
        real = exists(day, zone)
        for at in times:
            found, wanted = instant_of(day, at, zone), expected(day, at, near)
            if found != wanted:
                yield f"{name} {day} {at}: {found} instead of {wanted}"
            if real and instant_of(day + ONE_DAY, at, zone) <= found:
                yield f"{name} {day} {at}: the next day's is not later"


def quarters() -> list[str]:
    """Return 00:00, 00:15 ... 23:45."""
    return [f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 1440, 15)]


def run(zones: Iterable[str], first: date, last: date, times: Sequence[str]) -> list[str]:
    """Return all differences of these zones."""
    return [told for name in zones for told in differences(name, first, last, times)]


def main() -> int:
    """Run all zones and print what was found."""
    begun = time.perf_counter()
    zones = sorted(available_timezones())
    found = run(zones, FIRST, LAST, quarters())
    changes = sum(len(stretches(ZoneInfo(name), FIRST, LAST)) - 1 for name in zones)
    took = time.perf_counter() - begun
    print("\n".join(found[:20]))
    print(
        f"{len(zones)} zones, {changes} clock changes, {len(quarters())} times of day: "
        f"{len(found)} wrong, in {took:.1f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
