"""Whether the daily summary itself arrived: what a person must be told when it did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

GRACE = timedelta(hours=1)
NOBODY_AFTER = timedelta(hours=2)
_ARRIVED = ("sent", "delivered")


@dataclass(frozen=True, slots=True)
class Letter:
    """One summary to one person.

    Attributes:
        key: Stands for its row.
        to: The person's name.
        state: Of the delivery ledger.
        queued_at: When it was queued.
    """

    key: object
    to: str
    state: str
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """The summaries of one day.

    Attributes:
        day: The clinic's.
        missed: Earlier days whose summary was never queued.
    """

    day: date
    missed: tuple[date, ...]
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a summary.

    Attributes:
        kind: late, missed, lost or stuck.
        day: Whose summary.
        last_day: The last of several missed days; else the same as ``day``.
        to: The person who did not get it; empty for all others.
        key: Of the letter that was lost; None for all others.
    """

    kind: str
    day: date
    last_day: date
    to: str = ""
    key: object = None


def last_due(zone: str, hour: int, now: datetime) -> date:
    """Return the newest day whose summary should be queued by now, an hour's grace included.

    Args:
        zone: IANA name of the clinic's zone.
        hour: 0 to 23, the clinic's.
    """
    local = (now - GRACE).astimezone(ZoneInfo(zone))
    return local.date() if local.hour >= hour else local.date() - timedelta(days=1)


def missed_days(last_queued: date | None, today: date) -> tuple[date, ...]:
    """Return the first and the last day between two summaries that had none.

    Args:
        last_queued: None before the first summary: nothing was missed then.
    """
    if last_queued is None:
        return ()
    first, last = last_queued + timedelta(days=1), today - timedelta(days=1)
    if first > last:
        return ()
    return (first,) if first == last else (first, last)


def problems(
    last_queued: date | None, due: date, batches: Sequence[Batch], now: datetime
) -> tuple[Problem, ...]:
    """Return what is wrong now, the worst first.

    Args:
        last_queued: The newest day that has a summary; None before the first one.
        due: Of ``last_due``.
        batches: Those of the last two days, in any order.
    """
    found: list[Problem] = []
    if last_queued is not None and last_queued < due:
        found.append(Problem("late", last_queued + timedelta(days=1), due))
    for batch in sorted(batches, key=lambda each: each.day, reverse=True):
        if batch.missed:
            found.append(Problem("missed", batch.missed[0], batch.missed[-1]))
        if _reached_nobody(batch, now):
            found.append(Problem("stuck", batch.day, batch.day))
        found += [
            Problem("lost", batch.day, batch.day, letter.to, letter.key)
            for letter in batch.letters
            if letter.state == "failed_permanent"
        ]
    return tuple(found)


def _reached_nobody(batch: Batch, now: datetime) -> bool:
    waiting = [
        letter for letter in batch.letters if letter.state not in (*_ARRIVED, "failed_permanent")
    ]
    return (
        bool(waiting)
        and not any(letter.state in _ARRIVED for letter in batch.letters)
        and all(now - letter.queued_at > NOBODY_AFTER for letter in waiting)
    )
