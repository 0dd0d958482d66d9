"""What came of each try, written into the ledger and the alert's history in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from alerts import undelivered
from alerts.delivery.backoff import give_up_after, next_attempt
from alerts.errors import DeliveryError
from alerts.letters import Parcel
from db.access import Viewer
from db.models import Notification
from db.stores import alerting, ledger
from db.stores.ledger import Outcome


@dataclass(frozen=True)
class Tried:
    """One message after a try; the result is its receipt, or why it did not leave."""

    parcel: Parcel
    result: str | DeliveryError


def keep(
    session: Session, viewer: Viewer, owner: str, tried: Sequence[Tried], now: datetime
) -> None:
    """Record how tries of one clinic's messages ended.

    A message that failed for good, or for days, becomes somebody's task in the same transaction.

    Args:
        owner: Who leased the messages.
    """
    outcomes = {
        row.id: (row, outcome(row, one.result, now)) for one in tried for row in one.parcel.rows
    }
    _leave_taken_alerts_alone(session, viewer, outcomes)
    kept = ledger.record(session, viewer, owner, [end for _row, end in outcomes.values()], now)
    ended = [pair for row_id, pair in outcomes.items() if row_id in kept]
    alerting.add_events(session, viewer, [line for pair in ended for line in _history(*pair)], now)
    for row, end in ended:
        if end.state == "failed_permanent":
            undelivered.hand_over(session, viewer, row, end.error, now)


def outcome(row: Notification, result: str | DeliveryError, now: datetime) -> Outcome:
    """Return how a try ended: sent, to be tried again, or failed for good."""
    if not isinstance(result, DeliveryError):
        return Outcome(row.id, "sent", receipt=result)
    if result.permanent or row.kind == "test":  # whoever tests wants to know now
        return Outcome(row.id, "failed_permanent", error=str(result))
    longest = give_up_after(row.kind)
    if now - row.created_at >= longest:
        tried = f"{longest.days} days" if longest.days else f"{longest.seconds // 3600} hours"
        return Outcome(row.id, "failed_permanent", error=f"It was tried for {tried}. {result}")
    again = next_attempt(row.attempts, now, row.level, result.retry_after)
    return Outcome(row.id, "failed_temporary", error=str(result), next_attempt_at=again)


def _leave_taken_alerts_alone(
    session: Session, viewer: Viewer, outcomes: dict[UUID, tuple[Notification, Outcome]]
) -> None:
    """Withdraw what is to be tried again about an alert that was taken while it was in flight."""
    again = {
        row.alert_id: None
        for row, end in outcomes.values()
        if end.state == "failed_temporary" and row.alert_id is not None
    }
    alerts = alerting.alerts_by_id(session, viewer, again) if again else {}
    for row_id, (row, end) in outcomes.items():
        alert = None if row.alert_id is None else alerts.get(row.alert_id)
        if end.state != "failed_temporary" or alert is None:
            continue
        # What was written after it was taken is for the one who has it.
        taken = alert.acknowledged_at is not None and row.created_at <= alert.acknowledged_at
        if taken or alert.state == "closed":
            outcomes[row_id] = (row, Outcome(row_id, "superseded", error=end.error))


def _history(row: Notification, end: Outcome) -> list[tuple[UUID, str, dict[str, object]]]:
    """Return the line of the alert's history; the first failure and the final one have one."""
    if row.alert_id is None:
        return []
    about: dict[str, object] = {"user": str(row.user_id), "way": row.way.partition(":")[0]}
    if end.state == "sent":
        return [(row.alert_id, "notified", {**about, "attempts": row.attempts})]
    permanent = end.state == "failed_permanent"
    if not permanent and row.attempts != 1:
        return []
    failure = {**about, "error": end.error, "permanent": permanent}
    return [(row.alert_id, "notification_failed", failure)]
