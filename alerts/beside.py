"""What results and doses share: an entry of the same day graded again, and grading that failed."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from alerts import alarm, records
from alerts.background import background_of
from alerts.grading.assessment import Assessment as Grading
from alerts.grading.reasons import Reason
from alerts.grading.rules import RULES_VERSION
from alerts.grading.terms import Level
from alerts.intake import UNGRADED, Assessor
from db.access import Viewer
from db.models import Assessment, Entry
from db.stores import assessments

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Again:
    """An entry before and after it was graded again.

    Attributes:
        said: The levels of its reasons before, by code; empty when it was not graded.
        level: Its level before; none when it was not graded.
        made: What it means now.
    """

    said: Mapping[str, Level]
    level: Level
    made: Grading


def grade_beside(
    session: Session, viewer: Viewer, entry: Entry, now: datetime, judge: Assessor
) -> Again:
    """Grade an entry again for what became known beside it; adds an assessment."""
    before = assessments.of_entries(session, viewer, [entry.id]).get(entry.id)
    reasons = [] if before is None else before.reasons
    said = {str(each["code"]): Level.from_word(each["level"]) for each in reasons}
    level = Level.NONE if before is None else Level.from_word(before.level or "none")
    known = background_of(session, viewer, entry)
    made = judge(known.subject, known.earlier, known.context)
    columns = records.assessment_row(
        entry.id, entry.patient_id, viewer.clinic_id, made, known.subject
    )
    attempt = assessments.attempts(session, viewer, entry.id) + 1
    assessments.add(session, viewer, Assessment(**columns, assessed_at=now, attempt=attempt))
    return Again(said, level, made)


def tell_added(
    session: Session, viewer: Viewer, entry: Entry, added: Sequence[Reason], now: datetime
) -> UUID | None:
    """Raise the alert for the reasons an entry got beside those it had; None without any."""
    if not added:
        return None
    return alarm.raise_alert(
        session,
        viewer,
        patient_id=entry.patient_id,
        entry_id=entry.id,
        level=max(reason.level for reason in added).word,
        reason_codes=[reason.code for reason in added],
        now=now,
    )


def tell_ungraded(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    now: datetime,
    error: str,
    *,
    lab_on: date | None = None,
    dose_on: date | None = None,
) -> UUID | None:
    """Keep that a day's results or doses could not be graded, and tell the clinic so.

    Args:
        error: The kind of the error, without its words.
        lab_on: The day of the results; None when doses were to be graded.
        dose_on: The day of the doses; None when results were.
    """
    failed = Assessment(
        clinic_id=viewer.clinic_id,
        patient_id=patient_id,
        lab_on=lab_on,
        dose_on=dose_on,
        assessed_at=now,
        outcome="failed",
        inputs={"error": error},
        rules_version=RULES_VERSION,
    )
    assessments.add(session, viewer, failed)
    try:
        with session.begin_nested():
            return alarm.raise_alert(
                session,
                viewer,
                patient_id=patient_id,
                entry_id=None,
                lab_on=lab_on,
                dose_on=dose_on,
                level=Level.PROMPT.word,
                reason_codes=[UNGRADED],
                now=now,
            )
    except Exception as failure:
        logger.error("no alert of an ungraded day: %s", type(failure).__name__)  # noqa: TRY400
        return None
