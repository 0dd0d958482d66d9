"""Ask a named person to do what the diary cannot: a task, and a message that says so."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from alerts.posting import post
from db.access import Viewer
from db.models import User
from db.stores import people, tasks

# Whoever can put the system right is asked first, then whoever may treat, then anybody.
_FIRST_ASKED = {"administrator": 0, "clinician": 1}


def helper_of(staff: Collection[User], unreachable: Collection[UUID] = ()) -> User | None:
    """Return who is asked, leaving out who cannot be reached; None when nobody is left."""
    left = [user for user in staff if user.id not in unreachable]
    return min(
        left, key=lambda user: (_FIRST_ASKED.get(user.role, 2), user.name, user.id), default=None
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
    """Queue a message to each of these people by each of their ways."""
    post(session, viewer, user_ids, now, kind=kind, content=dict(content), alert_id=alert_id)
