"""Whom a step reaches: empty steps are passed, and in the end somebody is told all the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from alerts.escalation.decide import Notify, Wait, decide_when_nobody
from alerts.escalation.machine import AlertFacts
from alerts.escalation.policy import ROLE_WORDS, Policy, ladder_for

Behind = Callable[[Sequence[str], datetime], tuple[UUID, ...]]


@dataclass(frozen=True)
class Reached:
    """Who is told, and at which step.

    Attributes:
        decision: The step that reached somebody; a wait when the clinic has nobody at all.
        people: Shape ``(n,)``; empty with a wait.
        passed: Steps that had nobody, in the order in which they were passed.
        resort: No step that was due had anybody, so people of other steps, or everybody, are
            told instead.
    """

    decision: Notify | Wait
    people: tuple[UUID, ...]
    passed: tuple[int, ...] = ()
    resort: bool = False


def reach(due: Notify, facts: AlertFacts, policy: Policy, now: datetime, behind: Behind) -> Reached:
    """Return whom a decision reaches.

    A step without anybody is passed at once. If the last one has nobody either, the people of
    the whole ladder are told, and if there are none, everybody who works in the clinic: no
    emptied team and no hole in a rota leaves an alert untold.

    Args:
        due: Of ``decide``.
        facts: As given to ``decide``.
        policy: As given to ``decide``.
        now: The present instant, aware.
        behind: Words of a policy and an instant -> the active people behind them then.
    """
    passed: list[int] = []
    last = due
    decision: Notify | Wait = due
    while isinstance(decision, Notify):
        people = behind(decision.recipients, now)
        if people:
            return Reached(decision, people, tuple(passed))
        passed.append(decision.step)
        last, decision = decision, decide_when_nobody(decision, facts, policy, now)
    ladder = [word for each in ladder_for(policy, facts.level).steps for word in each.notify]
    for words in (tuple(dict.fromkeys(ladder)), ROLE_WORDS):
        people = behind(words, now)
        if people:
            return Reached(replace(last, recipients=words), people, tuple(passed), resort=True)
    return Reached(decision, (), tuple(passed))
