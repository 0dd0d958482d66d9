"""The dose log as the rules read it: the newest word on each medicine of each day.

Where the log says something of a day, it counts, and the full entries of that day say the same;
where it says nothing, the entry's own answer stands. A vomited dose and one taken back are unknown
to the rules: neither taken nor missed. A day with doses alone is no entry, so it ends no silence.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from alerts.grading.assessment import Assessment as Grading
from alerts.grading.course import Entry as GradingEntry
from alerts.grading.rules import RULES_VERSION
from alerts.grading.terms import Level
from db.models import DoseRecord, Entry
from db.models.doses import DRUGS

Log: TypeAlias = Mapping[tuple[date, str], DoseRecord]
NO_LOG: Log = {}

# A day with doses alone says nothing of any symptom.
_UNGRADED = Grading({}, None, Level.NONE, (), None, None, RULES_VERSION)


def counting(rows: Iterable[DoseRecord]) -> dict[tuple[date, str], DoseRecord]:
    """Return the row that counts for each day and medicine.

    Args:
        rows: In the order in which they were said.
    """
    return {(row.diary_on, row.drug): row for row in rows}


def dose_answers(log: Log, day: date) -> dict[str, float | None]:
    """Return the dose columns of an entry that the log answers; what it does not is absent."""
    answers: dict[str, float | None] = {}
    for drug in DRUGS:
        row = log.get((day, drug))
        if row is not None:
            answers[f"{drug}_mg_taken"] = row.taken_mg
            answers[f"{drug}_mg_prescribed"] = row.planned_mg
    return answers


def days_alone(
    log: Log, day_zero: date, with_entry: Iterable[date]
) -> list[tuple[GradingEntry, Grading]]:
    """Return the days before day 0 whose doses are known from the log alone, oldest first.

    Args:
        day_zero: The day that counts as day 0.
        with_entry: Days of full entries, which say their doses themselves.
    """
    said = set(with_entry)
    days = sorted({day for day, _drug in log if day < day_zero and day not in said})
    return [(dose_entry(log, day, day_zero), _UNGRADED) for day in days]


def dose_entry(log: Log, day: date, day_zero: date) -> GradingEntry:
    """Return a day's doses as the rules read them, with nothing else answered."""
    answers: dict[str, Any] = dose_answers(log, day)
    return GradingEntry(day=(day - day_zero).days, **answers)


def rows_of(
    entry: Entry, log: Log, now: datetime, not_taken_yet: Collection[str] = ()
) -> list[DoseRecord]:
    """Return what a full entry adds to the dose log; and let the entry say what the log knows.

    An entry that says what the log says adds nothing, so "taken late" stays. One that leaves a
    dose open takes over the amount of the log.

    Args:
        entry: Not stored yet; its open doses are filled.
        log: Of the entry's day.
        now: When the entry was received.
        not_taken_yet: Medicines of which the entry says that they are still to be taken.
    """
    if entry.kind != "full":
        return []
    rows = []
    for drug in DRUGS:
        taken = getattr(entry, f"{drug}_mg_taken")
        planned = getattr(entry, f"{drug}_mg_prescribed")
        kept = log.get((entry.diary_on, drug))
        said = kept is not None and kept.how != "taken_back"
        known = kept.taken_mg if kept is not None else None
        if taken is None and drug not in not_taken_yet:
            if known is not None:
                setattr(entry, f"{drug}_mg_taken", known)
            continue
        if (taken is None and not said) or (taken is not None and known == taken):
            continue
        rows.append(
            DoseRecord(
                clinic_id=entry.clinic_id,
                patient_id=entry.patient_id,
                diary_on=entry.diary_on,
                drug=drug,
                planned_mg=planned,
                how=how_of(taken, planned),
                taken_mg=taken,
                entry_id=entry.id,
                time_zone=entry.time_zone,
                recorded_at=now,
            )
        )
    return rows


def how_of(taken_mg: float | None, planned_mg: float | None) -> str:
    """Return the word for an amount; on a day without a planned dose none is never missed."""
    if taken_mg is None:
        return "taken_back"
    if taken_mg == (planned_mg or 0):
        return "planned"
    return "missed" if taken_mg == 0 else "different"
