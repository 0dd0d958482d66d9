"""Reminder rules, what is due for patients, and their private calendars."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from db import claims
from db.access import Viewer
from db.errors import NotFoundError
from db.models import CalendarFeed, Consent, DueRow, Notification, Patient, ReminderRule
from db.stores import audit, people
from db.types import new_id


def rules_of(session: Session, viewer: Viewer, patient_id: UUID) -> dict[str, ReminderRule]:
    """Return the rules that a patient set, by kind; a kind that was never set is absent."""
    viewer.require("reminder.read", patient_id)
    rows = session.exec(
        select(ReminderRule).where(
            col(ReminderRule.clinic_id) == viewer.clinic_id,
            col(ReminderRule.patient_id) == patient_id,
        )
    )
    return {row.kind: row for row in rows}


def set_rule(
    session: Session, viewer: Viewer, kind: str, local_time: str, is_on: bool, now: datetime
) -> None:
    """Set when the patient who asks is reminded; ``kind`` is ``entry`` or ``dose``."""
    viewer.require("reminder.write", viewer.patient_id)
    if viewer.patient_id is None:
        raise NotFoundError("Only patients set their own reminders.")
    row = rules_of(session, viewer, viewer.patient_id).get(kind)
    if row is None:
        row = ReminderRule(
            clinic_id=viewer.clinic_id,
            patient_id=viewer.patient_id,
            kind=kind,
            local_time=local_time,
            changed_at=now,
        )
    row.local_time, row.is_on, row.changed_at = local_time, is_on, now
    session.add(row)
    session.flush()
    audit.note(
        session,
        viewer,
        "reminder.set",
        "reminder_rule",
        now,
        subject_id=row.id,
        patient_id=viewer.patient_id,
        detail={"kind": kind, "at": local_time, "on": is_on},
    )


def set_time_zone(session: Session, viewer: Viewer, time_zone: str, now: datetime) -> None:
    """Set the zone in which the patient who asks lives; what is due must be moved with it."""
    viewer.require("reminder.write", viewer.patient_id)
    claim = (
        update(Patient)
        .where(col(Patient.id) == viewer.patient_id, col(Patient.clinic_id) == viewer.clinic_id)
        .values(time_zone=time_zone)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise NotFoundError("This patient is not in your clinic's list.")
    session.expire_all()
    audit.note(
        session,
        viewer,
        "time_zone.set",
        "patient",
        now,
        patient_id=viewer.patient_id,
        detail={"zone": time_zone},
    )


def first_consent_at(session: Session, viewer: Viewer, patient_id: UUID) -> datetime | None:
    """Return when a patient first agreed to the diary; None = not yet."""
    viewer.require("reminder.plan")
    return session.exec(
        select(func.min(Consent.agreed_at)).where(
            col(Consent.clinic_id) == viewer.clinic_id,
            col(Consent.patient_id) == patient_id,
            col(Consent.answer) == "agreed",
        )
    ).one()


def to_plan(session: Session, viewer: Viewer, before: datetime, limit: int) -> list[Patient]:
    """Return patients in follow-up whose due rows end before an instant, or were never made."""
    viewer.require("reminder.plan")
    followed = (
        col(Patient.clinic_id) == viewer.clinic_id,
        col(Patient.active).is_(True),
        col(Patient.is_test).is_(False),
    )
    # Two questions, each by the index; one with OR would read every patient.
    never = session.exec(
        select(Patient).where(*followed, col(Patient.planned_until).is_(None)).limit(limit)
    ).all()
    ending = session.exec(
        select(Patient)
        .where(*followed, col(Patient.planned_until) < before)
        .order_by(col(Patient.planned_until))
        .limit(limit - len(never))
    ).all()
    return [*never, *ending]


def planned(session: Session, viewer: Viewer, patient_id: UUID, until: datetime) -> None:
    """Note up to when the due rows of a patient are made."""
    viewer.require("reminder.plan")
    session.connection().execute(
        update(Patient)
        .where(col(Patient.id) == patient_id, col(Patient.clinic_id) == viewer.clinic_id)
        .values(planned_until=until)
    )


def add_due(session: Session, viewer: Viewer, rows: Sequence[DueRow]) -> int:
    """Keep rows that are not there yet; returns how many were new.

    One that was settled because the patient's rule changed or was off, because an entry was
    corrected, or because the patient was not followed for a while, waits again.
    """
    viewer.require("reminder.plan")
    for patient_id in {row.patient_id for row in rows}:
        people.patient(session, viewer, patient_id)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = 0
    for row in rows:
        values = row.model_dump() | {"clinic_id": viewer.clinic_id}
        made = (
            insert(DueRow)
            .values(**values)
            .on_conflict_do_update(
                index_elements=[col(DueRow.patient_id), col(DueRow.key)],
                set_={
                    "state": "waiting",
                    "because": "",
                    "settled_at": None,
                    "due_at": row.due_at,
                    "local_time": row.local_time,
                },
                where=col(DueRow.because).in_(("changed", "off", "corrected", "not_followed")),
            )
        )
        added += session.connection().execute(made).rowcount
    return added


def due(session: Session, viewer: Viewer, now: datetime, limit: int) -> list[DueRow]:
    """Return what waits and is due, longest due first."""
    viewer.require("reminder.plan")
    return list(
        session.exec(
            select(DueRow)
            .where(
                col(DueRow.clinic_id) == viewer.clinic_id,
                col(DueRow.state) == "waiting",
                col(DueRow.due_at) <= now,
            )
            .order_by(col(DueRow.due_at), col(DueRow.id))
            .limit(limit)
        )
    )


def waiting_of(session: Session, viewer: Viewer, patient_id: UUID) -> list[DueRow]:
    """Return what waits for a patient, the next first."""
    viewer.require("reminder.read", patient_id)
    return list(
        session.exec(
            select(DueRow)
            .where(
                col(DueRow.clinic_id) == viewer.clinic_id,
                col(DueRow.patient_id) == patient_id,
                col(DueRow.state) == "waiting",
            )
            .order_by(col(DueRow.due_at), col(DueRow.id))
        )
    )


def take(session: Session, viewer: Viewer, due_id: UUID) -> bool:
    """Hold a waiting row until this transaction ends.

    False when it waits no more, or another worker holds it: that one settles it.
    """
    viewer.require("reminder.plan")
    waiting = select(DueRow.id).where(
        col(DueRow.id) == due_id,
        col(DueRow.clinic_id) == viewer.clinic_id,
        col(DueRow.state) == "waiting",
    )
    return session.exec(claims.unheld(waiting, DueRow)).first() is not None


def settle(
    session: Session, viewer: Viewer, due_id: UUID, state: str, because: str, now: datetime
) -> bool:
    """Say what became of a waiting row; False when somebody else settled it first."""
    viewer.require("reminder.plan")
    claim = (
        update(DueRow)
        .where(col(DueRow.id) == due_id, col(DueRow.clinic_id) == viewer.clinic_id)
        .where(col(DueRow.state) == "waiting")
        .values(state=state, because=because, settled_at=now)
    )
    return session.connection().execute(claim).rowcount == 1


def move(
    session: Session, viewer: Viewer, due_id: UUID, due_at: datetime, local_time: str | None
) -> bool:
    """Give a waiting row another instant; False when it waits no more."""
    viewer.require("reminder.plan")
    claim = (
        update(DueRow)
        .where(col(DueRow.id) == due_id, col(DueRow.clinic_id) == viewer.clinic_id)
        .where(col(DueRow.state) == "waiting")
        .values(due_at=due_at, local_time=local_time)
    )
    return session.connection().execute(claim).rowcount == 1


def messages_to(
    session: Session, viewer: Viewer, patient_id: UUID, *, limit: int = 10
) -> list[Notification]:
    """Return the newest messages to a patient, newest first."""
    viewer.require("reminder.read", patient_id)
    return list(
        session.exec(
            select(Notification)
            .where(
                col(Notification.clinic_id) == viewer.clinic_id,
                col(Notification.patient_id) == patient_id,
            )
            .order_by(col(Notification.created_at).desc(), col(Notification.id).desc())
            .limit(limit)
        )
    )


def open_feed(
    session: Session, viewer: Viewer, new_hash: str, discreet: bool, now: datetime
) -> None:
    """Keep a new calendar address of the patient who asks; older ones end."""
    viewer.require("reminder.write", viewer.patient_id)
    if viewer.patient_id is None:
        raise NotFoundError("Only patients have a calendar.")
    _end_feeds(session, viewer, now)
    feed = CalendarFeed(
        id=new_id(),
        clinic_id=viewer.clinic_id,
        patient_id=viewer.patient_id,
        token_hash=new_hash,
        discreet=discreet,
        created_at=now,
    )
    session.add(feed)
    session.flush()
    _note_feed(session, viewer, "calendar.open", now, discreet=discreet)


def end_feed(session: Session, viewer: Viewer, now: datetime) -> None:
    """Let the calendar address of the patient who asks answer no more."""
    viewer.require("reminder.write", viewer.patient_id)
    if _end_feeds(session, viewer, now):
        _note_feed(session, viewer, "calendar.end", now)


def set_discreet(session: Session, viewer: Viewer, discreet: bool, now: datetime) -> None:
    """Choose whether the calendar may name the medicine; the address stays."""
    viewer.require("reminder.write", viewer.patient_id)
    session.connection().execute(
        update(CalendarFeed)
        .where(
            col(CalendarFeed.patient_id) == viewer.patient_id,
            col(CalendarFeed.clinic_id) == viewer.clinic_id,
            col(CalendarFeed.ended_at).is_(None),
        )
        .values(discreet=discreet)
    )
    _note_feed(session, viewer, "calendar.discreet", now, discreet=discreet)


def feed_of(session: Session, viewer: Viewer, patient_id: UUID) -> CalendarFeed | None:
    """Return the calendar that a patient has now; None when none."""
    viewer.require("reminder.read", patient_id)
    return session.exec(
        select(CalendarFeed).where(
            col(CalendarFeed.clinic_id) == viewer.clinic_id,
            col(CalendarFeed.patient_id) == patient_id,
            col(CalendarFeed.ended_at).is_(None),
        )
    ).one_or_none()


def fetched(session: Session, viewer: Viewer, feed_id: UUID, on: date) -> None:
    """Note the day on which a calendar program asked for the viewer's own calendar."""
    viewer.require("reminder.write", viewer.patient_id)
    session.connection().execute(
        update(CalendarFeed)
        .where(
            col(CalendarFeed.id) == feed_id,
            col(CalendarFeed.clinic_id) == viewer.clinic_id,
            col(CalendarFeed.patient_id) == viewer.patient_id,
        )
        .values(fetched_on=on)
    )


def _end_feeds(session: Session, viewer: Viewer, now: datetime) -> bool:
    claim = (
        update(CalendarFeed)
        .where(
            col(CalendarFeed.patient_id) == viewer.patient_id,
            col(CalendarFeed.clinic_id) == viewer.clinic_id,
            col(CalendarFeed.ended_at).is_(None),
        )
        .values(ended_at=now)
    )
    return session.connection().execute(claim).rowcount > 0


def _note_feed(
    session: Session, viewer: Viewer, verb: str, now: datetime, **detail: object
) -> None:
    audit.note(
        session,
        viewer,
        verb,
        "calendar_feed",
        now,
        patient_id=viewer.patient_id,
        detail=detail,
    )
