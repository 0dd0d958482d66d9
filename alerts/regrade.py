"""Grade a diary again by the rules in force now: assessments are added, nobody is told.

What was assessed before stays, with its version. An alert is never lowered, closed or opened: for
what a nurse has answered already, a later rule set is no new event.
"""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from alerts import records
from alerts.background import background_of, background_of_labs, rules_in_force
from alerts.grading.assess import assess
from alerts.grading.rules import RuleSet
from alerts.grading.terms import Level
from db.access import Viewer, worker_viewer
from db.models import Assessment, Entry
from db.stores import assessments, audit, diary, treatment

logger = logging.getLogger(__name__)


@dataclass
class Regraded:
    """What became of the entries and laboratory days of one patient or more.

    Attributes:
        version: Of the rules that graded.
        moved: (level before, level after) -> how many.
        kept: How many the rules in force had graded already; nothing was added for them.
        waiting: Entries that were never graded: the worker grades them, and tells people.
        failed: How many the rules could not grade; what was assessed before counts on.
    """

    version: str
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: int = 0
    waiting: int = 0
    failed: int = 0

    @property
    def added(self) -> int:
        """Return how many assessments were added."""
        return sum(self.moved.values())

    def add(self, other: "Regraded") -> None:
        """Count another patient's too."""
        self.moved.update(other.moved)
        self.kept += other.kept
        self.waiting += other.waiting
        self.failed += other.failed


def regrade(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    first_on: date,
    last_on: date,
    now: datetime,
) -> Regraded:
    """Grade a patient's diary of a period again, oldest day first; the caller commits.

    Args:
        session: A writing session; the audit row is part of the same transaction.
        viewer: Who asks; holds ``rules.approve``.
        patient_id: A patient of the viewer's clinic.
        first_on: First diary day, inclusive; last_on likewise.
    """
    viewer.require("rules.approve")
    worker = worker_viewer(viewer.clinic_id)
    rules = rules_in_force(session, worker, now)
    found = Regraded(rules.version)
    rows = diary.entries(session, worker, patient_id, first_on=first_on, last_on=last_on)
    labs = treatment.labs(session, worker, patient_id, last_on=last_on)
    lab_days = {lab.taken_on for lab in labs if lab.taken_on >= first_on}
    rows.sort(key=lambda row: (row.diary_on, row.local_time or "00:00", row.written_at))
    for day in sorted(lab_days | {row.diary_on for row in rows}):
        for row in (each for each in rows if each.diary_on == day):
            _entry(session, worker, row, rules, now, found)
        if day in lab_days:
            _labs(session, worker, patient_id, day, rules, now, found)
    audit.note(
        session,
        viewer,
        "diary.regrade",
        "patient",
        now,
        subject_id=patient_id,
        patient_id=patient_id,
        detail={
            "version": rules.version,
            "from": first_on.isoformat(),
            "to": last_on.isoformat(),
            "added": found.added,
            "kept": found.kept,
            "waiting": found.waiting,
            "failed": found.failed,
        },
    )
    return found


def _entry(
    session: Session, worker: Viewer, row: Entry, rules: RuleSet, now: datetime, found: Regraded
) -> None:
    before = assessments.of_entries(session, worker, [row.id]).get(row.id)
    if _left_alone(before, rules, found):
        return
    try:
        with session.begin_nested():
            known = background_of(session, worker, row)
            made = assess(known.subject, known.earlier, known.context, rules)
            columns = records.assessment_row(
                row.id, row.patient_id, worker.clinic_id, made, known.subject
            )
            attempt = assessments.attempts(session, worker, row.id) + 1
            new = Assessment(**columns, assessed_at=now, attempt=attempt)
            assessments.add(session, worker, new)
    except Exception as error:
        logger.error("entry %s not graded again: %s", row.id, type(error).__name__)  # noqa: TRY400
        found.failed += 1
    else:
        found.moved[_level(before), made.level.word] += 1


def _labs(
    session: Session,
    worker: Viewer,
    patient_id: UUID,
    day: date,
    rules: RuleSet,
    now: datetime,
    found: Regraded,
) -> None:
    before = assessments.of_labs(session, worker, patient_id).get(day)
    # What was never graded alone, as with values kept before R9, stays so: nobody is told here.
    if before is None or before.outcome != "graded" or _left_alone(before, rules, found):
        return
    try:
        with session.begin_nested():
            known = background_of_labs(session, worker, patient_id, day)
            made = assess(known.subject, known.earlier, known.context, rules)
            columns = records.assessment_row(
                None, patient_id, worker.clinic_id, made, known.subject, lab_on=day
            )
            assessments.add(session, worker, Assessment(**columns, assessed_at=now))
    except Exception as error:
        logger.error("labs not graded again: %s", type(error).__name__)  # noqa: TRY400
        found.failed += 1
    else:
        found.moved[_level(before), made.level.word] += 1


def _left_alone(before: Assessment | None, rules: RuleSet, found: Regraded) -> bool:
    if before is None or before.outcome != "graded":
        found.waiting += 1
        return True
    if before.rules_version == rules.version:
        found.kept += 1
        return True
    return False


def _level(before: Assessment | None) -> str:
    return Level.NONE.word if before is None or before.level is None else before.level
