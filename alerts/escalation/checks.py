"""What a person should know before a policy is kept: sentences, none of which forbids it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from alerts.escalation.lengths import length_words
from alerts.escalation.on_call import MINUTES_A_DAY, MINUTES_A_WEEK, holes
from alerts.escalation.policy import Level, Policy, Step, ladder_for
from alerts.escalation.rehearsal import Line, first_told
from alerts.escalation.staffing import Staffing

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEVEL_WORDS: dict[Level, str] = {"urgent": "Urgent", "prompt": "Same day"}
MOST_HOLES = 3
# Only they hold the verb to take an alert.
TAKERS = ("nurse", "clinician")


@dataclass(frozen=True)
class Findings:
    """What was found in a policy.

    Attributes:
        warnings: Everything that may leave somebody untold, each sentence once.
        times: For each level, how long it takes at most in the coming week to tell somebody;
            nothing for a level at which nobody may ever be told.
    """

    warnings: tuple[str, ...]
    times: tuple[str, ...]


def findings(policy: Policy, staffing: Staffing, now: datetime) -> Findings:
    """Return what a person should know of a policy.

    Args:
        policy: To be looked through.
        staffing: Who works here now.
        now: From when the coming week is looked at, aware.
    """
    week = _week_from(now)
    firsts = {
        level: [(at, first_told(policy, level, at, staffing)) for at in week]
        for level in LEVEL_WORDS
    }
    warnings = [
        *(sentence for level in LEVEL_WORDS for sentence in _of_steps(policy, level, staffing)),
        *(sentence for level in LEVEL_WORDS for sentence in _of_ladder(policy, level, staffing)),
        *_of_people(policy, staffing),
        *(sentence for level, found in firsts.items() for sentence in _of_week(level, found)),
    ]
    times = [
        _time(level, max(line.at - at for at, line in found if line is not None))
        for level, found in firsts.items()
        if all(line is not None for _at, line in found)
    ]
    return Findings(tuple(dict.fromkeys(warnings)), tuple(times))


def hole_words(hole: tuple[int, int]) -> str:
    """Return a hole of a rota, such as "Mon 08:00 to Mon 20:00"."""
    if hole == (0, MINUTES_A_WEEK):
        return "at no time of the week"
    return " to ".join(_minute_words(minute) for minute in hole)


def hole_sentence(name: str, gaps: tuple[tuple[int, int], ...]) -> str:
    """Return what is missing in a rota, which has at least one hole."""
    if gaps == ((0, MINUTES_A_WEEK),):
        return f"The rota {name} has no shift: nobody is ever on call."
    said = ", ".join(hole_words(gap) for gap in gaps[:MOST_HOLES])
    more = len(gaps) - MOST_HOLES
    rest = f" and {more} more times" if more > 0 else ""
    return f"On the rota {name} nobody is on call {said}{rest}."


def _of_steps(policy: Policy, level: Level, staffing: Staffing) -> Iterator[str]:
    for number, step in enumerate(ladder_for(policy, level).steps, start=1):
        for word in step.notify:
            sentence = _of_word(word, staffing)
            if sentence:
                yield f"{LEVEL_WORDS[level]}, step {number}: {sentence}"


def _of_word(word: str, staffing: Staffing) -> str:
    kind, _, which = word.partition(":")
    if kind == "role":
        there = any(person.role == which for person in staffing.people.values())
        return "" if there else f"the clinic has no {which}."
    named = UUID(which)
    if kind == "user":
        return "" if named in staffing.people else "this person works here no longer."
    if kind == "team":
        team = staffing.teams.get(named)
        if team is None:
            return "this team exists no longer."
        there = any(member in staffing.people for member in team.members)
        return "" if there else f"the team {team.name} is empty."
    rota = staffing.rotas.get(named)
    if rota is None:
        return "this rota exists no longer."
    gaps = holes(shift for shift in rota.shifts if shift.user in staffing.people)
    return f"{hole_sentence(rota.name, gaps)} The step is skipped then." if gaps else ""


def _of_ladder(policy: Policy, level: Level, staffing: Staffing) -> Iterator[str]:
    named = [staffing.people[user] for user in _named(ladder_for(policy, level).steps, staffing)]
    words = LEVEL_WORDS[level]
    if named and not any(person.role in TAKERS for person in named):
        yield f"{words}: only administrators are told, and they cannot take an alert."
    if len(named) == 1:
        name = named[0].name
        yield f"{words}: {name} is the only person who is ever told. Who answers if {name} cannot?"


def _of_people(policy: Policy, staffing: Staffing) -> Iterator[str]:
    for user in _named((*policy.urgent.steps, *policy.prompt.steps), staffing):
        person = staffing.people[user]
        if person.ways == 0:
            yield f"{person.name} has no way out: no message can reach them."
        elif not person.joined:
            yield (
                f"{person.name} has not used the invitation yet: messages arrive, but they cannot "
                "take an alert."
            )


def _named(steps: Iterable[Step], staffing: Staffing) -> tuple[UUID, ...]:
    """Return everybody whom these steps may tell at any time, each once."""
    found: list[UUID] = []
    for step in steps:
        for word in step.notify:
            kind, _, which = word.partition(":")
            if kind == "role":
                found += [user for user, each in staffing.people.items() if each.role == which]
            elif kind == "user":
                found.append(UUID(which))
            elif kind == "team" and UUID(which) in staffing.teams:
                found += staffing.teams[UUID(which)].members
            elif kind == "rota" and UUID(which) in staffing.rotas:
                rota = staffing.rotas[UUID(which)]
                found += [shift.user for shift in rota.shifts]
                found += [override.user for override in rota.overrides]
    return tuple(user for user in dict.fromkeys(found) if user in staffing.people)


def _time(level: Level, longest: timedelta) -> str:
    words = LEVEL_WORDS[level]
    if longest < timedelta(minutes=1):
        return f"{words}: somebody is told at once, at any hour of the coming week."
    length = length_words(int(longest.total_seconds()))
    return f"{words}: somebody is told after {length} at the latest."


def _of_week(level: Level, found: Iterable[tuple[datetime, Line | None]]) -> Iterator[str]:
    lines = [line for _at, line in found]
    words = LEVEL_WORDS[level]
    if None in lines:
        yield f"{words}: nobody would be told, because nobody works here."
    elif any(line is not None and line.resort for line in lines):
        yield (
            f"{words}: at some hours of the coming week no step has anybody to tell. Then "
            "everybody who works here is told instead."
        )


def _week_from(now: datetime) -> list[datetime]:
    start = now.replace(minute=0, second=0, microsecond=0)
    return [start + timedelta(minutes=30 * half) for half in range(2 * 24 * 7)]


def _minute_words(minute: int) -> str:
    day, of_day = divmod(minute % MINUTES_A_WEEK, MINUTES_A_DAY)
    return f"{WEEKDAYS[day]} {of_day // 60:02}:{of_day % 60:02}"
