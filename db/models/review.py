"""What the care team has reviewed of the weekly list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow
from db.types import UtcDateTime


class DigestReview(ClinicRow, table=True):
    """A member of the care team reviewed one assessment of the level ``digest``."""

    __tablename__ = "digest_review"
    __table_args__ = (UniqueConstraint("assessment_id"),)

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    assessment_id: UUID = Field(foreign_key="assessment.id")
    reviewed_by: UUID = Field(foreign_key="user.id")
    reviewed_at: datetime = Field(sa_type=UtcDateTime)
