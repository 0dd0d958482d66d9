"""The states of an alert and every way from one to the next: the one table of the escalation.

`decide` asks it what the clock may do, `alerts.acknowledge` what a person may do, and `draw`
draws it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """Where an alert is. HELD, SNOOZED and REMINDED are stored as ``acknowledged``."""

    OPEN = "open"
    HELD = "held"
    SNOOZED = "snoozed"
    REMINDED = "reminded"
    CLOSED = "closed"


class Act(StrEnum):
    """What can be done to an alert; the first four by the clock, the others by a person."""

    RAISE = "raise"
    TELL = "tell"
    REMIND = "remind"
    RETURN = "return"
    TAKE = "take"
    SNOOZE = "snooze"
    HAND_BACK = "hand back"
    CLOSE = "close"
    REOPEN = "take the closing back"


@dataclass(frozen=True)
class Transition:
    """One act: from where it may be done, and where it leads.

    Attributes:
        by: ``clock``, ``holder`` (the person who took it), ``closer`` (who closed it) or
            ``anyone`` (of the care team).
        words: When or why, for people.
    """

    act: Act
    sources: frozenset[Phase]
    target: Phase
    by: str
    words: str


@dataclass(frozen=True)
class AlertFacts:
    """What the decision needs to know of an alert. All instants are aware.

    Attributes:
        level: ``prompt`` or ``urgent``.
        state: ``open``, ``acknowledged`` or ``closed``; it alone says whether a person has it.
        step: Index of the step last entered; -1 when the ladder is to start (again).
        round: How many times somebody was told of this alert, over all steps and levels; 0
            before the first. It never starts again, so (step, round) is never used twice.
        step_entered_at: ``Notify.entered_at`` of the last round. With step -1: when the ladder
            starts, None meaning at ``level_since``.
        raised_at: When the alert was opened.
        level_since: When it reached its present level.
        acknowledged_at: When a person took it; None while nobody has.
        snoozed_until: When its holder asked to be told again; None = did not ask.
        holder_told_at: When its holder was told again; None = not since they took or snoozed it.
    """

    level: str
    state: str
    step: int
    round: int
    step_entered_at: datetime | None
    raised_at: datetime
    level_since: datetime
    acknowledged_at: datetime | None
    snoozed_until: datetime | None = None
    holder_told_at: datetime | None = None


_TAKEN = frozenset({Phase.HELD, Phase.SNOOZED, Phase.REMINDED})
_LIVING = _TAKEN | {Phase.OPEN}

TRANSITIONS = (
    Transition(
        Act.RAISE,
        _LIVING,
        Phase.OPEN,
        "clock",
        "a same-day alert that is not closed 24 hours after it was raised becomes urgent",
    ),
    Transition(
        Act.TELL,
        frozenset({Phase.OPEN}),
        Phase.OPEN,
        "clock",
        "the next step is due, or the last one repeats: its people are told",
    ),
    Transition(
        Act.REMIND,
        frozenset({Phase.HELD, Phase.SNOOZED}),
        Phase.REMINDED,
        "clock",
        "the snooze ended, or it was held for long and not closed: its holder is told again",
    ),
    Transition(
        Act.RETURN,
        frozenset({Phase.REMINDED}),
        Phase.OPEN,
        "clock",
        "its holder was told again and did not close it: the ladder goes on",
    ),
    Transition(Act.TAKE, frozenset({Phase.OPEN}), Phase.HELD, "anyone", "a person has it"),
    Transition(
        Act.SNOOZE,
        _TAKEN,
        Phase.SNOOZED,
        "holder",
        "asks to be told again; not longer than the cap allows",
    ),
    Transition(
        Act.HAND_BACK, _TAKEN, Phase.OPEN, "holder", "gives it back: the ladder goes on at once"
    ),
    Transition(Act.CLOSE, _LIVING, Phase.CLOSED, "anyone", "says what was done"),
    Transition(
        Act.REOPEN,
        frozenset({Phase.CLOSED}),
        Phase.HELD,
        "closer",
        "within a minute; who had it has it again, or whoever closed it",
    ),
)

_BY_ACT = {each.act: each for each in TRANSITIONS}


def phase_of(facts: AlertFacts) -> Phase:
    """Return where an alert is; a state that nobody knows counts as open."""
    if facts.state == "closed":
        return Phase.CLOSED
    if facts.state != "acknowledged":
        return Phase.OPEN
    if facts.holder_told_at is not None:
        return Phase.REMINDED
    return Phase.HELD if facts.snoozed_until is None else Phase.SNOOZED


def follow(act: Act, phase: Phase) -> Phase | None:
    """Return where an act leads from a phase; None when it cannot be done there."""
    transition = _BY_ACT[act]
    return transition.target if phase in transition.sources else None


def may(act: Act, facts: AlertFacts) -> bool:
    """Return whether an act can be done to an alert as it is."""
    return follow(act, phase_of(facts)) is not None
