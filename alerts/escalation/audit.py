"""The auditor's rules: whatever waits has a next step in the future, a holder, or an end.

Pure: facts come in, findings go out. After Grafana OnCall's escalation auditor, which tells an
outside monitor that all is well only while every alert group is getting on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

# The worker looks every few seconds and carries out what is due at once. What is still due after
# this long is not late, it is stuck.
STUCK_AFTER = timedelta(minutes=5)
# No step, snooze or quiet hour puts anything off for longer; a look beyond is a damaged row.
LONGEST_WAIT = timedelta(days=8)

Repair = Literal["look_now", "to_team", "send_now", "none"]


@dataclass(frozen=True)
class AuditedAlert:
    """One alert that nobody closed.

    Attributes:
        held: Whether it is taken by an active member of staff.
        taken: Whether it counts as taken, by whomever.
        next_look_at: When the worker decides again; None = never.
        raised_at: An instant to come means that the clock was wrong then, or is now.
    """

    id: UUID
    code: str
    taken: bool
    held: bool
    next_look_at: datetime | None
    raised_at: datetime | None = None


@dataclass(frozen=True)
class AuditedMessage:
    """One message that has not come to an end.

    Attributes:
        due_at: When it is to be tried, or its lease runs out; None = never.
        code: Of the alert that it is about; empty for others.
    """

    id: UUID
    alert_id: UUID | None
    code: str
    due_at: datetime | None


@dataclass(frozen=True)
class Finding:
    """One row that would wait for ever, or waits too long.

    Attributes:
        repair: What the diary does about it by itself; ``none`` = only a person can.
        sentence: What a person is asked to do; the same for the same trouble.
    """

    about: UUID
    alert_id: UUID | None
    repair: Repair
    sentence: str


def audit(
    alerts: Sequence[AuditedAlert],
    messages: Sequence[AuditedMessage],
    now: datetime,
    running_since: datetime,
) -> tuple[Finding, ...]:
    """Return what is wrong with what waits; empty when every row gets on.

    Args:
        alerts: Every alert that is not closed.
        messages: Every message that is neither sent nor given up.
        running_since: When this worker began; what became due before is late, not stuck.
    """
    found = [_of_alert(alert, now, running_since) for alert in alerts]
    found += [_of_message(message, now, running_since) for message in messages]
    return tuple(finding for finding in found if finding is not None)


def _of_alert(alert: AuditedAlert, now: datetime, running_since: datetime) -> Finding | None:
    look = alert.next_look_at
    if alert.taken and not alert.held:
        return Finding(
            alert.id,
            alert.id,
            "to_team",
            f"Whoever took alert {alert.code} no longer works here. It was given back to the "
            "team; see that somebody takes it.",
        )
    if look is None and alert.held:
        return None
    if alert.raised_at is not None and alert.raised_at - now > STUCK_AFTER:
        return Finding(
            alert.id,
            alert.id,
            "none",
            f"The clock of this system was changed, so alert {alert.code} waits too long. Open it, "
            "phone the patient if nobody did, and tell whoever looks after this system.",
        )
    if look is None or look > now + LONGEST_WAIT:
        return Finding(
            alert.id,
            alert.id,
            "look_now",
            f"Alert {alert.code} had no next step; it was given one. See that somebody has it.",
        )
    if now - max(look, running_since) > STUCK_AFTER:
        return Finding(
            alert.id,
            alert.id,
            "none",
            f"Alert {alert.code} does not get on by itself. Open it, phone the patient if nobody "
            "did, and tell whoever looks after this system.",
        )
    return None


def _of_message(message: AuditedMessage, now: datetime, running_since: datetime) -> Finding | None:
    what = f"A message about alert {message.code}" if message.code else "A message"
    if message.due_at is None or message.due_at > now + LONGEST_WAIT:
        return Finding(
            message.id,
            message.alert_id,
            "send_now",
            f"{what} would never have been sent; it is being sent now. See that it arrived.",
        )
    if now - max(message.due_at, running_since) > STUCK_AFTER:
        return Finding(
            message.id,
            message.alert_id,
            "none",
            f"{what} is not being sent. Tell the people yourself, and whoever looks after this "
            "system.",
        )
    return None
