"""What the rules made of entries, and which entries they could not grade."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import func, literal
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Assessment, Entry
from db.stores.diary import entry
from db.stores.people import TEST_PATIENTS, patient


def add(session: Session, viewer: Viewer, new: Assessment) -> None:
    """Keep what the rules made of an entry or of laboratory values; earlier ones stay."""
    viewer.require("diary.grade")
    patient(session, viewer, new.patient_id)
    if new.entry_id is not None:
        entry(session, viewer, new.entry_id)
    new.clinic_id = viewer.clinic_id
    session.add(new)
    session.flush()


def of_entries(
    session: Session, viewer: Viewer, entry_ids: Collection[UUID]
) -> dict[UUID, Assessment]:
    """Return the newest assessment of each of these entries; ungraded ones are absent."""
    viewer.require("diary.read")
    found: dict[UUID, Assessment] = {}
    ids = list(entry_ids)
    # 500: SQLite takes at most 32,766 values in a statement, older builds 999.
    for start in range(0, len(ids), 500):
        query = select(Assessment).where(
            col(Assessment.clinic_id) == viewer.clinic_id,
            col(Assessment.entry_id).in_(ids[start : start + 500]),
        )
        if viewer.patient_id is not None:
            query = query.where(col(Assessment.patient_id) == viewer.patient_id)
        for row in session.exec(query.order_by(col(Assessment.assessed_at), col(Assessment.id))):
            if row.entry_id is not None:
                found[row.entry_id] = row
    return found


def of_labs(session: Session, viewer: Viewer, patient_id: UUID) -> dict[date, Assessment]:
    """Return the newest assessment of each day's laboratory values alone."""
    viewer.require("lab.read", patient_id)
    found: dict[date, Assessment] = {}
    for row in session.exec(
        select(Assessment)
        .where(
            col(Assessment.clinic_id) == viewer.clinic_id,
            col(Assessment.patient_id) == patient_id,
            col(Assessment.lab_on).is_not(None),
        )
        .order_by(col(Assessment.assessed_at), col(Assessment.id))
    ):
        if row.lab_on is not None:
            found[row.lab_on] = row
    return found


def of_silence(session: Session, viewer: Viewer, patient_id: UUID) -> dict[date, Assessment]:
    """Return the newest assessment of each day of a patient that passed without an entry."""
    viewer.require("diary.read", patient_id)
    rows = session.exec(
        select(Assessment)
        .where(
            col(Assessment.clinic_id) == viewer.clinic_id,
            col(Assessment.patient_id) == patient_id,
            col(Assessment.silent_on).is_not(None),
        )
        .order_by(col(Assessment.assessed_at), col(Assessment.id))
    )
    return {row.silent_on: row for row in rows if row.silent_on is not None}


def of_doses(session: Session, viewer: Viewer, patient_id: UUID) -> dict[date, Assessment]:
    """Return the newest assessment of each day of a patient whose doses were graded alone."""
    viewer.require("diary.read", patient_id)
    rows = session.exec(
        select(Assessment)
        .where(
            col(Assessment.clinic_id) == viewer.clinic_id,
            col(Assessment.patient_id) == patient_id,
            col(Assessment.dose_on).is_not(None),
        )
        .order_by(col(Assessment.assessed_at), col(Assessment.id))
    )
    return {row.dose_on: row for row in rows if row.dose_on is not None}


def of_timers(
    session: Session, viewer: Viewer, entry_ids: Collection[UUID]
) -> dict[UUID, Assessment]:
    """Return what was said when no second temperature came after these entries, by entry."""
    viewer.require("diary.read")
    query = select(Assessment).where(
        col(Assessment.clinic_id) == viewer.clinic_id,
        col(Assessment.timer_of).in_(list(entry_ids)),
    )
    if viewer.patient_id is not None:
        query = query.where(col(Assessment.patient_id) == viewer.patient_id)
    rows = session.exec(query.order_by(col(Assessment.assessed_at), col(Assessment.id)))
    return {row.timer_of: row for row in rows if row.timer_of is not None}


def newest_levels(session: Session, viewer: Viewer, since: date) -> dict[UUID, str | None]:
    """Return the level of the newest entry of each patient since a day; None = not graded.

    A patient without an entry since then is absent.
    """
    viewer.require("patient.list")
    viewer.require("diary.read")
    newest: dict[UUID, UUID] = {}
    later = aliased(Entry)
    for patient_id, entry_id in session.exec(
        select(Entry.patient_id, Entry.id)
        .where(
            col(Entry.clinic_id) == viewer.clinic_id,
            col(Entry.diary_on) >= since,
            ~select(later.id).where(later.replaces_id == Entry.id).exists(),
        )
        .order_by(col(Entry.diary_on), col(Entry.written_at), col(Entry.id))
    ):
        newest[patient_id] = entry_id
    made = of_entries(session, viewer, newest.values())
    return {
        patient_id: made[entry_id].level if entry_id in made else None
        for patient_id, entry_id in newest.items()
    }


def ungraded(
    session: Session,
    viewer: Viewer,
    *,
    replaced: bool = True,
    limit: int | None = 100,
    everywhere: bool = False,
) -> list[Entry]:
    """Return the clinic's entries without a graded assessment, oldest first.

    The worker grades them again; the care team reads them itself. Every entry is kept together
    with an assessment, so those that failed are found by their failure, at a cost that does not
    grow with the diary.

    Args:
        replaced: Also versions that a correction replaced.
        limit: At most so many; None = all.
        everywhere: Read every entry, to find also one that was never assessed at all.
    """
    viewer.require("patient.list")
    viewer.require("diary.read")
    graded = select(Assessment.entry_id).where(
        col(Assessment.entry_id) == col(Entry.id), col(Assessment.outcome) == "graded"
    )
    query = select(Entry).where(
        col(Entry.clinic_id) == viewer.clinic_id,
        ~graded.exists(),
        col(Entry.patient_id).not_in(TEST_PATIENTS),
    )
    if not everywhere:
        failed = _failed(session, viewer)
        if not failed:
            return []
        query = query.where(col(Entry.id).in_(failed))
    if not replaced:
        later = aliased(Entry)
        query = query.where(~select(later.id).where(later.replaces_id == Entry.id).exists())
    return list(session.exec(query.order_by(col(Entry.received_at)).limit(limit)))


def attempts(session: Session, viewer: Viewer, entry_id: UUID) -> int:
    """Return how often grading this entry was tried."""
    viewer.require("diary.read")
    return session.exec(
        select(func.count())
        .select_from(Assessment)
        .where(col(Assessment.entry_id) == entry_id, col(Assessment.clinic_id) == viewer.clinic_id)
    ).one()


def _failed(session: Session, viewer: Viewer) -> set[UUID]:
    """Return the entries whose grading failed at least once."""
    rows = session.exec(
        select(Assessment.entry_id).where(
            col(Assessment.clinic_id) == viewer.clinic_id,
            # In the statement itself, or the index of failures would not be used.
            col(Assessment.outcome) == literal("failed", literal_execute=True),
        )
    )
    return {entry_id for entry_id in rows if entry_id is not None}
