"""What a patient is reminded of, when that is due, and the calendar that leaves."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow, one_of
from db.types import UtcDateTime

RULE_KINDS = ("entry", "dose")
DUE_KINDS = ("entry", "dose", "second", "silence", "recheck", "recheck_missing", "morning")
DUE_STATES = ("waiting", "done", "skipped", "cancelled")


class ReminderRule(ClinicRow, table=True):
    """When a patient wants to be reminded, by their own clock. No row = the standard rule.

    Attributes:
        kind: ``entry`` (write today's entry) or ``dose`` (take the medicine).
        local_time: "HH:MM" on the patient's clock.
    """

    __tablename__ = "reminder_rule"
    __table_args__ = (
        one_of("kind", "kind", RULE_KINDS),
        UniqueConstraint("patient_id", "kind"),
    )

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    kind: str
    local_time: str
    is_on: bool = True
    changed_at: datetime = Field(sa_type=UtcDateTime)


class DueRow(ClinicRow, table=True):
    """Something that is to be done for a patient at an instant: the row is the timer.

    Attributes:
        kind: ``entry``, ``dose``: reminders; ``second``: nothing came after the first reminder, so
            the next way is tried; ``silence``: the end of a day, when R11 looks; ``recheck``: a
            second temperature is asked for; ``recheck_missing``: it did not come (R4); ``morning``:
            the question on the morning after a pressing entry.
        local_day: The patient's calendar day that it belongs to.
        local_time: "HH:MM" from which ``due_at`` was computed; None when it was not a clock time.
        key: Kind and day, or kind and entry: one row of a patient each, however often it is made.
        entry_id: The entry that asks for it; None for what every day brings.
        state: waiting; done; skipped (too late to help, switched off, no dose that day);
            cancelled (what it was about is no more).
        because: Why, in a word of ours; empty while waiting.
    """

    __tablename__ = "due_row"
    __table_args__ = (
        one_of("kind", "kind", DUE_KINDS),
        one_of("state", "state", DUE_STATES),
        UniqueConstraint("patient_id", "key"),
        Index("ix_due_row_due", "clinic_id", "state", "due_at"),
    )

    patient_id: UUID = Field(foreign_key="patient.id")
    kind: str
    key: str
    local_day: date
    local_time: str | None = None
    due_at: datetime = Field(sa_type=UtcDateTime)
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id")
    state: str = "waiting"
    because: str = ""
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CalendarFeed(ClinicRow, table=True):
    """The private address of a patient's calendar. Only the hash of its token is kept.

    Attributes:
        discreet: Nothing in it says which illness or medicine it is about.
        ended_at: Set when the patient made a new address or none; it answers no more.
        fetched_on: The last day (UTC) on which a calendar program asked; None = never yet.
    """

    __tablename__ = "calendar_feed"

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    token_hash: str = Field(unique=True)
    discreet: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fetched_on: date | None = None
