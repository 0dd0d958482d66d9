"""Teams, weekly rotas, overrides and days away; who is on call now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.escalation.checks import hole_sentence
from alerts.escalation.on_call import Shift, holes
from alerts.escalation.staffing import Staffing
from alerts.recipients import staffing
from db.access import Viewer
from db.models import Absence, RotaOverride, RotaShift
from db.stores import people, rotas, teams
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.rota_form import (
    ShiftForm,
    read_absence,
    read_name,
    read_override,
    read_shifts,
)
from diary_app.services.watch import Watch, watch
from diary_app.text import _


@dataclass(frozen=True)
class OnCallLine:
    """Who is on call on one rota; no names = nobody."""

    rota: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class TeamLine:
    """One team and who is in it."""

    team_id: UUID
    name: str
    members: tuple[UUID, ...]


@dataclass(frozen=True)
class OverrideLine:
    """Somebody is on call instead of the weekly rota for a while."""

    override_id: UUID
    starts_at: datetime
    ends_at: datetime
    name: str


@dataclass(frozen=True)
class RotaLine:
    """One rota.

    Attributes:
        shifts: In the order of the week.
        now: Who is on call now; empty = nobody.
        holes: What is missing in the week, one sentence; empty when nothing is.
    """

    rota_id: UUID
    name: str
    shifts: tuple[ShiftForm, ...]
    overrides: tuple[OverrideLine, ...]
    now: tuple[str, ...]
    holes: str


@dataclass(frozen=True)
class AbsenceLine:
    """Somebody is away; ``cover`` empty = nobody takes over."""

    absence_id: UUID
    name: str
    first_on: date
    last_on: date
    cover: str


@dataclass(frozen=True)
class OnCallPage:
    """Everybody who can be told, and in which groups. ``staff``: id -> name, active people."""

    staff: dict[UUID, str]
    teams: tuple[TeamLine, ...]
    rotas: tuple[RotaLine, ...]
    absences: tuple[AbsenceLine, ...]
    now: datetime
    watch: Watch


def on_call_lines(session: Session, viewer: Viewer, now: datetime) -> tuple[OnCallLine, ...]:
    """Return who is on call now on every rota of the clinic, by its name."""
    if not rotas.rotas(session, viewer):
        return ()
    staff = staffing(session, viewer, now, ("rota",))
    return tuple(
        OnCallLine(rota.name, _on_call(staff, rota_id, now))
        for rota_id, rota in staff.rotas.items()
    )


class OnCall:
    """Teams and rotas of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self) -> OnCallPage:
        """Return teams, rotas and days away as they are now."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("policy.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            staff = staffing(session, viewer, now)
            names = people.staff_names(session, viewer)
            weeks = _weeks(rotas.shifts(session, viewer))
            instead = rotas.overrides(session, viewer, now)
            away = rotas.absences(session, viewer, now.astimezone(staff.zone).date())
            members = teams.members(session, viewer)
            return OnCallPage(
                staff={user: person.name for user, person in staff.people.items()},
                teams=tuple(
                    TeamLine(row.id, row.name, tuple(members.get(row.id, ())))
                    for row in teams.teams(session, viewer)
                ),
                rotas=tuple(
                    RotaLine(
                        rota_id=row.id,
                        name=row.name,
                        shifts=weeks.get(row.id, ()),
                        overrides=tuple(
                            OverrideLine(
                                each.id, each.starts_at, each.ends_at, names.get(each.user_id, "")
                            )
                            for each in instead
                            if each.rota_id == row.id
                        ),
                        now=_on_call(staff, row.id, now),
                        holes=missing(row.name, weeks.get(row.id, ())),
                    )
                    for row in rotas.rotas(session, viewer)
                ),
                absences=tuple(
                    AbsenceLine(
                        each.id,
                        names.get(each.user_id, ""),
                        each.first_on,
                        each.last_on,
                        "" if each.cover_id is None else names.get(each.cover_id, ""),
                    )
                    for each in away
                ),
                now=now,
                watch=watch(session, viewer, now),
            )

    def add_team(self, typed: str) -> None:
        """Add a team without members."""
        name = read_name(typed, _("the team"))
        self._write(lambda session, now: teams.add_team(session, self._viewer, name, now))

    def set_members(self, team_id: UUID, user_ids: Iterable[UUID]) -> None:
        """Let a team be exactly these people."""
        chosen = tuple(user_ids)
        self._write(
            lambda session, now: teams.set_members(session, self._viewer, team_id, chosen, now)
        )

    def end_team(self, team_id: UUID) -> None:
        """Give a team up that the policy does not tell."""
        self._write(lambda session, now: teams.end_team(session, self._viewer, team_id, now))

    def add_rota(self, typed: str) -> None:
        """Add a rota without shifts."""
        name = read_name(typed, _("the rota"))
        self._write(lambda session, now: rotas.add_rota(session, self._viewer, name, now))

    def end_rota(self, rota_id: UUID) -> None:
        """Give a rota up that the policy does not tell."""
        self._write(lambda session, now: rotas.end_rota(session, self._viewer, rota_id, now))

    def set_week(self, rota_id: UUID, week: Iterable[ShiftForm]) -> None:
        """Let the week of a rota be exactly these shifts."""
        clinic_id = self._viewer.clinic_id
        rows = [
            RotaShift(
                clinic_id=clinic_id,
                rota_id=rota_id,
                weekday=shift.weekday,
                starts=shift.starts,
                ends=shift.ends,
                user_id=shift.user_id,
            )
            for shift in week
        ]
        self._write(
            lambda session, now: rotas.set_shifts(session, self._viewer, rota_id, rows, now)
        )

    def add_override(self, rota_id: UUID, starts: str, ends: str, user_id: UUID | None) -> None:
        """Put somebody on call for a while; times are YYYY-MM-DD HH:MM on the clinic's clock."""
        begin, end, whose = read_override(starts, ends, user_id, self._zone(), self._kit.clock())
        new = RotaOverride(
            clinic_id=self._viewer.clinic_id,
            rota_id=rota_id,
            starts_at=begin,
            ends_at=end,
            user_id=whose,
        )
        self._write(lambda session, now: rotas.add_override(session, self._viewer, new, now))

    def remove_override(self, override_id: UUID) -> None:
        """Take an override back."""
        self._write(
            lambda session, now: rotas.remove_override(session, self._viewer, override_id, now)
        )

    def add_absence(
        self, first_on: str, last_on: str, user_id: UUID | None, cover_id: UUID | None
    ) -> None:
        """Note when somebody is away; days are YYYY-MM-DD, an empty last day = the first."""
        today = self._kit.clock().astimezone(self._zone()).date()
        first, last, whose, cover = read_absence(first_on, last_on, user_id, cover_id, today)
        new = Absence(
            clinic_id=self._viewer.clinic_id,
            user_id=whose,
            first_on=first,
            last_on=last,
            cover_id=cover,
        )
        self._write(lambda session, now: rotas.add_absence(session, self._viewer, new, now))

    def remove_absence(self, absence_id: UUID) -> None:
        """Take an absence back."""
        self._write(
            lambda session, now: rotas.remove_absence(session, self._viewer, absence_id, now)
        )

    def shifts(
        self, days: tuple[int, ...], starts: str, ends: str, user_id: UUID | None
    ) -> tuple[ShiftForm, ...]:
        """Return typed shifts, one per day; keeps nothing."""
        return read_shifts(days, starts, ends, user_id)

    def _write(self, act: Callable[[Session, datetime], object]) -> None:
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            act(session, now)
        self._kit.publish(clinic_topic(self._viewer.clinic_id))

    def _zone(self) -> ZoneInfo:
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            return ZoneInfo(people.own_clinic(session, self._viewer).time_zone)


def missing(name: str, week: Iterable[ShiftForm]) -> str:
    """Return when nobody is on call in a week, in one sentence; empty when always somebody is."""
    gaps = holes(
        Shift(
            each.weekday,
            time.fromisoformat(each.starts),
            time.fromisoformat(each.ends),
            each.user_id,
        )
        for each in week
    )
    return hole_sentence(name, gaps) if gaps else ""


def _weeks(rows: Iterable[RotaShift]) -> dict[UUID, tuple[ShiftForm, ...]]:
    found: dict[UUID, tuple[ShiftForm, ...]] = {}
    for row in rows:
        shift = ShiftForm(row.weekday, row.starts, row.ends, row.user_id)
        found[row.rota_id] = (*found.get(row.rota_id, ()), shift)
    return found


def _on_call(staff: Staffing, rota_id: UUID, now: datetime) -> tuple[str, ...]:
    return tuple(staff.people[user].name for user in staff.behind([f"rota:{rota_id}"], now))
