"""Who is signed in where, and how often somebody tried."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from db.models.base import ClinicRow, Row, one_of
from db.types import UtcDateTime


class SignIn(ClinicRow, table=True):
    """One signed-in browser. The cookie holds the token; only its hash is kept here.

    Attributes:
        unlocked_until: For patients with a PIN: when the PIN is asked again; None = no PIN.
        photos_until: For patients: until when this device shows photos; None = they are covered.
        ended_at: Set by signing out, by the clinic, or by a new password.
    """

    __tablename__ = "sign_in"
    __table_args__ = (one_of("kind", "kind", ("patient", "staff")),)

    token_hash: str = Field(unique=True)
    kind: str
    user_id: UUID | None = Field(default=None, foreign_key="user.id", index=True)
    patient_id: UUID | None = Field(default=None, foreign_key="patient.id", index=True)
    device: str = ""
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    unlocked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    photos_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInAttempt(Row, table=True):
    """One failed try. The key is a keyed hash of what was tried, so no address is kept."""

    __tablename__ = "sign_in_attempt"

    key: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
