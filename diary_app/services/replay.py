"""What-if: the kept diaries graded again by other rules, patient by patient. Nothing is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import background, records
from alerts.escalation.replay import Told, replay_course
from alerts.grading.course import Context
from alerts.grading.rules import RuleSet
from alerts.grading.sensitivity import sensitivity
from db.access import Viewer, worker_viewer
from db.engine import Database
from db.models import Entry, LabResult, Patient, PlanStep
from db.stores import diary, people, treatment
from diary_app.services.refusals import RefusedError
from diary_app.services.replay_report import ReplayReport, Tally
from diary_app.text import _

Progress = Callable[[int, int], None]


class ReplayError(RefusedError):
    """The period cannot be replayed."""


def replay(
    database: Database,
    viewer: Viewer,
    rules: RuleSet,
    first_on: date,
    last_on: date,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
) -> ReplayReport:
    """Return what the clinic's alerts would have been under other rules.

    Every entry of the period is graded twice, by the rules in force now and by those asked about,
    each looking back on its own earlier outcomes; so late laboratory values and corrections count
    the same on both sides. Days without an entry and laboratory values of such days are left out.

    Args:
        viewer: Holds ``rules.read``; everything is of their clinic.
        first_on: First diary day that counts; the rules look back on earlier ones.
        last_on: Last diary day that counts.
        progress: Called after every patient with how many are done and how many there are.

    Raises:
        ReplayError: The period ends before it begins.
    """
    viewer.require("rules.read")
    if last_on < first_on:
        raise ReplayError(_("The last day must not be before the first day."))
    worker = worker_viewer(viewer.clinic_id)
    tally = Tally(first_on, last_on)
    with database.reading() as session:
        before = background.rules_in_force(session, worker, now)
        count = people.how_many(session, worker)
    code, done = "", 0
    while True:
        # A session per patient: what is read of one is let go before the next.
        with database.reading() as session:
            patient = people.after(session, worker, code)
            if patient is None:
                break
            course = told_course(session, worker, patient, last_on)
        code, done = patient.code, done + 1
        if patient.is_test:
            continue
        found = replay_course(course, before, rules, lambda on: on >= first_on)
        joined_on = patient.created_at.astimezone(ZoneInfo(patient.time_zone)).date()
        began_on = min([joined_on, *(told.on for told in course[:1])])
        followed = (last_on - max(first_on, began_on)).days + 1
        tally.add(patient.code, found, max(followed, 0))
        progress(done, count)
    return ReplayReport(tally, sensitivity(rules), before.version, rules.version)


def told_course(session: Session, viewer: Viewer, patient: Patient, last_on: date) -> list[Told]:
    """Return what a patient told up to a day, with the treatment as of each day."""
    rows = diary.told(session, viewer, patient.id, last_on=last_on)
    steps = treatment.plan(session, viewer, patient.id)
    labs = treatment.labs(session, viewer, patient.id, last_on=last_on)
    return course_of(patient, rows, steps, labs)


def course_of(
    patient: Patient,
    rows: Sequence[Any],
    steps: Sequence[PlanStep],
    labs: Sequence[LabResult],
) -> list[Told]:
    """Return a course as the rules read it, on one day 0 that all entries share.

    Args:
        rows: Shape ``(n,)``, oldest first, with the columns of ``Entry`` that are graded.
        steps: The plan in force.
        labs: The patient's laboratory values.
    """
    if not rows:
        return []
    zero: date = rows[0].diary_on
    turns = _contexts(zero, rows[-1].diary_on, patient, steps, labs)
    _first_on, context = next(turns)
    next_turn = next(turns, None)
    by_day: dict[date, list[LabResult]] = {}
    for lab in labs:
        by_day.setdefault(lab.taken_on, []).append(lab)
    course = []
    for row in rows:
        on: date = row.diary_on
        while next_turn is not None and next_turn[0] <= on:
            _turn_on, context = next_turn
            next_turn = next(turns, None)
        entry = records.grading_entry(cast("Entry", row), zero, by_day.get(on, ()))
        course.append(Told(entry, context, on, row.received_at))
    return course


def _contexts(
    zero: date,
    last_on: date,
    patient: Patient,
    steps: Sequence[PlanStep],
    labs: Sequence[LabResult],
) -> Iterator[tuple[date, Context]]:
    """Yield the treatment from the first day on, and on every day on which it changes."""
    turns = {step.starts_on for step in steps} | {lab.taken_on for lab in labs}
    for day in sorted({zero, *(each for each in turns if zero < each <= last_on)}):
        known = [lab for lab in labs if lab.taken_on <= day]
        context = records.context_on(day, patient, steps, known)
        yield day, _counted_from(context, (day - zero) // timedelta(days=1))


def _counted_from(context: Context, days: int) -> Context:
    """Return the context with its days counted from a day that lies so many days before."""
    return replace(
        context,
        anc_history=tuple(replace(each, day=each.day + days) for each in context.anc_history),
        dose_events=tuple(replace(each, day=each.day + days) for each in context.dose_events),
        steroid_events=tuple(replace(each, day=each.day + days) for each in context.steroid_events),
    )
