"""Ways out to people, patients and the clinic's own system. Addresses stay sealed in here."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import ContactWay, Notification
from db.stores import audit

MISSING = "This way out is not in your list."


def ways_of_staff(
    session: Session, viewer: Viewer, user_ids: Collection[UUID]
) -> dict[UUID, list[ContactWay]]:
    """Return the ways in use of each of these people, besides the sign-in address; oldest first."""
    viewer.require("notification.send")
    found: dict[UUID, list[ContactWay]] = {user_id: [] for user_id in user_ids}
    for row in session.exec(
        select(ContactWay)
        .where(
            col(ContactWay.clinic_id) == viewer.clinic_id,
            col(ContactWay.user_id).in_(list(user_ids)),
            col(ContactWay.disabled_at).is_(None),
        )
        .order_by(col(ContactWay.created_at), col(ContactWay.id))
    ):
        if row.user_id is not None:
            found[row.user_id].append(row)
    return found


def ways_of_clinic(session: Session, viewer: Viewer) -> list[ContactWay]:
    """Return the ways to the clinic's own system, those switched off too; oldest first."""
    viewer.require("clinic.read")
    return list(
        session.exec(
            select(ContactWay)
            .where(
                col(ContactWay.clinic_id) == viewer.clinic_id,
                col(ContactWay.user_id).is_(None),
                col(ContactWay.patient_id).is_(None),
            )
            .order_by(col(ContactWay.created_at), col(ContactWay.id))
        )
    )


def ways_by_id(
    session: Session, viewer: Viewer, way_ids: Collection[UUID]
) -> dict[UUID, ContactWay]:
    """Return these ways, those switched off too, to send by them."""
    viewer.require("notification.send")
    rows = session.exec(
        select(ContactWay).where(
            col(ContactWay.clinic_id) == viewer.clinic_id, col(ContactWay.id).in_(list(way_ids))
        )
    )
    return {row.id: row for row in rows}


def own_ways(session: Session, viewer: Viewer) -> list[ContactWay]:
    """Return the viewer's own ways, those switched off too; oldest first."""
    viewer.require("way.own")
    return list(
        session.exec(
            select(ContactWay)
            .where(
                col(ContactWay.clinic_id) == viewer.clinic_id,
                col(ContactWay.user_id) == viewer.actor_id,
            )
            .order_by(col(ContactWay.created_at), col(ContactWay.id))
        )
    )


def add_way(session: Session, viewer: Viewer, new: ContactWay, now: datetime) -> None:
    """Keep a new way of the viewer's own, or, for administrators, of the clinic."""
    own = new.user_id is not None
    viewer.require("way.own" if own else "clinic.write")
    if own and new.user_id != viewer.actor_id:
        raise NotFoundError("Everybody adds their own ways.")
    if new.patient_id is not None:
        raise NotFoundError("This is no way of yours or of the clinic.")
    new.clinic_id = viewer.clinic_id
    session.add(new)
    session.flush()
    audit.note(
        session, viewer, "way.add", "contact_way", now, subject_id=new.id, detail={"kind": new.kind}
    )


def switch_way(
    session: Session,
    viewer: Viewer,
    way_id: UUID,
    now: datetime,
    *,
    on: bool = False,
    because: str = "",
) -> None:
    """Switch a way off or on again; messages that wait for one switched off are withdrawn."""
    viewer.require("way.own")
    row = _mine(session, viewer, way_id)
    row.disabled_at = None if on else now
    row.disabled_because = None if on else because
    session.add(row)
    session.flush()
    if not on:
        session.connection().execute(
            update(Notification)
            .where(
                col(Notification.way_id) == way_id,
                col(Notification.state).in_(("pending", "failed_temporary")),
            )
            .values(state="superseded", lease_until=None)
        )
    verb = "way.switch_on" if on else "way.switch_off"
    audit.note(session, viewer, verb, "contact_way", now, subject_id=way_id)


def confirm_way(session: Session, viewer: Viewer, way_id: UUID, now: datetime) -> None:
    """Note that its owner saw a test message arrive."""
    viewer.require("way.own")
    row = _mine(session, viewer, way_id)
    row.confirmed_at = now
    session.add(row)
    session.flush()
    audit.note(session, viewer, "way.confirm", "contact_way", now, subject_id=way_id)


def queue_test(session: Session, viewer: Viewer, new: Notification, now: datetime) -> None:
    """Queue a test message by one of the viewer's own ways or, for administrators, the clinic's.

    Args:
        new: Of kind ``test``; its way is ``email`` for the viewer's sign-in address.
    """
    viewer.require("way.own" if new.user_id == viewer.actor_id else "clinic.write")
    if new.way_id is not None:
        new.user_id = _mine(session, viewer, new.way_id).user_id
    elif new.user_id != viewer.actor_id:
        raise NotFoundError(MISSING)
    new.clinic_id, new.kind = viewer.clinic_id, "test"
    session.add(new)
    session.flush()
    audit.note(session, viewer, "way.test", "notification", now, subject_id=new.id)


def _mine(session: Session, viewer: Viewer, way_id: UUID) -> ContactWay:
    found = session.exec(
        select(ContactWay).where(
            col(ContactWay.id) == way_id, col(ContactWay.clinic_id) == viewer.clinic_id
        )
    ).one_or_none()
    if found is None or found.patient_id is not None:
        raise NotFoundError(MISSING)
    if found.user_id is None:
        viewer.require("clinic.write")
    elif found.user_id != viewer.actor_id:
        raise NotFoundError(MISSING)
    return found
