"""Messages on their way: leased, sent, recorded. The row is the queue."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, not_, or_, update
from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from db import claims
from db.access import Viewer
from db.errors import NotFoundError
from db.models import Clinic, Heartbeat, Notification, User
from db.stores import people
from db.types import new_id

BUNDLING = "bundling"
CLOCK_TOLERANCE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)  # between two tries
LONGEST_LEASE = timedelta(hours=2)
# What must be known of a message to see what leaves with it; a whole row takes far longer to read.
_TO_BUNDLE = (
    col(Notification.id),
    col(Notification.user_id),
    col(Notification.way),
    col(Notification.kind),
    col(Notification.level),
    col(Notification.state),
    col(Notification.attempts),
    col(Notification.bundle_id),
)


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


def claim_weekly(session: Session, viewer: Viewer, day: date) -> bool:
    """Note that the report of the week before a Monday is queued; False when it was already."""
    viewer.require("notification.send")
    claim = (
        update(Clinic)
        .where(col(Clinic.id) == viewer.clinic_id)
        .where(col(Clinic.weekly_sent_on).is_(None) | (col(Clinic.weekly_sent_on) != day))
        .values(weekly_sent_on=day)
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
    session: Session,
    viewer: Viewer,
    now: datetime,
    until: datetime,
    *,
    owner: str = "",
    limit: int = 100,
    without: Collection[str] = (),
) -> list[Notification]:
    """Lease messages that are due, urgent first; nobody else gets them before ``until``.

    A message whose sender died is due again when its lease ran out. Unsent alerts for the same
    day to one person by one way leave together: they get one ``bundle_id``, which a repeat keeps.

    What another transaction holds at this moment, or another worker's turn at the clinic, is passed
    over: ask again soon when something was due and nothing came.

    Args:
        owner: Who leases; it alone may renew the lease.
        limit: Most messages, those that come along in a bundle not counted.
        without: Ways that take no more at present; ``email`` is all mail.
    """
    viewer.require("notification.send")
    # Two workers on PostgreSQL must not each get half of a bundle: while one takes this clinic's
    # messages the other goes on to the next clinic.
    if not claims.turn(session, viewer.clinic_id):
        return []
    due = (
        session.connection()
        .execute(
            claims.unheld(
                columns_of(*_TO_BUNDLE)
                .where(
                    col(Notification.clinic_id) == viewer.clinic_id,
                    _due(now),
                    *(not_(col(Notification.way).startswith(word)) for word in without),
                )
                .order_by(
                    case((col(Notification.level) == "urgent", 0), else_=1),
                    col(Notification.next_attempt_at),
                    col(Notification.id),
                )
                .limit(limit),
                Notification,
            )
        )
        .all()
    )
    taken = {row.id for row in due} | _bundled(session, viewer, due, now)
    if not taken:
        return []
    session.connection().execute(
        update(Notification)
        .where(col(Notification.id).in_(taken), col(Notification.clinic_id) == viewer.clinic_id)
        # One whose alert a person took in this very moment stays withdrawn.
        .where(col(Notification.state).in_(("pending", "failed_temporary", "sending")))
        .values(
            state="sending",
            lease_until=until,
            lease_owner=owner,
            attempts=Notification.attempts + 1,
        )
    )
    return list(
        session.exec(
            select(Notification)
            .where(col(Notification.id).in_(taken), col(Notification.state) == "sending")
            .order_by(
                case((col(Notification.level) == "urgent", 0), else_=1),
                col(Notification.next_attempt_at),
                col(Notification.id),
            )
            .execution_options(populate_existing=True)
        )
    )


def last_by_way(
    session: Session, viewer: Viewer, user_id: UUID | None, ways: Collection[str]
) -> dict[str, Notification]:
    """Return the newest message of each of these ways to one recipient.

    Args:
        user_id: The viewer's own id; None for the clinic's own system, for its administrators.
        ways: Such as ``email`` or ``webhook:<id>``.
    """
    viewer.require("way.own" if user_id == viewer.actor_id else "clinic.write")
    found = {}
    for way in ways:
        newest = session.exec(
            select(Notification)
            .where(
                col(Notification.clinic_id) == viewer.clinic_id,
                col(Notification.user_id) == user_id,
                col(Notification.way) == way,
            )
            .order_by(col(Notification.created_at).desc())
            .limit(1)
        ).first()
        if newest is not None:
            found[way] = newest
    return found


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


def _bundled(session: Session, viewer: Viewer, due: Sequence[Any], now: datetime) -> set[UUID]:
    """Return the messages that leave together with these; new bundles get their id."""
    found: set[UUID] = set()
    kept = {row.bundle_id for row in due if row.bundle_id is not None}
    if kept:
        same = col(Notification.bundle_id).in_(kept)
        # All or none: halves under one Message-ID would be taken for repeats of each other.
        unended = col(Notification.state).in_(("pending", "failed_temporary"))
        found |= _ids(session, viewer, same, or_(unended, _due(now)))
    whom = {(row.user_id, row.way) for row in due if _may_bundle(row)}
    for user_id, way in whom:
        together = _ids(
            session,
            viewer,
            col(Notification.user_id) == user_id,
            col(Notification.way) == way,
            col(Notification.kind) == "alert",
            col(Notification.level) == "prompt",
            col(Notification.state) == "pending",
            col(Notification.attempts) == 0,
            or_(
                col(Notification.next_attempt_at) <= now,
                col(Notification.held_because) == BUNDLING,
            ),
        )
        if len(together) > 1:
            session.connection().execute(
                update(Notification)
                .where(col(Notification.id).in_(together))
                .values(bundle_id=min(together))
            )
            found |= together
    return found


def _may_bundle(row: Any) -> bool:
    return bool(
        row.kind == "alert"
        and row.level == "prompt"
        and row.user_id is not None
        and row.state == "pending"
        and row.attempts == 0
        and row.bundle_id is None
    )


def _ids(session: Session, viewer: Viewer, *conditions: ColumnElement[bool]) -> set[UUID]:
    query = select(Notification.id).where(
        col(Notification.clinic_id) == viewer.clinic_id, *conditions
    )
    return set(session.exec(query))


def _due(now: datetime) -> ColumnElement[bool]:
    # What seems to have been written, or put off, further ahead than anything ever is: the clock
    # was wrong then or is wrong now, and nobody can say how long the message has waited.
    impossible = or_(
        col(Notification.created_at) > now + CLOCK_TOLERANCE,
        and_(
            col(Notification.state) == "failed_temporary",
            col(Notification.next_attempt_at) > now + LONGEST_WAIT + CLOCK_TOLERANCE,
        ),
    )
    due = or_(
        and_(
            col(Notification.state).in_(("pending", "failed_temporary")),
            or_(col(Notification.next_attempt_at) <= now, impossible),
        ),
        and_(
            col(Notification.state) == "sending",
            or_(
                col(Notification.lease_until) <= now,
                col(Notification.lease_until) > now + LONGEST_LEASE,
            ),
        ),
    )
    # Said once more, so that the index of what waits is used and not all that was ever sent read.
    return and_(col(Notification.state).in_(("pending", "failed_temporary", "sending")), due)
