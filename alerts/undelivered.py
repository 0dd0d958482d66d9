"""What can no longer be delivered becomes a task of a named person, who is told of it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from alerts.asking import helper_of
from alerts.posting import EMAIL, post
from db.access import Viewer
from db.models import Notification, User
from db.stores import alerting, people, tasks


def hand_over(
    session: Session, viewer: Viewer, lost: Notification, error: str, now: datetime
) -> None:
    """Ask a person to make up for a message that failed for good, and tell them.

    When the message that told somebody of a task is lost too, the task goes on to the next person.
    With nobody left it stays open and is shown on every inbox.

    Args:
        lost: The message, as it was when it was tried.
        error: Why it was lost.
    """
    if lost.kind in ("test", "probe"):
        return  # whoever asked for it sees the result
    unreachable = {UUID(word) for word in lost.content.get("unreachable", ())}
    if lost.user_id is not None:
        unreachable.add(lost.user_id)
    staff = people.staff(session, viewer)
    helper = helper_of(staff, unreachable)
    if lost.kind == "task":
        task_id = UUID(lost.content["task"])
        if helper is not None and tasks.give_to(session, viewer, task_id, helper.id):
            _tell(session, viewer, helper, task_id, lost.content["sentence"], unreachable, now)
        return
    asked = helper or (staff[0] if staff else None)
    if asked is None:
        return  # nobody works here; the alert's own page and history say what was lost
    sentence = _sentence(session, viewer, lost, error)
    task_id, new = tasks.add_task(
        session,
        viewer,
        "undeliverable",
        asked.id,
        sentence,
        now,
        alert_id=lost.alert_id,
        notification_id=lost.id,
    )
    if new and helper is not None:
        _tell(session, viewer, helper, task_id, sentence, unreachable, now)


def _tell(
    session: Session,
    viewer: Viewer,
    helper: User,
    task_id: UUID,
    sentence: str,
    unreachable: Collection[UUID],
    now: datetime,
) -> None:
    content: Mapping[str, object] = {
        "task": str(task_id),
        "sentence": sentence,
        "unreachable": sorted(map(str, unreachable)),
    }
    post(session, viewer, [helper.id], now, kind="task", content=content)


def _sentence(session: Session, viewer: Viewer, lost: Notification, error: str) -> str:
    names = people.staff_names(session, viewer)
    by = "by e-mail" if lost.way == EMAIL else "by a way out of their own"
    if lost.user_id is not None:
        whom = f"{names[lost.user_id]} could not be told {by}"
        do = f"Tell {names[lost.user_id]} yourself and have the address put right."
    elif lost.patient_id is not None:
        whom = "A patient could not be reached"
        do = "Sign in to see who; phone them and have the address put right."
    else:
        whom = "The clinic's own system did not take a message"
        do = "Have its address put right."
    about = ""
    if lost.alert_id is not None:
        about = f" of alert {alerting.alert(session, viewer, lost.alert_id).code}"
    elif lost.kind == "digest":
        about = " of the daily summary"
    return f"{whom}{about}. {error} {do}"
