"""Each minute: whatever waits must get on. What does not is put right, and a person is told."""

from datetime import datetime, timedelta

from sqlmodel import Session

from alerts.asking import ask
from alerts.escalation.audit import AuditedAlert, AuditedMessage, Finding, audit
from db.access import Viewer
from db.stores import alerting, beats, watching

DUTY = "audit"
EVERY = timedelta(minutes=1)
_HOLDER = ("acknowledged_by", "acknowledged_at", "snoozed_until", "holder_told_at")


def is_due(last: datetime | None, now: datetime) -> bool:
    """Return whether it is time to audit; also when the clock went back."""
    return last is None or not timedelta(0) <= now - last < EVERY


def findings(
    session: Session, viewer: Viewer, now: datetime, running_since: datetime
) -> tuple[Finding, ...]:
    """Return what does not get on, at a cost that grows with what waits and with nothing else."""
    living = watching.living_alerts(session, viewer)
    codes = {alert.id: alert.code for alert in living}
    alerts = [
        AuditedAlert(
            id=alert.id,
            code=alert.code,
            taken=alert.state == "acknowledged",
            held=alert.state == "acknowledged" and alert.holder_works_here,
            next_look_at=alert.next_look_at,
            raised_at=alert.raised_at,
        )
        for alert in living
    ]
    messages = [
        AuditedMessage(
            row.id, row.alert_id, codes.get(row.alert_id, "") if row.alert_id else "", row.due_at
        )
        for row in watching.waiting_messages(session, viewer)
    ]
    return audit(alerts, messages, now, running_since)


def run(session: Session, viewer: Viewer, now: datetime, running_since: datetime) -> int:
    """Audit a clinic, put right what can be, ask a person about all of it; returns how many.

    The caller commits. The same finding is asked about once while its task is open.

    Args:
        running_since: When this worker began.
    """
    found = findings(session, viewer, now, running_since)
    revisions = {alert.id: alert.revision for alert in watching.living_alerts(session, viewer)}
    for finding in found:
        _repair(session, viewer, finding, revisions.get(finding.about, -1), now)
        about = finding.about if finding.about != finding.alert_id else None
        ask(
            session,
            viewer,
            "stuck",
            finding.sentence,
            now,
            alert_id=finding.alert_id,
            notification_id=about,
        )
    left = sum(finding.repair == "none" for finding in found)
    beats.note(session, viewer, DUTY, now, {"found": len(found), "left": left})
    return len(found)


def _repair(
    session: Session, viewer: Viewer, finding: Finding, revision: int, now: datetime
) -> None:
    values: dict[str, object] = {"next_look_at": now}
    match finding.repair:
        case "send_now":
            watching.send_now(session, viewer, finding.about, now)
        case "look_now":
            alerting.change_alert(session, viewer, finding.about, revision, values)
            alerting.add_event(session, viewer, finding.about, "repaired", now)
        case "to_team":
            values |= {"state": "open", **dict.fromkeys(_HOLDER)}
            alerting.change_alert(session, viewer, finding.about, revision, values)
            because = {"because": "holder_left"}
            alerting.add_event(session, viewer, finding.about, "handed_back", now, because)
