"""Whether this installation works: the database answers and the worker ran."""

from dataclasses import dataclass
from datetime import datetime

from db.errors import UnreachableError
from db.stores import doors
from diary_app.services.kit import Kit
from diary_app.services.watch import LATE_AFTER, WORKER

__all__ = ["LATE_AFTER", "Health", "health"]


@dataclass(frozen=True)
class Health:
    """What `/healthz` tells.

    Attributes:
        database: Whether the database answers.
        worker_last_run: None = never, or not known because the database does not answer.
        worker_late: The worker should have run within the last minute and did not.
    """

    database: bool
    worker_last_run: datetime | None
    worker_late: bool

    @property
    def healthy(self) -> bool:
        """Whether nothing needs a person."""
        return self.database and not self.worker_late


def health(kit: Kit, now: datetime, *, worker_expected: bool) -> Health:
    """Return how this installation is; never raises."""
    try:
        with kit.database.reading() as session:
            last = doors.last_beat(session, WORKER)
    except (UnreachableError, OSError):
        return Health(database=False, worker_last_run=None, worker_late=worker_expected)
    late = worker_expected and (last is None or now - last > LATE_AFTER)
    return Health(database=True, worker_last_run=last, worker_late=late)
