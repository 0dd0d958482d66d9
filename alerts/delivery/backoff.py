"""When a message that did not go through is tried again."""

from datetime import datetime, timedelta

_URGENT = (timedelta(seconds=5), timedelta(minutes=5))
_OTHERWISE = (timedelta(seconds=30), timedelta(minutes=30))
_MOST_DOUBLINGS = 16  # already beyond either longest wait


def next_attempt(attempts: int, now: datetime, level: str | None) -> datetime:
    """Return when to try again after a temporary failure.

    Each wait is twice the one before. Urgent: 5, 10, 20, 40 s and so on, at most 5 minutes.
    Everything else: 30 s, 1, 2 minutes and so on, at most 30 minutes. There is no last try: the
    row stays due until it is sent, refused for good, or superseded because a person took the
    alert.

    Args:
        attempts: How many tries failed so far, this one included; fewer than 1 counts as 1.
        now: When the last one failed, aware.
        level: ``urgent`` or ``prompt``; None for a digest.

    Returns:
        An instant after ``now``.
    """
    first, longest = _URGENT if level == "urgent" else _OTHERWISE
    doublings = min(max(attempts, 1) - 1, _MOST_DOUBLINGS)
    return now + min(first * (1 << doublings), longest)
