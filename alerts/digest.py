"""The daily summary: queued once per clinic and local day, also when nothing happened."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.delivery.digest_message import DigestCounts
from alerts.escalation import summary, summary_checks
from alerts.escalation.summary import AlertFact, LevelLoad, Line
from db.access import Viewer
from db.models import Alert, Clinic, Notification
from db.stores import assessments, beats, diary, digests, outbox, people
from db.stores.beats import Beat
from db.types import new_id

SILENT_DAYS = 2


@dataclass(frozen=True)
class Figures:
    """What the summary says, on paper and on the screen.

    Attributes:
        alerts: Not closed, or raised in the last seven days.
        lines: One per patient with an alert that is not closed; ``who`` is the patient's id.
        load: Urgent, then same day.
        patient_weeks: What the load is divided by.
    """

    counts: DigestCounts
    alerts: tuple[Alert, ...]
    lines: tuple[Line, ...]
    load: tuple[LevelLoad, ...]
    patient_weeks: float


def is_due(clinic: Clinic, now: datetime) -> bool:
    """Return whether today's summary is still to be queued, by the clinic's clock."""
    local = now.astimezone(ZoneInfo(clinic.time_zone))
    return local.hour >= clinic.digest_hour and clinic.digest_sent_on != local.date()


def queue_if_due(session: Session, viewer: Viewer, clinic: Clinic, now: datetime) -> bool:
    """Queue the summary when the clinic's hour has come today and it was not queued yet.

    Returns:
        Whether it was queued now.
    """
    today = now.astimezone(ZoneInfo(clinic.time_zone)).date()
    missed = summary_checks.missed_days(clinic.digest_sent_on, today)
    if not (is_due(clinic, now) and outbox.claim_digest(session, viewer, today)):
        return False
    content = content_of(figures(session, viewer, now), today, missed, now)
    content["backup"] = _backup(beats.beats(session, viewer).get("backup"), clinic)
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


def _backup(last: Beat | None, clinic: Clinic) -> dict[str, Any] | None:
    """Return what the summary says of the newest backup; None = there was never one."""
    if last is None:
        return None
    at = last.at.astimezone(ZoneInfo(clinic.time_zone))
    whole = bool(last.detail.get("whole"))
    sentence = "" if whole else str(last.detail.get("sentence", ""))
    return {"at": f"{at:%Y-%m-%d %H:%M}", "whole": whole, "sentence": sentence}


def figures(session: Session, viewer: Viewer, now: datetime) -> Figures:
    """Return what happened in the last 24 hours and 7 days, and what is open now."""
    yesterday = now - summary.DAY
    alerts = digests.alerts_since(session, viewer, now - summary.WEEK)
    facts = [fact_of(alert) for alert in alerts]
    living = [fact for fact in facts if fact.state != "closed"]
    today = now.astimezone(ZoneInfo(people.own_clinic(session, viewer).time_zone)).date()
    long, newer = digests.followed(session, viewer, now - summary.WEEK)
    weeks = long + summary.patient_weeks(newer, now)
    counts = DigestCounts(
        new_alerts=sum(summary.is_new(fact, now) for fact in facts),
        open_alerts=sum(fact.state == "open" for fact in living),
        overdue_alerts=sum(summary.is_overdue(fact, now) for fact in living),
        taken_alerts=sum(fact.state == "acknowledged" for fact in living),
        silent_patients=diary.silent_since(session, viewer, today - timedelta(days=SILENT_DAYS)),
        review_patients=digests.patients_to_review(session, viewer),
        entries=diary.received_since(session, viewer, yesterday),
        ungraded_entries=len(assessments.ungraded(session, viewer, replaced=False, limit=None)),
        lost_messages=digests.lost_messages(session, viewer),
        open_tasks=digests.open_tasks(session, viewer),
    )
    return Figures(
        counts=counts,
        alerts=tuple(alerts),
        lines=summary.lines(living, now),
        load=summary.week_load(facts, weeks, now),
        patient_weeks=weeks,
    )


def is_silent(last_on: date | None, joined_at: datetime, zone: str, now: datetime) -> bool:
    """Return whether a patient wrote nothing for more than two of their own days.

    Args:
        last_on: Day of the newest entry; None = never wrote, counted from joining.
    """
    here = ZoneInfo(zone)
    since = last_on or joined_at.astimezone(here).date()
    return (now.astimezone(here).date() - since).days > SILENT_DAYS


def fact_of(alert: Alert) -> AlertFact:
    """Return what the figures need of an alert."""
    return AlertFact(
        who=alert.patient_id,
        code=alert.code,
        level=alert.level,
        state=alert.state,
        raised_at=alert.raised_at,
        level_since=alert.level_since,
    )


def content_of(found: Figures, day: date, missed: Sequence[date], now: datetime) -> dict[str, Any]:
    """Return the summary as it is kept with its message: codes, levels, times, counts, ids."""
    ids = {alert.code: str(alert.id) for alert in found.alerts}
    return {
        **asdict(found.counts),
        "day": day.isoformat(),
        "missed": [on.isoformat() for on in missed],
        "lines": [
            {
                "codes": list(line.codes),
                "alert_id": ids.get(line.codes[0]),
                "level": line.level,
                "new": line.new,
                "taken": line.taken,
                "overdue": line.overdue,
                "minutes": (now - line.waiting_since) // timedelta(minutes=1),
            }
            for line in found.lines
        ],
        "load": [asdict(each) for each in found.load],
    }
