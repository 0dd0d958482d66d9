"""Whether anybody watches: when the worker last looked for alerts that are due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from db.access import Viewer
from db.stores import outbox, people

WORKER = "worker"
LATE_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Watch:
    """When alerts were last checked.

    Attributes:
        checked_at: UTC instant; None = never.
        running: False when that is longer than a minute ago, or still to come by this clock, or
            never was.
        time_zone: The clinic's, in which the care team reads clocks.
        now: When this was found out.
    """

    checked_at: datetime | None
    running: bool
    time_zone: str
    now: datetime


def watch(session: Session, viewer: Viewer, now: datetime) -> Watch:
    """Return whether alerting runs."""
    checked_at = outbox.last_beat(session, viewer, WORKER)
    running = checked_at is not None and abs(now - checked_at) <= LATE_AFTER
    return Watch(checked_at, running, people.own_clinic(session, viewer).time_zone, now)
