"""The ways by which patients are reminded: their own to add and to end."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import ContactWay, Notification
from db.stores import audit, people


def ways_of_patient(session: Session, viewer: Viewer, patient_id: UUID) -> list[ContactWay]:
    """Return a patient's ways that are in use, the first one to be tried first."""
    viewer.require("reminder.read", patient_id)
    return list(
        session.exec(
            select(ContactWay)
            .where(
                col(ContactWay.clinic_id) == viewer.clinic_id,
                col(ContactWay.patient_id) == patient_id,
                col(ContactWay.disabled_at).is_(None),
            )
            .order_by(col(ContactWay.created_at), col(ContactWay.id))
        )
    )


def add_patient_way(session: Session, viewer: Viewer, new: ContactWay, now: datetime) -> None:
    """Keep a way to the patient who adds it."""
    viewer.require("reminder.write", new.patient_id)
    if new.patient_id is None:
        raise NotFoundError("This way belongs to no patient.")
    people.patient(session, viewer, new.patient_id)
    new.clinic_id, new.created_by, new.created_at = viewer.clinic_id, viewer.actor_id, now
    session.add(new)
    session.flush()
    _note(session, viewer, "way.add", new.id, now)


def end_patient_way(session: Session, viewer: Viewer, way_id: UUID, now: datetime) -> None:
    """Switch off one of the viewer's own ways and withdraw what waits for it.

    The row stays, because messages name it.

    Raises:
        NotFoundError: It is none of theirs, or is off already.
    """
    viewer.require("reminder.write", viewer.patient_id)
    claim = (
        update(ContactWay)
        .where(
            col(ContactWay.id) == way_id,
            col(ContactWay.clinic_id) == viewer.clinic_id,
            col(ContactWay.patient_id) == viewer.patient_id,
            col(ContactWay.disabled_at).is_(None),
        )
        .values(disabled_at=now, disabled_because="removed by its owner")
    )
    if session.connection().execute(claim).rowcount != 1:
        raise NotFoundError("This way is not in use any more.")
    session.connection().execute(
        update(Notification)
        .where(
            col(Notification.way_id) == way_id,
            col(Notification.state).in_(("pending", "failed_temporary")),
        )
        .values(state="superseded", lease_until=None)
    )
    _note(session, viewer, "way.end", way_id, now)


def _note(session: Session, viewer: Viewer, verb: str, way_id: UUID, now: datetime) -> None:
    audit.note(
        session,
        viewer,
        verb,
        "contact_way",
        now,
        subject_id=way_id,
        patient_id=viewer.patient_id,
    )
