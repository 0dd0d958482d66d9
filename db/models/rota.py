"""Who is told besides single people and roles: teams, weekly rotas, overrides, days away."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from db.models.base import ClinicRow, between
from db.types import UtcDateTime


class Team(ClinicRow, table=True):
    """People who are told together. Policies name it by its id.

    Attributes:
        ended_at: When it was given up; None = in use.
    """

    __tablename__ = "team"

    name: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TeamMember(ClinicRow, table=True):
    """One person in one team."""

    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("team_id", "user_id"),)

    team_id: UUID = Field(foreign_key="team.id", index=True)
    user_id: UUID = Field(foreign_key="user.id")


class Rota(ClinicRow, table=True):
    """A weekly rota. Policies name it by its id.

    Attributes:
        ended_at: When it was given up; None = in use.
    """

    __tablename__ = "rota"

    name: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RotaShift(ClinicRow, table=True):
    """One row of the week, in the clinic's wall time.

    Attributes:
        weekday: On which it begins, 0 (Monday) to 6 (Sunday).
        starts: Its first minute, such as 20:00.
        ends: The minute after its last; not later than ``starts`` means on the next day.
    """

    __tablename__ = "rota_shift"
    __table_args__ = (between("weekday", "weekday", 0, 6),)

    rota_id: UUID = Field(foreign_key="rota.id", index=True)
    weekday: int
    starts: str
    ends: str
    user_id: UUID = Field(foreign_key="user.id")


class RotaOverride(ClinicRow, table=True):
    """From ``starts_at`` until before ``ends_at`` this person is on call instead of the week's."""

    __tablename__ = "rota_override"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="forward"),)

    rota_id: UUID = Field(foreign_key="rota.id", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    user_id: UUID = Field(foreign_key="user.id")


class Absence(ClinicRow, table=True):
    """Somebody is away on calendar days of the clinic, both included.

    Attributes:
        cover_id: Who takes over; None = nobody.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="forward"),
        CheckConstraint("cover_id IS NULL OR cover_id <> user_id", name="somebody_else"),
    )

    user_id: UUID = Field(foreign_key="user.id", index=True)
    first_on: date
    last_on: date
    cover_id: UUID | None = Field(default=None, foreign_key="user.id")
