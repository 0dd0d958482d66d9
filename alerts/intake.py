"""An entry comes in: keep what was said, say what it means, queue who must know.

Everything happens in the caller's one transaction. Grading runs inside a savepoint, so an entry
is kept, as ungraded, even when grading raises; the worker tries again and the clinic is told.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlmodel import Session

from alerts import alarm, recheck, records
from alerts.background import background_of, rules_in_force
from alerts.dose_log import counting, rows_of
from alerts.grading.assess import assess
from alerts.grading.assessment import Assessment as Grading
from alerts.grading.course import Context
from alerts.grading.course import Entry as GradingEntry
from alerts.grading.reasons import Reason
from alerts.grading.rules import RULES_VERSION
from alerts.grading.terms import Level
from db.access import Viewer, worker_viewer
from db.models import Assessment, DoseRecord, Entry
from db.stores import assessments, diary, doses

logger = logging.getLogger(__name__)

UNGRADED = "COULD_NOT_BE_GRADED"

Assessor = Callable[[GradingEntry, Sequence[tuple[GradingEntry, Grading]], Context], Grading]


@dataclass(frozen=True)
class Recorded:
    """What became of an entry.

    Attributes:
        level: None when the entry is kept but could not be graded yet.
        alert_id: The alert that holds it; None when nobody must know at once.
        recheck_minutes: The patient is asked for a second reading after this long.
    """

    entry_id: UUID
    level: Level | None
    reasons: tuple[Reason, ...]
    alert_id: UUID | None
    recheck_minutes: int | None


def record_entry(
    session: Session,
    viewer: Viewer,
    entry: Entry,
    now: datetime,
    *,
    assessor: Assessor | None = None,
    not_taken_yet: Collection[str] = (),
) -> Recorded:
    """Keep an entry, grade it and queue who must know; the caller commits.

    What a full entry says of doses goes into the dose log, and the log into the entry.

    Args:
        session: A writing session; everything here is one transaction.
        viewer: Whose entry it is.
        entry: What was said; its id may be the client's.
        now: The instant at which it was received.
        assessor: Another way to assess, only in tests; None = by the clinic's rules in force.
        not_taken_yet: Medicines of which the entry says that they are still to be taken.
    """
    said = _doses_of(session, viewer, entry, now, not_taken_yet)
    diary.add_entry(session, viewer, entry, now)
    for row in said:
        doses.add(session, viewer, row, now)
    return grade(session, worker_viewer(viewer.clinic_id), entry, now, assessor=assessor)


def _doses_of(
    session: Session, viewer: Viewer, entry: Entry, now: datetime, not_taken_yet: Collection[str]
) -> list[DoseRecord]:
    if entry.kind != "full":
        return []
    day = entry.diary_on
    log = counting(doses.records(session, viewer, entry.patient_id, first_on=day, last_on=day))
    return rows_of(entry, log, now, not_taken_yet)


def grade(
    session: Session,
    viewer: Viewer,
    entry: Entry,
    now: datetime,
    *,
    assessor: Assessor | None = None,
) -> Recorded:
    """Grade a kept entry and queue who must know; when the rules raise, say so and keep it."""
    attempt = assessments.attempts(session, viewer, entry.id) + 1
    try:
        with session.begin_nested():
            made = _assess(session, viewer, entry, now, attempt, assessor)
            alert_id = None
            if made.level >= Level.PROMPT:
                alert_id = alarm.raise_alert(
                    session,
                    viewer,
                    patient_id=entry.patient_id,
                    entry_id=entry.id,
                    level=made.level.word,
                    reason_codes=made.pressing_codes,
                    now=now,
                )
    except Exception as error:
        logger.error("entry %s not graded: %s", entry.id, type(error).__name__)  # noqa: TRY400
        alert_id = _tell_ungraded(session, viewer, entry, now, attempt, type(error).__name__)
        return Recorded(entry.id, None, (), alert_id, None)
    recheck.plan(session, viewer, entry, made, now)
    return Recorded(entry.id, made.level, made.reasons, alert_id, made.recheck_minutes)


def _assess(
    session: Session,
    viewer: Viewer,
    entry: Entry,
    now: datetime,
    attempt: int,
    assessor: Assessor | None,
) -> Grading:
    known = background_of(session, viewer, entry)
    judge = assessor or partial(assess, rules=rules_in_force(session, viewer, now))
    made = judge(known.subject, known.earlier, known.context)
    columns = records.assessment_row(
        entry.id, entry.patient_id, viewer.clinic_id, made, known.subject
    )
    assessments.add(session, viewer, Assessment(**columns, assessed_at=now, attempt=attempt))
    return made


def _tell_ungraded(
    session: Session, viewer: Viewer, entry: Entry, now: datetime, attempt: int, error: str
) -> UUID | None:
    """Note that the rules raised, and tell the clinic: an unread entry is a same-day matter."""
    assessments.add(
        session,
        viewer,
        Assessment(
            clinic_id=viewer.clinic_id,
            patient_id=entry.patient_id,
            entry_id=entry.id,
            assessed_at=now,
            outcome="failed",
            attempt=attempt,
            inputs={"error": error},
            rules_version=RULES_VERSION,
        ),
    )
    try:
        with session.begin_nested():
            return alarm.raise_alert(
                session,
                viewer,
                patient_id=entry.patient_id,
                entry_id=entry.id,
                level=Level.PROMPT.word,
                reason_codes=[UNGRADED],
                now=now,
            )
    except Exception as failure:
        logger.error("no alert for entry %s: %s", entry.id, type(failure).__name__)  # noqa: TRY400
        return None
