"""What the list of patients shows of everybody at once: a few columns, however long the diaries."""

from collections import namedtuple
from datetime import UTC, date, datetime, time, timedelta
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
_SAID: list[Any] = [
    col(DoseRecord.patient_id),
    col(DoseRecord.diary_on),
    col(DoseRecord.drug),
    col(DoseRecord.planned_mg),
    col(DoseRecord.taken_mg),
]
_LATER = aliased(Entry)
Told = namedtuple("Told", [column.key for column in _TOLD])  # type: ignore[misc]
Said = namedtuple("Said", [column.key for column in _SAID])  # type: ignore[misc]


def agreed(session: Session, viewer: Viewer) -> set[UUID]:
    """Return the patients of the clinic who agreed to the diary once."""
    viewer.require("patient.list")
    rows = select(Consent.patient_id).where(
        col(Consent.clinic_id) == viewer.clinic_id, col(Consent.answer) == "agreed"
    )
    return set(session.exec(rows.distinct()))


def told_since(session: Session, viewer: Viewer, since: date) -> list[Any]:
    """Return what counts of every entry of the clinic since a day, oldest first, as ``Told``."""
    viewer.require("patient.list")
    viewer.require("diary.read")
    # All corrections of the clinic are looked up once: asked of each entry, PostgreSQL would search
    # for tens of thousands of corrections that nobody made.
    query = (
        select(*_TOLD)
        .where(
            col(Entry.clinic_id) == viewer.clinic_id,
            col(Entry.diary_on) >= since,
            col(Entry.id).not_in(
                select(_LATER.replaces_id).where(
                    col(_LATER.clinic_id) == viewer.clinic_id, col(_LATER.replaces_id).is_not(None)
                )
            ),
        )
        .order_by(col(Entry.diary_on), col(Entry.written_at), col(Entry.id))
    )
    return list(map(Told._make, session.connection().execute(query).all()))


def graded_since(
    session: Session, viewer: Viewer, since: date
) -> dict[UUID, tuple[str | None, int | None]]:
    """Return level and grade of the rash of every entry of the clinic about a day or any after it.

    Returns:
        By entry, of its newest assessment; no level = it could not be graded, no grade = neither
        could that, or it was not asked. Entries about earlier days that were graded since are
        there too.
    """
    viewer.require("patient.list")
    viewer.require("diary.read")
    # No day is graded before it begins, anywhere on earth. So the entries need not be looked up.
    begins = datetime.combine(since, time(), UTC) - timedelta(days=1)
    # Taken out by the database: thousands of documents take long to read here.
    rash = col(Assessment.grades)["rash"].as_integer()
    query = (
        select(Assessment.entry_id, Assessment.outcome, Assessment.level, rash)
        .where(col(Assessment.clinic_id) == viewer.clinic_id, col(Assessment.assessed_at) >= begins)
        .order_by(col(Assessment.assessed_at), col(Assessment.id))
    )
    return {
        entry_id: (level, rash_grade) if outcome == "graded" else (None, None)
        for entry_id, outcome, level, rash_grade in session.exec(query).all()
        if entry_id is not None
    }


def doses_since(session: Session, viewer: Viewer, since: date) -> list[Any]:
    """Return all that was said of imatinib in the clinic since a day, in the order it was said.

    Returns:
        As ``Said``.
    """
    viewer.require("patient.list")
    viewer.require("dose.read")
    query = (
        select(*_SAID)
        .where(
            col(DoseRecord.clinic_id) == viewer.clinic_id,
            col(DoseRecord.drug) == "imatinib",
            col(DoseRecord.diary_on) >= since,
        )
        .order_by(col(DoseRecord.recorded_at), col(DoseRecord.id))
    )
    return list(map(Said._make, session.connection().execute(query).all()))
