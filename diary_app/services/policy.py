"""The clinic's escalation policy: read, tried, changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.escalation.checks import findings
from alerts.escalation.local_time import instant_of
from alerts.escalation.policy import (
    DEFAULT_POLICY,
    ROLE_WORDS,
    Level,
    Policy,
    PolicyError,
    policy_from_json,
    policy_to_json,
)
from alerts.escalation.rehearsal import Line, rehearse
from alerts.escalation.staffing import Staffing
from alerts.recipients import staffing
from db.access import Viewer
from db.stores import people, policies
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.policy_form import PolicyForm, form_of, read_clock, read_form
from diary_app.services.step_up import require_recent
from diary_app.services.watch import Watch, watch
from diary_app.text import _

REHEARSED = 6


@dataclass(frozen=True)
class Choice:
    """Somebody or some group that a step can tell.

    Attributes:
        word: Of the policy, such as ``role:nurse``.
        name: The name of a person, a team or a rota; empty for a role.
    """

    word: str
    name: str


@dataclass(frozen=True)
class RehearsedLine:
    """One thing that would happen; see `alerts.escalation.rehearsal.Line`."""

    at: datetime
    due_at: datetime
    level: str
    step: int
    names: tuple[str, ...]
    resort: bool = False


@dataclass(frozen=True)
class PolicyCheck:
    """What a typed policy would mean.

    Attributes:
        problems: Sentences by field; the policy cannot be kept while there is one.
        warnings: What may leave somebody untold; none of it forbids the policy.
        times: How long it takes at most to tell somebody.
        rehearsed: Per level, what happens if nobody answers.
        raised_at: The instant that was rehearsed.
    """

    problems: Mapping[str, str]
    warnings: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    rehearsed: Mapping[Level, tuple[RehearsedLine, ...]] | None = None
    raised_at: datetime | None = None


@dataclass(frozen=True)
class PolicyPage:
    """The policy in use.

    Attributes:
        form: As the form shows it.
        stored: As it is kept, to be handed back when it is changed.
        choices: Whom a step can tell.
        readable: False when the kept policy cannot be read; the standard one holds then.
    """

    form: PolicyForm
    stored: Mapping[str, Any]
    choices: tuple[Choice, ...]
    check: PolicyCheck
    readable: bool
    now: datetime
    watch: Watch


class Policies:
    """The escalation policy of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self) -> PolicyPage:
        """Return the policy in use and what it means from now on."""
        viewer, now = self._viewer, self._kit.clock()
        with self._kit.database.reading(viewer.clinic_id) as session:
            stored = policies.policy(session, viewer)
            staff = staffing(session, viewer, now)
            guard = watch(session, viewer, now)
        policy, readable = _read(stored)
        return PolicyPage(
            form=form_of(policy),
            stored=stored,
            choices=_choices(staff),
            check=_checked(policy, staff, now, now),
            readable=readable,
            now=now,
            watch=guard,
        )

    def check(self, form: PolicyForm, on: str = "", at: str = "") -> PolicyCheck:
        """Return what a typed policy would mean, beginning at a typed day and time.

        Args:
            form: As typed.
            on: YYYY-MM-DD in the clinic's calendar; empty = today.
            at: HH:MM on the clinic's clock; empty = now.

        Raises:
            UnusableAnswerError: If day or time cannot be read.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("policy.read")
        policy, problems = read_form(form)
        if policy is None:
            return PolicyCheck(problems)
        with self._kit.database.reading(viewer.clinic_id) as session:
            zone = ZoneInfo(people.own_clinic(session, viewer).time_zone)
            raised_at = _instant(on, at, zone, now)
            staff = staffing(session, viewer, min(now, raised_at))
        return _checked(policy, staff, raised_at, now)

    def keep(self, form: PolicyForm, known: Mapping[str, Any]) -> None:
        """Keep a policy for alerts raised from now on; open ones keep theirs.

        Args:
            form: As typed.
            known: ``stored`` of the page that the editor began with.

        Raises:
            UnusableAnswerError: If the form has a problem.
        """
        now = self._kit.clock()
        policy, problems = read_form(form)
        if policy is None:
            field, sentence = next(iter(problems.items()))
            raise UnusableAnswerError(sentence, field)
        require_recent(self._kit, self._viewer, now)
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            self._refuse_strangers(session, policy, now)
            policies.keep_policy(session, self._viewer, policy_to_json(policy), known, now)
        self._kit.publish(clinic_topic(self._viewer.clinic_id))

    def _refuse_strangers(self, session: Session, policy: Policy, now: datetime) -> None:
        """Refuse words of people, teams and rotas that this clinic has not."""
        known = {choice.word for choice in _choices(staffing(session, self._viewer, now))}
        steps = (*policy.urgent.steps, *policy.prompt.steps)
        if any(word not in known for step in steps for word in step.notify):
            sentence = _("A step tells somebody who works here no longer. Take them out.")
            raise UnusableAnswerError(sentence, "")


def _read(stored: Mapping[str, Any]) -> tuple[Policy, bool]:
    try:
        return policy_from_json(stored), True
    except PolicyError:
        return DEFAULT_POLICY, False


def _choices(staff: Staffing) -> tuple[Choice, ...]:
    return (
        *(Choice(word, "") for word in ROLE_WORDS),
        *(Choice(f"rota:{rota_id}", rota.name) for rota_id, rota in staff.rotas.items()),
        *(Choice(f"team:{team_id}", team.name) for team_id, team in staff.teams.items()),
        *(Choice(f"user:{user_id}", person.name) for user_id, person in staff.people.items()),
    )


def _checked(policy: Policy, staff: Staffing, raised_at: datetime, now: datetime) -> PolicyCheck:
    levels: tuple[Level, ...] = ("urgent", "prompt")
    found = findings(policy, staff, now)
    return PolicyCheck(
        problems={},
        warnings=found.warnings,
        times=found.times,
        rehearsed={
            level: tuple(
                _line(line, staff)
                for line in rehearse(policy, level, raised_at, staff, most=REHEARSED)
            )
            for level in levels
        },
        raised_at=raised_at,
    )


def _line(line: Line, staff: Staffing) -> RehearsedLine:
    names = tuple(_name(staff, user) for user in line.people)
    return RehearsedLine(line.at, line.due_at, line.level, line.step, names, line.resort)


def _name(staff: Staffing, user: UUID) -> str:
    return staff.people[user].name


def _instant(on: str, at: str, zone: ZoneInfo, now: datetime) -> datetime:
    if not on.strip() and not at.strip():
        return now
    here = now.astimezone(zone)
    try:
        day = date.fromisoformat(on.strip()) if on.strip() else here.date()
    except ValueError:
        raise UnusableAnswerError(_("Give the day as YYYY-MM-DD."), "example_on") from None
    if not date(2000, 1, 1) <= day <= date(2100, 1, 1):
        raise UnusableAnswerError(_("Give a day of this century."), "example_on")
    clock = read_clock(at) if at.strip() else here.time().replace(second=0, microsecond=0)
    if clock is None:
        raise UnusableAnswerError(_("Give the time as HH:MM, such as 21:04."), "example_at")
    return instant_of(day, clock, zone)
