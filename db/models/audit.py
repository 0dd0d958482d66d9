"""Who did what to whose data: append-only, each row sealing the one before it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow
from db.types import Json, UtcDateTime


class AuditEvent(ClinicRow, table=True):
    """One act. ``hash`` covers this row and ``previous_hash``, per clinic.

    Attributes:
        number: 1, 2, 3 ... within the clinic, without gaps.
        verb: Such as ``alert.acknowledge`` or ``patient.export``.
        detail: Ids, counts and words of ours; never what a patient wrote.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("clinic_id", "number"),
        Index("ix_audit_event_patient", "clinic_id", "patient_id", "number"),
    )

    number: int
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: UUID
    actor_role: str
    verb: str
    subject_kind: str
    subject_id: UUID | None = None
    patient_id: UUID | None = None
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    previous_hash: str
    hash: str
