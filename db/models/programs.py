"""Other programs that read or write through the API: their tokens, and what they sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow
from db.types import Json, UtcDateTime


class ApiToken(ClinicRow, table=True):
    """The key of one program. The program holds the token; only its hash is kept here.

    Attributes:
        name: Of the program, such as "Ward board"; it stands in every audit row of the token.
        scopes: Words of `db.access.SCOPE_VERBS`.
        last_used_at: Noted at most once a minute; None = never used.
        ended_at: When an administrator withdrew it; None = it holds until ``expires_at``.
    """

    __tablename__ = "api_token"

    token_hash: str = Field(unique=True)
    name: str
    scopes: list[str] = Field(sa_type=Json)
    created_by: UUID = Field(foreign_key="user.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiWrite(ClinicRow, table=True):
    """One entry that a program sent, under the key that makes sending it twice harmless.

    Attributes:
        key: The request's Idempotency-Key; one meaning per clinic, whichever token sends it.
        body_sha256: Hex digest of what was sent, to notice another body under the same key.
    """

    __tablename__ = "api_write"
    __table_args__ = (UniqueConstraint("clinic_id", "key"),)

    patient_id: UUID = Field(foreign_key="patient.id", index=True)
    token_id: UUID = Field(foreign_key="api_token.id")
    entry_id: UUID = Field(foreign_key="entry.id")
    key: str
    body_sha256: str
    at: datetime = Field(sa_type=UtcDateTime)
