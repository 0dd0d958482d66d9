"""Days without an entry (R11)."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.grading.assessment import Assessment
from alerts.grading.case import Case
from alerts.grading.course import Entry
from alerts.grading.reasons import Reason, Wording
from alerts.grading.terms import Level

SOURCE = "Design choice: silence is a signal"
REMINDER = Wording(
    "R11_PATIENT_REMINDER_ONLY",
    "No entry for {time}. The patient is reminded.",
    "We have not heard from you. Please make an entry.",
    SOURCE,
)
AFTER_CONCERN = Wording(
    "R11_NO_ENTRY_48H_AFTER_CONCERN",
    "No entry for {time}, after a symptom of estimated grade 2 or more.",
    "We have not heard from you for {time}, since you told us about symptoms. Please make an "
    "entry.",
    SOURCE,
)
IN_WINDOW = Wording(
    "R11_NO_ENTRY_48H_IN_WINDOW",
    "No entry for {time}, {window}.",
    "We have not heard from you for {time}, soon after your treatment changed. Please make an "
    "entry.",
    SOURCE,
)
PERSISTS = Wording(
    "R11_NO_ENTRY_PERSISTS",
    "Still no entry, now for {time}.",
    "We have still not heard from you, now for {time}. Please make an entry or phone your care "
    "team.",
    SOURCE,
)
WEEK = Wording(
    "R11_NO_ENTRY_7D",
    "No entry for {time}.",
    "We have not heard from you for {time}. Please make an entry.",
    SOURCE,
)
WORDINGS = (REMINDER, AFTER_CONCERN, IN_WINDOW, PERSISTS, WEEK)


def silence_reasons(case: Case) -> list[Reason]:
    """Return why a day without an entry needs a person; empty when there was an entry."""
    if not case.entry.no_entry:
        return []
    silent, last = silent_days(case.earlier)
    days = len({case.entry.day, *(entry.day for entry, _ in silent)})
    values = {"days": days, "time": "1 day" if days == 1 else f"{days} days"}
    if days < case.rules.silence_concern_days:
        return [REMINDER.reason(Level.NONE, **values)]
    called = any(past.level >= Level.PROMPT for _, past in silent)
    concern = last is not None and _had_concern(last)
    if called:
        return [PERSISTS.reason(Level.PROMPT, **values)]
    further = []
    if days > case.rules.silence_concern_days:
        further.append(PERSISTS.reason(Level.PROMPT, **values))
    if concern:
        return [AFTER_CONCERN.reason(Level.PROMPT, **values), *further]
    if case.windows.open:
        return [IN_WINDOW.reason(Level.PROMPT, **values, window=case.windows.words), *further]
    if days >= case.rules.silence_days:
        return [WEEK.reason(Level.DIGEST, **values)]
    return [REMINDER.reason(Level.NONE, **values)]


def silent_days(
    earlier: Sequence[tuple[Entry, Assessment]],
) -> tuple[list[tuple[Entry, Assessment]], Assessment | None]:
    """Return the silent days up to now and the outcome of the last real entry, if any.

    A timer event is no word from the patient and ends no silence.
    """
    silent = []
    for entry, past in reversed(earlier):
        if entry.no_entry:
            silent.append((entry, past))
        elif entry.timer_event is None or past.grades:
            return silent, past
    return silent, None


def _had_concern(last: Assessment) -> bool:
    return any(
        grade >= 2 for symptom, grade in last.grades.items() if not symptom.startswith("lab_")
    )
