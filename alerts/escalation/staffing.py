"""Who stands behind the words of a policy at an instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from uuid import UUID

from alerts.escalation.on_call import Absence, Override, Rota, Shift, on_call, stands_in


@dataclass(frozen=True)
class Person:
    """One active member of staff.

    Attributes:
        role: nurse, clinician or administrator.
        joined: Whether the invitation was used; before that nobody can take an alert.
        ways: How many ways out a message to this person has.
    """

    name: str
    role: str
    joined: bool = True
    ways: int = 1


@dataclass(frozen=True)
class Team:
    """People who are told together."""

    name: str
    members: Sequence[UUID]


@dataclass(frozen=True)
class WeeklyRota:
    """A rota by its name."""

    name: str
    shifts: Sequence[Shift] = ()
    overrides: Sequence[Override] = ()


@dataclass(frozen=True)
class Staffing:
    """Everybody who can be told, and in which groups, as of one reading."""

    people: Mapping[UUID, Person]
    zone: tzinfo
    teams: Mapping[UUID, Team] = field(default_factory=dict)
    rotas: Mapping[UUID, WeeklyRota] = field(default_factory=dict)
    absences: Sequence[Absence] = ()

    def behind(self, words: Iterable[str], at: datetime) -> tuple[UUID, ...]:
        """Return the active people behind words of a policy, each once, in the order found.

        On a rota, who is away is replaced by their cover. Whoever is named in person or as
        member of a team is told also when away, and their cover besides.

        Args:
            words: Such as ``role:nurse`` or ``rota:<uuid>``; one that names nothing is nobody.
            at: The instant, aware.
        """
        found = [user for word in words for user in self._behind(word, at)]
        return tuple(dict.fromkeys(user for user in found if user in self.people))

    def _behind(self, word: str, at: datetime) -> Iterable[UUID]:
        kind, _, which = word.partition(":")
        if kind == "role":
            return [user for user, person in self.people.items() if person.role == which]
        named = UUID(which)
        if kind == "rota":
            rota = self.rotas.get(named, WeeklyRota(""))
            return on_call(Rota(rota.shifts, rota.overrides, self.absences), at, self.zone)
        members = [named] if kind == "user" else self.teams.get(named, Team("", ())).members
        today = at.astimezone(self.zone).date()
        covers = [stands_in(member, self.absences, today) for member in members]
        return [*members, *(cover for cover in covers if cover is not None)]
