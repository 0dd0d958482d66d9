"""Ask a named person to do what the diary cannot: a task, and a message that says so."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.models import Notification, User
from db.stores import outbox, people, tasks
from db.types import new_id

# Whoever can put the system right is asked first, then whoever may treat, then anybody.
_FIRST_ASKED = {"administrator": 0, "clinician": 1}


def helper_of(staff: Collection[User]) -> User | None:
    """Return who is asked; None when nobody works here."""
    return min(
        staff, key=lambda user: (_FIRST_ASKED.get(user.role, 2), user.name, user.id), default=None
    )


def ask(
    session: Session,
    viewer: Viewer,
    kind: str,
    sentence: str,
    now: datetime,
    *,
    alert_id: UUID | None = None,
    notification_id: UUID | None = None,
) -> bool:
    """Ask one person to do something; the same is not asked twice while it is open.

    Args:
        kind: One of ``db.models.alerting.TASK_KINDS``.
        sentence: What is to be done, without patient data.

    Returns:
        Whether it is a new task. With nobody to ask it is False.
    """
    helper = helper_of(people.staff(session, viewer))
    if helper is None:
        return False
    task_id, new = tasks.add_task(
        session, viewer, kind, helper.id, sentence, now, alert_id, notification_id
    )
    if new:
        content = {"task": str(task_id), "sentence": sentence, "unreachable": []}
        tell(session, viewer, [helper.id], "task", content, now)
    return new


def tell(
    session: Session,
    viewer: Viewer,
    user_ids: Collection[UUID],
    kind: str,
    content: Mapping[str, object],
    now: datetime,
    *,
    alert_id: UUID | None = None,
) -> None:
    """Queue one message to each of these people."""
    for user_id in user_ids:
        notification_id = new_id()
        outbox.add_notification(
            session,
            viewer,
            Notification(
                id=notification_id,
                clinic_id=viewer.clinic_id,
                user_id=user_id,
                alert_id=alert_id,
                kind=kind,
                content=dict(content),
                message_id=f"<{notification_id}@diary>",
                created_at=now,
                next_attempt_at=now,
            ),
        )
