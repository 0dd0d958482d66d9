"""Visits that the care team agreed with a patient, and what the patient wants to ask there."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from db.models.base import ClinicRow, between, one_of
from db.sealing import SealedText
from db.types import UtcDateTime


class PlannedVisit(ClinicRow, table=True):
    """One visit, as it stands now; a cancelled one stays, so that calendars hear of it.

    Attributes:
        minutes: How long it is planned to last.
        sequence: How often it was moved or cancelled (SEQUENCE of RFC 5545).
        changed_by: Who planned, moved or cancelled it last.
    """

    __tablename__ = "planned_visit"
    __table_args__ = (between("minutes", "minutes", 5, 480),)

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    minutes: int = 30
    sequence: int = 0
    changed_by: UUID = Field(foreign_key="user.id")
    changed_at: datetime = Field(sa_type=UtcDateTime)
    cancelled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class VisitQuestion(ClinicRow, table=True):
    """What a patient wants to ask at the next visit. Nobody is told of it, no rule reads it.

    Attributes:
        words: As the patient wrote it.
        ended_at: Answered by the care team or taken back by the patient; None = open.
        ended_how: answered or taken_back.
        ended_by: The person of the care team, or the patient.
    """

    __tablename__ = "visit_question"
    __table_args__ = (one_of("ended_how", "ended_how", ("answered", "taken_back")),)

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    words: str = Field(sa_type=SealedText("visit_question.words"))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_how: str | None = None
    ended_by: UUID | None = None
