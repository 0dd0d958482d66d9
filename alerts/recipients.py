"""Whoever works in a clinic, read from the rows for the pure rules of escalation."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.escalation.on_call import Absence, Override, Shift
from alerts.escalation.staffing import Person, Staffing, Team, WeeklyRota
from db.access import Viewer
from db.stores import people, rotas, teams

EVERY_KIND = ("role", "user", "team", "rota")


def staffing(
    session: Session, viewer: Viewer, now: datetime, kinds: Iterable[str] = EVERY_KIND
) -> Staffing:
    """Return the clinic's active staff and, where a policy speaks of them, its groups.

    Args:
        now: Overrides and days away that are over by then are not read.
        kinds: Kinds of words that are going to be asked for; others are not read.
    """
    wanted = set(kinds)
    zone = ZoneInfo(people.own_clinic(session, viewer).time_zone)
    staff = {
        user.id: Person(
            user.name,
            user.role,
            joined=user.password_hash is not None,
            ways=1 if user.email else 0,
        )
        for user in people.staff(session, viewer)
    }
    return Staffing(
        people=staff,
        zone=zone,
        teams=_teams(session, viewer) if "team" in wanted else {},
        rotas=_rotas(session, viewer, now) if "rota" in wanted else {},
        absences=_absences(session, viewer, now, zone) if wanted - {"role"} else (),
    )


def _teams(session: Session, viewer: Viewer) -> dict[UUID, Team]:
    members = teams.members(session, viewer)
    return {
        row.id: Team(row.name, tuple(members.get(row.id, ())))
        for row in teams.teams(session, viewer)
    }


def _rotas(session: Session, viewer: Viewer, now: datetime) -> dict[UUID, WeeklyRota]:
    weeks: dict[UUID, list[Shift]] = {}
    for row in rotas.shifts(session, viewer):
        shift = Shift(
            row.weekday,
            time.fromisoformat(row.starts),
            time.fromisoformat(row.ends),
            row.user_id,
        )
        weeks.setdefault(row.rota_id, []).append(shift)
    instead: dict[UUID, list[Override]] = {}
    for each in rotas.overrides(session, viewer, now):
        override = Override(each.starts_at, each.ends_at, each.user_id)
        instead.setdefault(each.rota_id, []).append(override)
    return {
        row.id: WeeklyRota(row.name, tuple(weeks.get(row.id, ())), tuple(instead.get(row.id, ())))
        for row in rotas.rotas(session, viewer)
    }


def _absences(
    session: Session, viewer: Viewer, now: datetime, zone: ZoneInfo
) -> tuple[Absence, ...]:
    today = now.astimezone(zone).date()
    return tuple(
        Absence(row.user_id, row.first_on, row.last_on, row.cover_id)
        for row in rotas.absences(session, viewer, today)
    )
