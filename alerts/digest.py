"""The daily summary: queued once per clinic and local day, also when nothing happened."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.delivery.message import DigestCounts
from db.access import Viewer
from db.models import Clinic, Notification
from db.stores import alerting, assessments, diary, outbox, people
from db.types import new_id

# When an alert counts as overdue in the summary (clinical.md 5.2, a design choice).
OVERDUE = {"urgent": timedelta(minutes=15), "prompt": timedelta(hours=12)}
SILENT_DAYS = 2


def is_due(clinic: Clinic, now: datetime) -> bool:
    """Return whether today's summary is still to be queued, by the clinic's clock."""
    local = now.astimezone(ZoneInfo(clinic.time_zone))
    return local.hour >= clinic.digest_hour and clinic.digest_sent_on != local.date()


def queue_if_due(session: Session, viewer: Viewer, clinic: Clinic, now: datetime) -> bool:
    """Queue the summary when the clinic's hour has come today and it was not queued yet.

    Returns:
        Whether it was queued now.
    """
    local = now.astimezone(ZoneInfo(clinic.time_zone))
    if not (is_due(clinic, now) and outbox.claim_digest(session, viewer, local.date())):
        return False
    content = asdict(counts(session, viewer, local.date(), now))
    for user in people.staff(session, viewer):
        if user.role == "administrator":
            continue
        notification_id = new_id()
        outbox.add_notification(
            session,
            viewer,
            Notification(
                id=notification_id,
                clinic_id=viewer.clinic_id,
                user_id=user.id,
                kind="digest",
                content=content,
                message_id=f"<{notification_id}@diary>",
                created_at=now,
                next_attempt_at=now,
            ),
        )
    return True


def counts(session: Session, viewer: Viewer, today: date, now: datetime) -> DigestCounts:
    """Return what happened in the last 24 hours and what is open now."""
    yesterday = now - timedelta(days=1)
    held = alerting.inbox(session, viewer, closed_since=yesterday)
    waiting = [alert for alert in held if alert.state == "open"]
    return DigestCounts(
        new_alerts=sum(alert.raised_at > yesterday for alert in held),
        open_alerts=len(waiting),
        overdue_alerts=sum(now - alert.level_since > OVERDUE[alert.level] for alert in waiting),
        taken_alerts=sum(alert.state == "acknowledged" for alert in held),
        silent_patients=diary.silent_since(session, viewer, today - timedelta(days=SILENT_DAYS)),
        entries=diary.received_since(session, viewer, yesterday),
        ungraded_entries=len(assessments.ungraded(session, viewer)),
    )
