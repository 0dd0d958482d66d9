"""What would have changed the level of an alert: the gravest of what is behind it, explained."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from alerts.grading.counterfactual import Counterfactuals
from alerts.grading.terms import Level
from db.access import Viewer
from db.engine import Database
from db.models import Assessment
from db.stores import alerting, assessments
from diary_app.services.alert_page import AlertPage, Changes
from diary_app.services.alert_reasons import days_behind, entry_ids
from diary_app.services.explaining import (
    explained,
    explained_labs,
    explained_silence,
    explained_timer,
)


@dataclass(frozen=True)
class _Behind:
    """One thing behind an alert that the rules gave a level.

    Attributes:
        explain: Finds what would have changed it.
    """

    about: str
    level: str
    rules_version: str
    explain: Callable[[], Counterfactuals | None]
    received_at: datetime | None = None
    on: date | None = None


def with_changes(database: Database, viewer: Viewer, page: AlertPage) -> AlertPage:
    """Return the page with what would have changed the level."""
    # Of equals the entry: its answers can be asked about on the phone.
    gravest = max(_behind(database, viewer, page), key=_rank, default=None)
    found = None if gravest is None else gravest.explain()
    if gravest is None or found is None:
        return page
    lines = tuple((reached.word, sentence) for reached, sentence in found.lines)
    changes = Changes(
        gravest.about,
        gravest.received_at,
        gravest.on,
        gravest.level,
        gravest.rules_version,
        lines,
    )
    return replace(page, changes=changes)


def _rank(one: _Behind) -> tuple[Level, bool, float, int]:
    received = 0.0 if one.received_at is None else one.received_at.timestamp()
    day = 0 if one.on is None else one.on.toordinal()
    return (Level.from_word(one.level), one.about == "entry", received, day)


def _behind(database: Database, viewer: Viewer, page: AlertPage) -> Iterator[_Behind]:
    for entry in page.entries:
        if entry.level is not None and entry.rules_version is not None:
            yield _Behind(
                "entry",
                entry.level,
                entry.rules_version,
                _of_entry(database, viewer, entry.id),
                received_at=entry.received_at,
            )
    patient_id = page.patient.id
    with database.reading(viewer.clinic_id) as session:
        alert = alerting.alert(session, viewer, page.alert_id)
        history = alerting.events(session, viewer, page.alert_id)
        timers = assessments.of_timers(session, viewer, entry_ids(alert, history))
        results = assessments.of_labs(session, viewer, patient_id)
        silences = assessments.of_silence(session, viewer, patient_id)
    for day in days_behind(history, "labs") & results.keys():
        yield from _graded(
            "results", results[day], _of_day(explained_labs, database, viewer, patient_id, day), day
        )
    for day in days_behind(history, "silent") & silences.keys():
        yield from _graded(
            "silence",
            silences[day],
            _of_day(explained_silence, database, viewer, patient_id, day),
            day,
        )
    for entry_id, made in timers.items():
        yield from _graded("reading", made, _of_timer(database, viewer, entry_id), None)


def _graded(
    about: str,
    made: Assessment,
    explain: Callable[[], Counterfactuals | None],
    on: date | None,
) -> Iterator[_Behind]:
    if made.outcome == "graded" and made.level is not None:
        yield _Behind(about, made.level, made.rules_version, explain, on=on)


def _of_entry(
    database: Database, viewer: Viewer, entry_id: UUID
) -> Callable[[], Counterfactuals | None]:
    return lambda: explained(database, viewer, entry_id)


def _of_timer(
    database: Database, viewer: Viewer, entry_id: UUID
) -> Callable[[], Counterfactuals | None]:
    return lambda: explained_timer(database, viewer, entry_id)


def _of_day(
    find: Callable[[Database, Viewer, UUID, date], Counterfactuals | None],
    database: Database,
    viewer: Viewer,
    patient_id: UUID,
    day: date,
) -> Callable[[], Counterfactuals | None]:
    return lambda: find(database, viewer, patient_id, day)
