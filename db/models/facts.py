"""What else a patient takes, and who said what the rules must know of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from db.models.base import ClinicRow
from db.sealing import SealedText
from db.types import Json, UtcDateTime


class OtherMedicine(ClinicRow, table=True):
    """One medicine beside imatinib and its steroid; added and ended, never taken away.

    Attributes:
        name: As somebody typed it; no code is guessed from it.
        dose: In words, such as "5 mg every morning"; empty = not known.
        since: First day; None = not known.
        until: Last day; None = still taken, as far as is known.
        reason: What it is taken for; empty = not known.
        end_reason: Why it ended; for a row added by mistake, what is wrong with it.
        is_mistake: The row should not be there; nothing but the record shows it.
    """

    __tablename__ = "other_medicine"

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    name: str = Field(sa_type=SealedText("other_medicine.name"))
    dose: str = Field(default="", sa_type=SealedText("other_medicine.dose"))
    since: date | None = None
    until: date | None = None
    reason: str = Field(default="", sa_type=SealedText("other_medicine.reason"))
    added_by: UUID = Field(foreign_key="user.id")
    added_at: datetime = Field(sa_type=UtcDateTime)
    ended_by: UUID | None = Field(default=None, foreign_key="user.id")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_reason: str = Field(default="", sa_type=SealedText("other_medicine.end_reason"))
    is_mistake: bool = False


class FactChange(ClinicRow, table=True):
    """One change of what the rules know of a patient besides the diary; rows are only added.

    Attributes:
        before: Column of ``Patient`` -> what it held; only columns that changed.
        after: The same columns -> what they hold since.
    """

    __tablename__ = "fact_change"

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    before: dict[str, Any] = Field(sa_type=Json)
    after: dict[str, Any] = Field(sa_type=Json)
    changed_by: UUID = Field(foreign_key="user.id")
    changed_at: datetime = Field(sa_type=UtcDateTime)
