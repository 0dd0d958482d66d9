"""Visits agreed with patients: planned, moved, cancelled; none is ever taken away."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import PlannedVisit
from db.stores import audit
from db.stores.people import patient


def visits(session: Session, viewer: Viewer, patient_id: UUID) -> list[PlannedVisit]:
    """Return a patient's visits, cancelled ones too, the earliest first."""
    viewer.require("visit.read", patient_id)
    return list(
        session.exec(
            select(PlannedVisit)
            .where(
                col(PlannedVisit.clinic_id) == viewer.clinic_id,
                col(PlannedVisit.patient_id) == patient_id,
            )
            .order_by(col(PlannedVisit.starts_at), col(PlannedVisit.id))
        )
    )


def add_visit(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    starts_at: datetime,
    minutes: int,
    now: datetime,
) -> PlannedVisit:
    """Keep a new visit; raises NotFoundError when the patient is not of this clinic."""
    viewer.require("visit.write")
    patient(session, viewer, patient_id)
    row = PlannedVisit(
        clinic_id=viewer.clinic_id,
        patient_id=patient_id,
        starts_at=starts_at,
        minutes=minutes,
        changed_by=viewer.actor_id,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    _note(session, viewer, row, "plan", now)
    return row


def move_visit(
    session: Session,
    viewer: Viewer,
    visit_id: UUID,
    starts_at: datetime,
    minutes: int,
    now: datetime,
) -> PlannedVisit:
    """Change when a visit is; raises NotFoundError when there is none, or it was cancelled."""
    viewer.require("visit.write")
    row = _standing(session, viewer, visit_id)
    row.starts_at, row.minutes = starts_at, minutes
    _changed(session, viewer, row, "move", now)
    return row


def cancel_visit(session: Session, viewer: Viewer, visit_id: UUID, now: datetime) -> PlannedVisit:
    """Cancel a visit; raises NotFoundError when there is none, or it was cancelled."""
    viewer.require("visit.write")
    row = _standing(session, viewer, visit_id)
    row.cancelled_at = now
    _changed(session, viewer, row, "cancel", now)
    return row


def _standing(session: Session, viewer: Viewer, visit_id: UUID) -> PlannedVisit:
    row = session.exec(
        select(PlannedVisit).where(
            col(PlannedVisit.id) == visit_id,
            col(PlannedVisit.clinic_id) == viewer.clinic_id,
            col(PlannedVisit.cancelled_at).is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("This visit is not there any more.")
    return row


def _changed(session: Session, viewer: Viewer, row: PlannedVisit, act: str, now: datetime) -> None:
    row.sequence += 1
    row.changed_by, row.changed_at = viewer.actor_id, now
    session.flush()
    _note(session, viewer, row, act, now)


def _note(session: Session, viewer: Viewer, row: PlannedVisit, act: str, now: datetime) -> None:
    audit.note(
        session,
        viewer,
        f"visit.{act}",
        "planned_visit",
        now,
        subject_id=row.id,
        patient_id=row.patient_id,
        detail={"sequence": row.sequence},
    )
