"""One row per person and way out: who is told becomes messages in the ledger."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.models import ContactWay, Notification
from db.stores import outbox, ways
from db.types import new_id

# Alerts for the same day that come within a minute leave as one message (never urgent ones).
BUNDLE_WITHIN = timedelta(minutes=1)
EMAIL = "email"


def way_word(way: ContactWay | None) -> str:
    """Return a notification's word for a way; None is the sign-in address."""
    return EMAIL if way is None else f"{way.kind}:{way.id}"


def post(
    session: Session,
    viewer: Viewer,
    user_ids: Collection[UUID],
    now: datetime,
    *,
    kind: str,
    held: Mapping[UUID, tuple[datetime, str]] | None = None,
    clinic_too: bool = False,
    **values: Any,
) -> None:
    """Queue a message to these people by each of their ways.

    Args:
        user_ids: Members of the viewer's clinic, each once.
        kind: ``alert``, ``task`` and so on.
        held: Whose message is put off, until when, and why, such as ``quiet_hours``.
        clinic_too: Also by the ways of the clinic's own system.
        values: What else the rows hold: ``alert_id``, ``level``, ``content`` and so on.
    """
    known = ways.ways_of_staff(session, viewer, user_ids)
    recipients: list[tuple[UUID | None, ContactWay | None]] = []
    for user_id in user_ids:
        recipients += [(user_id, None), *((user_id, way) for way in known[user_id])]
    if clinic_too:
        recipients += [
            (None, way) for way in ways.ways_of_clinic(session, viewer) if way.disabled_at is None
        ]
    bundled = kind == "alert" and values.get("level") == "prompt"
    for whom, way in recipients:
        leaves_at, because = now, ""
        if bundled and whom is not None:
            leaves_at, because = now + BUNDLE_WITHIN, outbox.BUNDLING
        if whom is not None and held is not None and whom in held:
            until, why = held[whom]
            if until > leaves_at:
                leaves_at, because = until, why
        notification_id = new_id()
        outbox.add_notification(
            session,
            viewer,
            Notification(
                id=notification_id,
                clinic_id=viewer.clinic_id,
                user_id=whom,
                kind=kind,
                way=way_word(way),
                way_id=None if way is None else way.id,
                message_id=f"<{notification_id}@diary>",
                created_at=now,
                next_attempt_at=leaves_at,
                held_because=because,
                **values,
            ),
        )
