"""What the thresholds' screens show: the rules in force with their limits, and every rule set."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.background import rules_in_force
from alerts.grading.rule_limits import rule_set_to_json
from alerts.grading.rules import DEFAULT_RULES, RuleSet
from db.access import Viewer
from db.models import RuleSetRow
from db.stores import people, rules
from diary_app.services.rule_form import Bounds, bounds
from diary_app.services.watch import Watch, watch

GRADES_FIELD = "amber_grades"


@dataclass(frozen=True)
class Threshold:
    """One number of the rules in force.

    Attributes:
        value: In force.
        default: Of the reviewed rules.
        bounds: None for the grades that count as a milder sign, of which 2 is always one.
    """

    field: str
    value: object
    default: object
    bounds: Bounds | None


@dataclass(frozen=True)
class Proposal:
    """One rule set of the clinic.

    Attributes:
        state: proposed, in force, replaced, withdrawn or turned down.
        changed: Field -> (number in force, number here), where they differ.
        what_if: Counts of its last what-if; None = approving is impossible yet.
        outdated: Its what-if was made against other rules than those in force.
        mine: Whether the viewer proposed it and so cannot approve it.
        decided_by: Who approved it, turned it down or took it back; empty = nobody yet.
    """

    id: UUID
    name: str
    version: str
    reason: str
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision: str
    changed: Mapping[str, tuple[object, object]]
    what_if: Mapping[str, Any] | None
    what_if_at: datetime | None
    outdated: bool
    mine: bool

    @property
    def missed(self) -> int:
        """Return how many red-flag courses its what-if found no longer urgent."""
        return len(self.what_if["red_flag_courses_missed"]) if self.what_if else 0


@dataclass(frozen=True)
class RulesPage:
    """What is in force, with limits, and every rule set of the clinic, newest first.

    Attributes:
        holding: The approved rule set; None = the reviewed rules hold.
        refused: An approved rule set that breaks a limit of this program, so it is not used.
        next_version: For the next proposal.
        today: The clinic's calendar day.
    """

    name: str
    version: str
    holding: Proposal | None
    refused: Proposal | None
    thresholds: tuple[Threshold, ...]
    proposals: tuple[Proposal, ...]
    next_version: str
    now: datetime
    today: date
    watch: Watch


def rules_page(session: Session, viewer: Viewer, now: datetime) -> RulesPage:
    """Return the page; the viewer holds ``rules.read``."""
    present = rules_in_force(session, viewer, now)
    row = rules.in_force(session, viewer, now)
    names = people.staff_names(session, viewer)
    rows = rules.rule_sets(session, viewer)
    proposals = tuple(_proposal(each, present, row, names, viewer) for each in rows)
    held = next((each for each in proposals if each.state == "in force"), None)
    used = held is not None and held.version == present.version
    guard = watch(session, viewer, now)
    today = now.astimezone(ZoneInfo(guard.time_zone)).date()
    return RulesPage(
        name=present.name,
        version=present.version,
        holding=held if used else None,
        refused=None if used else held,
        thresholds=tuple(
            Threshold(
                each.name,
                getattr(present, each.name),
                getattr(DEFAULT_RULES, each.name),
                None if each.name == GRADES_FIELD else bounds(each.name),
            )
            for each in fields(RuleSet)
            if each.name not in {"name", "version"}
        ),
        proposals=proposals,
        next_version=_next_version(today, [each.version for each in rows]),
        now=now,
        today=today,
        watch=guard,
    )


def _next_version(today: date, taken: list[str]) -> str:
    """Return the day with a running number that no rule set of the clinic has."""
    number = 1
    while (version := f"{today:%Y-%m-%d}.{number}") in taken:
        number += 1
    return version


def _proposal(
    row: RuleSetRow,
    present: RuleSet,
    holding: RuleSetRow | None,
    names: Mapping[UUID, str],
    viewer: Viewer,
) -> Proposal:
    state = "proposed"
    decider, decided_at = row.approved_by, row.approved_at
    if row.withdrawn_at is not None:
        decider, decided_at = row.withdrawn_by, row.withdrawn_at
        state = "withdrawn" if decider in {None, row.proposed_by} else "turned down"
    elif row.approved_by is not None:
        state = "in force" if holding is not None and holding.id == row.id else "replaced"
    numbers = rule_set_to_json(present)
    tried = row.what_if
    return Proposal(
        id=row.id,
        name=row.name,
        version=row.version,
        reason=row.reason,
        state=state,
        proposed_by=names.get(row.proposed_by, ""),
        proposed_at=row.proposed_at,
        decided_by="" if decider is None else names.get(decider, ""),
        decided_at=decided_at,
        decision=row.decision,
        changed={
            field: (numbers.get(field), value)
            for field, value in row.content.items()
            if field not in {"name", "version"} and numbers.get(field) != value
        },
        what_if=tried,
        what_if_at=row.what_if_at,
        outdated=tried is not None and tried.get("version_before") != present.version,
        mine=row.proposed_by == viewer.actor_id,
    )
