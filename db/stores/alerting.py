"""Alerts, what happened to them, and the messages about them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, update
from sqlmodel import Session, col, select

from db import claims
from db.access import Viewer
from db.errors import NotFoundError
from db.keyring import placed
from db.models import Alert, AlertEvent, Notification
from db.stores import audit, people
from db.types import new_id

QUIET_HOURS = "quiet_hours"
LIVING = ("open", "acknowledged")


def add_alert(session: Session, viewer: Viewer, new: Alert) -> None:
    """Keep a new alert. The diary itself raises alerts, so the worker's viewer is asked for."""
    viewer.require("alert.escalate")
    new.is_test = people.patient(session, viewer, new.patient_id).is_test
    new.clinic_id = viewer.clinic_id
    session.add(new)
    session.flush()


def code_taken(session: Session, viewer: Viewer, code: str) -> bool:
    """Return whether any alert of this installation has this code already."""
    viewer.require("alert.escalate")
    return session.exec(select(Alert.id).where(col(Alert.code) == code)).first() is not None


def open_alerts_of(session: Session, viewer: Viewer, patient_id: UUID) -> list[Alert]:
    """Return a patient's alerts that nobody closed, newest first."""
    viewer.require("alert.read_own" if viewer.patient_id is not None else "alert.read", patient_id)
    return list(
        session.exec(
            select(Alert)
            .where(
                col(Alert.clinic_id) == viewer.clinic_id,
                col(Alert.patient_id) == patient_id,
                col(Alert.state) != "closed",
            )
            .order_by(col(Alert.raised_at).desc())
        )
    )


def alerts_of(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Alert]:
    """Return a patient's alerts raised in a period, oldest first; no bound = all."""
    viewer.require("alert.read_own" if viewer.patient_id is not None else "alert.read", patient_id)
    query = select(Alert).where(
        col(Alert.clinic_id) == viewer.clinic_id, col(Alert.patient_id) == patient_id
    )
    if since is not None:
        query = query.where(col(Alert.raised_at) >= since)
    if until is not None:
        query = query.where(col(Alert.raised_at) < until)
    return list(session.exec(query.order_by(col(Alert.raised_at))))


