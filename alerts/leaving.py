"""Somebody leaves the care team: their alerts and tasks go to the others at once."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from alerts.asking import helper_of, tell
from alerts.telling import change
from db.access import Viewer
from db.stores import alerting, people, tasks


def return_alerts_of(session: Session, viewer: Viewer, user_id: UUID, now: datetime) -> int:
    """Open again every alert that this person holds, and return how many; nothing is closed.

    Args:
        viewer: The worker's: nobody takes or gives back an alert in another person's name.
        user_id: Who can no longer act on them.
    """
    viewer.require("alert.escalate")
    held = [
        alert
        for alert in alerting.inbox(session, viewer)
        if alert.state == "acknowledged" and alert.acknowledged_by == user_id
    ]
    for alert in held:
        values: dict[str, object] = {
            "state": "open",
            "acknowledged_by": None,
            "acknowledged_at": None,
            "snoozed_until": None,
            "holder_told_at": None,
            "next_look_at": now,
        }
        change(session, viewer, alert, values)
        detail = {"user": str(user_id), "because": "left"}
        alerting.add_event(session, viewer, alert.id, "returned", now, detail)
    return len(held)


def hand_on_tasks_of(session: Session, viewer: Viewer, user_id: UUID, now: datetime) -> int:
    """Give this person's open tasks to the next one who is asked and tell them; return how many.

    Args:
        viewer: The worker's.
        user_id: Somebody whose access ended.
    """
    helper = helper_of(people.staff(session, viewer))
    mine = [row for row in tasks.open_tasks(session, viewer) if row.user_id == user_id]
    for row in mine:
        if helper is not None and tasks.give_to(session, viewer, row.id, helper.id):
            content = {"task": str(row.id), "sentence": row.sentence, "unreachable": []}
            tell(session, viewer, [helper.id], "task", content, now)
    return len(mine)
