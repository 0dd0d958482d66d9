"""Ask again: a second temperature after a fever, and how things are on the morning after.

The rules say when a second reading is asked for (R4). One that was asked for after a low-risk fever
and did not come by 90 minutes is urgent. After a prompt or urgent entry the diary asks each morning
until a later entry asks for less, or the care team closed the alert.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import alarm, reach, records
from alerts.background import background_of_moment, rules_in_force
from alerts.grading.assess import assess
from alerts.grading.assessment import Assessment as Grading
from alerts.grading.course import Entry as GradingEntry
from alerts.grading.temperature import LOW_RISK, RECHECK_MISSING
from alerts.grading.terms import Level
from alerts.local_time import day_of, instant_of
from alerts.reminders import due_row, followed
from db.access import Viewer
from db.models import Assessment, DueRow, Entry, Patient
from db.stores import alerting, assessments, diary, patient_ways, people, reminding

logger = logging.getLogger(__name__)

MISSING_AFTER = timedelta(minutes=90)
# A reading this much before its time is the one that was asked for; an earlier one is not.
EARLY = timedelta(minutes=10)
# A second reading asked for is of no use any more after this long (R4 looks 24 h back).
LASTS = timedelta(hours=24)
MORNING = "08:00"
# An entry about an earlier day may have raised the alert.
LOOK_BACK = timedelta(days=7)
PRESSING = ("prompt", "urgent")


@dataclass(frozen=True)
class Reading:
    """One temperature, and after how many minutes another one is asked for.

    Attributes:
        first_id: Of the entry; the same for all its versions.
        at: When it was first written.
        again_after: Minutes; None when no second reading is asked for.
    """

    first_id: UUID
    at: datetime
    again_after: int | None


def awaited(readings: Sequence[Reading]) -> datetime | None:
    """Return when the first second reading is due that did not come; None when none is open.

    Args:
        readings: Shape ``(n,)``, in any order.
    """
    return min((due for one in readings if (due := _due(one, readings)) is not None), default=None)


def _due(one: Reading, readings: Sequence[Reading]) -> datetime | None:
    if one.again_after is None:
        return None
    due = one.at + timedelta(minutes=one.again_after)
    answered = any(other.first_id != one.first_id and other.at >= due - EARLY for other in readings)
    return None if answered else due


def readings_of(
    rows: Sequence[Entry], made: dict[UUID, Assessment], written: dict[UUID, datetime]
) -> list[Reading]:
    """Return the temperatures among entries.

    Args:
        rows: Shape ``(n,)``, each in the version that counts.
        made: Their assessments.
        written: First id -> when the first version was written, where it is not this one.
    """
    return [
        Reading(
            row.first_id,
            written.get(row.first_id, row.written_at),
            made[row.id].recheck_minutes if row.id in made else None,
        )
        for row in rows
        if row.temperature_value is not None
    ]


def lately(session: Session, viewer: Viewer, patient: Patient, now: datetime) -> list[Reading]:
    """Return the readings of the last 24 hours."""
    zone = ZoneInfo(patient.time_zone)
    since = day_of(now - LASTS, zone)
    rows = diary.entries(session, viewer, patient.id, first_on=since)
    made = assessments.of_entries(session, viewer, [row.id for row in rows])
    written = {
        row.first_id: diary.entry(session, viewer, row.first_id).written_at
        for row in rows
        if row.version > 1
    }
    return [one for one in readings_of(rows, made, written) if one.at >= now - LASTS]


def plan(session: Session, viewer: Viewer, entry: Entry, made: Grading, now: datetime) -> None:
    """Make the rows that a graded entry asks for; a correction asks for what it says now.

    Never raises: the entry and its alert stand whatever happens here.
    """
    try:
        with session.begin_nested():
            _plan(session, viewer, entry, made, now)
    except Exception as error:
        logger.error("nothing asked again after %s: %s", entry.id, type(error).__name__)  # noqa: TRY400


def _plan(session: Session, viewer: Viewer, entry: Entry, made: Grading, now: datetime) -> None:
    patient = people.patient(session, viewer, entry.patient_id)
    rows = []
    if made.recheck_minutes is not None:
        written = diary.entry(session, viewer, entry.first_id).written_at
        first, day = entry.first_id, entry.diary_on
        ask_at = written + timedelta(minutes=made.recheck_minutes)
        rows.append(due_row(patient, "recheck", day, ask_at, entry_id=first))
        if any(reason.code == LOW_RISK.code for reason in made.reasons):
            by = written + MISSING_AFTER
            rows.append(due_row(patient, "recheck_missing", day, by, entry_id=first))
    if made.level >= Level.PROMPT:
        rows.append(_morning_row(patient, now))
    reminding.add_due(session, viewer, rows)


def _morning_row(patient: Patient, now: datetime) -> DueRow:
    zone = ZoneInfo(patient.time_zone)
    day = day_of(now, zone) + timedelta(days=1)
    return due_row(patient, "morning", day, instant_of(day, MORNING, zone), local_time=MORNING)


def ask(session: Session, viewer: Viewer, row: DueRow, now: datetime) -> tuple[str, str]:
    """Do what a row of kind ``recheck``, ``recheck_missing`` or ``morning`` asks for.

    However late it is, it is asked, unless it was answered meanwhile.

    Returns:
        The row's new state and why.
    """
    patient = people.patient(session, viewer, row.patient_id)
    if not followed(patient):
        return "cancelled", "not_followed"
    act = {"recheck": _recheck, "recheck_missing": _missing, "morning": _morning}[row.kind]
    return act(session, viewer, patient, row, now)


def _recheck(
    session: Session, viewer: Viewer, patient: Patient, row: DueRow, now: datetime
) -> tuple[str, str]:
    settled = _answered(session, viewer, patient, row)
    return settled or _tell(session, viewer, patient, now)


def _missing(
    session: Session, viewer: Viewer, patient: Patient, row: DueRow, now: datetime
) -> tuple[str, str]:
    settled = _answered(session, viewer, patient, row)
    if settled is not None:
        return settled
    first = _entry_of(session, viewer, row)
    _grade_missing(session, viewer, patient, first, row, now)
    alarm.raise_alert(
        session,
        viewer,
        patient_id=patient.id,
        entry_id=first.id,
        level=Level.URGENT.word,
        reason_codes=[RECHECK_MISSING.code],
        now=now,
    )
    return "done", "alerted"


def _grade_missing(
    session: Session, viewer: Viewer, patient: Patient, first: Entry, row: DueRow, now: datetime
) -> None:
    """Keep what the rules say to the missing reading; the alert does not depend on it."""
    at = row.due_at.astimezone(ZoneInfo(patient.time_zone))
    subject = GradingEntry(
        day=0, minute_of_day=at.hour * 60 + at.minute, timer_event="recheck_not_entered"
    )
    try:
        with session.begin_nested():
            known = background_of_moment(session, viewer, patient.id, at.date(), subject)
            rules = rules_in_force(session, viewer, now)
            made = assess(known.subject, known.earlier, known.context, rules)
            columns = records.assessment_row(
                None, patient.id, viewer.clinic_id, made, subject, timer_of=first.id
            )
            assessments.add(session, viewer, Assessment(**columns, assessed_at=now))
    except Exception as error:
        logger.error("missing reading not graded: %s", type(error).__name__)  # noqa: TRY400


def _answered(
    session: Session, viewer: Viewer, patient: Patient, row: DueRow
) -> tuple[str, str] | None:
    """Return why a second reading needs no more; None while it is awaited."""
    first = _entry_of(session, viewer, row)
    newest = diary.newest_version(session, viewer, first.first_id)
    made = assessments.of_entries(session, viewer, [newest.id]).get(newest.id)
    if made is not None and made.outcome == "graded" and made.recheck_minutes is None:
        return "cancelled", "corrected"
    zone = ZoneInfo(patient.time_zone)
    since = day_of(first.written_at, zone) - timedelta(days=1)
    rows = diary.entries(session, viewer, patient.id, first_on=since)
    minutes = 60 if made is None or made.recheck_minutes is None else made.recheck_minutes
    asked = Reading(first.first_id, first.written_at, minutes)
    others = [other for other in readings_of(rows, {}, {}) if other.first_id != first.first_id]
    return ("done", "entered") if _due(asked, others) is None else None


def _entry_of(session: Session, viewer: Viewer, row: DueRow) -> Entry:
    if row.entry_id is None:
        raise LookupError("This row names no entry.")
    return diary.entry(session, viewer, row.entry_id)


def _morning(
    session: Session, viewer: Viewer, patient: Patient, row: DueRow, now: datetime
) -> tuple[str, str]:
    if unresolved(session, viewer, patient) is None:
        return "done", "resolved"
    reminding.add_due(session, viewer, [_morning_row(patient, now)])
    said = diary.entries(session, viewer, patient.id, first_on=row.local_day)
    if any(entry.kind == "full" for entry in said):
        return "done", "entry_there"
    return _tell(session, viewer, patient, now)


def unresolved(session: Session, viewer: Viewer, patient: Patient) -> Entry | None:
    """Return the newest entry that asked for a person and that nothing has answered yet.

    Answered: a later full entry asks for less (after a fever alone, a later temperature does), or
    no alert of the patient is open any more. An entry that could not be graded answers nothing.
    """
    held = [
        alert.raised_at
        for alert in alerting.open_alerts_of(session, viewer, patient.id)
        if alert.entry_id is not None
    ]
    if not held:
        return None
    since = day_of(min(held) - LOOK_BACK, ZoneInfo(patient.time_zone))
    rows = diary.entries(session, viewer, patient.id, first_on=since)
    made = assessments.of_entries(session, viewer, [row.id for row in rows])
    later: list[Entry] = []
    for row in reversed(rows):
        graded = made.get(row.id)
        if graded is not None and graded.level in PRESSING:
            fever_alone = all(
                str(reason["code"]).startswith("R4_")
                for reason in graded.reasons
                if reason["level"] in PRESSING
            )
            answered = any(
                each.kind == "full" or (fever_alone and each.temperature_value is not None)
                for each in later
            )
            return None if answered else row
        if graded is not None and graded.outcome == "graded":
            later.append(row)
    return None


def _tell(session: Session, viewer: Viewer, patient: Patient, now: datetime) -> tuple[str, str]:
    ways = patient_ways.ways_of_patient(session, viewer, patient.id)
    reach.queue(session, viewer, patient.id, ways, "question", now)
    # Without a way the question stands on the patient's first screen alone.
    return "done", "sent" if ways else "no_way"
