"""Patients who leave the clinic's list, come back, or are handed over to another clinic."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from db.models.base import ClinicRow, one_of
from db.types import UtcDateTime

END_REASONS = ("finished", "elsewhere", "own_wish", "died", "by_mistake", "other")
CHANGE_KINDS = ("ended", "resumed", "moved_out", "moved_in")
HANDOVER_STATES = ("offered", "accepted", "declined", "withdrawn")


class FollowUpChange(ClinicRow, table=True):
    """One change of a patient's follow-up. Rows are only ever added; no row = always followed.

    Attributes:
        kind: ``ended``, ``resumed``, ``moved_out`` (taken over by another clinic of the
            installation), ``moved_in`` (taken over from one).
        reason: One of END_REASONS when it ended; empty otherwise.
        by_name: Who did it; for ``moved_out`` somebody of the other clinic.
        clinic_name: The other clinic; empty = none.
    """

    __tablename__ = "follow_up_change"
    __table_args__ = (
        one_of("kind", "kind", CHANGE_KINDS),
        Index("ix_follow_up_change_patient", "clinic_id", "patient_id", "at"),
    )

    patient_id: UUID = Field(foreign_key="patient.id")
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str
    reason: str = ""
    by_id: UUID
    by_name: str
    clinic_name: str = ""


class Handover(ClinicRow, table=True):
    """One offer of a patient to another clinic; that clinic takes them over or declines.

    Attributes:
        clinic_id: The clinic that offers; it follows the patient until the other one accepts.
        to_clinic_id: The clinic that was asked.
        state: One of HANDOVER_STATES.
        settled_by: Name of whoever accepted, declined or withdrew it.
        new_patient_id: The patient in the other clinic, once accepted.
    """

    __tablename__ = "handover"
    __table_args__ = (one_of("state", "state", HANDOVER_STATES),)

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    to_clinic_id: UUID = Field(foreign_key="clinic.id", index=True)
    offered_by: str
    offered_at: datetime = Field(sa_type=UtcDateTime)
    state: str = "offered"
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_by: str = ""
    new_patient_id: UUID | None = None
