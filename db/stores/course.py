"""One patient's course as bare columns: quick to read for years of entries."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Alert, AlertEvent, Assessment, Entry

_LATER = aliased(Entry)
_MEASURED: tuple[Any, ...] = (
    Assessment.entry_id,
    Assessment.outcome,
    Assessment.level,
    Assessment.temperature_celsius,
)
_TOLD: tuple[Any, ...] = (
    Entry.id,
    Entry.diary_on,
    Entry.itch_nrs,
    Entry.rash_present,
    Entry.generalized,
    Entry.bsa_percent,
    Entry.imatinib_mg_taken,
    Entry.imatinib_mg_prescribed,
    Entry.prednisolone_mg_taken,
    Entry.prednisolone_mg_prescribed,
    Entry.temperature_unit,
)
_TAKES_IN = ("raised", "updated", "level_raised")


class Said(NamedTuple):
    """The newest version of one entry with what its newest assessment measured.

    Attributes:
        level: none, digest, prompt or urgent; None = it could not be graded.
        temperature_celsius: None = not measured, or not graded.
        rash_percent: Of the skin, as told; None = unknown.
    """

    entry_id: UUID
    diary_on: date
    itch_nrs: int | None
    rash_present: bool | None
    generalized: bool | None
    rash_percent: float | None
    imatinib_mg_taken: float | None
    imatinib_mg_prescribed: float | None
    prednisolone_mg_taken: float | None
    prednisolone_mg_prescribed: float | None
    temperature_unit: str | None
    level: str | None
    temperature_celsius: float | None


def said(
    session: Session, viewer: Viewer, patient_id: UUID, *, first_on: date, last_on: date
) -> list[Said]:
    """Return what counts of a period, both days inclusive, oldest first."""
    viewer.require("diary.read", patient_id)
    ours = (
        col(Entry.clinic_id) == viewer.clinic_id,
        col(Entry.patient_id) == patient_id,
        col(Entry.diary_on).between(first_on, last_on),
    )
    made: dict[UUID, tuple[str | None, float | None]] = {}
    for entry_id, outcome, level, celsius in session.connection().execute(
        columns(*_MEASURED)
        .join(Entry, col(Entry.id) == col(Assessment.entry_id))
        .where(*ours)
        .order_by(col(Assessment.assessed_at), col(Assessment.id))
    ):
        made[entry_id] = (level if outcome == "graded" else None, celsius)
    told = session.connection().execute(
        columns(*_TOLD)
        .where(*ours, ~select(_LATER.id).where(_LATER.replaces_id == Entry.id).exists())
        .order_by(col(Entry.diary_on), col(Entry.written_at), col(Entry.id))
    )
    return [Said._make((*row, *made.get(row[0], (None, None)))) for row in told]


def first_day(session: Session, viewer: Viewer, patient_id: UUID) -> date | None:
    """Return the first day that an entry is about; None = there is no entry."""
    viewer.require("diary.read", patient_id)
    return session.exec(
        select(func.min(Entry.diary_on)).where(
            col(Entry.clinic_id) == viewer.clinic_id, col(Entry.patient_id) == patient_id
        )
    ).one()


def newest(session: Session, viewer: Viewer, patient_id: UUID, limit: int) -> list[Entry]:
    """Return the newest version of the entries of the latest days, newest first."""
    viewer.require("diary.read", patient_id)
    return list(
        session.exec(
            select(Entry)
            .where(
                col(Entry.clinic_id) == viewer.clinic_id,
                col(Entry.patient_id) == patient_id,
                ~select(_LATER.id).where(_LATER.replaces_id == Entry.id).exists(),
            )
            .order_by(
                col(Entry.diary_on).desc(), col(Entry.written_at).desc(), col(Entry.id).desc()
            )
            .limit(limit)
        )
    )


def alerts_by_entry(
    session: Session, viewer: Viewer, patient_id: UUID, *, since: datetime | None = None
) -> dict[UUID, UUID]:
    """Return which alert took each of a patient's entries in, raised since an instant; None = all.

    Nothing else of an alert's history is handed out: the care team's notes stay its own.
    """
    viewer.require("alert.read_own" if viewer.patient_id is not None else "alert.read", patient_id)
    query = (
        select(AlertEvent.alert_id, AlertEvent.detail)
        .join(Alert, col(Alert.id) == col(AlertEvent.alert_id))
        .where(
            col(AlertEvent.clinic_id) == viewer.clinic_id,
            col(Alert.patient_id) == patient_id,
            col(AlertEvent.kind).in_(_TAKES_IN),
        )
        .order_by(col(AlertEvent.at), col(AlertEvent.id))
    )
    if since is not None:
        query = query.where(col(Alert.raised_at) >= since)
    return {
        UUID(detail["entry"]): alert_id
        for alert_id, detail in session.exec(query)
        if detail.get("entry")
    }
