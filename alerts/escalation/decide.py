"""What must happen to one alert now: tell somebody, wait, raise the level, or rest."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from alerts.escalation.machine import Act, AlertFacts, follow, phase_of
from alerts.escalation.policy import (
    PROMPT_BECOMES_URGENT_SECONDS,
    Level,
    Policy,
    ladder_for,
    remind_seconds_for,
    repeat_seconds_for,
)
from alerts.escalation.snooze import LONGEST_SNOOZE

PROMPT_UNHANDLED_24H = "R12_PROMPT_UNHANDLED_24H"

# Two machines that keep time by NTP differ by far less; more than this means that a clock was
# wrong when the instant was stored, or is wrong now.
CLOCK_TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True)
class Notify:
    """Tell these people now.

    Attributes:
        step: The step that is entered, or repeated.
        round: One more than before.
        recipients: Words of the policy, each once: those of ``step``, then those of the steps
            in ``skipped``, who were promised word as well.
        entered_at: To be kept as ``step_entered_at``. The instant at which the step was due, so
            that a late worker does not push the later steps back.
        next_look_at: When to decide again; after ``now``.
        skipped: Steps whose time came and went unseen; each of their people gets one message.
    """

    step: int
    round: int
    recipients: tuple[str, ...]
    entered_at: datetime
    next_look_at: datetime
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True)
class Wait:
    """Nothing to do before ``until``, which is after ``now``."""

    until: datetime


@dataclass(frozen=True)
class RaiseLevel:
    """Raise the level, open the alert again if it was taken, and restart its ladder.

    Whoever carries this out sets the level, ``level_since`` to now, the state to ``open``, step
    to -1 and ``step_entered_at`` to None, keeps ``round``, and decides again at once.

    Attributes:
        to: The level from now on.
        because: Reason code to be added to the alert.
        tell_holder: Whether a person has taken the alert and must be told in the first round,
            besides the people of the ladder.
    """

    to: Level
    because: str
    tell_holder: bool = False


@dataclass(frozen=True)
class RemindHolder:
    """Tell the person who has the alert again.

    Whoever carries this out keeps now as ``holder_told_at`` and clears ``snoozed_until``.

    Attributes:
        round: One more than before.
        next_look_at: When it goes back to the team if it is not closed; after ``now``.
        asked: Whether the holder asked for it by a snooze; quiet hours do not hold that.
    """

    round: int
    next_look_at: datetime
    asked: bool


@dataclass(frozen=True)
class ReturnToTeam:
    """Open the alert again, because its holder was told again and did not close it.

    Whoever carries this out sets the state to ``open``, clears all that is known of the holder,
    keeps step and round, decides again at once, and tells the holder besides the people of the
    ladder.
    """


@dataclass(frozen=True)
class Rest:
    """Nothing to do: a person closed the alert."""


Decision = Notify | Wait | RaiseLevel | RemindHolder | ReturnToTeam | Rest
D = TypeVar("D", bound=Decision)


def decide(facts: AlertFacts, policy: Policy, now: datetime) -> Decision:
    """Return the next act for one alert: what the clock may do where it is, and is due.

    A closed alert rests. An open one climbs its ladder; the last step repeats until a person
    takes the alert. A worker that slept enters the step that should be active by now, and tells
    everyone whom the missed steps would have told, once. A step is never left for a lower one.
    When the last round seems to lie in the future, a clock was wrong and nobody can say how long
    the people have waited, so they are told again now.

    An alert that a person has is quiet until their snooze ends, or until they had it for as long
    as the policy allows. Then they are told again; one round later it goes back to the ladder.

    A prompt alert that is not closed 24 hours after it was raised becomes urgent, also when a
    person has taken it: taken is not handled (rule R12g). Its holder is told again.

    Args:
        facts: The alert as stored.
        policy: The ladders as they were when the alert was raised.
        now: The present instant, aware.
    """
    phase = phase_of(facts)
    answers = [look(facts, policy, now) for act, look in _CLOCK.items() if follow(act, phase)]
    waits = []
    for answer in answers:
        if isinstance(answer, Wait):
            waits.append(answer.until)
        elif answer is not None:
            return _no_later_than(becomes_urgent_at(facts), answer)
    return Wait(min(waits)) if waits else Rest()


def decide_when_nobody(
    reached_nobody: Notify, facts: AlertFacts, policy: Policy, now: datetime
) -> Notify | Wait:
    """Return what to do when no person stands behind any recipient of a step.

    The next step is entered at once instead of after its wait. Behind the last step there is
    only the wait for its next round.

    Args:
        reached_nobody: The decision whose recipients came to no person.
        facts: The alert, as given to ``decide``.
        policy: The policy, as given to ``decide``.
        now: The present instant, aware.
    """
    following = reached_nobody.step + 1
    if following >= len(ladder_for(policy, facts.level).steps):
        return Wait(until=reached_nobody.next_look_at)
    return _no_later_than(
        becomes_urgent_at(facts), _notify(facts, policy, following, entered_at=now)
    )


def becomes_urgent_at(facts: AlertFacts) -> datetime | None:
    """Return when a prompt alert is overdue, counted from its earliest instant; None for others.

    The earliest, because ``raised_at`` lies in the future when the clock was set back since.
    """
    if facts.level != "prompt":
        return None
    known = (facts.raised_at, facts.level_since, facts.step_entered_at, facts.acknowledged_at)
    return min(at for at in known if at is not None) + timedelta(
        seconds=PROMPT_BECOMES_URGENT_SECONDS
    )


def clock_went_back(facts: AlertFacts, now: datetime) -> bool:
    """Return whether the alert's last round lies in the future by more than clocks differ.

    Such an alert has a ``next_look_at`` far ahead as well; whoever looks for due alerts must
    ask for these too, or they wait until that future comes.
    """
    return _began_at(facts) - now > CLOCK_TOLERANCE


def _raise(facts: AlertFacts, _policy: Policy, now: datetime) -> RaiseLevel | Wait | None:
    urgent_at = becomes_urgent_at(facts)
    if urgent_at is None:
        return None
    if now < urgent_at:
        return Wait(until=urgent_at)
    taken = facts.state == "acknowledged"
    return RaiseLevel(to="urgent", because=PROMPT_UNHANDLED_24H, tell_holder=taken)


def _remind(facts: AlertFacts, policy: Policy, now: datetime) -> RemindHolder | Wait:
    asked = facts.snoozed_until is not None
    pause = timedelta(seconds=remind_seconds_for(policy, facts.level))
    due = facts.snoozed_until or (facts.acknowledged_at or facts.level_since) + pause
    # Further ahead than anybody may ask for: the clock went back, so the wait is unknown.
    wrong_clock = due - now > (LONGEST_SNOOZE if asked else pause) + CLOCK_TOLERANCE
    if now < due and not wrong_clock:
        return Wait(until=due)
    again = timedelta(seconds=repeat_seconds_for(policy, facts.level))
    return RemindHolder(round=facts.round + 1, next_look_at=now + again, asked=asked)


def _return(facts: AlertFacts, policy: Policy, now: datetime) -> ReturnToTeam | Wait:
    told_at = facts.holder_told_at or now
    due = told_at + timedelta(seconds=repeat_seconds_for(policy, facts.level))
    if now < due and told_at - now <= CLOCK_TOLERANCE:
        return Wait(until=due)
    return ReturnToTeam()


def _climb(facts: AlertFacts, policy: Policy, now: datetime) -> Notify | Wait:
    steps = ladder_for(policy, facts.level).steps
    last = len(steps) - 1
    present = min(facts.step, last)
    if clock_went_back(facts, now):
        return _notify(facts, policy, max(present, 0), entered_at=now)

    repeat = timedelta(seconds=repeat_seconds_for(policy, facts.level))
    began_at = min(_began_at(facts), now)
    due = [began_at]
    for step in steps[present + 1 :]:
        due.append(due[-1] + timedelta(seconds=step.wait_seconds))
    entered = sum(at <= now for at in due[1:])
    if entered == 0 and present < last:
        return Wait(until=due[1])
    if entered == 0 and now < began_at + repeat:
        return Wait(until=began_at + repeat)

    reached = present + entered
    entered_at = due[entered] if entered else began_at + repeat
    if reached == last and entered_at + repeat <= now:
        entered_at = now
    skipped = tuple(range(present + 1, reached))
    return _notify(facts, policy, reached, entered_at=entered_at, skipped=skipped)


def _notify(
    facts: AlertFacts,
    policy: Policy,
    step: int,
    *,
    entered_at: datetime,
    skipped: tuple[int, ...] = (),
) -> Notify:
    steps = ladder_for(policy, facts.level).steps
    if step + 1 < len(steps):
        wait = steps[step + 1].wait_seconds
    else:
        wait = repeat_seconds_for(policy, facts.level)
    words = [word for index in (step, *skipped) for word in steps[index].notify]
    return Notify(
        step=step,
        round=facts.round + 1,
        recipients=tuple(dict.fromkeys(words)),
        entered_at=entered_at,
        next_look_at=entered_at + timedelta(seconds=wait),
        skipped=skipped,
    )


def _began_at(facts: AlertFacts) -> datetime:
    return facts.level_since if facts.step_entered_at is None else facts.step_entered_at


def _no_later_than(limit: datetime | None, decision: D) -> D:
    if limit is None:
        return decision
    if isinstance(decision, Wait):
        return replace(decision, until=min(limit, decision.until))
    if isinstance(decision, Notify | RemindHolder):
        return replace(decision, next_look_at=min(limit, decision.next_look_at))
    return decision


# In this order: what is due first in it is done.
_CLOCK: dict[Act, Callable[[AlertFacts, Policy, datetime], Decision | None]] = {
    Act.RAISE: _raise,
    Act.TELL: _climb,
    Act.REMIND: _remind,
    Act.RETURN: _return,
}
