"""The data keys of the clinics, each wrapped with the master key."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, text
from sqlmodel import Field

from db.models.base import ClinicRow, between
from db.types import UtcDateTime


class DataKey(ClinicRow, table=True):
    """One version of the key that seals a clinic's photos and free text; the newest one seals.

    Older ones stay: they open what a rotation has not reached yet.

    Attributes:
        version: 1, 2, 3 ... within the clinic.
        wrapped: The key, sealed with the master key for this clinic and version.
        settled_at: When everything of the clinic was sealed with it; None = not yet.
        resealing: Set and unset inside one transaction, never seen outside it: while it is set,
            sealed words of rows that are only added to may be written anew.
    """

    __tablename__ = "data_key"
    __table_args__ = (
        UniqueConstraint("clinic_id", "version"),
        between("version", "version", 1, 1_000_000),
    )

    version: int
    wrapped: bytes
    created_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resealing: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
