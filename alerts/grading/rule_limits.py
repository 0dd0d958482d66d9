"""How far a clinic may tune its rules: hard limits of safety, and the way to JSON and back.

Signs that no number decides are not in a rule set at all and cannot be tuned: swelling of the
airway, skin that comes off, blisters and the other red flags stay urgent under every rule set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from alerts.errors import AlertsError
from alerts.grading.limits import shown
from alerts.grading.rules import DEFAULT_RULES, RULES_VERSION, RuleSet
from alerts.grading.terms import EPS

LONGEST_NAME = 60
GRADES = frozenset({1, 2, 3, 4})


class RuleSetError(AlertsError, ValueError):
    """The rules cannot be used.

    Attributes:
        mistakes: All of them, one sentence each, in the order of the fields.
    """

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__(" ".join(mistakes))
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Limit:
    """How far one number may be moved.

    Attributes:
        strictest: Beyond this it is a slip of the pen: every entry or none would be meant.
        loosest: Beyond this danger could pass unseen. Whether that is up or down depends on the
            number: a fever limit gets looser upward, a window downward.
    """

    strictest: float
    loosest: float

    def mistake(self, field: str, value: float) -> str | None:
        """Return what is wrong with the value; None when it is within the limits."""
        up = self.loosest > self.strictest
        if value > self.loosest + EPS if up else value < self.loosest - EPS:
            bound = "at most" if up else "at least"
            return (
                f"{field} is looser than safety allows: it must be {bound} {self.loosest:g}, "
                f"got {value:g}."
            )
        if value < self.strictest - EPS if up else value > self.strictest + EPS:
            bound = "at least" if up else "at most"
            return f"{field} cannot be meant: it must be {bound} {self.strictest:g}, got {value:g}."
        return None


LIMITS: Mapping[str, Limit] = {
    "celsius_low": Limit(30, 34),
    "celsius_high": Limit(45, 43),
    "fahrenheit_low": Limit(86, 93),
    "fahrenheit_high": Limit(113, 109.5),
    "fever_celsius": Limit(37, 38),
    "high_fever_celsius": Limit(37.5, 38.3),
    "raised_celsius": Limit(36.5, 37.5),
    "low_celsius": Limit(36.5, 36),
    "site_correction_celsius": Limit(1, 0.5),
    "sustained_after_minutes": Limit(1, 60),
    "sustained_within_minutes": Limit(2880, 1440),
    "recheck_low_risk_minutes": Limit(15, 60),
    "recheck_raised_minutes": Limit(30, 240),
    "anc_safe": Limit(5, 1.5),
    "anc_safe_days": Limit(0, 7),
    "anc_low": Limit(1.5, 1),
    "anc_low_days": Limit(28, 14),
    "anc_very_low": Limit(1, 0.5),
    "wide_extent_percent": Limit(5, 30),
    "generalized_percent": Limit(100, 30.1),
    "least_percent": Limit(30, 0.1),
    "fast_spread_points": Limit(5, 20),
    "spread_points": Limit(2, 15),
    "spread_days": Limit(7, 2),
    "skin_alert_days": Limit(1, 14),
    "fresh_days": Limit(1, 14),
    "itch_moderate": Limit(1, 4),
    "itch_severe": Limit(4, 7),
    "itch_rise": Limit(2, 5),
    "itch_rise_days": Limit(14, 2),
    "start_window_days": Limit(365, 28),
    "increase_window_days": Limit(90, 14),
    "steroid_window_days": Limit(90, 14),
    "weight_gain_kg": Limit(0.5, 3),
    "amber_domains": Limit(1, 2),
    "eosinophils_high": Limit(0.5, 1),
    "eosinophils_uln": Limit(0.1, 1),
    "highest_daily_mg": Limit(400, 800),
    "missed_doses": Limit(1, 5),
    "missed_steroid_doses": Limit(1, 2),
    "silence_concern_days": Limit(1, 3),
    "silence_days": Limit(2, 14),
}
"""Numbers behind an urgent level cannot be loosened at all; those behind a same-day call a little.

