"""What is due for patients, carried out: one row, one transaction, the longest due first."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from alerts import recheck, reminders, silence
from db.access import Viewer, worker_viewer
from db.engine import Database
from db.models import DueRow
from db.stores import reminding

logger = logging.getLogger(__name__)

# At most so many in one go, so that an alert never waits for the reminders of a whole clinic.
BATCH = 100
AGAIN_AFTER = timedelta(minutes=10)

Act = Callable[[Session, Viewer, DueRow, datetime], tuple[str, str]]
ACTS: dict[str, Act] = {
    "entry": reminders.remind,
    "dose": reminders.remind,
    "second": reminders.remind,
    "silence": silence.judge,
    "recheck": recheck.ask,
    "recheck_missing": recheck.ask,
    "morning": recheck.ask,
}


@dataclass(frozen=True)
class Round:
    """What one look did.

    Attributes:
        settled: How many rows were settled.
        more: Whether anything may be left that is due now.
    """

    settled: int
    more: bool


def carry_out(database: Database, clinic_id: UUID, now: datetime) -> Round:
    """Lay out the rows of patients who need it, then do what is due.

    A row that fails is due again later, is logged without names, and stops no other.
    """
    viewer = worker_viewer(clinic_id)
    laid_out = _lay_out(database, viewer, now)
    with database.reading() as session:
        rows = reminding.due(session, viewer, now, BATCH)
    settled = 0
    for row in rows:
        try:
            with database.writing() as session:
                settled += settle(session, viewer, row, now)
        except Exception as error:
            logger.error("%s row %s: %s", row.kind, row.id, type(error).__name__)  # noqa: TRY400
            # Later, or a hundred of its kind would stand in front of all others for ever.
            with database.writing() as session:
                reminding.move(session, viewer, row.id, now + AGAIN_AFTER, row.local_time)
    return Round(settled, more=laid_out == BATCH or (len(rows) == BATCH and settled > 0))


def settle(session: Session, viewer: Viewer, row: DueRow, now: datetime) -> bool:
    """Do what one row asks for, in the caller's transaction; False when another worker did."""
    if not reminding.take(session, viewer, row.id):
        return False
    state, because = ACTS[row.kind](session, viewer, row, now)
    return reminding.settle(session, viewer, row.id, state, because, now)


def _lay_out(database: Database, viewer: Viewer, now: datetime) -> int:
    before = now + reminders.LAY_OUT_BEFORE
    with database.reading() as session:
        ids = [row.id for row in reminding.to_plan(session, viewer, before, BATCH)]
    if not ids:
        return 0
    with database.writing() as session:
        for patient in reminding.to_plan(session, viewer, before, BATCH):
            reminders.lay_out(session, viewer, patient, now)
    return len(ids)
