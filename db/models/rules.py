"""The thresholds of a clinic: named, versioned, proposed by one person and approved by another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow
from db.types import Json, UtcDateTime


class RuleSetRow(ClinicRow, table=True):
    """One rule set of a clinic. Its content is never changed: other numbers are another row.

    Attributes:
        version: Stored with every assessment it makes; once per clinic.
        content: Every field of the rules by its name, checked against the hard limits.
        what_if: Counts of the last replay of this very content; None = not replayed yet.
        what_if_of: Hex digest of the content that was replayed.
        approved_by: Never who proposed it.
        in_force_from: It grades what comes in from this instant, until a newer one does.
        withdrawn_at: A proposal that was taken back or turned down; one that was approved never is.
        withdrawn_by: Who proposed it when it was taken back, else who turned it down.
        decision: Why it was approved or turned down, in the words of who decided.
    """

    __tablename__ = "rule_set"
    __table_args__ = (
        UniqueConstraint("clinic_id", "version"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
        CheckConstraint("approved_by IS NULL OR withdrawn_at IS NULL", name="withdrawn"),
    )

    name: str
    version: str
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    reason: str = ""
    proposed_by: UUID = Field(foreign_key="user.id")
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    what_if: dict[str, Any] | None = Field(default=None, sa_type=Json)
    what_if_of: str | None = None
    what_if_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: UUID | None = Field(default=None, foreign_key="user.id")
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    in_force_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: UUID | None = Field(default=None, foreign_key="user.id")
    decision: str = ""
