"""What a person should know before a policy is kept: sentences, none of which forbids it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from alerts.escalation.on_call import MINUTES_A_DAY, MINUTES_A_WEEK, holes
from alerts.escalation.policy import Level, Policy, Step, ladder_for
from alerts.escalation.rehearsal import longest_wait
from alerts.escalation.staffing import Staffing

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LEVEL_WORDS: dict[Level, str] = {"urgent": "Urgent", "prompt": "Same day"}
MOST_HOLES = 3
# Only they hold the verb to take an alert.
TAKERS = ("nurse", "clinician")


def warnings(policy: Policy, staffing: Staffing, now: datetime) -> tuple[str, ...]:
    """Return everything about a policy that may leave somebody untold, each sentence once.

    Args:
        staffing: Who works here now.
        now: From when the coming week is looked at, aware.
    """
    found = [
        *(sentence for level in LEVEL_WORDS for sentence in _of_steps(policy, level, staffing)),
        *(sentence for level in LEVEL_WORDS for sentence in _of_ladder(policy, level, staffing)),
        *_of_people(policy, staffing),
        *(
            _never(level)
            for level in LEVEL_WORDS
            if longest_wait(policy, level, _week_from(now), staffing) is None
        ),
    ]
    return tuple(dict.fromkeys(found))


def times(policy: Policy, staffing: Staffing, now: datetime) -> tuple[str, ...]:
    """Return for each level how long it takes at most, in the coming week, to tell somebody."""
    found = []
    for level, words in LEVEL_WORDS.items():
        longest = longest_wait(policy, level, _week_from(now), staffing)
        if longest is None:
            continue
        if longest < timedelta(minutes=1):
            found.append(f"{words}: somebody is told at once, at any hour of the coming week.")
        else:
            found.append(f"{words}: somebody is told after {_length(longest)} at the latest.")
    return tuple(found)


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


def _never(level: Level) -> str:
    return (
        f"{LEVEL_WORDS[level]}: at some hours of the coming week no step has anybody to tell, "
        "and nobody would be told."
    )


def _week_from(now: datetime) -> list[datetime]:
    start = now.replace(minute=0, second=0, microsecond=0)
    return [start + timedelta(minutes=30 * half) for half in range(2 * 24 * 7)]


def _length(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _minute_words(minute: int) -> str:
    day, of_day = divmod(minute % MINUTES_A_WEEK, MINUTES_A_DAY)
    return f"{WEEKDAYS[day]} {of_day // 60:02}:{of_day % 60:02}"
