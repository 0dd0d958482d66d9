"""The weekly questions: what a patient answered, and the answers being given."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from db.models.base import ClinicRow, one_of
from db.types import Json, UtcDateTime


class WeeklyReport(ClinicRow, table=True):
    """The answers of one week as the patient gave them. Never changed, and read by no rule.

    Attributes:
        id: Made by the client (the draft's id), so that sending twice is one report.
        author: Who answered.
        period_ends_on: The last of the seven days asked about, the patient's calendar.
        instrument: Library, version and language of the questions.
        answers: Column name of every question asked -> score, or None where it was not
            answered; a week that was skipped has None alone. A question not asked is absent.
    """

    __tablename__ = "weekly_report"
    __table_args__ = (one_of("author", "author", ("patient", "carer", "staff")),)

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    author: str = "patient"
    period_ends_on: date
    time_zone: str
    instrument: str
    answers: dict[str, int | None] = Field(default_factory=dict, sa_type=Json)
    written_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)


class WeeklyDraft(ClinicRow, table=True):
    """Weekly answers being given, beside and apart from the entry being written.

    Attributes:
        id: Becomes the report's id when it is sent.
        revision: Counts every save; a save with an old revision is refused, not lost.
        sent_at: When it became a report.
        discarded_at: Set aside, because its answers are about other days.
    """

    __tablename__ = "weekly_draft"

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    revision: int = 0
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    discarded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
