"""Patients offered by one clinic of the installation to another, and what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import Clinic, Handover
from db.stores import audit, people


def offer(
    session: Session, viewer: Viewer, patient_id: UUID, to_clinic_id: UUID, now: datetime
) -> UUID:
    """Offer a patient in follow-up to another clinic and return the offer's id.

    Raises:
        ConflictError: The patient left, or is offered already.
        NotFoundError: There is no such other clinic.
    """
    viewer.require("patient.end")
    if not people.patient(session, viewer, patient_id).active:
        raise ConflictError("This patient is no longer in follow-up.")
    asked = session.exec(select(Clinic.id).where(col(Clinic.id) == to_clinic_id)).first()
    if asked is None or asked == viewer.clinic_id:
        raise NotFoundError("There is no such clinic in this installation.")
    if open_of(session, viewer, patient_id) is not None:
        raise ConflictError("This patient is offered to another clinic already.")
    new = Handover(
        clinic_id=viewer.clinic_id,
        patient_id=patient_id,
        to_clinic_id=to_clinic_id,
        offered_by=viewer.name,
        offered_at=now,
    )
    session.add(new)
    session.flush()
    _note(session, viewer, new, "handover.offer", now)
    return new.id


def open_of(session: Session, viewer: Viewer, patient_id: UUID) -> Handover | None:
    """Return the offer of a patient that nobody answered; None = there is none."""
    viewer.require("patient.end")
    return session.exec(
        select(Handover).where(
            col(Handover.clinic_id) == viewer.clinic_id,
            col(Handover.patient_id) == patient_id,
            col(Handover.state) == "offered",
        )
    ).first()


def waiting(session: Session, viewer: Viewer) -> list[Handover]:
    """Return the offers that nobody answered, those of this clinic and those to it."""
    viewer.require("patient.end")
    mine = or_(
        col(Handover.clinic_id) == viewer.clinic_id,
        col(Handover.to_clinic_id) == viewer.clinic_id,
    )
    return list(
        session.exec(
            select(Handover)
            .where(mine, col(Handover.state) == "offered")
            .order_by(col(Handover.offered_at), col(Handover.id))
        )
    )


def settle(
    session: Session,
    viewer: Viewer,
    handover_id: UUID,
    state: str,
    now: datetime,
    *,
    new_patient_id: UUID | None = None,
) -> Handover:
    """Answer an offer: the clinic that was asked accepts or declines, the other withdraws.

    Args:
        state: ``accepted``, ``declined`` or ``withdrawn``.
        new_patient_id: Of the patient in this clinic, when accepted.

    Raises:
        NotFoundError: There is no such offer for this clinic to answer.
        ConflictError: It was answered before.
    """
    viewer.require("patient.end")
    mine = Handover.clinic_id if state == "withdrawn" else Handover.to_clinic_id
    found = session.exec(
        select(Handover).where(col(Handover.id) == handover_id, col(mine) == viewer.clinic_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such offer.")
    claim = (
        update(Handover)
        .where(col(Handover.id) == handover_id, col(Handover.state) == "offered")
        .values(state=state, settled_at=now, settled_by=viewer.name, new_patient_id=new_patient_id)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise ConflictError("This offer was answered before.")
    session.refresh(found)
    _note(session, viewer, found, f"handover.{state}", now)
    return found


def _note(session: Session, viewer: Viewer, about: Handover, verb: str, now: datetime) -> None:
    """Write it down in the viewer's own chain; the other clinic's patient is not named there."""
    own = about.patient_id if about.clinic_id == viewer.clinic_id else about.new_patient_id
    audit.note(session, viewer, verb, "handover", now, subject_id=about.id, patient_id=own)
