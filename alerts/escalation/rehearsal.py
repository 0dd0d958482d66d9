"""What a policy would do if nobody answered, told before any alert is raised."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from alerts.escalation.decide import (
    Notify,
    RaiseLevel,
    Wait,
    becomes_urgent_at,
    decide,
    decide_when_nobody,
)
from alerts.escalation.machine import AlertFacts
from alerts.escalation.policy import Level, Policy
from alerts.escalation.quiet_hours import deliver_at
from alerts.escalation.staffing import Staffing

MOST_LINES = 200
LOOKED_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """One thing that happens.

    Attributes:
        at: When messages leave; later than ``due_at`` when quiet hours hold them.
        due_at: When the step was due.
        level: Of the alert by then.
        step: Index of the step; -1 when the alert became urgent.
        people: Who is told; empty when no step had anybody, and when it became urgent.
    """

    at: datetime
    due_at: datetime
    level: str
    step: int
    people: tuple[UUID, ...]

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
    facts = AlertFacts(level, "open", -1, 0, None, raised_at, raised_at, None)
    now, lines = raised_at, list[Line]()
    while len(lines) < most:
        decision = decide(facts, policy, now)
        if isinstance(decision, RaiseLevel):
            lines.append(Line(now, now, decision.to, -1, ()))
            facts = replace(
                facts, level=decision.to, level_since=now, step=-1, step_entered_at=None
            )
            continue
        people: tuple[UUID, ...] = ()
        reached = decision
        while isinstance(reached, Notify):
            people = staffing.behind(reached.recipients, now)
            if people:
                break
            reached = decide_when_nobody(reached, facts, policy, now)
        if isinstance(reached, Notify):
            urgent_at = becomes_urgent_at(facts)
            leaves = deliver_at(facts.level, policy.quiet, staffing.zone, now, urgent_at)
            lines.append(Line(leaves, now, facts.level, reached.step, people))
            facts = replace(
                facts,
                step=reached.step,
                round=reached.round,
                step_entered_at=reached.entered_at,
            )
            now = reached.next_look_at
        elif isinstance(reached, Wait):
            if isinstance(decision, Notify):
                lines.append(Line(now, now, facts.level, decision.step, ()))
            now = reached.until
    return tuple(lines)


def first_told(
    policy: Policy, level: Level, raised_at: datetime, staffing: Staffing
) -> timedelta | None:
    """Return how long after it is raised the first message leaves; None = not within 7 days."""
    for most in (1, MOST_LINES):
        for line in rehearse(policy, level, raised_at, staffing, most=most):
            if line.people:
                waited = line.at - raised_at
                return waited if waited <= LOOKED_AHEAD else None
    return None


def longest_wait(
    policy: Policy, level: Level, raised_at: Iterable[datetime], staffing: Staffing
) -> timedelta | None:
    """Return the longest of these first waits; None when there is one without an end."""
    longest = timedelta(0)
    for at in raised_at:
        waited = first_told(policy, level, at, staffing)
        if waited is None:
            return None
        longest = max(longest, waited)
    return longest
