"""What was prescribed, step by step, and what the laboratory found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import ClinicRow, between, one_of
from db.sealing import SealedText
from db.types import UtcDateTime

LAB_NAMES = (
    "anc",
    "eosinophils",
    "alt",
    "ast",
    "bilirubin",
    "creatinine",
    "ldh",
    "imatinib_trough",
)


class PlanStep(ClinicRow, table=True):
    """One step of the plan: from this day on, this dose. Changed only by a newer row.

    Attributes:
        starts_on: First day of the step, the patient's calendar.
        imatinib_mg: Amount per dosing day; 0 = imatinib is stopped.
        every_n_days: 1 = daily, 2 = every other day, counted from starts_on.
        prednisolone_mg: Steroid per day in this step; None = the plan says nothing, 0 = none.
        superseded_at: Set when a newer plan replaced this row; the row stays.
    """

    __tablename__ = "plan_step"
    __table_args__ = (
        between("imatinib_mg", "imatinib_mg", 0, 800),
        between("every_n_days", "every_n_days", 1, 2),
        between("prednisolone_mg", "prednisolone_mg", 0, 1000),
    )

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    starts_on: date
    imatinib_mg: float
    every_n_days: int = 1
    prednisolone_mg: float | None = None
    reason: str = Field(default="", sa_type=SealedText("plan_step.reason"))
    author_id: UUID = Field(foreign_key="user.id")
    approved_at: datetime = Field(sa_type=UtcDateTime)
    superseded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LabResult(ClinicRow, table=True):
    """One laboratory value with the unit and the limits of the laboratory that did it.

    A wrong value is withdrawn and typed anew; the row stays.

    Attributes:
        sampled_at: Instant of the sample, for drug levels; None = unknown.
        last_dose_at: Instant of the last dose before it, for drug levels; None = unknown.
        withdrawn_at: Set when somebody said that the value is wrong.
        withdrawn_reason: Why; None while it counts.
    """

    __tablename__ = "lab_result"
    __table_args__ = (
        one_of("name", "name", LAB_NAMES),
        between("value", "value", 0, 1_000_000),
        Index("ix_lab_entered", "clinic_id", "entered_at"),
    )

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    taken_on: date
    name: str
    value: float
    unit: str
    lower_limit: float | None = None
    upper_limit: float | None = None
    sampled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_dose_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    entered_by: UUID = Field(foreign_key="user.id")
    entered_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_reason: str | None = Field(
        default=None, sa_type=SealedText("lab_result.withdrawn_reason")
    )
