"""Queue a message to a patient: that the diary has a question, never about what."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.models import ContactWay, Notification
from db.stores import outbox
from db.types import new_id


def queue(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    ways: Sequence[ContactWay],
    text: str,
    now: datetime,
) -> int:
    """Queue one message by each of these ways, in the caller's transaction.

    Args:
        viewer: The worker's.
        ways: Of this patient.
        text: Which words: one of ``alerts.delivery.message.REMINDER_TEXTS``.

    Returns:
        How many were queued.
    """
    for way in ways:
        notification_id = new_id()
        outbox.add_notification(
            session,
            viewer,
            Notification(
                id=notification_id,
                clinic_id=viewer.clinic_id,
                patient_id=patient_id,
                kind="reminder",
                way=f"{way.kind}:{way.id}",
                way_id=way.id,
                content={"text": text},
                message_id=f"<{notification_id}@diary>",
                created_at=now,
                next_attempt_at=now,
            ),
        )
    return len(ways)
