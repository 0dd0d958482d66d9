"""Carrying out a decision to tell people: messages in the ledger, the step, the history."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from alerts.escalation.decide import Notify, RemindHolder
from alerts.posting import post
from db.access import Viewer
from db.models import Alert
from db.stores import alerting


def tell(
    session: Session,
    viewer: Viewer,
    alert: Alert,
    decision: Notify,
    people_told: Iterable[UUID],
    now: datetime,
    leaves: datetime,
    *,
    instead: bool,
) -> None:
    """Queue a message to everybody of a step, and enter the step.

    Args:
        leaves: When their messages may leave; later than now is held by quiet hours.
        instead: Whether no step had anybody, and these are told in their place.
    """
    _queue(
        session,
        viewer,
        alert,
        list(people_told),
        step=decision.step,
        round=decision.round,
        now=now,
        leaves=leaves,
        clinic_too=True,
    )
    detail: dict[str, object] = {
        "step": decision.step,
        "round": decision.round,
        "skipped": list(decision.skipped),
    }
    if instead:
        detail["instead"] = True
    if leaves > now:
        detail["held_until"] = leaves.isoformat()
    alerting.add_event(session, viewer, alert.id, "step_reached", now, detail)
    change(
        session,
        viewer,
        alert,
        {
            "step": decision.step,
            "round": decision.round,
            "step_entered_at": decision.entered_at,
            "next_look_at": decision.next_look_at,
        },
    )


def remind(
    session: Session,
    viewer: Viewer,
    alert: Alert,
    decision: RemindHolder,
    now: datetime,
    leaves: datetime,
) -> None:
    """Tell the holder again."""
    holder = alert.acknowledged_by
    if holder is None:
        raise AssertionError("decide() reminds nobody of an alert that nobody has")
    _queue(
        session,
        viewer,
        alert,
        [holder],
        step=max(alert.step, 0),
        round=decision.round,
        now=now,
        leaves=leaves,
        content={"to_holder": True},
    )
    detail = {"user": str(holder), "asked": decision.asked}
    alerting.add_event(session, viewer, alert.id, "holder_told", now, detail)
    values = {
        "round": decision.round,
        "holder_told_at": now,
        "snoozed_until": None,
        "next_look_at": decision.next_look_at,
    }
    change(session, viewer, alert, values)


def change(session: Session, viewer: Viewer, alert: Alert, values: dict[str, object]) -> None:
    """Change an alert's row if nobody changed it meanwhile, and read it again."""
    alerting.change_alert(session, viewer, alert.id, alert.revision, values)
    alerting.alert(session, viewer, alert.id)  # reads the columns of `alert` again


def _queue(
    session: Session,
    viewer: Viewer,
    alert: Alert,
    user_ids: Sequence[UUID],
    *,
    step: int,
    round: int,
    now: datetime,
    leaves: datetime,
    content: Mapping[str, object] | None = None,
    clinic_too: bool = False,
) -> None:
    """Queue a message by every way; what leaves later than now is held by quiet hours."""
    held = (leaves, alerting.QUIET_HOURS)
    post(
        session,
        viewer,
        user_ids,
        now,
        kind="alert",
        held=dict.fromkeys(user_ids, held) if leaves > now else None,
        clinic_too=clinic_too,
        alert_id=alert.id,
        step=step,
        round=round,
        level=alert.level,
        content=dict(content or {}),
    )
