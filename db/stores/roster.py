"""What the list of patients shows of everybody at once: a few columns, however long the diaries."""

from collections import namedtuple
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Assessment, Consent, DoseRecord, Entry

_TOLD: list[Any] = [
    col(Entry.id),
    col(Entry.patient_id),
    col(Entry.diary_on),
    col(Entry.kind),
    col(Entry.itch_nrs),
    col(Entry.imatinib_mg_taken),
    col(Entry.imatinib_mg_prescribed),
]
Told = namedtuple("Told", [column.key for column in _TOLD])  # type: ignore[misc]


def joined(session: Session, viewer: Viewer) -> set[UUID]:
    """Return the patients of the clinic who agreed to the diary or have an entry in it."""
    viewer.require("patient.list")
    agreed = select(Consent.patient_id).where(
        col(Consent.clinic_id) == viewer.clinic_id, col(Consent.answer) == "agreed"
    )
    wrote = select(Entry.patient_id).where(col(Entry.clinic_id) == viewer.clinic_id)
    return {*session.exec(agreed.distinct()), *session.exec(wrote.distinct())}


def told_since(session: Session, viewer: Viewer, since: date) -> list[Any]:
    """Return what counts of every entry of the clinic since a day, oldest first, as ``Told``."""
    viewer.require("patient.list")
    viewer.require("diary.read")
    later = aliased(Entry)
    query = (
        select(*_TOLD)
        .where(
            col(Entry.clinic_id) == viewer.clinic_id,
            col(Entry.diary_on) >= since,
            ~select(later.id).where(later.replaces_id == Entry.id).exists(),
        )
        .order_by(col(Entry.diary_on), col(Entry.written_at), col(Entry.id))
    )
    return list(map(Told._make, session.connection().execute(query)))


def grades_since(
    session: Session, viewer: Viewer, since: date
) -> dict[UUID, tuple[str | None, dict[str, int] | None]]:
    """Return level and estimated grades of every entry of the clinic since a day.

    Returns:
        By entry, of its newest assessment; (None, None) = it could not be graded.
    """
    viewer.require("patient.list")
    viewer.require("diary.read")
    query = (
        select(Assessment.entry_id, Assessment.outcome, Assessment.level, Assessment.grades)
        .join(Entry, col(Entry.id) == col(Assessment.entry_id))
        .where(
            col(Assessment.clinic_id) == viewer.clinic_id,
            col(Entry.clinic_id) == viewer.clinic_id,
            col(Entry.diary_on) >= since,
        )
        .order_by(col(Assessment.assessed_at), col(Assessment.id))
    )
    return {
        entry_id: (level, dict(grades)) if outcome == "graded" else (None, None)
        for entry_id, outcome, level, grades in session.exec(query)
        if entry_id is not None
    }


def doses_since(session: Session, viewer: Viewer, since: date) -> list[DoseRecord]:
    """Return all that was said of imatinib in the clinic since a day, in the order it was said."""
    viewer.require("patient.list")
    viewer.require("dose.read")
    return list(
        session.exec(
            select(DoseRecord)
            .where(
                col(DoseRecord.clinic_id) == viewer.clinic_id,
                col(DoseRecord.drug) == "imatinib",
                col(DoseRecord.diary_on) >= since,
            )
            .order_by(col(DoseRecord.recorded_at), col(DoseRecord.id))
        )
    )