def alert(session: Session, viewer: Viewer, alert_id: UUID) -> Alert:
    """Return one alert of the viewer's clinic as it is now, also when it was read before."""
    viewer.require("alert.read")
    found = session.exec(
        select(Alert)
        .where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFoundError("This alert is not in your clinic's inbox.")
    return found


def alerts_by_id(
    session: Session, viewer: Viewer, alert_ids: Collection[UUID]
) -> dict[UUID, Alert]:
    """Return these alerts of the viewer's clinic; one that is not there is left out."""
    viewer.require("alert.read")
    rows = session.exec(
        select(Alert).where(
            col(Alert.clinic_id) == viewer.clinic_id, col(Alert.id).in_(list(alert_ids))
        )
    )
    return {row.id: row for row in rows}


def inbox(session: Session, viewer: Viewer, *, closed_since: datetime | None = None) -> list[Alert]:
    """Return the clinic's alerts as they are to be worked off.

    Urgent before same-day; of one level first what nobody has, then what is taken, each the
    longest waiting first.

    Args:
        closed_since: Also return alerts closed since this instant, at the end, newest first.
    """
    viewer.require("alert.read")
    living = col(Alert.state).in_(LIVING)
    wanted = living if closed_since is None else or_(living, col(Alert.closed_at) >= closed_since)
    rows = session.exec(
        select(Alert).where(
            col(Alert.clinic_id) == viewer.clinic_id, col(Alert.is_test).is_(False), wanted
        )
    )
    return sorted(rows, key=_turn)


def _turn(alert: Alert) -> tuple[bool, bool, bool, float]:
    if alert.closed_at is not None:
        return (True, False, False, -alert.closed_at.timestamp())
    taken = alert.state == "acknowledged"
    return (False, alert.level != "urgent", taken, alert.raised_at.timestamp())


def due_alerts(session: Session, viewer: Viewer, now: datetime) -> list[UUID]:
    """Return the ids of the clinic's alerts that want a decision now, longest due first."""
    viewer.require("alert.escalate")
    ours = (
        col(Alert.clinic_id) == viewer.clinic_id,
        col(Alert.state).in_(LIVING),
        col(Alert.is_test).is_(False),
    )
    # What lies in the future though it happened means that the clock went back. Three questions,
    # each with an index of its own: the cost grows with what is due, not with what sleeps.
    due = session.exec(
        select(Alert.id)
        .where(*ours, col(Alert.next_look_at) <= now)
        .order_by(col(Alert.next_look_at))
    ).all()
    ahead = session.exec(select(Alert.id).where(*ours, col(Alert.step_entered_at) > now)).all()
    taken = session.exec(select(Alert.id).where(*ours, col(Alert.acknowledged_at) > now)).all()
    return list(dict.fromkeys([*due, *ahead, *taken]))


def claim(session: Session, viewer: Viewer, alert_id: UUID) -> Alert | None:
    """Hold an alert until this transaction ends, and return it as it is now.

    None when another worker holds it: that one carries out what is due.
    """
    viewer.require("alert.escalate")
    mine = select(Alert).where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
    held = claims.unheld(mine, Alert).execution_options(populate_existing=True)
    return session.exec(held).one_or_none()


def change_alert(
    session: Session, viewer: Viewer, alert_id: UUID, revision: int, values: Mapping[str, Any]
) -> bool:
    """Change an alert if nobody changed it since it was read; returns whether it was."""
    viewer.require(_verb(viewer))
    claim = (
        update(Alert)
        .where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
        .where(col(Alert.revision) == revision)
        .values(**values, revision=revision + 1)
    )
    return session.connection().execute(claim).rowcount == 1


def add_event(
    session: Session,
    viewer: Viewer,
    alert_id: UUID,
    kind: str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one line to an alert's history."""
    viewer.require(_verb(viewer))
    known = select(Alert.id).where(
        col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id
    )
    if session.exec(known).first() is None:
        raise NotFoundError("This alert is not in your clinic's inbox.")
    session.add(
        AlertEvent(
            clinic_id=viewer.clinic_id,
            alert_id=alert_id,
            at=now,
            kind=kind,
            actor_id=viewer.actor_id,
            actor_name=viewer.name,
            detail=dict(detail or {}),
        )
    )
    session.flush()


def add_events(
    session: Session,
    viewer: Viewer,
    lines: Sequence[tuple[UUID, str, Mapping[str, Any]]],
    now: datetime,
) -> None:
    """Add many lines at once; each is the alert's id, the kind of event and its detail."""
    viewer.require(_verb(viewer))
    known = set(
        session.exec(
            select(Alert.id).where(
                col(Alert.clinic_id) == viewer.clinic_id,
                col(Alert.id).in_({alert_id for alert_id, _kind, _detail in lines}),
            )
        )
    )
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "clinic_id": viewer.clinic_id,
            "alert_id": alert_id,
            "at": now,
            "kind": kind,
            "actor_id": viewer.actor_id,
            "actor_name": viewer.name,
            "detail": dict(detail),
        }
        for alert_id, kind, detail in lines
        if alert_id in known
    ]
    if rows:
        whole = [placed(session, AlertEvent, viewer.clinic_id, row["id"], row) for row in rows]
        session.connection().execute(insert(AlertEvent), whole)


def events(session: Session, viewer: Viewer, alert_id: UUID) -> list[AlertEvent]:
    """Return an alert's history, oldest first."""
    viewer.require("alert.read")
    return list(
        session.exec(
            select(AlertEvent)
            .where(
                col(AlertEvent.alert_id) == alert_id,
                col(AlertEvent.clinic_id) == viewer.clinic_id,
            )
            .order_by(col(AlertEvent.at), col(AlertEvent.id))
        )
    )


