"""Snoozing: the person who has an alert asks to be told again, and for how long at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.escalation.machine import Act, AlertFacts, may

CHOICES = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120))
LONGEST_SNOOZE = CHOICES[-1]
CAP = {"urgent": timedelta(minutes=60), "prompt": timedelta(hours=4)}
"""In all, per alert, whoever snoozes it. A design choice; no publication sets these times."""


class SnoozeRefusedError(ValueError):
    """Say in one sentence why an alert cannot be snoozed that long."""


@dataclass(frozen=True)
class Snooze:
    """What to keep.

    Attributes:
        until: When the holder is told again; after now.
        spent: How long this alert was snoozed in all, this time included.
    """

    until: datetime
    spent: timedelta


def snooze(facts: AlertFacts, spent: timedelta, length: timedelta, now: datetime) -> Snooze:
    """Return the snooze that starts now; one that still runs is replaced.

    Args:
        facts: The alert as stored.
        spent: How long it was snoozed until now, in all; 0 or more.
        length: One of ``CHOICES``.
        now: The present instant, aware.

    Raises:
        SnoozeRefusedError: If nobody has the alert, the length is not offered, or it is more
            than the cap leaves.
    """
    if not may(Act.SNOOZE, facts):
        raise SnoozeRefusedError("Take the alert first: only what a person has can be snoozed.")
    if length not in CHOICES:
        raise SnoozeRefusedError("Choose 15, 30, 60 or 120 minutes.")
    until = now + length
    running = max(now, min(facts.snoozed_until or now, now + LONGEST_SNOOZE))
    total = spent + max(until - running, timedelta(0))
    cap = CAP["prompt" if facts.level == "prompt" else "urgent"]
    if total > cap:
        raise SnoozeRefusedError(
            f"This alert can be snoozed for {_minutes(cap)} minutes in all; "
            f"{_minutes(max(cap - spent, timedelta(0)))} are left."
        )
    return Snooze(until, total)


def choices_left(facts: AlertFacts, spent: timedelta, now: datetime) -> tuple[timedelta, ...]:
    """Return the lengths that an alert can still be snoozed for; empty when none."""
    left = []
    for length in CHOICES:
        try:
            snooze(facts, spent, length, now)
        except SnoozeRefusedError:
            continue
        left.append(length)
    return tuple(left)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)
