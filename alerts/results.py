"""Laboratory values come in: keep them, say what they mean, queue who must know.

Everything happens in the caller's one transaction. As with entries, grading runs inside a
savepoint: values are kept, and the clinic is told, even when grading raises.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from alerts import alarm, records
from alerts.background import background_of_labs, rules_in_force
from alerts.beside import grade_beside, tell_added, tell_ungraded
from alerts.grading.assess import assess
from alerts.grading.lab_units import read_lab
from alerts.grading.reasons import Reason
from alerts.grading.terms import Level
from alerts.intake import Assessor
from db.access import Viewer, worker_viewer
from db.models import Assessment, Entry, LabResult
from db.stores import assessments, diary, treatment

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecordedDay:
    """What became of the laboratory values of one day.

    Attributes:
        level: None when the values are kept but could not be graded.
        alert_id: The alert that holds them; None when nobody must know at once.
        outdated: Every value has a newer one of its kind, so nobody is told of these.
    """

    on: date
    level: Level | None
    reasons: tuple[Reason, ...]
    alert_id: UUID | None
    outdated: bool


def record_labs(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    labs: Sequence[LabResult],
    now: datetime,
    *,
    assessor: Assessor | None = None,
) -> tuple[RecordedDay, ...]:
    """Keep laboratory values, grade each day's and queue who must know; the caller commits.

    Args:
        session: A writing session; everything here is one transaction.
        viewer: Who enters them.
        patient_id: Whose they are.
        labs: New rows of that patient, of one or more days.
        now: The instant at which they were entered.
        assessor: Another way to assess, only in tests; None = by the clinic's rules in force.

    Returns:
        One per day, oldest first.

    Raises:
        ImpossibleValueError: If a unit is none of its value; nothing is kept then.
    """
    for lab in labs:
        read_lab(lab.name, lab.value, lab.unit)
    for lab in labs:
        lab.patient_id, lab.entered_at = patient_id, now
        treatment.add_lab(session, viewer, lab, now)
    worker = worker_viewer(viewer.clinic_id)
    days = sorted({lab.taken_on for lab in labs})
    kept = treatment.labs(session, worker, patient_id)
    return tuple(
        _grade(session, worker, patient_id, day, now, _outdated(labs, kept, day), assessor)
        for day in days
    )


def grade_again(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    day: date,
    now: datetime,
    *,
    assessor: Assessor | None = None,
) -> RecordedDay:
    """Grade a day after one of its values was withdrawn; nobody is told of what is left."""
    worker = worker_viewer(viewer.clinic_id)
    return _grade(session, worker, patient_id, day, now, True, assessor)


def _outdated(new: Sequence[LabResult], kept: Sequence[LabResult], day: date) -> bool:
    """Return whether each new value of a day has a newer one of its kind on record."""
    newest = {lab.name: lab.taken_on for lab in kept}
    return all(newest.get(lab.name, day) > day for lab in new if lab.taken_on == day)


def _grade(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    day: date,
    now: datetime,
    outdated: bool,
    assessor: Assessor | None,
) -> RecordedDay:
    try:
        with session.begin_nested():
            judge = assessor or partial(assess, rules=rules_in_force(session, viewer, now))
            known = background_of_labs(session, viewer, patient_id, day)
            made = judge(known.subject, known.earlier, known.context)
            columns = records.assessment_row(
                None, patient_id, viewer.clinic_id, made, known.subject, lab_on=day
            )
            assessments.add(session, viewer, Assessment(**columns, assessed_at=now))
            alert_id = None
            if made.level >= Level.PROMPT and not outdated:
                alert_id = alarm.raise_alert(
                    session,
                    viewer,
                    patient_id=patient_id,
                    entry_id=None,
                    lab_on=day,
                    level=made.level.word,
                    reason_codes=made.pressing_codes,
                    now=now,
                )
            beside = [
                _beside(session, viewer, row, now, outdated, judge)
                for row in diary.entries(session, viewer, patient_id, first_on=day, last_on=day)
            ]
    except Exception as error:
        logger.error("labs not graded: %s", type(error).__name__)  # noqa: TRY400
        alert_id = tell_ungraded(session, viewer, patient_id, now, type(error).__name__, lab_on=day)
        return RecordedDay(day, None, (), alert_id, outdated)
    alert_id = next((found for found in [alert_id, *beside] if found is not None), None)
    return RecordedDay(day, made.level, made.reasons, alert_id, outdated)


def _beside(
    session: Session,
    viewer: Viewer,
    entry: Entry,
    now: datetime,
    outdated: bool,
    assessor: Assessor,
) -> UUID | None:
    """Grade an entry of the same day again: cells mean more beside a fever or a rash.

    An alert is opened by what the values add: a laboratory reason that the entry did not have,
    or a higher level.
    """
    again = grade_beside(session, viewer, entry, now, assessor)
    added = [
        reason
        for reason in again.made.reasons
        if reason.level >= Level.PROMPT
        and reason.code not in again.said
        and (reason.code.startswith("R9_") or again.made.level > again.level)
    ]
    return None if outdated else tell_added(session, viewer, entry, added, now)
