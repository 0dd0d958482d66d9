"""What the machinery could not do, so that the care team does it by hand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from alerts import summary_alarm
from db.access import Viewer
from db.models import Alert, AlertEvent, Notification
from db.stores import assessments, inbox, tasks
from diary_app.services.task_lines import TaskLine, task_lines


@dataclass(frozen=True)
class UngradedLine:
    """One entry that the rules could not read; a person must."""

    patient_id: UUID
    patient_name: str
    patient_code: str
    diary_on: date
    received_at: datetime


@dataclass(frozen=True)
class UntoldLine:
    """One alert about which somebody was not told.

    Attributes:
        whom: Name of the person whose message failed for good; None = a step had nobody.
        error: What went wrong, without addresses.
    """

    alert_id: UUID
    code: str
    whom: str | None
    error: str


@dataclass(frozen=True)
class Trouble:
    """Everything a person must make up for now.

    Attributes:
        summary: What is wrong with the daily summary, in sentences.
        key_lost: Free text and photos cannot be read.
    """

    ungraded: tuple[UngradedLine, ...]
    untold: tuple[UntoldLine, ...]
    tasks: tuple[TaskLine, ...] = ()
    summary: tuple[str, ...] = ()
    key_lost: bool = False


def trouble(
    session: Session,
    viewer: Viewer,
    alerts: Sequence[Alert],
    messages: Mapping[UUID, Sequence[Notification]],
    histories: Mapping[UUID, Sequence[AlertEvent]],
    names: Mapping[UUID, str],
    now: datetime,
) -> Trouble:
    """Return what went wrong with these alerts, closed ones aside, and with any entry.

    Args:
        messages: About each of the alerts, oldest first.
        histories: Of each of the alerts.
        names: Of the clinic's staff.
    """
    living = [alert for alert in alerts if alert.state != "closed"]
    asked = tasks.alerts_asked_about(session, viewer, [alert.id for alert in living])
    untold = []
    for alert in living:
        untold += [
            UntoldLine(alert.id, alert.code, _name(names, message.user_id), message.error)
            for message in messages[alert.id]
            if message.state == "failed_permanent" and alert.id not in asked
        ]
        if any(event.kind == "nobody_to_notify" for event in histories[alert.id]):
            untold.append(UntoldLine(alert.id, alert.code, None, ""))
    asked_for = task_lines(session, viewer)
    return Trouble(
        _ungraded(session, viewer),
        tuple(untold),
        asked_for,
        _summary(session, viewer, now, {line.sentence for line in asked_for}),
    )


def _ungraded(session: Session, viewer: Viewer) -> tuple[UngradedLine, ...]:
    rows = assessments.ungraded(session, viewer, replaced=False, limit=None)
    who = inbox.patients(session, viewer, {row.patient_id for row in rows}) if rows else {}
    return tuple(
        UngradedLine(
            row.patient_id,
            who[row.patient_id].name,
            who[row.patient_id].code,
            row.diary_on,
            row.received_at,
        )
        for row in rows
    )


def _summary(
    session: Session, viewer: Viewer, now: datetime, asked: Collection[str]
) -> tuple[str, ...]:
    """Return what is wrong with the summary just now and is no task of anybody yet."""
    found = summary_alarm.found_now(session, viewer, now)
    sentences = [
        summary_alarm.sentence_of(each) for each in found if each.kind in ("late", "stuck")
    ]
    return tuple(sentence for sentence in sentences if sentence not in asked)


def _name(names: Mapping[UUID, str], user_id: UUID | None) -> str:
    return "" if user_id is None else names.get(user_id, "")
