"""What is due for patients, carried out, the longest due first."""

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

# So few in one go and one transaction: an alert never waits for the reminders of a whole clinic.
BATCH = 5
LAID_OUT_AT_ONCE = 5
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
    with database.reading(clinic_id) as session:
        rows = reminding.due(session, viewer, now, 1)
    if not rows:
        return Round(0, more=laid_out == LAID_OUT_AT_ONCE)
    settled = 0
    with database.writing(clinic_id) as session:
        rows = reminding.due(session, viewer, now, BATCH)
        for row in rows:
            settled += _settle_or_put_off(session, viewer, row, now)
    return Round(settled, more=laid_out == LAID_OUT_AT_ONCE or len(rows) == BATCH)


def _settle_or_put_off(session: Session, viewer: Viewer, row: DueRow, now: datetime) -> bool:
    due_id, kind, local_time = row.id, row.kind, row.local_time
    try:
        with session.begin_nested():
            return settle(session, viewer, row, now)
    except Exception as error:
        logger.error("%s row %s: %s", kind, due_id, type(error).__name__)  # noqa: TRY400
        # Later, or many of its kind would stand in front of all others for ever.
        reminding.move(session, viewer, due_id, now + AGAIN_AFTER, local_time)
        return False


def settle(session: Session, viewer: Viewer, row: DueRow, now: datetime) -> bool:
    """Do what one row asks for, in the caller's transaction; False when another worker did."""
    if not reminding.take(session, viewer, row.id):
        return False
    state, because = ACTS[row.kind](session, viewer, row, now)
    return reminding.settle(session, viewer, row.id, state, because, now)


def _lay_out(database: Database, viewer: Viewer, now: datetime) -> int:
    before = now + reminders.LAY_OUT_BEFORE
    with database.reading(viewer.clinic_id) as session:
        if not reminding.to_plan(session, viewer, before, 1):
            return 0
    with database.writing(viewer.clinic_id) as session:
        patients = reminding.to_plan(session, viewer, before, LAID_OUT_AT_ONCE)
        for patient in patients:
            reminders.lay_out(session, viewer, patient, now)
    return len(patients)
