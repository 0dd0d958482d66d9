"""A person acts on an alert: takes, snoozes, hands it back, notes a word or a call, closes it.

Where an act may be done is said by `alerts.escalation.machine`; the stores' conditional updates
decide between two people who act at once.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from alerts.alarm import facts_of
from alerts.escalation.machine import Act, may
from alerts.escalation.snooze import SnoozeRefusedError, snooze
from db.access import Viewer
from db.errors import ImpossibleValueError
from db.models.alerting import OUTCOMES
from db.stores import alerting, audit

LONGEST_NOTE = 2000
# How a telephone call ended.
CALL_ENDS = ("spoke", "carer", "message", "no_answer", "wrong_number")


def take(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
    """Take an open alert for this viewer; False when a colleague was first."""
    alert = alerting.alert(session, viewer, alert_id)
    return may(Act.TAKE, facts_of(alert)) and alerting.acknowledge(session, viewer, alert_id, now)


def hand_back(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
    """Give an alert that this viewer holds back to the team; its ladder goes on at once."""
    alert = alerting.alert(session, viewer, alert_id)
    return may(Act.HAND_BACK, facts_of(alert)) and alerting.hand_back(
        session, viewer, alert_id, now
    )


def snooze_alert(
    session: Session, viewer: Viewer, alert_id: UUID, length: timedelta, now: datetime
) -> bool:
    """Let an alert that this viewer holds rest for a while; False when they hold it not.

    Raises:
        ImpossibleValueError: If nobody has the alert, or its cap does not allow the length.
    """
    viewer.require("alert.acknowledge")
    alert = alerting.alert(session, viewer, alert_id)
    if alert.acknowledged_by not in (None, viewer.actor_id):
        return False
    spent = timedelta(seconds=alert.snoozed_seconds)
    try:
        chosen = snooze(facts_of(alert), spent, length, now)
    except SnoozeRefusedError as refused:
        raise ImpossibleValueError(str(refused)) from refused
    return alerting.snooze(
        session,
        viewer,
        alert_id,
        alert.revision,
        chosen.until,
        int(chosen.spent.total_seconds()),
        now,
    )


def add_note(session: Session, viewer: Viewer, alert_id: UUID, text: str, now: datetime) -> None:
    """Add a note to an alert's history.

    Raises:
        ImpossibleValueError: If the note is empty or longer than 2,000 characters.
    """
    viewer.require("alert.note")
    alerting.alert(session, viewer, alert_id)
    text = text.strip()
    if not 0 < len(text) <= LONGEST_NOTE:
        raise ImpossibleValueError("A note needs 1 to 2,000 characters.")
    alerting.add_event(session, viewer, alert_id, "noted", now, {"text": text})
    audit.note(session, viewer, "alert.note", "alert", now, subject_id=alert_id)


def log_call(
    session: Session, viewer: Viewer, alert_id: UUID, end: str, text: str, now: datetime
) -> None:
    """Write down that the patient was called, how that ended and, if wished, what was said.

    Raises:
        ImpossibleValueError: If the end is none of `CALL_ENDS`, or the words are longer than 2,000
            characters.
    """
    viewer.require("alert.note")
    alert = alerting.alert(session, viewer, alert_id)
    if end not in CALL_ENDS:
        raise ImpossibleValueError("Choose how the call ended.")
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise ImpossibleValueError("What was said may have 2,000 characters at most.")
    alerting.add_event(session, viewer, alert_id, "called", now, {"end": end, "text": text})
    audit.note(
        session,
        viewer,
        "alert.call",
        "alert",
        now,
        subject_id=alert_id,
        patient_id=alert.patient_id,
        detail={"end": end},
    )


def close_alert(
    session: Session, viewer: Viewer, alert_id: UUID, outcome: str, note: str, now: datetime
) -> bool:
    """Close an alert with its outcome and an optional note; False when it was closed already.

    Raises:
        ImpossibleValueError: If the outcome is none of `db.models.alerting.OUTCOMES`.
    """
    if outcome not in OUTCOMES:
        raise ImpossibleValueError("Choose what was done before closing the alert.")
    alert = alerting.alert(session, viewer, alert_id)
    if not may(Act.CLOSE, facts_of(alert)) or not alerting.close(
        session, viewer, alert_id, outcome, now
    ):
        return False
    if note.strip():
        add_note(session, viewer, alert_id, note, now)
    return True
