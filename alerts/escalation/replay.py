"""What another rule set would have changed: one course graded by both, alerts placed as always.

Pure, and one course at a time. Since nobody knows what a team would have done about an alert that
never was, every alert of both sides is handled alike: taken after 15 minutes when urgent, closed
12 hours after it was raised (the targets in docs/rules.md, none of them published).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from alerts.escalation.dedup import Absorb, OpenAlert, RaiseOpen, place
from alerts.grading.assess import assess
from alerts.grading.assessment import Assessment
from alerts.grading.course import Context, Entry
from alerts.grading.rules import RuleSet
from alerts.grading.terms import Level

TAKEN_AFTER = timedelta(minutes=15)
CLOSED_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of a course.

    Attributes:
        entry: As the rules read it, on a day 0 that all entries of the course share.
        context: The treatment as of that day, on the same day 0.
        on: The patient's calendar day.
        at: When it came in, aware.
    """

    entry: Entry
    context: Context
    on: date
    at: datetime


@dataclass(slots=True)
class Raised:
    """An alert that rules raise.

    Attributes:
        place: Place in the course of the entry that opened it.
        on: The diary day of that entry.
        level: Its highest level, ``prompt`` or ``urgent``.
        reasons: Sentences of what opened it, for the care team.
    """

    place: int
    on: date
    at: datetime
    level: str
    level_since: datetime
    codes: tuple[str, ...]
    reasons: tuple[str, ...]

    def seen(self, now: datetime) -> OpenAlert:
        """Return the alert as it stands at an instant, handled as every alert here is."""
        if now - self.at >= CLOSED_AFTER:
            state = "closed"
        elif self.level == "urgent" and now - self.level_since >= TAKEN_AFTER:
            state = "acknowledged"
        else:
            state = "open"
        return OpenAlert(self.level, state, self.codes, self.level_since)


@dataclass
class Side:
    """A course under one rule set, as far as it was told."""

    rules: RuleSet
    told: list[tuple[Entry, Assessment]] = field(default_factory=list)
    raised: list[Raised] = field(default_factory=list)
    _held: list[Raised] = field(default_factory=list)

    def take(self, number: int, told: Told) -> Level:
        """Grade one entry, place its alert, and return its level."""
        made = assess(told.entry, self.told, told.context, self.rules)
        self.told.append((told.entry, made))
        if made.level >= Level.PROMPT:
            self._place(number, told, made)
        return made.level

    def _place(self, number: int, told: Told, made: Assessment) -> None:
        self._held = [each for each in self._held if told.at - each.at < CLOSED_AFTER]
        seen = [each.seen(told.at) for each in self._held]
        codes = made.pressing_codes
        index, placement = place(seen, made.level.word, codes, told.at)
        if index is None:
            new = Raised(
                number, told.on, told.at, made.level.word, told.at, codes, made.pressing_sentences
            )
            self.raised.append(new)
            self._held.append(new)
            return
        holding = self._held[index]
        if isinstance(placement, Absorb | RaiseOpen):
            holding.codes += placement.added_codes
        if isinstance(placement, RaiseOpen):
            holding.level, holding.level_since = placement.level, told.at


@dataclass(frozen=True, slots=True)
class AlertChange:
    """One alert that differs.

    Attributes:
        on: The diary day of the entry that opens it.
        before: Its level by the rules before; None = it would appear.
        after: Its level by the rules after; None = it would vanish.
        reasons: Sentences of what opens it, by the rules after where it is there, else before.
    """

    on: date
    before: str | None
    after: str | None
    reasons: tuple[str, ...] = field(default=(), compare=False)

    @property
    def kind(self) -> str:
        """Return appears, vanishes or changes."""
        if self.before is None:
            return "appears"
        return "vanishes" if self.after is None else "changes"


@dataclass(frozen=True, slots=True)
class CourseReplay:
    """One course under both rule sets, for the days asked for.

    Attributes:
        levels: (level before, level after) of every entry, as words.
        before: (day, level) of every alert by the rules before.
        after: The same by the rules after.
        changes: Alerts that differ, oldest first.
    """

    levels: tuple[tuple[str, str], ...]
    before: tuple[tuple[date, str], ...]
    after: tuple[tuple[date, str], ...]
    changes: tuple[AlertChange, ...]


def replay_course(
    course: Sequence[Told],
    before: RuleSet,
    after: RuleSet,
    wanted: Callable[[date], bool] = lambda _day: True,
) -> CourseReplay:
    """Return what differs when one course is graded by other rules.

    An alert is the same on both sides when the same entry opens it. An entry that another alert
    takes in on one side alone counts there as vanished, and the other alert as appeared.

    Args:
        course: Shape ``(n,)``, oldest first, from the first entry on: the rules look back.
        before: The rules in force.
        after: The rules asked about.
        wanted: Which diary days count; earlier ones are graded for looking back alone.
    """
    sides = (Side(before), Side(after))
    levels = []
    for number, told in enumerate(course):
        level, other_level = (side.take(number, told) for side in sides)
        if wanted(told.on):
            levels.append((level.word, other_level.word))
    old, new = ({each.place: each for each in side.raised if wanted(each.on)} for side in sides)
    changes = []
    for number in sorted(old.keys() | new.keys()):
        one, other = old.get(number), new.get(number)
        was, would_be = (None if each is None else each.level for each in (one, other))
        if was != would_be:
            shown = other or old[number]
            changes.append(AlertChange(shown.on, was, would_be, shown.reasons))
    return CourseReplay(
        tuple(levels),
        tuple((each.on, each.level) for each in old.values()),
        tuple((each.on, each.level) for each in new.values()),
        tuple(changes),
    )
