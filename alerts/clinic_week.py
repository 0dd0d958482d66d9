"""The weekly report of a clinic: counted, and queued once on Monday at the summary's hour."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import posting
from alerts.digest import fact_of, is_silent
from alerts.escalation import summary
from alerts.escalation.clinic_week import Answered, LevelWeek, level_week, without_outcome
from alerts.escalation.summary import LevelLoad
from db.access import Viewer
from db.models import Alert, Clinic
from db.stores import clinic_week, outbox, people


@dataclass(frozen=True)
class ClinicWeek:
    """One week, Monday to Sunday by the clinic's clock; counts alone.

    Attributes:
        levels: Urgent, then same day.
        load: The same against the alert budget.
        without_outcome: Closed without an outcome; there must be none.
        not_closed: Of the week's alerts, those nobody closed yet.
        silent: Patients who wrote nothing for more than two days, at the end of the week or now.
        whole: The week is over.
    """

    first_on: date
    last_on: date
    patients: int
    levels: tuple[LevelWeek, ...]
    load: tuple[LevelLoad, ...]
    without_outcome: int
    not_closed: int
    silent: int
    whole: bool


def monday_of(clinic: Clinic, now: datetime) -> date:
    """Return the Monday of the clinic's present week."""
    today = now.astimezone(ZoneInfo(clinic.time_zone)).date()
    return today - timedelta(days=today.weekday())


def week_of(session: Session, viewer: Viewer, first_on: date, now: datetime) -> ClinicWeek:
    """Return the figures of the week that begins on a Monday."""
    viewer.require("report.read")
    zone = ZoneInfo(people.own_clinic(session, viewer).time_zone)
    since = datetime.combine(first_on, time(), zone)
    ends = datetime.combine(first_on + timedelta(days=7), time(), zone)
    until = min(ends, now)
    alerts = clinic_week.raised(session, viewer, since, ends)
    patients = clinic_week.wrote(session, viewer, first_on + timedelta(days=6))
    answered = [_answered(each) for each in alerts]
    weeks = summary.patient_weeks([joined for joined, _zone, _on in patients], until)
    return ClinicWeek(
        first_on=first_on,
        last_on=first_on + timedelta(days=6),
        patients=sum(joined < until for joined, _zone, _on in patients),
        levels=tuple(level_week(level, answered, now) for level in ("urgent", "prompt")),
        # The load of a week that is not over looks back seven days no further than its Monday.
        load=summary.week_load([fact_of(each) for each in alerts], weeks, until),
        without_outcome=without_outcome(answered),
        not_closed=sum(not each.closed for each in answered),
        silent=sum(
            joined < until and is_silent(on, joined, where, until) for joined, where, on in patients
        ),
        whole=ends <= now,
    )


def is_due(clinic: Clinic, now: datetime) -> bool:
    """Return whether the report of last week is still to be queued."""
    local = now.astimezone(ZoneInfo(clinic.time_zone))
    monday = monday_of(clinic, now)
    hour_came = local.date() > monday or local.hour >= clinic.digest_hour
    return hour_came and clinic.weekly_sent_on != monday


def queue_if_due(session: Session, viewer: Viewer, clinic: Clinic, now: datetime) -> bool:
    """Queue last week's report to all staff, once; a clinic's first Monday only begins to count."""
    monday = monday_of(clinic, now)
    first = clinic.weekly_sent_on is None
    if not (is_due(clinic, now) and outbox.claim_weekly(session, viewer, monday)):
        return False
    if first:
        return False
    week = week_of(session, viewer, monday - timedelta(days=7), now)
    staff = [user.id for user in people.staff(session, viewer)]
    posting.post(session, viewer, staff, now, kind="report", content={"week": content_of(week)})
    return True


def content_of(week: ClinicWeek) -> dict[str, Any]:
    """Return the report as it is kept with its message: days and counts."""
    return {
        **asdict(week),
        "first_on": week.first_on.isoformat(),
        "last_on": week.last_on.isoformat(),
    }


def _answered(alert: Alert) -> Answered:
    return Answered(
        level="prompt" if alert.level == "prompt" else "urgent",
        level_since=alert.level_since,
        taken_at=alert.acknowledged_at or alert.closed_at,
        closed=alert.state == "closed",
        has_outcome=alert.outcome is not None,
    )
