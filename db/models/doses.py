"""What was taken of each medicine, day by day, as the patient said it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import ClinicRow, between, one_of
from db.types import UtcDateTime

DRUGS = ("imatinib", "prednisolone")
HOWS = ("planned", "late", "missed", "different", "vomited", "taken_back")
VOMITED_AFTER = ("within_30", "within_120", "later", "unknown")


class DoseRecord(ClinicRow, table=True):
    """One thing said about one medicine of one day. Never changed: a correction is a new row.

    The newest row of a day and medicine counts. A day without a row is unknown, not missed.

    Attributes:
        id: Made by the client, so that saying it twice is one row.
        diary_on: The patient's calendar day that the dose belongs to.
        planned_mg: What the plan said when this was recorded; None = no plan, 0 = none that day.
        how: ``planned``, ``late``, ``missed``, ``different`` (another amount), ``vomited``,
            ``taken_back`` (nothing is said any more: unknown again).
        taken_mg: In all that day; None = unknown (vomited, taken back), 0 = not taken.
        taken_clock: "HH:MM" by the patient's clock when it was taken late; None = not said.
        vomited_after: How long after it; None unless vomited.
        entry_id: The entry that said so; None = said beside an entry.
    """

    __tablename__ = "dose_record"
    __table_args__ = (
        one_of("drug", "drug", DRUGS),
        one_of("how", "how", HOWS),
        one_of("vomited_after", "vomited_after", VOMITED_AFTER),
        between("planned_mg", "planned_mg", 0, 1000),
        between("taken_mg", "taken_mg", 0, 5000),
        Index("ix_dose_record_day", "clinic_id", "patient_id", "diary_on"),
        Index("ix_dose_record_clinic_day", "clinic_id", "diary_on"),
    )

    clinic_id: UUID = Field(foreign_key="clinic.id")  # ix_dose_record_clinic_day begins with it
    patient_id: UUID = Field(foreign_key="patient.id")
    diary_on: date
    drug: str
    planned_mg: float | None = None
    how: str
    taken_mg: float | None = None
    taken_clock: str | None = None
    vomited_after: str | None = None
    entry_id: UUID | None = Field(default=None, foreign_key="entry.id")
    time_zone: str
    recorded_at: datetime = Field(sa_type=UtcDateTime)
