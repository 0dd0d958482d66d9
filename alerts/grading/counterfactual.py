"""The nearest other outcome: which single answer, changed a little, would change the level.

Found by grading the changed entry with the rules themselves, never from a list of thresholds, so
it stays true under every rule set. Doses and laboratory results are not answers and stay as they
are. What would lower a level is for the care team alone: it never tells a patient to wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from alerts.grading.answer_words import FLAGS, LESIONS, SCALES, YES_OR_NO
from alerts.grading.assess import assess
from alerts.grading.assessment import Assessment
from alerts.grading.counterfactual_answers import (
    FAHRENHEIT,
    NUMBERS,
    TEMPERATURE,
    answered,
    scale_of,
)
from alerts.grading.course import Context, Entry
from alerts.grading.rules import DEFAULT_RULES, RuleSet
from alerts.grading.terms import Level

MOST = 3
# Neither fever nor cold; what an imagined temperature is counted from.
USUAL_CELSIUS = 36.6
NOTICE = "you notice "
LEVEL_WORDS = {
    Level.NONE: "Would meet no criterion",
    Level.DIGEST: "Would be on the weekly list",
    Level.PROMPT: "Would be same-day",
    Level.URGENT: "Would be urgent",
}


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """One answer that would have led to another level.

    Attributes:
        field: A field of the entry; ``red_flags.blisters`` for one tick.
        from_value: The answer given; None when the question was not answered.
        to_value: The nearest answer with another level.
        level: The level of the entry with that answer.
        sentence: For the nurse, such as "Would be urgent at 38.0 °C."
        condition: The end of that sentence, "at 38.0 °C".
        patient_condition: Plain words after "Call at once if"; empty when it lowers the level.
        distance: How far the answers lie apart; 1 is a whole symptom more or less.
    """

    field: str
    from_value: object
    to_value: object
    level: Level
    sentence: str
    condition: str
    patient_condition: str
    distance: float


@dataclass(frozen=True, slots=True)
class Counterfactuals:
    """What would have changed the level, nearest first, at most three for each level.

    Attributes:
        up: Answers that would raise it to a same-day call or to urgent.
        down: Answers that would lower it; for the care team only.
    """

    up: tuple[Counterfactual, ...] = ()
    down: tuple[Counterfactual, ...] = ()

    @property
    def up_sentence(self) -> str:
        """Return one sentence for the nurse; empty when nothing would raise the level."""
        return _sentence(self.up)

    @property
    def down_sentence(self) -> str:
        """Return one sentence for the nurse; empty when no single answer would lower the level."""
        return _sentence(self.down)

    @property
    def advice(self) -> str:
        """Return when the patient must call; empty when no single answer would be urgent."""
        urgent = [each.patient_condition for each in self.up if each.level is Level.URGENT]
        signs = [words.removeprefix(NOTICE) for words in urgent if words.startswith(NOTICE)]
        told = [words for words in urgent if not words.startswith(NOTICE)]
        told += [f"{NOTICE}{_either(signs)}"] if signs else []
        return f"Call at once if {_either(told)}." if told else ""


def nearest(
    entry: Entry,
    earlier: Sequence[tuple[Entry, Assessment]],
    context: Context,
    assessment: Assessment,
    rules: RuleSet = DEFAULT_RULES,
) -> Counterfactuals:
    """Return the smallest changes of a single answer that would change the level.

    Args:
        entry: What was told.
        earlier: Shape ``(n,)``, oldest first, as for ``assess``.
        context: The treatment.
        assessment: The outcome of the entry under these rules.
        rules: Thresholds of the clinic.

    Returns:
        Nothing for a day without an entry. One step less than a change in ``up`` or ``down``
        does not reach its level. An answer that was not given stays unknown, except that a
        temperature may be imagined, a tick added, and the extent of a rash told.
    """
    if entry.no_entry or entry.timer_event is not None:
        return Counterfactuals()
    search = _Search(entry, earlier, context, assessment, rules)
    up: list[Counterfactual] = []
    if assessment.level < Level.URGENT:
        up = [found for found in search.up() if found.level >= Level.PROMPT]
    down = list(search.down()) if assessment.level > Level.NONE else []
    return Counterfactuals(_nearest(up), _nearest(down, falling=True))


@dataclass(frozen=True, slots=True)
class _Search:
    entry: Entry
    earlier: Sequence[tuple[Entry, Assessment]]
    context: Context
    assessment: Assessment
    rules: RuleSet

    def level(self, field: str, value: object) -> Level:
        changed = answered(self.entry, field, value)
        return assess(changed, self.earlier, self.context, self.rules).level

    def up(self) -> Iterator[Counterfactual]:
        for field in (TEMPERATURE, *NUMBERS):
            yield from self._higher(field)
        for flag, words in FLAGS.items():
            if not self.entry.flagged(flag):
                yield from self._worse(f"red_flags.{flag}", [(True, words)], 1.0)
        for field, scale in SCALES.items():
            answer = getattr(self.entry, field)
            if answer is not None:
                worse = list(scale.items())[list(scale).index(answer) + 1 :]
                yield from self._worse(field, worse, 1 / (len(scale) - 1))
        for field, words in YES_OR_NO.items():
            if getattr(self.entry, field) is False:
                yield from self._worse(field, [(True, words)], 1.0)

    def down(self) -> Iterator[Counterfactual]:
        for field in (TEMPERATURE, *NUMBERS):
            yield from self._lower(field)
        for name, known in (("red_flags", FLAGS), ("morphology", LESIONS)):
            for word in sorted(getattr(self.entry, name) or ()):
                if word in known:
                    yield from self._milder(f"{name}.{word}", [(False, known[word])], 1.0)
        for field, scale in SCALES.items():
            answer = getattr(self.entry, field)
            if answer is not None:
                milder = list(scale.items())[: list(scale).index(answer)]
                yield from self._milder(field, milder[::-1], 1 / (len(scale) - 1))
        for field, words in YES_OR_NO.items():
            if getattr(self.entry, field):
                yield from self._milder(field, [(False, words)], 1.0)

    def _told(self, field: str) -> float | None:
        if field == TEMPERATURE:
            typed = self.entry.temperature_input
            accepted = self.assessment.temperature_celsius is not None
            return typed.value if typed is not None and accepted else None
        told: float | None = getattr(self.entry, field)
        if field == "bsa_percent" and told is None and self.assessment.grades.get("rash", 0):
            return self.assessment.extent_percent
        return told

    def _higher(self, field: str) -> Iterator[Counterfactual]:
        scale, start = scale_of(self.entry, field), self._told(field)
        if start is None:
            if field != TEMPERATURE or self.entry.temperature_input is not None:
                return
            start = USUAL_CELSIUS
        reached = self.assessment.level
        for value in scale.upward(start):
            level = self.level(field, value)
            if level > reached:
                reached = level
                distance = abs(value - start) / scale.span
                words = scale.words.format(value=value)
                patient = scale.patient.format(value=self._told_to_patient(field, value, start))
                yield self._found(field, value, level, words, patient, distance)
            if reached is Level.URGENT:
                return

    def _told_to_patient(self, field: str, value: float, start: float) -> float:
        # Patients are taught one number for fever; a second, higher one would contradict it.
        if field != TEMPERATURE:
            return value
        celsius = self.rules.fever_celsius
        fever = celsius * 1.8 + 32 if scale_of(self.entry, field) is FAHRENHEIT else celsius
        return value if start >= fever else min(value, fever)

    def _lower(self, field: str) -> Iterator[Counterfactual]:
        scale, start = scale_of(self.entry, field), self._told(field)
        if start is None or start <= scale.low or not self._matters(field, scale.low):
            return
        for value in scale.downward(start):
            level = self.level(field, value)
            if level < self.assessment.level:
                words = scale.words.format(value=value)
                if field != TEMPERATURE and value > scale.low:
                    words += " or less"
                distance = abs(start - value) / scale.span
                yield self._found(field, value, level, words, "", distance)
                return

    def _matters(self, field: str, lowest: float) -> bool:
        # 36.6 degrees is neither fever nor cold; the lowest step of a temperature may be cold.
        usual = {"°C": USUAL_CELSIUS, "°F": 97.9}
        unit = scale_of(self.entry, field).words[-2:]
        return self.level(field, usual.get(unit, lowest)) < self.assessment.level

    def _worse(
        self, field: str, answers: Iterable[tuple[object, str]], step: float
    ) -> Iterator[Counterfactual]:
        reached = self.assessment.level
        for count, (value, words) in enumerate(answers, start=1):
            level = self.level(field, value)
            if level > reached:
                reached = level
                patient = f"{NOTICE}{words.removeprefix('mild ')}"
                yield self._found(field, value, level, f"with {words}", patient, count * step)

    def _milder(
        self, field: str, answers: Iterable[tuple[object, str]], step: float
    ) -> Iterator[Counterfactual]:
        for count, (value, words) in enumerate(answers, start=1):
            level = self.level(field, value)
            if level < self.assessment.level:
                joint = "without" if value is False else "with"
                yield self._found(field, value, level, f"{joint} {words}", "", count * step)
                return

    def _found(
        self, field: str, value: object, level: Level, words: str, patient: str, distance: float
    ) -> Counterfactual:
        return Counterfactual(
            field=field,
            from_value=self._from(field),
            to_value=value,
            level=level,
            sentence=f"{LEVEL_WORDS[level]} {words}.",
            condition=words,
            patient_condition=patient,
            distance=distance,
        )

    def _from(self, field: str) -> object:
        name, _, word = field.partition(".")
        told = getattr(self.entry, name)
        if word:
            return None if told is None else word in told
        return told.value if field == TEMPERATURE and told is not None else told


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


def _sentence(found: Sequence[Counterfactual]) -> str:
    parts: list[str] = []
    for level, group in groupby(found, key=lambda each: each.level):
        words = LEVEL_WORDS[level] if not parts else LEVEL_WORDS[level].lower()
        parts.append(f"{words} {_either([each.condition for each in group])}")
    return f"{'; '.join(parts)}." if parts else ""


def _either(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"
