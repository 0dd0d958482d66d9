"""What-if: the kept diaries graded again by other rules, patient by patient. Nothing is written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import background, records
from alerts.dose_log import NO_LOG, Log, counting, dose_entry
from alerts.escalation.replay import CourseReplay, Told, replay_course
from alerts.grading.course import Context
from alerts.grading.rules import RuleSet
from alerts.grading.sensitivity import sensitivity
from db.access import Viewer, worker_viewer
from db.engine import Database, open_database
from db.models import Entry, LabResult, Patient, PlanStep
from db.stores import diary, doses, people, treatment
from diary_app.services.processes import spare_processes, spread
from diary_app.services.refusals import RefusedError
from diary_app.services.replay_report import ReplayReport, Tally
from diary_app.text import _

Progress = Callable[[int, int], None]

PATIENTS_PER_PART = 20
# Another process takes a second or two to start: less than this is done sooner without.
WORTH_SPREADING = 100


class ReplayError(RefusedError):
    """The period cannot be replayed."""


@dataclass(frozen=True)
class Part:
    """Some patients of a clinic, and what is asked about them."""

    clinic_id: UUID
    patient_ids: tuple[UUID, ...]
    before: RuleSet
    after: RuleSet
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Replayed:
    """One patient's course under both rule sets, followed for so many days of the period."""

    code: str
    found: CourseReplay
    followed_days: int


def replay(
    database: Database,
    viewer: Viewer,
    rules: RuleSet,
    first_on: date,
    last_on: date,
    now: datetime,
    progress: Progress = lambda _done, _all: None,
    processes: int | None = None,
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
        processes: Over how many the patients are spread; None = as many as help.

    Raises:
        ReplayError: The period ends before it begins.
    """
    viewer.require("rules.read")
    if last_on < first_on:
        raise ReplayError(_("The last day must not be before the first day."))
    worker = worker_viewer(viewer.clinic_id)
    tally = Tally(first_on, last_on)
    with database.reading(viewer.clinic_id) as session:
        before = background.rules_in_force(session, worker, now)
        count = people.how_many(session, worker)
    if processes is None:
        processes = spare_processes() if count >= WORTH_SPREADING else 1
    parts = _parts(database, Part(viewer.clinic_id, (), before, rules, first_on, last_on))
    url = database.engine.url.render_as_string(hide_password=False)
    work = partial(replay_part, database) if processes < 2 else partial(replay_elsewhere, url)
    # Closed also when progress raises, so that no process is left behind.
    with closing(spread(work, parts, processes)) as replayed:
        for done, each in enumerate(chain.from_iterable(replayed), start=1):
            if each is not None:
                tally.add(each.code, each.found, each.followed_days)
            progress(done, count)
    return ReplayReport(tally, sensitivity(rules), before.version, rules.version)


def _parts(database: Database, asked: Part) -> Iterator[Part]:
    """Yield all patients of the clinic in parts, in the order of their codes."""
    worker, code = worker_viewer(asked.clinic_id), ""
    while True:
        with database.reading() as session:
            some = people.some_after(session, worker, code, PATIENTS_PER_PART)
        if not some:
            return
        yield replace(asked, patient_ids=tuple(patient_id for _code, patient_id in some))
        code, _id = some[-1]


def replay_elsewhere(url: str, part: Part) -> list[Replayed | None]:
    """Return what other rules would have changed for some patients, in a process of its own."""
    database = open_database(url)
    try:
        return list(replay_part(database, part))
    finally:
        database.close()


def replay_part(database: Database, part: Part) -> Iterable[Replayed | None]:
    """Yield what other rules would have changed for some patients; None for a test patient."""
    worker = worker_viewer(part.clinic_id)
    for patient_id in part.patient_ids:
        # A session per patient: what is read of one is let go before the next.
        with database.reading() as session:
            patient = people.patient(session, worker, patient_id)
            course = [] if patient.is_test else told_course(session, worker, patient, part.last_on)
        if patient.is_test:
            yield None
            continue
        found = replay_course(course, part.before, part.after, lambda on: on >= part.first_on)
        joined_on = patient.created_at.astimezone(ZoneInfo(patient.time_zone)).date()
        began_on = min([joined_on, *(told.on for told in course[:1])])
        followed = (part.last_on - max(part.first_on, began_on)).days + 1
        yield Replayed(patient.code, found, max(followed, 0))


def told_course(session: Session, viewer: Viewer, patient: Patient, last_on: date) -> list[Told]:
    """Return what a patient told up to a day, with the treatment as of each day."""
    rows = diary.told(session, viewer, patient.id, last_on=last_on)
    steps = treatment.plan(session, viewer, patient.id)
    labs = treatment.labs(session, viewer, patient.id, last_on=last_on)
    log = counting(doses.records(session, viewer, patient.id, last_on=last_on))
    return course_of(patient, rows, steps, labs, log)


def course_of(
    patient: Patient,
    rows: Sequence[Any],
    steps: Sequence[PlanStep],
    labs: Sequence[LabResult],
    log: Log = NO_LOG,
) -> list[Told]:
    """Return a course as the rules read it, on one day 0 that all entries share.

    Args:
        rows: Shape ``(n,)``, oldest first, with the columns of ``Entry`` that are graded.
        steps: The plan in force.
        labs: The patient's laboratory values.
        log: The dose log; its days without a full entry are told too, at their end.
    """
    said = {row.diary_on for row in rows if row.kind == "full"} if log else set()
    alone = {day for day, _drug in log if day not in said}
    told: list[tuple[date, Any]] = [(row.diary_on, row) for row in rows]
    told = sorted(
        [*told, *((day, None) for day in alone)], key=lambda one: (one[0], one[1] is None)
    )
    if not told:
        return []
    zero = told[0][0]
    turns = _contexts(zero, told[-1][0], patient, steps, labs)
    _first_on, context = next(turns)
    next_turn = next(turns, None)
    by_day: dict[date, list[LabResult]] = {}
    for lab in labs:
        by_day.setdefault(lab.taken_on, []).append(lab)
    course = []
    for on, row in told:
        while next_turn is not None and next_turn[0] <= on:
            _turn_on, context = next_turn
            next_turn = next(turns, None)
        if row is None:
            at = max(each.recorded_at for (day, _drug), each in log.items() if day == on)
            course.append(Told(dose_entry(log, on, zero), context, on, at))
            continue
        entry = records.grading_entry(cast("Entry", row), zero, by_day.get(on, ()), log)
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
