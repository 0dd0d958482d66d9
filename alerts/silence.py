"""Days without an entry become graded silences, and alerts where R11 asks for a person.

A day is judged when it is over by the patient's clock, however late the program gets to it. An
entry that comes afterwards changes nothing about an alert: only a person closes it.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import alarm, records
from alerts.background import Background, background_of_moment, rules_in_force
from alerts.explain import explain_made, judged_by
from alerts.grading.assess import assess
from alerts.grading.assessment import Assessment as Grading
from alerts.grading.counterfactual import Counterfactuals
from alerts.grading.course import Entry as GradingEntry
from alerts.grading.rules import RULES_VERSION, RuleSet
from alerts.grading.terms import Level
from alerts.intake import UNGRADED
from alerts.local_time import ONE_DAY, day_of
from alerts.reminders import followed
from db.access import Viewer, worker_viewer
from db.models import Assessment, DueRow, Patient
from db.stores import assessments, diary, moves, people, reminding

logger = logging.getLogger(__name__)

# Silent days further back change nothing: the windows of R11 are shorter.
LOOK_BACK = timedelta(days=60)


def judge(session: Session, viewer: Viewer, row: DueRow, now: datetime) -> tuple[str, str]:
    """Judge the day of a row of kind ``silence``.

    Returns:
        The row's new state and why.
    """
    patient, day = people.patient(session, viewer, row.patient_id), row.local_day
    if not followed(patient):
        return "cancelled", "not_followed"
    if diary.entries(session, viewer, patient.id, first_on=day, last_on=day):
        return "done", "entry_there"
    if day < counted_from(session, viewer, patient):
        return "done", "not_begun"
    try:
        with session.begin_nested():
            made = _grade(session, viewer, patient, day, now)
    except Exception as error:
        logger.error("silence of %s not graded: %s", patient.id, type(error).__name__)  # noqa: TRY400
        _tell_ungraded(session, viewer, patient, day, now, type(error).__name__)
        return "done", "ungraded"
    return "done", "silent" if made.level < Level.PROMPT else "alerted"


def counted_from(session: Session, viewer: Viewer, patient: Patient) -> date:
    """Return the first day whose silence counts: after joining, enrolment, or coming back."""
    joined = reminding.first_consent_at(session, viewer, patient.id)
    begun = moves.resumed_at(session, viewer, patient.id) or joined or patient.created_at
    return day_of(begun, ZoneInfo(patient.time_zone)) + ONE_DAY


def _grade(session: Session, viewer: Viewer, patient: Patient, day: date, now: datetime) -> Grading:
    rules = rules_in_force(session, viewer, now)
    known, first = _known(session, viewer, patient, day)
    kept = assessments.of_silence(session, viewer, patient.id)
    before = _run_before(known, first, day, kept, rules)
    made = _assess(known.subject, before, known, rules)
    columns = records.assessment_row(
        None, patient.id, viewer.clinic_id, made, known.subject, silent_on=day
    )
    assessments.add(session, viewer, Assessment(**columns, assessed_at=now))
    if made.level >= Level.PROMPT:
        alarm.raise_alert(
            session,
            viewer,
            patient_id=patient.id,
            entry_id=None,
            silent_on=day,
            level=made.level.word,
            reason_codes=made.pressing_codes,
            now=now,
        )
    return made


def explain_silence(
    session: Session, viewer: Viewer, patient_id: UUID, day: date
) -> Counterfactuals | None:
    """Return the nearest numbers of silent days that would have led to another level.

    Args:
        viewer: Who asks; may read the diary of the patient.
        day: A day without an entry.

    Returns:
        None as for ``alerts.explain.explain``.

    Raises:
        NotFoundError: If the viewer has no such patient.
    """
    kept = assessments.of_silence(session, viewer, patient_id)
    made, worker = kept.get(day), worker_viewer(viewer.clinic_id)
    rules = judged_by(session, worker, made)
    if made is None or rules is None:
        return None
    patient = people.patient(session, worker, patient_id)
    known, first = _known(session, worker, patient, day)
    before = _run_before(known, first, day, kept, rules)
    return explain_made(made, Background(known.subject, before, known.context), rules)


def _known(
    session: Session, viewer: Viewer, patient: Patient, day: date
) -> tuple[Background, date]:
    """Return what a silent day is graded against, and the first day of its silence."""
    subject = GradingEntry(day=0, no_entry=True)
    known = background_of_moment(session, viewer, patient.id, day, subject)
    spoken = diary.entries(session, viewer, patient.id, last_on=day)
    begun = counted_from(session, viewer, patient)
    last = [row.diary_on + ONE_DAY for row in spoken[-1:]]
    return known, max([begun, day - LOOK_BACK, *last])


def _run_before(
    known: Background, first: date, day: date, kept: dict[date, Assessment], rules: RuleSet
) -> list[tuple[GradingEntry, Grading]]:
    """Return what came before a day, the silent days right before it included.

    A day that was not judged when it ended (the program was not there yet) is judged on the way.
    """
    told: list[tuple[GradingEntry, Grading]] = list(known.earlier)
    for back in range((day - first).days, 0, -1):
        silent = GradingEntry(day=-back, no_entry=True)
        row = kept.get(day - back * ONE_DAY)
        graded = row is not None and row.outcome == "graded"
        made = (
            records.grading_of(row)
            if row is not None and graded
            else _assess(silent, told, known, rules)
        )
        told.append((silent, made))
    return told


def _assess(
    subject: GradingEntry,
    told: Sequence[tuple[GradingEntry, Grading]],
    known: Background,
    rules: RuleSet,
) -> Grading:
    return assess(subject, tuple(told), known.context, rules)


def _tell_ungraded(
    session: Session, viewer: Viewer, patient: Patient, day: date, now: datetime, error: str
) -> None:
    """Note that the rules raised, and tell the clinic: nobody knows what this silence means."""
    assessments.add(
        session,
        viewer,
        Assessment(
            clinic_id=viewer.clinic_id,
            patient_id=patient.id,
            silent_on=day,
            assessed_at=now,
            outcome="failed",
            inputs={"error": error},
            rules_version=RULES_VERSION,
        ),
    )
    alarm.raise_alert(
        session,
        viewer,
        patient_id=patient.id,
        entry_id=None,
        silent_on=day,
        level=Level.PROMPT.word,
        reason_codes=[UNGRADED],
        now=now,
    )
