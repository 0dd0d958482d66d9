"""What became of each leased message: the lease renewed or given back, the outcome kept."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Notification

# A message that was handed over was handed over, also when its lease was lost meanwhile.
_NOT_ENDED = ("pending", "sending", "failed_temporary")


@dataclass(frozen=True)
class Outcome:
    """How one try of one message ended.

    Attributes:
        receipt: What the way out answered; without addresses.
        error: What went wrong; without patient data or addresses.
        next_attempt_at: Of ``failed_temporary``; None otherwise.

    ``superseded`` is a failure that needs no further try, because a person took the alert.
    """

    notification_id: UUID
    state: Literal["sent", "failed_temporary", "failed_permanent", "superseded"]
    receipt: str = ""
    error: str = ""
    next_attempt_at: datetime | None = None


def renew(
    session: Session,
    viewer: Viewer,
    owner: str,
    notification_ids: Collection[UUID],
    until: datetime,
) -> None:
    """Keep messages leased for their owner, who is still sending them."""
    viewer.require("notification.send")
    session.connection().execute(
        update(Notification)
        .where(
            col(Notification.id).in_(list(notification_ids)),
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.state) == "sending",
            col(Notification.lease_owner) == owner,
        )
        .values(lease_until=until)
    )


def release(
    session: Session, viewer: Viewer, owner: str, notification_ids: Collection[UUID]
) -> None:
    """Give messages back that were leased and not tried; they are due at once."""
    viewer.require("notification.send")
    session.connection().execute(
        update(Notification)
        .where(
            col(Notification.id).in_(list(notification_ids)),
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.state) == "sending",
            col(Notification.lease_owner) == owner,
        )
        .values(
            state="pending",
            lease_until=None,
            lease_owner=None,
            attempts=Notification.attempts - 1,
        )
    )


def record(
    session: Session, viewer: Viewer, owner: str, outcomes: Sequence[Outcome], now: datetime
) -> set[UUID]:
    """Keep how tries ended; returns those that were kept.

    A failure counts only while the lease is the owner's. A message that was superseded, or ended
    by another worker, stays as it is.
    """
    viewer.require("notification.send")
    rows = session.exec(
        select(Notification.id, Notification.state, Notification.lease_owner)
        .where(
            col(Notification.id).in_([outcome.notification_id for outcome in outcomes]),
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.state).in_(_NOT_ENDED),
        )
        .with_for_update()
    ).all()
    open_rows = {row_id for row_id, _state, _owner in rows}
    leased = {row_id for row_id, state, whose in rows if (state, whose) == ("sending", owner)}
    kept = [
        outcome
        for outcome in outcomes
        if outcome.notification_id in (open_rows if outcome.state == "sent" else leased)
    ]
    if kept:
        session.connection().execute(
            update(Notification)
            .where(col(Notification.id) == bindparam("row_id"))
            .values(
                state=bindparam("new_state"),
                receipt=bindparam("new_receipt"),
                error=bindparam("new_error"),
                sent_at=bindparam("new_sent_at"),
                next_attempt_at=bindparam("new_next_attempt_at"),
                lease_until=None,
                lease_owner=None,
            ),
            [
                {
                    "row_id": outcome.notification_id,
                    "new_state": outcome.state,
                    "new_receipt": outcome.receipt,
                    "new_error": outcome.error,
                    "new_sent_at": now if outcome.state == "sent" else None,
                    "new_next_attempt_at": outcome.next_attempt_at or now,
                }
                for outcome in kept
            ],
        )
    return {outcome.notification_id for outcome in kept}
