"""Why a level was reached: a stable code, and the words for the nurse and for the patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from alerts.grading.terms import EPS, Level

PHONE = "Phone your care team now."
EMERGENCY = "Call the emergency number now."
DEGREES = frozenset({"celsius", "effective", "limit_celsius"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that fired.

    Attributes:
        code: Stable name of the rule, such as ``R4_TEMP_GE_38_3``.
        level: What this rule alone asks for; ``none`` for a remark.
        sentence: For the nurse: the values and the criterion.
        patient_sentence: For the patient: plain words.
        source: Where the criterion comes from.
        values: The values the rule looked at.
    """

    code: str
    level: Level
    sentence: str
    patient_sentence: str
    source: str
    values: Mapping[str, object] = field(default_factory=dict)


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
        """Return the reason with its values filled in."""
        sentence, told = self.sentence, self.patient_sentence
        if values:
            shown = {
                name: value
                if not isinstance(value, float)
                else degrees(value)
                if name in DEGREES
                else plain(value)
                for name, value in values.items()
            }
            sentence, told = sentence.format_map(shown), told.format_map(shown)
        if level is Level.URGENT:
            told = f"{told} {self.advice}"
        return Reason(self.code, level, sentence, told, self.source, values)


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
