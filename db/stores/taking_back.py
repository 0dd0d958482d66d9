"""What is taken back: the closing of an alert, and messages that nobody was sent yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Alert, Notification
from db.stores import alerting, audit


def reopen(
    session: Session, viewer: Viewer, alert_id: UUID, closed_since: datetime, now: datetime
) -> bool:
    """Take back that this viewer closed an alert; False when they did not, or before that instant.

    Who had it has it again; if nobody had it, this viewer has.
    """
    viewer.require("alert.close")
    claim = (
        update(Alert)
        .where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
        .where(col(Alert.state) == "closed", col(Alert.closed_by) == viewer.actor_id)
        .where(col(Alert.closed_at) >= closed_since)
        .values(
            state="acknowledged",
            acknowledged_by=func.coalesce(Alert.acknowledged_by, viewer.actor_id),
            acknowledged_at=func.coalesce(Alert.acknowledged_at, now),
            closed_by=None,
            closed_at=None,
            outcome=None,
            snoozed_until=None,
            holder_told_at=None,
            next_look_at=now,
            revision=Alert.revision + 1,
        )
    )
    if session.connection().execute(claim).rowcount != 1:
        return False
    alerting.add_event(session, viewer, alert_id, "reopened", now)
    whose = alerting.alert(session, viewer, alert_id).patient_id
    audit.note(session, viewer, "alert.reopen", "alert", now, subject_id=alert_id, patient_id=whose)
    return True


def withdraw_held(session: Session, viewer: Viewer, alert_id: UUID) -> list[UUID]:
    """Withdraw the messages that quiet hours hold and return whom they were for, each once."""
    viewer.require("alert.escalate")
    held = (
        col(Notification.alert_id) == alert_id,
        col(Notification.clinic_id) == viewer.clinic_id,
        col(Notification.state) == "pending",
        col(Notification.held_because) == alerting.QUIET_HOURS,
    )
    users = session.exec(
        select(Notification.user_id).where(*held).order_by(col(Notification.id))
    ).all()
    session.connection().execute(update(Notification).where(*held).values(state="superseded"))
    return list(dict.fromkeys(user for user in users if user is not None))
