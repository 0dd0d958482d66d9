"""Messages on their way: leased, sent, recorded. The row is the queue."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import Clinic, Heartbeat, Notification, User
from db.stores import people
from db.types import new_id


def add_notification(session: Session, viewer: Viewer, new: Notification) -> None:
    """Queue one message, in the transaction of what it is about."""
    viewer.require("notification.send")
    if new.user_id is not None and new.user_id not in people.staff_names(session, viewer):
        raise NotFoundError("This person is not in your clinic's list.")
    if new.patient_id is not None:
        people.patient(session, viewer, new.patient_id)
    new.clinic_id = viewer.clinic_id
    session.add(new)
    session.flush()


def claim_digest(session: Session, viewer: Viewer, day: date) -> bool:
    """Note that the summary of a local day is being queued; False when it was already."""
    viewer.require("notification.send")
    claim = (
        update(Clinic)
        .where(col(Clinic.id) == viewer.clinic_id)
        .where(col(Clinic.digest_sent_on).is_(None) | (col(Clinic.digest_sent_on) != day))
        .values(digest_sent_on=day)
    )
    return session.connection().execute(claim).rowcount == 1


def anything_due(session: Session, viewer: Viewer, now: datetime) -> bool:
    """Return whether any message is due; takes no write lock."""
    viewer.require("notification.send")
    return (
        session.exec(
            select(Notification.id)
            .where(col(Notification.clinic_id) == viewer.clinic_id, _due(now))
            .limit(1)
        ).first()
        is not None
    )


def lease(
    session: Session, viewer: Viewer, now: datetime, until: datetime, *, limit: int = 20
) -> list[Notification]:
    """Lease messages that are due, urgent first; nobody else gets them before ``until``.

    A message whose sender died is due again when its lease ran out. The count of each UPDATE
    decides, so two workers never lease the same row.
    """
    viewer.require("notification.send")
    due = _due(now)
    rows = session.exec(
        select(Notification)
        .where(col(Notification.clinic_id) == viewer.clinic_id, due)
        .order_by(col(Notification.next_attempt_at))
    ).all()
    leased = []
    for row in sorted(rows, key=lambda r: (r.level != "urgent", r.next_attempt_at))[:limit]:
        claim = (
            update(Notification)
            .where(col(Notification.id) == row.id, col(Notification.attempts) == row.attempts)
            .where(due)
            .values(state="sending", lease_until=until, attempts=row.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if session.connection().execute(claim).rowcount == 1:
            session.refresh(row)
            leased.append(row)
    return leased


def sent(session: Session, viewer: Viewer, notification_id: UUID, now: datetime) -> None:
    """Record that a message was handed to its way out."""
    viewer.require("notification.send")
    _settle(session, viewer, notification_id, {"state": "sent", "sent_at": now, "error": ""})


def failed(
    session: Session,
    viewer: Viewer,
    notification_id: UUID,
    error: str,
    *,
    next_attempt_at: datetime | None,
) -> None:
    """Record a failure: temporary with the next attempt, or permanent when that is None."""
    viewer.require("notification.send")
    values: dict[str, object] = {"state": "failed_permanent", "error": error}
    if next_attempt_at is not None:
        values = {
            "state": "failed_temporary",
            "error": error,
            "next_attempt_at": next_attempt_at,
        }
    _settle(session, viewer, notification_id, values)


def of_alerts(
    session: Session, viewer: Viewer, alert_ids: Collection[UUID]
) -> dict[UUID, list[Notification]]:
    """Return the messages about these alerts, oldest first."""
    viewer.require("alert.read")
    found: dict[UUID, list[Notification]] = {alert_id: [] for alert_id in alert_ids}
    for row in session.exec(
        select(Notification)
        .where(
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.alert_id).in_(list(alert_ids)),
        )
        .order_by(col(Notification.created_at), col(Notification.id))
    ):
        if row.alert_id is not None:
            found[row.alert_id].append(row)
    return found


def recipient(session: Session, viewer: Viewer, user_id: UUID | None) -> User | None:
    """Return an active member of the viewer's clinic; None when they left."""
    viewer.require("staff.list")
    return session.exec(
        select(User).where(
            col(User.id) == user_id,
            col(User.clinic_id) == viewer.clinic_id,
            col(User.active).is_(True),
        )
    ).one_or_none()


def beat(session: Session, viewer: Viewer, name: str, now: datetime, **detail: object) -> None:
    """Note that a background duty ran."""
    viewer.require("notification.send")
    row = session.exec(select(Heartbeat).where(col(Heartbeat.name) == name)).one_or_none()
    if row is None:
        row = Heartbeat(id=new_id(), name=name, at=now)
    row.at, row.detail = now, dict(detail)
    session.add(row)
    session.flush()


def last_beat(session: Session, viewer: Viewer, name: str) -> datetime | None:
    """Return when a background duty last ran; None when never. Everybody may know."""
    viewer.require("diary.read" if viewer.may("diary.read") else "clinic.read")
    row = session.exec(select(Heartbeat).where(col(Heartbeat.name) == name)).one_or_none()
    return None if row is None else row.at


def _settle(
    session: Session, viewer: Viewer, notification_id: UUID, values: dict[str, object]
) -> None:
    # Only a row that is still leased: one acknowledged meanwhile stays superseded or sent.
    session.connection().execute(
        update(Notification)
        .where(
            col(Notification.id) == notification_id,
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.state) == "sending",
        )
        .values(**values, lease_until=None)
    )


def _due(now: datetime) -> ColumnElement[bool]:
    due = or_(
        and_(
            col(Notification.state).in_(("pending", "failed_temporary")),
            col(Notification.next_attempt_at) <= now,
        ),
        and_(col(Notification.state) == "sending", col(Notification.lease_until) <= now),
    )
    # Said once more, so that the index of what waits is used and not all that was ever sent read.
    return and_(col(Notification.state).in_(("pending", "failed_temporary", "sending")), due)
