"""What patients asked to become of their data, and what was done about it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from db.models.base import ClinicRow, one_of
from db.sealing import SealedText
from db.types import Json, UtcDateTime

REQUEST_KINDS = ("export", "correction", "erasure")
REQUEST_STATES = ("open", "erasing", "done", "withdrawn")


class DataRequest(ClinicRow, table=True):
    """One request about a patient's data. A done erasure is the tombstone of what is gone.

    Attributes:
        patient_id: Whose data; after an erasure a row without a name.
        reason: How the patient asked, in the words of staff; no health data.
        state: open; erasing (inside the transaction that erases, never seen outside it: it opens
            the walls of the tables that are only added to); done; withdrawn.
        decided_by: Who carried it out or withdrew it; an erasure is carried out by somebody else.
        outcome: Table -> how many rows were erased, or the names of the fields corrected.
    """

    __tablename__ = "data_request"
    __table_args__ = (
        one_of("kind", "kind", REQUEST_KINDS),
        one_of("state", "state", REQUEST_STATES),
        CheckConstraint(
            "kind <> 'erasure' OR state NOT IN ('erasing', 'done') OR decided_by <> asked_by",
            name="two_people",
        ),
    )

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    kind: str
    reason: str = Field(default="", sa_type=SealedText("data_request.reason"))
    state: str = "open"
    asked_by: UUID = Field(foreign_key="user.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: UUID | None = Field(default=None, foreign_key="user.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
