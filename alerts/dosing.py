"""Doses are said: keep them, say what they mean (R10), queue who must know.

Everything happens in the caller's one transaction. Beside full entries of the day those are graded
again, because a dose above the plan means more beside a symptom; without one the day's doses are
graded alone. As with entries, grading runs inside a savepoint: what was said is kept, and the
clinic is told, even when grading raises.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from alerts import alarm, records
from alerts.background import background_of_doses, rules_in_force
from alerts.beside import grade_beside, tell_added, tell_ungraded
from alerts.grading.assess import assess
from alerts.grading.terms import Level
from alerts.intake import Assessor
from db.access import Viewer, worker_viewer
from db.models import Assessment, DoseRecord, Entry
from db.stores import assessments, diary, doses

logger = logging.getLogger(__name__)


def record_doses(
    session: Session,
    viewer: Viewer,
    said: Sequence[DoseRecord],
    now: datetime,
    *,
    assessor: Assessor | None = None,
) -> UUID | None:
    """Keep what was said of doses, grade their days and queue who must know; the caller commits.

    Args:
        session: A writing session; everything here is one transaction.
        viewer: Who says it: the patient.
        said: Rows of one patient; one that is kept already changes nothing.
        now: The instant at which they were said.
        assessor: Another way to assess, only in tests; None = by the clinic's rules in force.

    Returns:
        The alert that holds them; None when nobody must know at once.
    """
    new = [row for row in said if doses.add(session, viewer, row, now)]
    worker = worker_viewer(viewer.clinic_id)
    found = None
    for patient_id, day in sorted({(row.patient_id, row.diary_on) for row in new}):
        found = _grade(session, worker, patient_id, day, now, assessor) or found
    return found


def _grade(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    day: date,
    now: datetime,
    assessor: Assessor | None,
) -> UUID | None:
    try:
        with session.begin_nested():
            judge = assessor or partial(assess, rules=rules_in_force(session, viewer, now))
            rows = diary.entries(session, viewer, patient_id, first_on=day, last_on=day)
            full = [row for row in rows if row.kind == "full"]
            if not full:
                return _alone(session, viewer, patient_id, day, now, judge)
            held = [_beside(session, viewer, row, now, judge) for row in full]
            return next((alert_id for alert_id in held if alert_id is not None), None)
    except Exception as error:
        logger.error("doses not graded: %s", type(error).__name__)  # noqa: TRY400
        return tell_ungraded(session, viewer, patient_id, now, type(error).__name__, dose_on=day)


def _alone(
    session: Session, viewer: Viewer, patient_id: UUID, day: date, now: datetime, judge: Assessor
) -> UUID | None:
    known = background_of_doses(session, viewer, patient_id, day)
    made = judge(known.subject, known.earlier, known.context)
    columns = records.assessment_row(
        None, patient_id, viewer.clinic_id, made, known.subject, dose_on=day
    )
    assessments.add(session, viewer, Assessment(**columns, assessed_at=now))
    if made.level < Level.PROMPT:
        return None
    return alarm.raise_alert(
        session,
        viewer,
        patient_id=patient_id,
        entry_id=None,
        dose_on=day,
        level=made.level.word,
        reason_codes=made.pressing_codes,
        now=now,
    )


def _beside(
    session: Session, viewer: Viewer, entry: Entry, now: datetime, judge: Assessor
) -> UUID | None:
    """Grade an entry of the same day again; only what the doses add opens an alert."""
    again = grade_beside(session, viewer, entry, now, judge)
    added = [
        reason
        for reason in again.made.reasons
        if reason.code.startswith("R10_")
        and reason.level >= Level.PROMPT
        and reason.level > again.said.get(reason.code, Level.NONE)
    ]
    return tell_added(session, viewer, entry, added, now)
