"""What goes out and comes in, as OpenAPI describes it."""

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from diary_app.api.v1.answers import Answers

T = TypeVar("T")


class PageOut(BaseModel, Generic[T]):
    """Part of a list. ``next`` is the cursor of the next part; null = this is the end."""

    items: list[T]
    next: UUID | None


class Me(BaseModel):
    """Who asks. ``kind`` is program, patient or staff; ``scopes`` are a program's."""

    kind: str
    role: str
    name: str | None
    scopes: list[str]
    clinic_id: UUID
    patient_id: UUID | None
    language: str | None
    time_zone: str


class Assessed(BaseModel):
    """What the rules made of an entry: estimated grades 0 to 4, and the level."""

    level: str | None
    grades: dict[str, int]
    reason_codes: list[str]
    rules_version: str
    ctcae_version: str


class EntryOut(BaseModel):
    """One version of an entry. ``answers`` holds what was answered; absent = unknown.

    ``assessment`` null = it could not be graded yet; that never means that nothing is wrong.
    """

    id: UUID
    patient_id: UUID
    first_id: UUID
    replaces_id: UUID | None
    version: int
    kind: str
    author: str
    diary_on: date
    local_time: str | None
    time_zone: str
    written_at: datetime
    received_at: datetime
    answers: dict[str, Any]
    assessment: Assessed | None


class NewEntry(BaseModel):
    """An entry to keep.

    ``said_at`` is when the patient said it, with its time zone, at most 7 days ago; left out: now.
    ``corrects`` is the id of the newest version of the entry that this one replaces; it keeps the
    day and time of that entry.
    """

    model_config = ConfigDict(extra="forbid")

    patient_id: UUID
    kind: Literal["full", "reading"] = Field(
        default="full", description="reading: a temperature and nothing else."
    )
    author: Literal["patient", "carer"] = "patient"
    said_at: AwareDatetime | None = None
    corrects: UUID | None = None
    answers: Answers


class PatientOut(BaseModel):
    """One patient of the clinic."""

    id: UUID
    code: str
    name: str
    born_on: date
    time_zone: str
    in_follow_up: bool
    joined_at: datetime


class StepOut(BaseModel):
    """One step of the plan in force: from this day on, this dose.

    ``every_n_days`` 2 = every other day from ``starts_on`` on; ``imatinib_mg`` 0 = stopped;
    ``prednisolone_mg`` null = the plan says nothing of it.
    """

    id: UUID
    patient_id: UUID
    starts_on: date
    imatinib_mg: float
    every_n_days: int
    prednisolone_mg: float | None
    reason: str
    approved_at: datetime


class AlertOut(BaseModel):
    """One alert. ``code`` is what messages and phone calls name it by."""

    id: UUID
    code: str
    patient_id: UUID
    entry_id: UUID | None
    level: str
    state: str
    reason_codes: list[str]
    raised_at: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
