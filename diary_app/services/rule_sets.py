"""A clinic's thresholds: proposed by one, tried on the kept diaries, approved by another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.background import rules_in_force
from alerts.grading.rule_limits import LIMITS, rule_set_from_json, rule_set_to_json
from alerts.grading.rules import RuleSet
from db.access import Viewer
from db.models import RuleSetRow
from db.stores import people, rules
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit, clinic_topic
from diary_app.services.replay import replay
from diary_app.services.replay_report import ReplayReport
from diary_app.text import _

LOOKED_BACK = timedelta(days=180)
LONGEST_REASON = 500


@dataclass(frozen=True)
class Threshold:
    """One number of the rules with the hard limit that it cannot be loosened beyond."""

    field: str
    value: float
    loosest: float
    strictest: float


@dataclass(frozen=True)
class Proposal:
    """One rule set of the clinic.

    Attributes:
        state: proposed, in force, replaced or withdrawn.
        changed: Field -> (number in force, number here), where they differ.
        what_if: Counts of its last what-if; None = approving is impossible yet.
        mine: Whether the viewer proposed it and so cannot approve it.
    """

    id: UUID
    name: str
    version: str
    reason: str
    state: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    changed: Mapping[str, tuple[object, object]]
    what_if: Mapping[str, Any] | None
    mine: bool


@dataclass(frozen=True)
class RulesPage:
    """What is in force, with limits, and every rule set of the clinic, newest first."""

    name: str
    version: str
    thresholds: tuple[Threshold, ...]
    proposals: tuple[Proposal, ...]


class RuleSets:
    """The rule sets of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when anything in the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self) -> RulesPage:
        """Return the rules in force and every proposal."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("rules.read")
        with self._kit.database.reading() as session:
            present = rules_in_force(session, viewer, now)
            holding = rules.in_force(session, viewer, now)
            names = people.staff_names(session, viewer)
            rows = rules.rule_sets(session, viewer)
        return RulesPage(
            present.name,
            present.version,
            tuple(
                Threshold(field, getattr(present, field), limit.loosest, limit.strictest)
                for field, limit in LIMITS.items()
            ),
            tuple(_proposal(row, present, holding, names, viewer) for row in rows),
        )

    def propose(self, name: str, version: str, numbers: Mapping[str, float], reason: str) -> UUID:
        """Keep a proposal that differs from the rules in force by these numbers.

        Raises:
            UnusableAnswerError: Without a reason.
            RuleSetError: A number is looser than safety allows; the sentence names the limit.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("rules.propose")
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise UnusableAnswerError(_("Give the reason, up to 500 characters."), "reason")
        with self._kit.database.writing() as session:
            present = rule_set_to_json(rules_in_force(session, viewer, now))
            wanted = rule_set_from_json(
                {**present, **numbers, "name": name.strip(), "version": version.strip()}
            )
            content = rule_set_to_json(wanted)
            made = rules.propose(session, viewer, content, reason.strip(), now)
        self._kit.publish(self.topic)
        return made

    def what_if(
        self, rule_set_id: UUID, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> ReplayReport:
        """Try a proposal on the last 180 days and keep the counts with it."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("rules.propose")
        with self._kit.database.reading() as session:
            wanted = rule_set_from_json(rules.rule_set(session, viewer, rule_set_id).content)
            zone = people.own_clinic(session, viewer).time_zone
        today = now.astimezone(ZoneInfo(zone)).date()
        found = replay(
            self._kit.database, viewer, wanted, today - LOOKED_BACK, today, now, progress
        )
        with self._kit.database.writing() as session:
            rules.keep_what_if(session, viewer, rule_set_id, found.counts(), now)
        self._kit.publish(self.topic)
        return found

    def approve(self, rule_set_id: UUID) -> None:
        """Put a proposal of somebody else in force; what comes in from now on is graded by it.

        Raises:
            AccessDeniedError: The viewer proposed it.
            ConflictError: It was not tried, or somebody was faster.
            RuleSetError: This version of the program no longer allows one of its numbers.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("rules.approve")
        with self._kit.database.writing() as session:
            rule_set_from_json(rules.rule_set(session, viewer, rule_set_id).content)
            rules.approve(session, viewer, rule_set_id, now)
        self._kit.publish(self.topic)

    def withdraw(self, rule_set_id: UUID) -> None:
        """Take a proposal back."""
        self._viewer.require("rules.propose")
        with self._kit.database.writing() as session:
            rules.withdraw(session, self._viewer, rule_set_id, self._kit.clock())
        self._kit.publish(self.topic)


def _proposal(
    row: RuleSetRow,
    present: RuleSet,
    holding: RuleSetRow | None,
    names: Mapping[UUID, str],
    viewer: Viewer,
) -> Proposal:
    state = "proposed"
    if row.withdrawn_at is not None:
        state = "withdrawn"
    elif row.approved_by is not None:
        state = "in force" if holding is not None and holding.id == row.id else "replaced"
    numbers = rule_set_to_json(present)
    return Proposal(
        id=row.id,
        name=row.name,
        version=row.version,
        reason=row.reason,
        state=state,
        proposed_by=names.get(row.proposed_by, ""),
        proposed_at=row.proposed_at,
        approved_by="" if row.approved_by is None else names.get(row.approved_by, ""),
        changed={
            field: (numbers.get(field), value)
            for field, value in row.content.items()
            if field not in {"name", "version"} and numbers.get(field) != value
        },
        what_if=row.what_if,
        mine=row.proposed_by == viewer.actor_id,
    )
