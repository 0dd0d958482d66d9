"""Quiet hours: they hold the delivery of a same-day message, never its evaluation."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from alerts.escalation.local_time import span_of

LONGEST_QUIET = timedelta(hours=12)
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True)
class QuietHours:
    """A span of the clinic's wall clock in which same-day messages wait.

    Raises ValueError when it is empty, longer than 12 hours, or begins on no day.

    Attributes:
        starts: Its first minute.
        ends: When messages go out again; not later than ``starts`` means on the next day.
        days: On which days it begins, 0 (Monday) to 6 (Sunday); at least one.
    """

    starts: time
    ends: time
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= LONGEST_QUIET // timedelta(minutes=1):
            raise ValueError("Quiet hours last 1 minute to 12 hours.")
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError("Quiet hours begin on at least one day, 0 (Monday) to 6 (Sunday).")

    @property
    def minutes(self) -> int:
        """Their length on a day on which no clock changes; 0 to 1439."""
        begin, end = (at.hour * 60 + at.minute for at in (self.starts, self.ends))
        return (end - begin) % (24 * 60)


def quiet_until(quiet: QuietHours | None, zone: tzinfo, at: datetime) -> datetime | None:
    """Return when the quiet hours around an instant end; None outside of them.

    In the night when clocks go back they are an hour longer; even then nothing waits more than
    12 hours.
    """
    if quiet is None:
        return None
    at = at.astimezone(UTC)  # 12 hours of another zone's clock may be 11 or 13
    today = at.astimezone(zone).date()
    for on in (today - timedelta(days=1), today):
        if on.weekday() in quiet.days:
            begin, end = span_of(on, quiet.starts, quiet.ends, zone)
            if begin <= at < end:
                return min(end, at + LONGEST_QUIET)
    return None


def deliver_at(
    level: str,
    quiet: QuietHours | None,
    zone: tzinfo,
    at: datetime,
    urgent_at: datetime | None,
) -> datetime:
    """Return when a message that is written now may leave.

    Args:
        level: Of the alert; anything but ``prompt`` leaves at once.
        quiet: Of the alert's policy; None = the clinic has none.
        zone: Of the clinic.
        at: Now, aware.
        urgent_at: When the alert becomes urgent; no message waits longer. None = never.

    Returns:
        ``at``, or a later instant.
    """
    until = quiet_until(quiet, zone, at) if level == "prompt" else None
    if until is None:
        return at
    return until if urgent_at is None else max(at, min(until, urgent_at))