A design choice on the cautious side; the defaults and their sources are in ``RuleSet``.
"""

# Pairs of which the first must stay below the second, or may equal it.
ORDER: tuple[tuple[str, str, bool], ...] = (
    ("raised_celsius", "fever_celsius", True),
    ("fever_celsius", "high_fever_celsius", True),
    ("celsius_high", "fahrenheit_low", False),
    ("anc_very_low", "anc_low", True),
    ("anc_low", "anc_safe", True),
    ("wide_extent_percent", "generalized_percent", False),
    ("spread_points", "fast_spread_points", True),
    ("itch_moderate", "itch_severe", False),
)


def check(rules: RuleSet) -> list[str]:
    """Return what is wrong with a rule set, one sentence each naming the field; empty when usable.

    Never raises, whatever the fields hold.
    """
    mistakes = [*_words("name", rules.name), *_words("version", rules.version)]
    for field, limit in LIMITS.items():
        value = getattr(rules, field)
        whole = isinstance(getattr(DEFAULT_RULES, field), int)
        if not _is_number(value) or (whole and value != int(value)):
            kind = "a whole number" if whole else "a number"
            mistakes.append(f"{field} must be {kind}, got {shown(value)}.")
        elif mistake := limit.mistake(field, value):
            mistakes.append(mistake)
    mistakes += _amber_grades(rules.amber_grades)
    if mistakes:
        return mistakes
    for lower, higher, equal in ORDER:
        low, high = getattr(rules, lower), getattr(rules, higher)
        if low > high or (low == high and not equal):
            words = "not be over" if equal else "be below"
            mistakes.append(f"{lower} must {words} {higher}, got {low:g} and {high:g}.")
    if rules.version == RULES_VERSION and _numbers(rules) != _numbers(DEFAULT_RULES):
        mistakes.append(f"version must be a new one, because the rules differ from {version()}.")
    return mistakes


def version() -> str:
    """Return the reviewed rules by name and version, for a sentence."""
    return f"{DEFAULT_RULES.name} {RULES_VERSION}"


def rule_set_to_json(rules: RuleSet) -> dict[str, Any]:
    """Return the rules as plain JSON values, every field by its name."""
    return {
        each.name: sorted(rules.amber_grades)
        if each.name == "amber_grades"
        else getattr(rules, each.name)
        for each in fields(RuleSet)
    }


def rule_set_from_json(stored: object) -> RuleSet:
    """Return the rule set these plain JSON values describe.

    Args:
        stored: An object with ``name`` and ``version``; any number left out is that of the
            reviewed rules.

    Raises:
        RuleSetError: If anything is missing, unknown, of another kind or looser than allowed.
            Lists every mistake.
    """
    if not isinstance(stored, Mapping):
        raise RuleSetError([f"The rules must be an object of fields, got {shown(stored)}."])
    known = {each.name for each in fields(RuleSet)}
    mistakes = [f"{field} is missing." for field in ("name", "version") if field not in stored]
    mistakes += [
        f"{shown(field)} is not a field of the rules." for field in stored if field not in known
    ]
    values = {field: value for field, value in stored.items() if field in known}
    grades = values.get("amber_grades")
    if isinstance(grades, list) and all(_is_number(grade) for grade in grades):
        values["amber_grades"] = frozenset(grades)
    mistakes += check(RuleSet(**values))
    if mistakes:
        raise RuleSetError(mistakes)
    return RuleSet(**values)


def _words(field: str, value: object) -> list[str]:
    if isinstance(value, str) and value.strip() and len(value) <= LONGEST_NAME:
        return []
    return [f"{field} must be 1 to {LONGEST_NAME} characters, got {shown(value)}."]


def _amber_grades(value: object) -> list[str]:
    if not isinstance(value, frozenset) or not value <= GRADES:
        return ["amber_grades must be a list of grades from 1 to 4."]
    if 2 not in value:
        return ["amber_grades is looser than safety allows: it must hold grade 2."]
    return []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _numbers(rules: RuleSet) -> tuple[object, ...]:
    return (*(getattr(rules, field) for field in LIMITS), rules.amber_grades)
