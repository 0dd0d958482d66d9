"""Follow-up that ends and begins again, in the viewer's own clinic."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, ImpossibleValueError
from db.models import FollowUpChange, Notification, Patient
from db.models.moves import END_REASONS
from db.stores import audit, people

# Ended by mistake and taken back within a day: the silence goes on as if nothing had happened.
SHORT = timedelta(days=1)


def end(session: Session, viewer: Viewer, patient_id: UUID, reason: str, now: datetime) -> None:
    """End a patient's follow-up: no reminders, no silence, no way in; the diary is kept.

    Args:
        reason: One of ``db.models.moves.END_REASONS``.

    Raises:
        ConflictError: A colleague ended it first.
        ImpossibleValueError: The reason is none of ours.
    """
    viewer.require("patient.end")
    if reason not in END_REASONS:
        raise ImpossibleValueError("Choose why the follow-up ends.")
    leave(session, viewer, patient_id)
    _add(session, viewer, patient_id, "ended", now, reason=reason)
    audit.note(
        session,
        viewer,
        "patient.end",
        "patient",
        now,
        subject_id=patient_id,
        patient_id=patient_id,
        detail={"reason": reason},
    )


def leave(session: Session, viewer: Viewer, patient_id: UUID) -> None:
    """Take a patient out of the list and withdraw the reminders that were not sent yet.

    Raises:
        ConflictError: The patient is not in follow-up.
    """
    viewer.require("patient.end")
    people.patient(session, viewer, patient_id)
    claim = (
        update(Patient)
        .where(col(Patient.id) == patient_id, col(Patient.clinic_id) == viewer.clinic_id)
        .where(col(Patient.active).is_(True), col(Patient.is_test).is_(False))
        .values(active=False)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise ConflictError("This patient is no longer in follow-up.")
    session.connection().execute(
        update(Notification)
        .where(
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.patient_id) == patient_id,
            col(Notification.state).in_(("pending", "failed_temporary")),
        )
        .values(state="superseded", lease_until=None)
    )
    session.expire_all()


def resume(session: Session, viewer: Viewer, patient_id: UUID, now: datetime) -> None:
    """Let a patient whose follow-up ended be followed again; reminders begin with today's.

    Raises:
        ConflictError: The patient is in follow-up, or another clinic took them over.
    """
    viewer.require("patient.end")
    people.patient(session, viewer, patient_id)
    last = _changes(session, viewer, patient_id)[:1]
    if last and last[0].kind == "moved_out":
        raise ConflictError("Another clinic follows this patient now.")
    claim = (
        update(Patient)
        .where(col(Patient.id) == patient_id, col(Patient.clinic_id) == viewer.clinic_id)
        .where(col(Patient.active).is_(False), col(Patient.is_test).is_(False))
        .values(active=True, planned_until=None)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise ConflictError("This patient is in follow-up already.")
    session.expire_all()
    _add(session, viewer, patient_id, "resumed", now)
    audit.note(
        session,
        viewer,
        "patient.resume",
        "patient",
        now,
        subject_id=patient_id,
        patient_id=patient_id,
    )


def moved(
    session: Session, viewer: Viewer, patient_id: UUID, kind: str, clinic_name: str, now: datetime
) -> None:
    """Note that a patient went to another clinic of the installation, or came from one.

    Args:
        kind: ``moved_out`` or ``moved_in``.
    """
    viewer.require("patient.end")
    people.patient(session, viewer, patient_id)
    _add(session, viewer, patient_id, kind, now, clinic_name=clinic_name)
    audit.note(
        session,
        viewer,
        f"patient.{kind}",
        "patient",
        now,
        subject_id=patient_id,
        patient_id=patient_id,
    )


def ended(session: Session, viewer: Viewer) -> list[tuple[Patient, FollowUpChange | None]]:
    """Return the patients who left the clinic's list with their last change, newest first.

    The change is None for somebody who left before changes were kept.
    """
    viewer.require("patient.list")
    viewer.require("patient.end")
    rows = session.exec(
        select(Patient).where(
            col(Patient.clinic_id) == viewer.clinic_id,
            col(Patient.active).is_(False),
            col(Patient.is_test).is_(False),
        )
    )
    changes = session.exec(
        select(FollowUpChange)
        .where(col(FollowUpChange.clinic_id) == viewer.clinic_id)
        .order_by(col(FollowUpChange.at), col(FollowUpChange.id))
    )
    last = {change.patient_id: change for change in changes}
    found = [(row, last.get(row.id)) for row in rows]
    return sorted(found, key=lambda pair: pair[1].at if pair[1] else pair[0].created_at)[::-1]


def resumed_at(session: Session, viewer: Viewer, patient_id: UUID) -> datetime | None:
    """Return when a patient was last followed again after more than a day; None = never."""
    viewer.require("reminder.read", patient_id)
    changes = _changes(session, viewer, patient_id)
    for number, change in enumerate(changes):
        before = changes[number + 1] if number + 1 < len(changes) else None
        if change.kind == "resumed" and (before is None or change.at - before.at > SHORT):
            return change.at
    return None


def _changes(session: Session, viewer: Viewer, patient_id: UUID) -> list[FollowUpChange]:
    """Return a patient's changes, newest first."""
    return list(
        session.exec(
            select(FollowUpChange)
            .where(
                col(FollowUpChange.clinic_id) == viewer.clinic_id,
                col(FollowUpChange.patient_id) == patient_id,
            )
            .order_by(col(FollowUpChange.at).desc(), col(FollowUpChange.id).desc())
        )
    )


def _add(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    kind: str,
    now: datetime,
    *,
    reason: str = "",
    clinic_name: str = "",
) -> None:
    session.add(
        FollowUpChange(
            clinic_id=viewer.clinic_id,
            patient_id=patient_id,
            at=now,
            kind=kind,
            reason=reason,
            by_id=viewer.actor_id,
            by_name=viewer.name,
            clinic_name=clinic_name,
        )
    )
    session.flush()
