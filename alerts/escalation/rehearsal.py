"""What a policy would do if nobody answered, told before any alert is raised."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from alerts.escalation.decide import (
    Notify,
    RaiseLevel,
    Wait,
    becomes_urgent_at,
    decide,
)
from alerts.escalation.machine import AlertFacts
from alerts.escalation.policy import Level, Policy
from alerts.escalation.quiet_hours import deliver_at
from alerts.escalation.reach import Reached, reach
from alerts.escalation.staffing import Staffing


@dataclass(frozen=True)
class Line:
    """One thing that happens.

    Attributes:
        at: When messages leave; later than ``due_at`` when quiet hours hold them.
        due_at: When the step was due.
        level: Of the alert by then.
        step: Index of the step; -1 when the alert became urgent.
        people: Who is told; empty when there is nobody at all, and when it became urgent.
        resort: No step that was due had anybody, so these are told instead.
    """

    at: datetime
    due_at: datetime
    level: str
    step: int
    people: tuple[UUID, ...]
    resort: bool = False

    @property
    def became_urgent(self) -> bool:
        """Whether this line says that the alert became urgent."""
        return self.step < 0


def rehearse(
    policy: Policy, level: Level, raised_at: datetime, staffing: Staffing, *, most: int
) -> tuple[Line, ...]:
    """Return what happens to an alert that nobody takes, by the real decisions.

    Args:
        raised_at: When it is raised, aware.
        staffing: Who can be told.
        most: How many lines at most, 1 or more.
    """
    return tuple(islice(_happens(policy, level, raised_at, staffing), most))


def _happens(
    policy: Policy, level: Level, raised_at: datetime, staffing: Staffing
) -> Iterator[Line]:
    facts = AlertFacts(level, "open", -1, 0, None, raised_at, raised_at, None)
    now = raised_at
    while True:
        decision = decide(facts, policy, now)
        if isinstance(decision, RaiseLevel):
            yield Line(now, now, decision.to, -1, ())
            facts = replace(
                facts, level=decision.to, level_since=now, step=-1, step_entered_at=None
            )
            continue
        if isinstance(decision, Wait):
            now = decision.until
        elif isinstance(decision, Notify):
            reached = reach(decision, facts, policy, now, staffing.behind)
            yield _line(reached, decision, facts, policy, now, staffing)
            if isinstance(reached.decision, Wait):
                now = reached.decision.until
                continue
            facts = replace(
                facts,
                step=reached.decision.step,
                round=reached.decision.round,
                step_entered_at=reached.decision.entered_at,
            )
            now = reached.decision.next_look_at


def _line(
    reached: Reached,
    due: Notify,
    facts: AlertFacts,
    policy: Policy,
    now: datetime,
    staffing: Staffing,
) -> Line:
    if isinstance(reached.decision, Wait):
        return Line(now, now, facts.level, due.step, ())
    leaves = deliver_at(facts.level, policy.quiet, staffing.zone, now, becomes_urgent_at(facts))
    step, people = reached.decision.step, reached.people
    return Line(leaves, now, facts.level, step, people, reached.resort)


def first_told(
    policy: Policy, level: Level, raised_at: datetime, staffing: Staffing
) -> Line | None:
    """Return the first message; None when nobody works in the clinic.

    As long as somebody does, the first step reaches somebody; see `alerts.escalation.reach`.
    """
    if not staffing.people:
        return None
    return next(line for line in _happens(policy, level, raised_at, staffing) if line.people)
