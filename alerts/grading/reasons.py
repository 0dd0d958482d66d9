"""Why a level was reached: a stable code, and the words for the nurse and for the patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from alerts.grading.terms import EPS, Level

PHONE = "Phone your care team now."
EMERGENCY = "Call the emergency number now."
DEGREES = frozenset({"celsius", "effective", "limit_celsius"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that fired; its sentences are put together when they are read.

    Attributes:
        level: What this rule alone asks for; ``none`` for a remark.
        words: Beside the rule, or the finished sentences of a stored reason.
        values: The values the rule looked at.
    """

    level: Level
    words: Wording | Finished
    values: Mapping[str, object]

    @property
    def code(self) -> str:
        """Return the stable name of the rule, such as ``R4_TEMP_GE_38_3``."""
        return self.words.code

    @property
    def sentence(self) -> str:
        """Return what the nurse reads: the values and the criterion."""
        return self.words.for_nurse(self.values)

    @property
    def patient_sentence(self) -> str:
        """Return what the patient reads: plain words."""
        return self.words.for_patient(self.level, self.values)

    @property
    def source(self) -> str:
        """Return where the criterion comes from."""
        return self.words.source


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one code; kept beside the rule that uses them.

    Attributes:
        sentence: Template for the nurse; ``{name}`` stands for a value of that name.
        patient_sentence: Template for the patient: what was told, never that all is well.
        advice: Added for the patient when the reason is urgent.
    """

    code: str
    sentence: str
    patient_sentence: str
    source: str
    advice: str = PHONE

    def reason(self, level: Level, **values: object) -> Reason:
        """Return the reason with its values."""
        return Reason(level, self, values)

    def for_nurse(self, values: Mapping[str, object]) -> str:
        """Return the sentence for the nurse with the values filled in."""
        return filled(self.sentence, values)

    def for_patient(self, level: Level, values: Mapping[str, object]) -> str:
        """Return the sentence for the patient with the values filled in, and the advice."""
        told = filled(self.patient_sentence, values)
        return f"{told} {self.advice}" if level is Level.URGENT else told


@dataclass(frozen=True, slots=True)
class Finished:
    """The words of a stored reason, as they were said then: rules and wording may have changed."""

    code: str
    sentence: str
    patient_sentence: str
    source: str

    def for_nurse(self, _values: Mapping[str, object]) -> str:
        """Return the sentence for the nurse."""
        return self.sentence

    def for_patient(self, _level: Level, _values: Mapping[str, object]) -> str:
        """Return the sentence for the patient."""
        return self.patient_sentence


def filled(template: str, values: Mapping[str, object]) -> str:
    """Return a template with every ``{name}`` replaced by the value as people write it."""
    pattern, names = _pattern(template)
    if not names:
        return template
    return pattern % tuple(shown(name, values[name]) for name in names)


def shown(name: str, value: object) -> str:
    """Return the value of that name as people write it."""
    if isinstance(value, float):
        return degrees(value) if name in DEGREES else plain(value)
    return str(value)


@cache
def _pattern(template: str) -> tuple[str, tuple[str, ...]]:
    """Return a template with ``%s`` for each name, which is filled faster, and the names."""
    parts = list(Formatter().parse(template))
    pattern = "".join(
        text.replace("%", "%%") + ("%s" if name else "") for text, name, _spec, _kind in parts
    )
    return pattern, tuple(name for _text, name, _spec, _kind in parts if name)


def days_ago(days: int) -> str:
    """Return an age in words: today, 1 day ago, 5 days ago."""
    if days == 0:
        return "today"
    return "1 day ago" if days == 1 else f"{days:g} days ago"


def plain(value: object) -> str:
    """Return a value as people write it: 36 instead of 36.0, at most two decimals."""
    if isinstance(value, float):
        return f"{round(value, 2):g}"
    return str(value)


def degrees(value: object) -> str:
    """Return a temperature with one decimal, or two where they say more."""
    if not isinstance(value, float):
        return str(value)
    one = f"{value:.1f}"
    return one if abs(float(one) - value) < EPS else f"{value:.2f}"
