"""Teams: people who are told of alerts together."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import Team, TeamMember
from db.stores import audit, people, policies


def teams(session: Session, viewer: Viewer) -> list[Team]:
    """Return the clinic's teams in use, by name."""
    viewer.require("policy.read")
    return list(
        session.exec(
            select(Team)
            .where(col(Team.clinic_id) == viewer.clinic_id, col(Team.ended_at).is_(None))
            .order_by(col(Team.name))
        )
    )


def members(session: Session, viewer: Viewer) -> dict[UUID, list[UUID]]:
    """Return who is in which team: team id -> user ids, in the order they were added."""
    viewer.require("policy.read")
    found: dict[UUID, list[UUID]] = {}
    for row in session.exec(
        select(TeamMember)
        .where(col(TeamMember.clinic_id) == viewer.clinic_id)
        .order_by(col(TeamMember.id))
    ):
        found.setdefault(row.team_id, []).append(row.user_id)
    return found


def add_team(session: Session, viewer: Viewer, name: str, now: datetime) -> UUID:
    """Keep a new team without members and return its id.

    Raises:
        ConflictError: The clinic has a team of this name in use.
    """
    viewer.require("policy.write")
    if any(team.name.casefold() == name.casefold() for team in teams(session, viewer)):
        raise ConflictError(f"There is a team {name} already.")
    new = Team(clinic_id=viewer.clinic_id, name=name, created_at=now)
    session.add(new)
    session.flush()
    audit.note(session, viewer, "team.add", "team", now, subject_id=new.id)
    return new.id


def set_members(
    session: Session, viewer: Viewer, team_id: UUID, user_ids: Collection[UUID], now: datetime
) -> None:
    """Let a team be exactly these people of the clinic."""
    viewer.require("policy.write")
    _team(session, viewer, team_id)
    if not set(user_ids) <= people.staff_names(session, viewer).keys():
        raise NotFoundError("This person is not in your clinic's list.")
    session.connection().execute(
        delete(TeamMember).where(
            col(TeamMember.team_id) == team_id, col(TeamMember.clinic_id) == viewer.clinic_id
        )
    )
    for user_id in dict.fromkeys(user_ids):
        session.add(TeamMember(clinic_id=viewer.clinic_id, team_id=team_id, user_id=user_id))
        session.flush()
    audit.note(
        session,
        viewer,
        "team.members",
        "team",
        now,
        subject_id=team_id,
        detail={"users": [str(user_id) for user_id in user_ids]},
    )


def end_team(session: Session, viewer: Viewer, team_id: UUID, now: datetime) -> None:
    """Give a team up.

    Raises:
        ConflictError: The clinic's policy, or that of an open alert, tells it.
    """
    viewer.require("policy.write")
    row = _team(session, viewer, team_id)
    if policies.tells(session, viewer, f"team:{team_id}"):
        raise ConflictError(
            f"The policy, or an alert that is open, tells the team {row.name}. Take it out of the "
            "policy and close these alerts first."
        )
    row.ended_at = now
    session.add(row)
    session.flush()
    audit.note(session, viewer, "team.end", "team", now, subject_id=team_id)


def _team(session: Session, viewer: Viewer, team_id: UUID) -> Team:
    found = session.exec(
        select(Team).where(
            col(Team.id) == team_id,
            col(Team.clinic_id) == viewer.clinic_id,
            col(Team.ended_at).is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This team is not in your clinic's list.")
    return found
