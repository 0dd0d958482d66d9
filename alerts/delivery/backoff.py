"""When a message that did not go through is tried again."""

from datetime import datetime, timedelta

_URGENT = (timedelta(seconds=5), timedelta(minutes=5))
_OTHERWISE = (timedelta(seconds=30), timedelta(minutes=30))
_MOST_DOUBLINGS = 16  # already beyond either longest wait
_LONGEST_ASKED = timedelta(hours=1)
# RFC 5321, section 4.5.4.1: the time until one gives up is generally four to five days.
GIVE_UP_AFTER = timedelta(days=5)
REMINDER_GIVE_UP_AFTER = timedelta(hours=3)  # a reminder of this evening is of no use tomorrow


def give_up_after(kind: str) -> timedelta:
    """Return for how long a message of this kind is tried before a person is asked."""
    return REMINDER_GIVE_UP_AFTER if kind == "reminder" else GIVE_UP_AFTER


def next_attempt(
    attempts: int, now: datetime, level: str | None, asked: timedelta | None = None
) -> datetime:
    """Return when to try again after a temporary failure.

    Each wait is twice the one before. Urgent: 5, 10, 20, 40 s and so on, at most 5 minutes.
    Everything else: 30 s, 1, 2 minutes and so on, at most 30 minutes. The row stays due until it
    is sent, refused for good, superseded because a person took the alert, or ``give_up_after``.

    Args:
        attempts: How many tries failed so far, this one included; fewer than 1 counts as 1.
        now: When the last one failed, aware.
        level: ``urgent`` or ``prompt``; None for a digest.
        asked: How long the other side asks to be left alone; heeded up to an hour.

    Returns:
        An instant after ``now``.
    """
    first, longest = _URGENT if level == "urgent" else _OTHERWISE
    doublings = min(max(attempts, 1) - 1, _MOST_DOUBLINGS)
    wait = min(first * (1 << doublings), longest)
    if asked is not None:
        wait = max(wait, min(asked, _LONGEST_ASKED))
    return now + wait
