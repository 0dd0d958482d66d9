"""What an entry is judged by: its answers, the course before it and the treatment, from rows."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from alerts import lab_records, records
from alerts.dose_log import Log, counting, days_alone, dose_entry
from alerts.grading.assessment import Assessment as Grading
from alerts.grading.course import Context
from alerts.grading.course import Entry as GradingEntry
from alerts.grading.rule_limits import RuleSetError, rule_set_from_json
from alerts.grading.rules import DEFAULT_RULES, RuleSet
from db.access import Viewer
from db.models import Entry, LabResult, RuleSetRow
from db.stores import assessments, diary, doses, people, rules, treatment

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Background:
    """What ``assess`` takes.

    Attributes:
        subject: The entry as the rules read it; its day is day 0.
        earlier: Shape ``(n,)``, oldest first: the graded entries before it, each in the version
            that counts now.
        context: The treatment as it is known now.
    """

    subject: GradingEntry
    earlier: Sequence[tuple[GradingEntry, Grading]]
    context: Context


def rules_in_force(session: Session, viewer: Viewer, now: datetime) -> RuleSet:
    """Return the clinic's rules at this instant; the reviewed ones when it approved none."""
    return _usable(rules.in_force(session, viewer, now))


def rules_of_version(session: Session, viewer: Viewer, version: str) -> RuleSet | None:
    """Return the rules behind an assessment; None when nobody knows this version any more."""
    if version == DEFAULT_RULES.version:
        return DEFAULT_RULES
    kept = [row for row in rules.rule_sets(session, viewer) if row.version == version]
    found = _usable(kept[0]) if kept else None
    return found if found is not None and found.version == version else None


def _usable(row: RuleSetRow | None) -> RuleSet:
    """Return kept rules; the reviewed ones for those that break a limit of this program."""
    if row is None:
        return DEFAULT_RULES
    try:
        return rule_set_from_json(row.content)
    except RuleSetError:
        logger.error("rule set %s is looser than allowed; the reviewed rules hold", row.id)  # noqa: TRY400
        return DEFAULT_RULES


def background_of(session: Session, viewer: Viewer, entry: Entry) -> Background:
    """Return what a kept entry is graded against.

    Args:
        viewer: May read the diary and the treatment of the patient.
        entry: A row of the viewer's clinic, in any version.
    """

    def counts(row: Entry) -> bool:
        return row.first_id != entry.first_id and _before(row, entry)

    def subject(labs: Sequence[LabResult], log: Log) -> GradingEntry:
        return records.grading_entry(entry, entry.diary_on, labs, log)

    return _background(
        session, viewer, entry.patient_id, entry.diary_on, subject, counts, with_doses_alone=True
    )


def background_of_labs(session: Session, viewer: Viewer, patient_id: UUID, day: date) -> Background:
    """Return what the laboratory values of one day are graded against: every entry up to it."""

    def subject(labs: Sequence[LabResult], _log: Log) -> GradingEntry:
        return lab_records.lab_entry(day, labs)

    return _background(session, viewer, patient_id, day, subject, lambda _row: True)


def background_of_doses(
    session: Session, viewer: Viewer, patient_id: UUID, day: date
) -> Background:
    """Return what the doses of one day without a full entry are graded against."""

    def subject(_labs: Sequence[LabResult], log: Log) -> GradingEntry:
        return dose_entry(log, day, day)

    return _background(
        session, viewer, patient_id, day, subject, lambda _row: True, with_doses_alone=True
    )


def background_of_moment(
    session: Session, viewer: Viewer, patient_id: UUID, day: date, subject: GradingEntry
) -> Background:
    """Return what something that is no entry, on one day, is graded against: all said up to it.

    Args:
        subject: A silent day or a timer's event, with ``day`` as day 0.
    """
    return _background(
        session, viewer, patient_id, day, lambda _labs, _log: subject, lambda _row: True
    )


def _background(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    day: date,
    subject: Callable[[Sequence[LabResult], Log], GradingEntry],
    counts: Callable[[Entry], bool],
    *,
    with_doses_alone: bool = False,
) -> Background:
    patient = people.patient(session, viewer, patient_id)
    steps = treatment.plan(session, viewer, patient_id)
    labs = treatment.labs(session, viewer, patient_id, last_on=day)
    # The whole course: R5 asks whether grade 2 ever came back, R10 how many doses were missed.
    rows = diary.entries(session, viewer, patient_id, last_on=day)
    log = counting(doses.records(session, viewer, patient_id, last_on=day))
    known = assessments.of_entries(session, viewer, [row.id for row in rows])
    earlier = [
        (records.grading_entry(row, day, labs, log), records.grading_of(known[row.id]))
        for row in rows
        if row.id in known and known[row.id].outcome == "graded" and counts(row)
    ]
    if with_doses_alone:
        # No entries, so no silence is ended by them; R10 counts their days.
        earlier += days_alone(log, day, (row.diary_on for row in rows if row.kind == "full"))
        earlier.sort(key=lambda told: told[0].day)
    return Background(subject(labs, log), earlier, records.context_on(day, patient, steps, labs))


def _before(row: Entry, entry: Entry) -> bool:
    return (row.diary_on, row.local_time or "00:00", row.written_at) < (
        entry.diary_on,
        entry.local_time or "00:00",
        entry.written_at,
    )
