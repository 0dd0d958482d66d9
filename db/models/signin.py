"""Who is signed in where, and how often somebody tried."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow, Row, one_of
from db.types import UtcDateTime


class SignIn(ClinicRow, table=True):
    """One signed-in browser. The cookie holds the token; only its hash is kept here.

    Attributes:
        unlocked_until: For patients with a PIN: when the PIN is asked again; None = no PIN.
        photos_until: For patients: until when this device shows photos; None = they are covered.
        verified_at: For staff: when a second factor was last given; None = not in this sign-in.
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
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RecoveryCode(ClinicRow, table=True):
    """One of ten codes that stand in for a lost authenticator, each once. Only the hash is kept."""

    __tablename__ = "recovery_code"

    user_id: UUID = Field(foreign_key="user.id", index=True)
    code_hash: str = Field(unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Passkey(ClinicRow, table=True):
    """One passkey (WebAuthn) of a member of staff; the private key never leaves their device.

    Attributes:
        credential_id: As the authenticator names it, base64url without padding.
        public_key: COSE key, as the authenticator gave it.
        sign_count: Of the last use; 0 = this authenticator does not count.
        name: As its owner calls it.
    """

    __tablename__ = "passkey"

    user_id: UUID = Field(foreign_key="user.id", index=True)
    credential_id: str = Field(unique=True)
    public_key: bytes
    sign_count: int = 0
    name: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class HospitalIdentity(ClinicRow, table=True):
    """Which account of the hospital's sign-in service is a member of staff's.

    Kept at the first such sign-in, so that somebody who is given the same mail address later does
    not become them.
    """

    __tablename__ = "hospital_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    user_id: UUID = Field(foreign_key="user.id", unique=True)
    issuer: str
    subject: str
    linked_at: datetime = Field(sa_type=UtcDateTime)


class UsedOnce(Row, table=True):
    """The hash of something that works once, such as a passkey's challenge, and was used."""

    __tablename__ = "used_once"

    key: str = Field(unique=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class SignInAttempt(Row, table=True):
    """One failed try. The key is a keyed hash of what was tried, so no address is kept."""

    __tablename__ = "sign_in_attempt"

    key: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
