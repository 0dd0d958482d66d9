"""What every row has: an id and a clinic."""

from uuid import UUID

from sqlalchemy import CheckConstraint, MetaData
from sqlmodel import Field, SQLModel

from db.types import new_id

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    """Base of every table."""

    metadata = METADATA

    id: UUID = Field(default_factory=new_id, primary_key=True)


class ClinicRow(Row):
    """Base of every table whose rows belong to one clinic."""

    clinic_id: UUID = Field(foreign_key="clinic.id", index=True)


def one_of(name: str, column: str, words: tuple[str, ...]) -> CheckConstraint:
    """Return the check that a text column holds one of the words (or is unknown)."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IS NULL OR {column} IN ({listed})", name=name)


def between(name: str, column: str, low: float, high: float) -> CheckConstraint:
    """Return the check that a number lies in a closed range (or is unknown)."""
    return CheckConstraint(
        f"{column} IS NULL OR ({column} >= {low} AND {column} <= {high})", name=name
    )
