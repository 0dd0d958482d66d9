"""The thresholds in plain words, in the groups in which the care team reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from diary_app.text import _

Word = Callable[[], str]


@dataclass(frozen=True)
class RuleWord:
    """What a threshold is called, and its unit (empty for a plain number)."""

    label: Word
    unit: Word


def _none() -> str:
    return ""


def _celsius() -> str:
    return _("°C")


def _fahrenheit() -> str:
    return _("°F")


def _minutes() -> str:
    return _("min")


def _days() -> str:
    return _("days")


def _cells() -> str:
    return _("10^9/L")


def _percent() -> str:
    return _("%")


def _points() -> str:
    return _("points")


def _rating() -> str:
    return _("of 10")


def _in_a_row() -> str:
    return _("in a row")


GROUPS: tuple[tuple[str, Word, Mapping[str, RuleWord]], ...] = (
    (
        "fever",
        lambda: _("Fever"),
        {
            "high_fever_celsius": RuleWord(
                lambda: _("High fever, one reading is enough"), _celsius
            ),
            "fever_celsius": RuleWord(lambda: _("Fever"), _celsius),
            "raised_celsius": RuleWord(lambda: _("Raised, not yet fever"), _celsius),
            "low_celsius": RuleWord(lambda: _("Cold, when the patient feels unwell"), _celsius),
            "site_correction_celsius": RuleWord(
                lambda: _("Added to readings of armpit and forehead"), _celsius
            ),
            "sustained_after_minutes": RuleWord(
                lambda: _("Two readings are a lasting fever when apart by"), _minutes
            ),
            "sustained_within_minutes": RuleWord(
                lambda: _("Two readings are one fever when within"), _minutes
            ),
            "recheck_low_risk_minutes": RuleWord(
                lambda: _("Second reading asked for at low risk"), _minutes
            ),
            "recheck_raised_minutes": RuleWord(
                lambda: _("Second reading asked for if raised"), _minutes
            ),
            "celsius_low": RuleWord(lambda: _("Lowest reading taken as one in °C"), _celsius),
            "celsius_high": RuleWord(lambda: _("Highest reading taken as one in °C"), _celsius),
            "fahrenheit_low": RuleWord(lambda: _("Lowest reading taken as one in °F"), _fahrenheit),
            "fahrenheit_high": RuleWord(
                lambda: _("Highest reading taken as one in °F"), _fahrenheit
            ),
        },
    ),
    (
        "rash",
        lambda: _("Rash"),
        {
            "wide_extent_percent": RuleWord(
                lambda: _("Urgent when the rash covers more of the skin than"), _percent
            ),
            "fast_spread_points": RuleWord(lambda: _("Urgent when the rash grew by"), _points),
            "spread_points": RuleWord(lambda: _("Same-day call when the rash grew by"), _points),
            "spread_days": RuleWord(lambda: _("Growth is looked for over"), _days),
            "skin_alert_days": RuleWord(
                lambda: _("A grade 2 rash that stays is raised again after"), _days
            ),
            "generalized_percent": RuleWord(
                lambda: _("Counted for a rash all over, not measured"), _percent
            ),
            "least_percent": RuleWord(lambda: _("Counted for a rash of unknown size"), _percent),
        },
    ),
    (
        "itch",
        lambda: _("Itch"),
        {
            "itch_moderate": RuleWord(lambda: _("Moderate itch from"), _rating),
            "itch_severe": RuleWord(lambda: _("Severe itch from"), _rating),
            "itch_rise": RuleWord(lambda: _("Same-day call when the itch rose by"), _rating),
            "itch_rise_days": RuleWord(lambda: _("A rise is looked for over"), _days),
        },
    ),
    (
        "windows",
        lambda: _("Windows of close watching"),
        {
            "start_window_days": RuleWord(lambda: _("After a start or restart of imatinib"), _days),
            "increase_window_days": RuleWord(lambda: _("After a higher dose"), _days),
            "steroid_window_days": RuleWord(lambda: _("After less steroid"), _days),
            "fresh_days": RuleWord(lambda: _("A grade is new when higher than in the last"), _days),
        },
    ),
    (
        "laboratory",
        lambda: _("Laboratory"),
        {
            "anc_safe": RuleWord(lambda: _("Neutrophils that rule out neutropenia, from"), _cells),
            "anc_safe_days": RuleWord(lambda: _("Such a count is trusted for"), _days),
            "anc_low": RuleWord(lambda: _("Neutropenia below"), _cells),
            "anc_low_days": RuleWord(lambda: _("A low count is held against a fever for"), _days),
            "anc_very_low": RuleWord(lambda: _("Severe neutropenia below"), _cells),
            "eosinophils_high": RuleWord(
                lambda: _("Eosinophils that matter beside a rash, over"), _cells
            ),
            "eosinophils_uln": RuleWord(
                lambda: _("Upper limit of eosinophils if not given"), _cells
            ),
        },
    ),
    (
        "doses",
        lambda: _("Doses"),
        {
            "highest_daily_mg": RuleWord(lambda: _("Highest imatinib dose a day"), lambda: _("mg")),
            "missed_doses": RuleWord(lambda: _("Call after missed imatinib doses"), _in_a_row),
            "missed_steroid_doses": RuleWord(
                lambda: _("Call after missed steroid doses"), _in_a_row
            ),
        },
    ),
    (
        "silence",
        lambda: _("Silence"),
        {
            "silence_concern_days": RuleWord(
                lambda: _("Call after a concern and no entry for"), _days
            ),
            "silence_days": RuleWord(lambda: _("Listed for the week after no entry for"), _days),
        },
    ),
    (
        "together",
        lambda: _("Other signs and several together"),
        {
            "weight_gain_kg": RuleWord(lambda: _("Weight gained in 3 days"), lambda: _("kg")),
            "amber_domains": RuleWord(
                lambda: _("Milder signs that together raise the level"), _none
            ),
            "amber_grades": RuleWord(lambda: _("Grades that count as such a sign"), _none),
        },
    ),
)
WORDS: Mapping[str, RuleWord] = {
    field: words for _group, _title, members in GROUPS for field, words in members.items()
}


def rule_word(field: str) -> str:
    """Return what a threshold is called; a field without words stands for itself."""
    return WORDS[field].label() if field in WORDS else field.replace("_", " ")


def shown(value: object) -> str:
    """Return a threshold's value as people write it: 38.3, 30, or grades as "2, 3"."""
    if isinstance(value, frozenset | set | list | tuple):
        return ", ".join(str(each) for each in sorted(value))
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def with_unit(field: str, value: object) -> str:
    """Return a threshold's value with its unit."""
    unit = WORDS[field].unit() if field in WORDS else ""
    return f"{shown(value)} {unit}" if unit else shown(value)
