"""The nearest other outcome: which answer or result, changed a little, would change the level.

Found by grading the changed entry with the rules themselves, never from a list of thresholds, so
it stays true under every rule set. One change is looked for first; two or three together only
where no single one lowers the level. What would lower a level is for the care team alone: it
never tells a patient to wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from math import comb
from types import MappingProxyType

from alerts.grading.assess import assess
from alerts.grading.assessment import Assessment
from alerts.grading.counterfactual_answers import RASH, TEMPERATURE, Earlier, imagined
from alerts.grading.counterfactual_dials import NOTICE, Dial, dials
from alerts.grading.counterfactual_silence import (
    SILENCE,
    days_silent,
    reading_levels,
    silence_levels,
    silence_words,
)
from alerts.grading.course import Context, Entry
from alerts.grading.rules import DEFAULT_RULES, RuleSet
from alerts.grading.terms import Level

MOST = 3
MOST_TOGETHER = 3
# Groups graded at most while looking for changes that only together lower the level.
MOST_GROUPS = 400
CANONICAL: Mapping[str, str] = MappingProxyType({})
LEVEL_WORDS = {
    Level.NONE: "Would meet no criterion",
    Level.DIGEST: "Would be on the weekly list",
    Level.PROMPT: "Would be same-day",
    Level.URGENT: "Would be urgent",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One answer or result imagined otherwise.

    Attributes:
        field: A field of the entry; ``red_flags.blisters`` for one tick, ``labs.alt`` for one
            result, ``no_entry`` for the number of days without an entry.
        from_value: What was told; None when it was not.
        to_value: The nearest value with another level; a result in its canonical unit.
    """

    field: str
    from_value: object
    to_value: object


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A change that would have led to another level.

    Attributes:
        changes: One, or two or three that only together do it.
        level: The level with them.
        condition: Words for the nurse, such as "at 38.0 °C".
        patient_condition: Plain words after "Call at once if"; empty when not for patients.
        distance: How far the values lie apart; 1 is a whole symptom more or less.
    """

    changes: tuple[Change, ...]
    level: Level
    condition: str
    patient_condition: str
    distance: float

    @property
    def sentence(self) -> str:
        """Return a sentence for the nurse, such as "Would be urgent at 38.0 °C."."""
        return f"{LEVEL_WORDS[self.level]} {self.condition}."


@dataclass(frozen=True, slots=True)
class Counterfactuals:
    """What would have changed the level, nearest first, at most three for each level.

    Attributes:
        up: Changes that would raise it to a same-day call or to urgent; more silent days to any
            level.
        down: Changes that would lower it; for the care team only.
        fever: The temperature that would be urgent, for the patient, also when it is not near.
    """

    up: tuple[Counterfactual, ...] = ()
    down: tuple[Counterfactual, ...] = ()
    fever: str = ""

    @property
    def up_sentence(self) -> str:
        """Return one sentence for the nurse; empty when nothing would raise the level."""
        return _sentence(self.up)

    @property
    def down_sentence(self) -> str:
        """Return one sentence for the nurse; empty when nothing looked at would lower the level."""
        return _sentence(self.down)

    @property
    def lines(self) -> tuple[tuple[Level, str], ...]:
        """Return one sentence for every level that would be reached, what raises it first."""
        return (*_lines(self.up), *_lines(self.down))

    @property
    def call_if(self) -> tuple[str, ...]:
        """Return what would be urgent, each alone, in words after "Call at once if"."""
        urgent = [
            each.patient_condition
            for each in self.up
            if each.level is Level.URGENT and each.patient_condition
        ]
        if self.fever and self.fever not in urgent:
            urgent.append(self.fever)
        return tuple(urgent)

    @property
    def advice(self) -> str:
        """Return when the patient must call; empty when no single answer would be urgent."""
        urgent = self.call_if
        signs = [words.removeprefix(NOTICE) for words in urgent if words.startswith(NOTICE)]
        told = [words for words in urgent if not words.startswith(NOTICE)]
        told += [f"{NOTICE}{_either(signs)}"] if signs else []
        return f"Call at once if {_either(told)}." if told else ""


def nearest(
    entry: Entry,
    earlier: Earlier,
    context: Context,
    assessment: Assessment,
    rules: RuleSet = DEFAULT_RULES,
    lab_units: Mapping[str, str] = CANONICAL,
) -> Counterfactuals:
    """Return the smallest changes that would change the level.

    Args:
        entry: What was told.
        earlier: Shape ``(n,)``, oldest first, as for ``assess``.
        context: The treatment.
        assessment: The outcome of the entry under these rules.
        rules: Thresholds of the clinic.
        lab_units: Unit of each result by its name, as the laboratory gave it; others are
            canonical.

    Returns:
        One step less than a change in ``up`` or ``down`` does not reach its level.
    """
    if entry.no_entry:
        return _silent(entry, earlier, context, assessment, rules)
    if entry.timer_event is not None:
        return _awaited(entry, earlier, context, assessment, rules)
    search = _Search(entry, earlier, context, assessment, rules)
    known = dials(entry, context, assessment, rules, lab_units)
    up: list[Counterfactual] = []
    if assessment.level < Level.URGENT:
        up = [found for dial in known for found in search.up(dial) if found.level >= Level.PROMPT]
    down: list[Counterfactual] = []
    if assessment.level > Level.NONE:
        down = [found for dial in known for found in search.down(dial)]
        down = down or search.together(known)
        if any(found.changes[0].field == "bsa_percent" for found in down):
            down = [found for found in down if found.changes[0].field != RASH]
    fever = [
        each.patient_condition
        for each in up
        if each.level is Level.URGENT and each.changes[0].field == TEMPERATURE
    ]
    return Counterfactuals(_nearest(up), _nearest(down, falling=True), "".join(fever))


@dataclass(frozen=True, slots=True)
class _Search:
    entry: Entry
    earlier: Earlier
    context: Context
    assessment: Assessment
    rules: RuleSet

    def level(self, *changes: tuple[Dial, object]) -> Level:
        entry, earlier, context = self.entry, self.earlier, self.context
        for dial, value in changes:
            entry, earlier, context = imagined(entry, earlier, context, dial.field, value)
        return assess(entry, earlier, context, self.rules).level

    def up(self, dial: Dial) -> Iterator[Counterfactual]:
        reached, start = self.assessment.level, 0
        while reached < Level.URGENT:
            place = self._first(dial, dial.worse, start, above=reached)
            if place is None:
                return
            value = dial.worse[place]
            reached, start = self.level((dial, value)), place + 1
            change = Change(dial.field, dial.start, value)
            words, patient = dial.words(value, False), dial.patient(value)
            yield Counterfactual((change,), reached, words, patient, dial.distance(value))

    def down(self, dial: Dial) -> Iterator[Counterfactual]:
        mildest = dial.mildest
        if mildest is None or self.level((dial, mildest)) >= self.assessment.level:
            return
        value = self._mildened(dial, ())
        yield self._lower(((dial, value),))

    def together(self, known: Sequence[Dial]) -> list[Counterfactual]:
        """Return the smallest groups of changes that lower the level where no single one does."""
        movable = [dial for dial in known if dial.mildest is not None]
        needed = [dial for dial in movable if self._holds(dial, movable)]
        free = [dial for dial in movable if dial not in needed]
        for more in range(MOST_TOGETHER - len(needed) + 1):
            if comb(len(free), more) > MOST_GROUPS:
                break
            groups = (needed + list(rest) for rest in combinations(free, more))
            found = [made for group in groups if (made := self._group(group)) is not None]
            if found:
                return found
        return []

    def _holds(self, dial: Dial, movable: Sequence[Dial]) -> bool:
        """Return whether an answer keeps the level even with all others at their mildest."""
        others = [(each, each.mildest) for each in movable if each is not dial]
        return self.level(*others) >= self.assessment.level

    def _group(self, group: Sequence[Dial]) -> Counterfactual | None:
        made = [(dial, dial.mildest) for dial in group]
        if self.level(*made) >= self.assessment.level:
            return None
        for place, dial in enumerate(group):
            others = [each for each in made if each[0] is not dial]
            made[place] = (dial, self._mildened(dial, others))
        return self._lower(made)

    def _mildened(self, dial: Dial, others: Sequence[tuple[Dial, object]]) -> object:
        """Return the nearest milder value that lowers the level; its mildest is known to do so."""
        limit = self.assessment.level
        if dial.steady:
            low, high = 0, len(dial.milder) - 1
            while low < high:
                middle = (low + high) // 2
                if self.level((dial, dial.milder[middle]), *others) < limit:
                    high = middle
                else:
                    low = middle + 1
            return dial.milder[low]
        for value in dial.milder:
            if self.level((dial, value), *others) < limit:
                return value
        return dial.mildest

    def _first(
        self, dial: Dial, values: Sequence[object], start: int, *, above: Level
    ) -> int | None:
        if not dial.steady:
            for place in range(start, len(values)):
                if self.level((dial, values[place])) > above:
                    return place
            return None
        low, high = start, len(values) - 1
        if high < low or self.level((dial, values[high])) <= above:
            return None
        while low < high:
            middle = (low + high) // 2
            if self.level((dial, values[middle])) > above:
                high = middle
            else:
                low = middle + 1
        return low

    def _lower(self, made: Sequence[tuple[Dial, object]]) -> Counterfactual:
        return Counterfactual(
            tuple(Change(dial.field, dial.start, value) for dial, value in made),
            self.level(*made),
            " and ".join(dial.words(value, True) for dial, value in made),
            "",
            sum(dial.distance(value) for dial, value in made),
        )


def _silent(
    entry: Entry, earlier: Earlier, context: Context, assessment: Assessment, rules: RuleSet
) -> Counterfactuals:
    now = days_silent(entry, earlier)
    up: list[Counterfactual] = []
    down: list[Counterfactual] = []
    for days, level in silence_levels(entry, earlier, context, rules):
        change = Change(SILENCE, now, days)
        found = Counterfactual((change,), level, silence_words(days), "", abs(days - now))
        if days > now and level > max([assessment.level, *(each.level for each in up)]):
            up.append(found)
        if days < now and level < assessment.level and not down:
            down.append(found)
    return Counterfactuals(_nearest(up), _nearest(down, falling=True))


def _awaited(
    entry: Entry, earlier: Earlier, context: Context, assessment: Assessment, rules: RuleSet
) -> Counterfactuals:
    for value, words, level in reading_levels(entry, earlier, context, rules):
        if level < assessment.level:
            change = Change(TEMPERATURE, None, value)
            return Counterfactuals((), (Counterfactual((change,), level, words, "", 1.0),))
    return Counterfactuals()


def _nearest(found: Iterable[Counterfactual], falling: bool = False) -> tuple[Counterfactual, ...]:
    kept: list[Counterfactual] = []
    said: set[tuple[Level, str]] = set()
    order = -1 if falling else 1
    for each in sorted(found, key=lambda one: (order * one.level, one.distance)):
        same = (each.level, "mouth" if "in the mouth" in each.condition else each.condition)
        if same not in said and sum(one.level is each.level for one in kept) < MOST:
            said.add(same)
            kept.append(each)
    return tuple(kept)


def _lines(found: Sequence[Counterfactual]) -> list[tuple[Level, str]]:
    return [
        (level, f"{LEVEL_WORDS[level]} {_either([each.condition for each in group])}.")
        for level, group in groupby(found, key=lambda each: each.level)
    ]


def _sentence(found: Sequence[Counterfactual]) -> str:
    told = [sentence.removesuffix(".") for _, sentence in _lines(found)]
    parts = [each if at == 0 else each[:1].lower() + each[1:] for at, each in enumerate(told)]
    return f"{'; '.join(parts)}." if parts else ""


def _either(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"
