"""`diary cohort`: synthetic patients, the alerts they would raise, and their way into a demo."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import Progress

from alerts import records
from alerts.escalation.replay import Side, Told
from alerts.grading.rules import DEFAULT_RULES
from db.access import viewer_for
from db.engine import Database
from db.errors import AccessDeniedError
from db.models import Entry, Patient, PlanStep
from db.stores import doors, people
from db.types import new_id
from diary_app.commands.machine import console, installation, now, settings
from diary_app.demo.cohort import cohort
from diary_app.demo.course import Course
from diary_app.services.replay import course_of

ZONE = "Europe/Berlin"
_UNTOLD: dict[str, Any] = dict.fromkeys(Entry.model_fields)


@dataclass(frozen=True)
class CohortFindings:
    """What the synthetic patients would raise, graded by the reviewed rules."""

    patients: int
    days: int
    entries: int
    severe: int
    alerts: Counter[str]

    def rate(self, level: str) -> float:
        """Return alerts of a level per patient-week."""
        return self.alerts[level] / (self.patients * self.days / 7)


@dataclass(frozen=True)
class Home:
    """Where the patients are written: a clinic of synthetic patients, and who prescribes there."""

    clinic_id: UUID
    author_id: UUID


def print_cohort(patients: int, seed: int, days: int, into: Path | None) -> None:
    """Print the alerts per patient-week of a cohort, and write it into a demo when one is named."""
    with ExitStack() as stack:
        database = None
        if into is not None:
            chosen = settings(data_dir=into.resolve(), database_url="")
            database = stack.enter_context(installation(chosen)).database
        bar = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
        task = bar.add_task("Synthetic patients", total=patients)
        found = make_cohort(
            patients, seed, days, now().astimezone(ZoneInfo(ZONE)).date(), database=database,
            progress=lambda done, _all: bar.update(task, completed=done),
        )  # fmt: skip
    console.print(
        f"{found.patients} synthetic patients, {found.days} days, {found.entries} entries, "
        f"{found.severe} with a severe rash ({100 * found.severe / found.patients:.1f} %)."
    )
    for level in ("urgent", "prompt"):
        console.print(
            f"{level}: {found.alerts[level]} alerts, {found.rate(level):.4f} per patient-week"
        )
    if into is not None:
        console.print(f"Written into the demo in {into}, without alerts.", soft_wrap=True)


def make_cohort(
    patients: int,
    seed: int,
    days: int,
    today: date,
    *,
    database: Database | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> CohortFindings:
    """Make synthetic patients, grade them, and write them when a database is given.

    Written patients get entries and assessments but no alerts: nobody would be told of them.

    Raises:
        AccessDeniedError: The database has no clinic of synthetic patients alone.
    """
    home = Home(new_id(), new_id()) if database is None else demo_home(database)
    alerts: Counter[str] = Counter()
    entries = severe = 0
    for done, (course, fate) in enumerate(cohort(patients, seed, days), start=1):
        patient, steps, rows = _rows(course, home, today)
        told = course_of(patient, [SimpleNamespace(**row) for row in rows], steps, [])
        side = _graded(told)
        alerts.update(raised.level for raised in side.raised)
        entries += len(rows)
        severe += fate.severe_on is not None
        if database is not None:
            with database.writing() as session:
                made = list(_assessments(patient, rows, side))
                doors.add_synthetic_patient(session, patient, steps, rows, made)
        progress(done, patients)
    return CohortFindings(patients, days, entries, severe, alerts)


def demo_home(database: Database) -> Home:
    """Return the first clinic of synthetic patients that has a clinician."""
    with database.reading() as session:
        for clinic in doors.clinics(session):
            machine = viewer_for(
                "administrator", clinic_id=clinic.id, actor_id=clinic.id, name="cohort"
            )
            prescribers = people.staff(session, machine, role="clinician")
            if clinic.is_demo and prescribers:
                return Home(clinic.id, prescribers[0].id)
    raise AccessDeniedError(
        "Synthetic patients are written into a demo alone, and this is none; run `diary demo` "
        "with a folder of its own first."
    )


def _graded(told: list[Told]) -> Side:
    side = Side(DEFAULT_RULES)
    for number, each in enumerate(told):
        side.take(number, each)
    return side


def _rows(
    course: Course, home: Home, today: date
) -> tuple[Patient, list[PlanStep], list[dict[str, Any]]]:
    first_on = today - timedelta(days=course.started_days_ago)
    patient = Patient(
        clinic_id=home.clinic_id,
        code=course.code,
        name=course.name,
        born_on=course.born_on,
        time_zone=ZONE,
        created_at=_instant(first_on, 7),
        **course.patient,
    )
    steps = [
        PlanStep(
            clinic_id=home.clinic_id,
            patient_id=patient.id,
            starts_on=first_on + timedelta(days=step.day),
            imatinib_mg=step.imatinib_mg,
            every_n_days=step.every_n_days,
            prednisolone_mg=step.prednisolone_mg,
            reason=step.reason,
            author_id=home.author_id,
            approved_at=_instant(first_on, 7),
        )
        for step in course.plan
    ]
    rows = []
    for said in course.entries:
        on = first_on + timedelta(days=said.day)
        at, entry_id = _instant(on, said.hour), new_id()
        planned = records.planned_dose(steps, on)
        rows.append(
            _UNTOLD
            | {
                "id": entry_id,
                "first_id": entry_id,
                "clinic_id": home.clinic_id,
                "patient_id": patient.id,
                "version": 1,
                "kind": "full",
                "author": "patient",
                "words": "",
                "diary_on": on,
                "local_time": f"{said.hour:02d}:00",
                "time_zone": ZONE,
                "written_at": at,
                "received_at": at,
                "imatinib_mg_prescribed": planned.imatinib_mg,
                "imatinib_mg_taken": planned.imatinib_mg if said.taken is None else said.taken,
                "prednisolone_mg_prescribed": planned.prednisolone_mg,
                "prednisolone_mg_taken": planned.prednisolone_mg,
            }
            | dict(said.answers)
        )
    return patient, steps, rows


def _assessments(
    patient: Patient, rows: list[dict[str, Any]], side: Side
) -> Iterator[dict[str, Any]]:
    for row, (entry, made) in zip(rows, side.told, strict=True):
        yield {
            "id": new_id(),
            "assessed_at": row["received_at"],
            "attempt": 1,
            "ctcae_version": "5.0",
        } | records.assessment_row(row["id"], patient.id, patient.clinic_id, made, entry)


def _instant(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(ZONE)).astimezone(UTC)
