"""Somebody leaves the care team: the alerts that they hold go back to the others at once."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from alerts.telling import change
from db.access import Viewer
from db.stores import alerting


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
