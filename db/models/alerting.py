"""Who must know, what they were sent, and what they did."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow, Row, one_of
from db.types import Json, UtcDateTime

ALERT_STATES = ("open", "acknowledged", "closed")
OUTCOMES = (
    "advice",
    "dose_held",
    "seen_same_day",
    "sent_to_emergency",
    "no_action",
    "wrong_entry",
)
NOTIFICATION_STATES = (
    "pending",
    "sending",
    "sent",
    "failed_temporary",
    "failed_permanent",
    "superseded",
)


class Alert(ClinicRow, table=True):
    """One crossing of the clinic's line; open until a named person closes it.

    Attributes:
        code: Short, random, safe to say aloud and to mail: "K7Q-4T".
        level: prompt or urgent; it can rise, nothing but a person ends it.
        entry_id: The entry that opened it; later entries are in its events.
        reason_codes: All codes so far, for "the same reason within 12 hours".
        policy: The clinic's escalation policy as it was when the alert was raised.
        step: Index into the policy's ladder; -1 before the first notification.
        round: How often the last step was repeated.
        step_entered_at: When this step was reached.
        next_look_at: When the worker must decide again; None once closed.
        revision: Counts changes; a decision made on an old revision is not carried out.
    """

    __tablename__ = "alert"
    __table_args__ = (
        one_of("level", "level", ("prompt", "urgent")),
        one_of("state", "state", ALERT_STATES),
        one_of("outcome", "outcome", OUTCOMES),
        Index("ix_alert_due", "next_look_at"),
    )

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id")
    code: str = Field(unique=True)
    level: str
    state: str = "open"
    reason_codes: list[str] = Field(default_factory=list, sa_type=Json)
    raised_at: datetime = Field(sa_type=UtcDateTime)
    level_since: datetime = Field(sa_type=UtcDateTime)
    policy: dict[str, Any] = Field(sa_type=Json)
    step: int = -1
    round: int = 0
    step_entered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_look_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by: UUID | None = Field(default=None, foreign_key="user.id")
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: UUID | None = Field(default=None, foreign_key="user.id")
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = None
    revision: int = 0


class AlertEvent(ClinicRow, table=True):
    """One thing that happened to an alert. Rows are only ever added.

    ``kind``: raised, updated, level_raised, step_reached, nobody_to_notify, notified,
    notification_failed, acknowledged, handed_back, noted, closed, decision_failed.
    """

    __tablename__ = "alert_event"

    alert_id: UUID = Field(foreign_key="alert.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    actor_id: UUID | None = None
    actor_name: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Notification(ClinicRow, table=True):
    """One message to one recipient by one way out. The row is the queue.

    Attributes:
        kind: ``alert``, or ``digest`` for the daily summary.
        message_id: RFC 5322 Message-ID, made with the row, the same on every try.
        state: pending (due at next_attempt_at), sending (leased until lease_until), sent,
            failed_temporary (due again at next_attempt_at), failed_permanent, superseded
            (acknowledged before it was sent).
        error: What went wrong, without patient data or addresses.
    """

    __tablename__ = "notification"
    __table_args__ = (
        one_of("state", "state", NOTIFICATION_STATES),
        one_of("kind", "kind", ("alert", "digest")),
        UniqueConstraint("alert_id", "user_id", "step", "round"),
        Index("ix_notification_due", "state", "next_attempt_at"),
    )

    alert_id: UUID | None = Field(default=None, foreign_key="alert.id", index=True)
    user_id: UUID = Field(foreign_key="user.id")
    kind: str = "alert"
    way: str = "email"
    step: int | None = None
    round: int | None = None
    level: str | None = None
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    message_id: str = Field(unique=True)
    state: str = "pending"
    attempts: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = ""


class Heartbeat(Row, table=True):
    """When a background duty last ran; shown on every care-team screen and by /healthz."""

    __tablename__ = "heartbeat"

    name: str = Field(unique=True)
    at: datetime = Field(sa_type=UtcDateTime)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
