"""What became of a patient's alerts, in the patient's own view: no notes, no codes, no messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.access import Viewer
from db.models import Alert, Patient
from db.stores import alerting, course, people
from db.stores import diary as entries
from diary_app.state.course import ClinicAnswer, Moment
from diary_app.text import _

NEWS_LASTS = timedelta(days=3)
# An alert is closed within days; one that was not is told of by its advice.
_RAISED_WITHIN = timedelta(days=14)


def every_answer(session: Session, viewer: Viewer, patient: Patient) -> tuple[ClinicAnswer, ...]:
    """Return what became of all alerts of a patient, newest first."""
    found = alerting.alerts_of(session, viewer, patient.id)
    return _answers(session, viewer, patient, list(reversed(found)))


def answer_about(
    session: Session, viewer: Viewer, patient: Patient, entry_id: UUID
) -> ClinicAnswer | None:
    """Return what became of the alert that holds an entry or an earlier version of it."""
    row = entries.entry(session, viewer, entry_id)
    held = course.alerts_by_entry(session, viewer, patient.id)
    alerts = {alert.id: alert for alert in alerting.alerts_of(session, viewer, patient.id)}
    for version in reversed(entries.versions(session, viewer, row.first_id)):
        alert_id = held.get(version.id)
        if version.version <= row.version and alert_id in alerts:
            return _answers(session, viewer, patient, [alerts[alert_id]])[0]
    return None


def news(session: Session, viewer: Viewer, patient: Patient, now: datetime) -> ClinicAnswer | None:
    """Return the newest alert that somebody took or closed lately; None = there is none."""
    raised = alerting.alerts_of(session, viewer, patient.id, since=now - _RAISED_WITHIN)
    fresh = [alert for alert in raised if (at := _answered_at(alert)) and now - at < NEWS_LASTS]
    newest = max(fresh, key=lambda alert: (_answered_at(alert), alert.raised_at), default=None)
    return None if newest is None else _answers(session, viewer, patient, [newest])[0]


def _answered_at(alert: Alert) -> datetime | None:
    return alert.closed_at or alert.acknowledged_at


def _answers(
    session: Session, viewer: Viewer, patient: Patient, alerts: Sequence[Alert]
) -> tuple[ClinicAnswer, ...]:
    names = people.staff_names(session, viewer)
    return tuple(_answer(session, viewer, patient, alert, names) for alert in alerts)


def _answer(
    session: Session, viewer: Viewer, patient: Patient, alert: Alert, names: Mapping[UUID, str]
) -> ClinicAnswer:
    def moment(at: datetime | None) -> Moment | None:
        if at is None:
            return None
        local = at.astimezone(ZoneInfo(patient.time_zone))
        return Moment(local.date(), local.strftime("%H:%M"))

    def name(user_id: UUID | None) -> str:
        return "" if user_id is None else names.get(user_id, _("Your care team"))

    raised = moment(alert.raised_at)
    assert raised is not None  # noqa: S101 - for the type alone
    about = None
    if alert.entry_id is not None:
        row = entries.entry(session, viewer, alert.entry_id)
        about = (entries.newest_version(session, viewer, row.first_id).id, row.diary_on)
    return ClinicAnswer(
        alert_id=alert.id,
        about=about,
        level=alert.level,
        raised=raised,
        taken=moment(alert.acknowledged_at),
        taken_by=name(alert.acknowledged_by),
        closed=moment(alert.closed_at),
        closed_by=name(alert.closed_by),
        outcome=alert.outcome,
    )
