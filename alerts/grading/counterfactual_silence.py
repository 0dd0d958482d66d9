"""The nearest other outcome of a day without an entry, and of a second reading that never came."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.grading.assess import assess
from alerts.grading.assessment import Assessment
from alerts.grading.counterfactual_answers import (
    DEGREES,
    TEMPERATURE,
    USUAL,
    Earlier,
    awaited,
    imagined,
)
from alerts.grading.course import Context, Entry
from alerts.grading.rules import RuleSet
from alerts.grading.silence import silent_days
from alerts.grading.terms import Level

SILENCE = "no_entry"


def days_silent(entry: Entry, earlier: Earlier) -> int:
    """Return how many days without an entry there are, this one included."""
    silent, _ = silent_days(earlier)
    return len({entry.day, *(past.day for past, _ in silent)})


def after_days(
    entry: Entry, earlier: Earlier, context: Context, days: int, rules: RuleSet
) -> Assessment:
    """Return the outcome of this many days without an entry in a row, counted from the same one.

    Args:
        entry: A day without an entry.
        days: 1 or more; days still to come are imagined without an entry.
    """
    silent, _ = silent_days(earlier)
    told = list(earlier[: len(earlier) - len(silent)])
    course = sorted({past.day for past, _ in silent} | {entry.day})
    course += range(course[-1] + 1, course[-1] + 1 + max(0, days - len(course)))
    outcome = None
    for day in course[:days]:
        silence = Entry(day=day, no_entry=True)
        outcome = assess(silence, tuple(told), context, rules)
        told.append((silence, outcome))
    return outcome or assess(entry, earlier, context, rules)


def silence_levels(
    entry: Entry, earlier: Earlier, context: Context, rules: RuleSet
) -> Iterator[tuple[int, Level]]:
    """Yield other numbers of silent days with their level, fewer first, nearest first."""
    now = days_silent(entry, earlier)
    for days in [*range(now - 1, 0, -1), *range(now + 1, max(now, rules.silence_days) + 1)]:
        yield days, after_days(entry, earlier, context, days, rules).level


def silence_words(days: int) -> str:
    """Return the words for so many days."""
    return f"after {days} {'day' if days == 1 else 'days'} without an entry"


def reading_levels(
    entry: Entry, earlier: Earlier, context: Context, rules: RuleSet
) -> Iterator[tuple[float, str, Level]]:
    """Yield second readings that might have come, warmest first, with their words and level."""
    first = awaited(entry, earlier)
    if first is None:
        return
    scale = DEGREES[first.unit]
    for value in [first.value, *scale.downward(first.value)]:
        if value < USUAL[first.unit]:
            return
        level = assess(*imagined(entry, earlier, context, TEMPERATURE, value), rules).level
        words = scale.words.format(value=value).removeprefix("at ")
        yield value, f"with a second reading of {words}", level
