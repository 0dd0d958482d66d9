"""Tasks: what the diary could not do itself, asked of a named person."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ImpossibleValueError, NotFoundError
from db.keyring import placed
from db.models import Alert, Notification, Patient, Task
from db.stores import audit, people
from db.types import new_id

LONGEST_NOTE = 2000


def add_task(
    session: Session,
    viewer: Viewer,
    kind: str,
    user_id: UUID,
    sentence: str,
    now: datetime,
    alert_id: UUID | None = None,
    notification_id: UUID | None = None,
) -> tuple[UUID, bool]:
    """Ask one person to do something; the same open task is not asked twice.

    Args:
        kind: One of ``db.models.alerting.TASK_KINDS``.
        sentence: What is to be done, without patient data.

    Returns:
        The task's id, and whether it is new.
    """
    viewer.require("notification.send")
    if user_id not in people.staff_names(session, viewer):
        raise NotFoundError("This person is not in your clinic's list.")
    for table, row_id in ((Alert, alert_id), (Notification, notification_id)):
        known = select(table.id).where(
            col(table.id) == row_id, col(table.clinic_id) == viewer.clinic_id
        )
        if row_id is not None and session.exec(known).first() is None:
            raise NotFoundError("What this task is about is not in your clinic's list.")
    same = session.exec(
        select(Task.id).where(
            col(Task.clinic_id) == viewer.clinic_id,
            col(Task.kind) == kind,
            col(Task.sentence) == sentence,
            col(Task.done_at).is_(None),
        )
    ).first()
    if same is not None:
        return same, False
    row = Task(
        id=new_id(),
        clinic_id=viewer.clinic_id,
        kind=kind,
        user_id=user_id,
        alert_id=alert_id,
        notification_id=notification_id,
        sentence=sentence,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id, True


def give_to(session: Session, viewer: Viewer, task_id: UUID, user_id: UUID) -> bool:
    """Hand an open task on to somebody else; False when it is done or not there."""
    viewer.require("notification.send")
    if user_id not in people.staff_names(session, viewer):
        raise NotFoundError("This person is not in your clinic's list.")
    change = (
        update(Task)
        .where(col(Task.id) == task_id, col(Task.clinic_id) == viewer.clinic_id)
        .where(col(Task.done_at).is_(None))
        .values(user_id=user_id)
    )
    return session.connection().execute(change).rowcount == 1


def open_tasks(session: Session, viewer: Viewer) -> list[Task]:
    """Return the clinic's tasks that nobody finished, oldest first."""
    viewer.require("notification.send" if viewer.may("notification.send") else "task.read")
    return list(
        session.exec(
            select(Task)
            .where(col(Task.clinic_id) == viewer.clinic_id, col(Task.done_at).is_(None))
            .order_by(col(Task.created_at), col(Task.id))
        )
    )


def patients_of(session: Session, viewer: Viewer, task_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the codes of the patients whom these tasks are about, by task; others are left out.

    These are tasks about messages to patients, such as reminders.
    """
    viewer.require("task.read")
    rows = session.exec(
        select(Task.id, Patient.code)
        .join(Notification, col(Notification.id) == col(Task.notification_id))
        .join(Patient, col(Patient.id) == col(Notification.patient_id))
        .where(col(Task.clinic_id) == viewer.clinic_id, col(Task.id).in_(list(task_ids)))
    )
    return dict(rows.all())


def alerts_asked_about(session: Session, viewer: Viewer, alert_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these alerts of which a lost message became a task, done or not."""
    viewer.require("task.read")
    return {
        found
        for found in session.exec(
            select(Task.alert_id).where(
                col(Task.clinic_id) == viewer.clinic_id,
                col(Task.kind) == "undeliverable",
                col(Task.alert_id).in_(list(alert_ids)),
            )
        )
        if found is not None
    }


def finish(session: Session, viewer: Viewer, task_id: UUID, note: str, now: datetime) -> bool:
    """Note that this viewer did a task, theirs or a colleague's; False when it was done before.

    Raises:
        ImpossibleValueError: If the note is longer than 2,000 characters.
    """
    viewer.require("task.finish")
    if len(note) > LONGEST_NOTE:
        raise ImpossibleValueError("A note has at most 2,000 characters.")
    kept = placed(session, Task, viewer.clinic_id, task_id, {"note": note.strip()})
    change = (
        update(Task)
        .where(col(Task.id) == task_id, col(Task.clinic_id) == viewer.clinic_id)
        .where(col(Task.done_at).is_(None))
        .values(done_at=now, done_by=viewer.actor_id, **kept)
    )
    if session.connection().execute(change).rowcount != 1:
        return False
    audit.note(session, viewer, "task.finish", "task", now, subject_id=task_id)
    return True
