"""Who must know, what they were sent, and what they did."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow, Row, one_of
from db.sealing import SealedJson, SealedText
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
    "delivered",
    "failed_temporary",
    "failed_permanent",
    "superseded",
)
NOTIFICATION_KINDS = ("alert", "digest", "reminder", "task", "report", "probe", "test")
WAY_KINDS = ("email", "apprise", "webhook")
TASK_KINDS = (
    "undeliverable",
    "nobody_to_notify",
    "ungraded",
    "stuck",
    "books_differ",
    "probe_lost",
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
        snoozed_until: The holder asked to be told again then; None = not snoozed.
        snoozed_seconds: How long it was snoozed in all, whoever asked; there is a cap.
        holder_told_at: When its holder was told again; None = not since they took or snoozed it.
        revision: Counts changes; a decision made on an old revision is not carried out.
        is_test: About the test patient: no care team is told, and no list or figure counts it.
    """

    __tablename__ = "alert"
    __table_args__ = (
        one_of("level", "level", ("prompt", "urgent")),
        one_of("state", "state", ALERT_STATES),
        one_of("outcome", "outcome", OUTCOMES),
        Index("ix_alert_due", "next_look_at"),
        Index("ix_alert_state", "clinic_id", "state", "next_look_at"),
        Index("ix_alert_step", "clinic_id", "state", "step_entered_at"),
        Index("ix_alert_taken", "clinic_id", "state", "acknowledged_at"),
        Index("ix_alert_raised", "clinic_id", "raised_at"),
        Index("ix_alert_closed", "clinic_id", "closed_at"),
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
    snoozed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snoozed_seconds: int = 0
    holder_told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by: UUID | None = Field(default=None, foreign_key="user.id")
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: UUID | None = Field(default=None, foreign_key="user.id")
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = None
    revision: int = 0
    is_test: bool = False


class AlertEvent(ClinicRow, table=True):
    """One thing that happened to an alert. Rows are only ever added.

    ``kind``: raised, updated, level_raised, step_reached, nobody_to_notify, notified,
    notification_failed, acknowledged, handed_back, snoozed, holder_told, returned, noted, called,
    withdrawn, closed, reopened, decision_failed.
    """

    __tablename__ = "alert_event"
    __table_args__ = (Index("ix_alert_event_at", "clinic_id", "at"),)

    alert_id: UUID = Field(foreign_key="alert.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    actor_id: UUID | None = None
    actor_name: str = ""
    detail: dict[str, Any] = Field(
        default_factory=dict, sa_type=SealedJson("alert_event.detail", "text")
    )


class ContactWay(ClinicRow, table=True):
    """One way out to a person, a patient, or (with neither) the clinic's own system.

    A member of staff always has the e-mail address of the sign-in; these come besides.

    Attributes:
        label: What its owner calls it, such as "Mobile"; no address.
        address_sealed: The address, Apprise URL or webhook settings, sealed with the master key
            for this row's id: they hold tokens and telephone numbers.
        confirmed_at: When a test message was answered or seen to arrive; None = not yet.
        disabled_at: When it was switched off, by a person or by a permanent failure.
        disabled_because: Why; None while it is used.
    """

    __tablename__ = "contact_way"
    __table_args__ = (
        one_of("kind", "kind", WAY_KINDS),
        CheckConstraint("user_id IS NULL OR patient_id IS NULL", name="one_owner"),
    )

    user_id: UUID | None = Field(default=None, foreign_key="user.id", index=True)
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id", index=True)
    kind: str
    label: str
    address_sealed: bytes
    created_by: UUID
    created_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_because: str | None = None


class Notification(ClinicRow, table=True):
    """One message to one recipient by one way out: a line of the delivery ledger, and the queue.

    Attributes:
        user_id: The member of staff it goes to; None for a patient or the clinic's own system.
        patient_id: The patient it goes to (reminders); None otherwise.
        way: ``email`` (the sign-in address), or ``apprise:<id>``, ``webhook:<id>``,
            ``email:<id>`` of a contact way.
        way_id: That contact way; None for the sign-in address.
        bundle_id: Same for messages that left as one; None when it left alone.
        message_id: RFC 5322 Message-ID, made with the row, the same on every try.
        state: pending (due at next_attempt_at), sending (leased until lease_until), sent (the
            way out took it), delivered (its far end confirmed), failed_temporary (due again at
            next_attempt_at), failed_permanent (became a task for a person), superseded (the
            alert was taken or closed before it was sent).
        held_because: Why next_attempt_at lies later than it could, such as ``quiet_hours`` or
            ``bundling``; empty when nothing holds it.
        lease_owner: The worker process that leased it.
        receipt: What the way out answered, without addresses.
        error: What went wrong, without patient data or addresses.
    """

    __tablename__ = "notification"
    __table_args__ = (
        one_of("state", "state", NOTIFICATION_STATES),
        one_of("kind", "kind", NOTIFICATION_KINDS),
        UniqueConstraint("alert_id", "user_id", "way", "step", "round"),
        CheckConstraint("user_id IS NULL OR patient_id IS NULL", name="one_recipient"),
        Index("ix_notification_due", "state", "next_attempt_at"),
        Index("ix_notification_made", "clinic_id", "created_at"),
        Index("ix_notification_state", "clinic_id", "state", "next_attempt_at"),
        Index("ix_notification_way", "user_id", "way", "created_at"),
    )

    alert_id: UUID | None = Field(default=None, foreign_key="alert.id", index=True)
    user_id: UUID | None = Field(default=None, foreign_key="user.id")
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id", index=True)
    kind: str = "alert"
    way: str = "email"
    way_id: UUID | None = Field(default=None, foreign_key="contact_way.id")
    step: int | None = None
    round: int | None = None
    level: str | None = None
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    message_id: str = Field(unique=True)
    state: str = "pending"
    attempts: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    held_because: str = ""
    bundle_id: UUID | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lease_owner: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    receipt: str = ""
    error: str = ""


class Task(ClinicRow, table=True):
    """Something that the diary cannot do and a named person must; open until one says it is done.

    Attributes:
        kind: One of TASK_KINDS.
        user_id: Who is asked to do it.
        sentence: What is to be done, for a person, without patient data.
    """

    __tablename__ = "task"
    __table_args__ = (one_of("kind", "kind", TASK_KINDS),)

    kind: str
    user_id: UUID = Field(foreign_key="user.id")
    alert_id: UUID | None = Field(default=None, foreign_key="alert.id", index=True)
    notification_id: UUID | None = Field(default=None, foreign_key="notification.id")
    sentence: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: UUID | None = Field(default=None, foreign_key="user.id")
    note: str = Field(default="", sa_type=SealedText("task.note"))


class Heartbeat(Row, table=True):
    """When a background duty last ran; shown on every care-team screen and by /healthz."""

    __tablename__ = "heartbeat"

    name: str = Field(unique=True)
    at: datetime = Field(sa_type=UtcDateTime)
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