def acknowledge(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
    """Take an open alert for this viewer; False when a colleague was first.

    Messages about it that were not sent yet are superseded in the same transaction.
    """
    viewer.require("alert.acknowledge")
    claim = (
        update(Alert)
        .where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
        .where(col(Alert.state) == "open")
        .values(
            state="acknowledged",
            acknowledged_by=viewer.actor_id,
            acknowledged_at=now,
            snoozed_until=None,
            holder_told_at=None,
            revision=Alert.revision + 1,
        )
    )
    if session.connection().execute(claim).rowcount != 1:
        return False
    supersede(session, viewer, alert_id)
    add_event(session, viewer, alert_id, "acknowledged", now)
    _note(session, viewer, "alert.acknowledge", alert_id, now)
    return True


def hand_back(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
    """Give an alert that this viewer holds back to the team; False when they do not hold it."""
    viewer.require("alert.acknowledge")
    claim = (
        update(Alert)
        .where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
        .where(col(Alert.state) == "acknowledged", col(Alert.acknowledged_by) == viewer.actor_id)
        .values(
            state="open",
            acknowledged_by=None,
            acknowledged_at=None,
            snoozed_until=None,
            holder_told_at=None,
            next_look_at=now,
            revision=Alert.revision + 1,
        )
    )
    if session.connection().execute(claim).rowcount != 1:
        return False
    add_event(session, viewer, alert_id, "handed_back", now)
    _note(session, viewer, "alert.hand_back", alert_id, now)
    return True


def snooze(
    session: Session,
    viewer: Viewer,
    alert_id: UUID,
    revision: int,
    until: datetime,
    spent_seconds: int,
    now: datetime,
) -> bool:
    """Keep until when this viewer snoozes an alert; False when it changed or they hold it not.

    Messages to its holder that were not sent yet are superseded in the same transaction.

    Args:
        revision: Of the alert that the caps were checked on.
        until: When the holder is told again.
        spent_seconds: How long it was snoozed in all, this time included.
    """
    viewer.require("alert.acknowledge")
    claim = (
        update(Alert)
        .where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
        .where(col(Alert.state) == "acknowledged", col(Alert.acknowledged_by) == viewer.actor_id)
        .where(col(Alert.revision) == revision)
        .values(
            snoozed_until=until,
            snoozed_seconds=spent_seconds,
            holder_told_at=None,
            next_look_at=until,
            revision=Alert.revision + 1,
        )
    )
    if session.connection().execute(claim).rowcount != 1:
        return False
    supersede(session, viewer, alert_id)
    detail = {"until": until.isoformat(), "seconds_in_all": spent_seconds}
    add_event(session, viewer, alert_id, "snoozed", now, detail)
    _note(session, viewer, "alert.snooze", alert_id, now, detail)
    return True


def close(session: Session, viewer: Viewer, alert_id: UUID, outcome: str, now: datetime) -> bool:
    """Close an alert with its outcome; False when a colleague closed it first."""
    viewer.require("alert.close")
    claim = (
        update(Alert)
        .where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
        .where(col(Alert.state) != "closed")
        .values(
            state="closed",
            closed_by=viewer.actor_id,
            closed_at=now,
            outcome=outcome,
            next_look_at=None,
            snoozed_until=None,
            revision=Alert.revision + 1,
        )
    )
    if session.connection().execute(claim).rowcount != 1:
        return False
    supersede(session, viewer, alert_id)
    add_event(session, viewer, alert_id, "closed", now, {"outcome": outcome})
    _note(session, viewer, "alert.close", alert_id, now, {"outcome": outcome})
    return True


def close_test(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
    """Close a test alert, which is no patient's; every other one is closed by a person alone."""
    viewer.require("alert.escalate")
    claim = (
        update(Alert)
        .where(col(Alert.id) == alert_id, col(Alert.clinic_id) == viewer.clinic_id)
        .where(col(Alert.is_test).is_(True), col(Alert.state) != "closed")
        .values(state="closed", closed_at=now, next_look_at=None, revision=Alert.revision + 1)
    )
    if session.connection().execute(claim).rowcount != 1:
        return False
    supersede(session, viewer, alert_id)
    add_event(session, viewer, alert_id, "closed", now, {"test": True})
    return True


def supersede(session: Session, viewer: Viewer, alert_id: UUID) -> None:
    """Withdraw the messages about an alert that were not sent yet."""
    viewer.require(_verb(viewer))
    session.connection().execute(
        update(Notification)
        .where(
            col(Notification.alert_id) == alert_id,
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.state).in_(("pending", "failed_temporary")),
        )
        .values(state="superseded", lease_until=None)
    )


def _verb(viewer: Viewer) -> str:
    return "alert.escalate" if viewer.may("alert.escalate") else "alert.acknowledge"


def _note(
    session: Session,
    viewer: Viewer,
    verb: str,
    alert_id: UUID,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    whose = session.exec(select(Alert.patient_id).where(col(Alert.id) == alert_id)).one()
    audit.note(
        session, viewer, verb, "alert", now, subject_id=alert_id, patient_id=whose, detail=detail
    )
