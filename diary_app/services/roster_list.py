"""The list of patients at one instant: silence, trend, plan, window and doses of each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.background import rules_in_force
from alerts.dose_log import Log, counting
from alerts.grading.rules import RuleSet
from alerts.grading.windows import Windows
from alerts.records import context_on, planned_dose
from db.access import Viewer, worker_viewer
from db.models import Alert, Patient, PlanStep
from db.stores import alerting, diary, people, roster, treatment
from diary_app.exports.dose_measures import DoseMeasures, measures_of
from diary_app.services.doses import DoseOfDay, dose_of
from diary_app.services.heads import PatientHead, head_of
from diary_app.services.trend import ToldDay, Trend, trend_of
from diary_app.services.watch import Watch, watch

# What is read of everybody; a newest level or a dose further back is not looked for.
LOOK_BACK_DAYS = 30
DOSE_DAYS = 28


@dataclass(frozen=True)
class RosterRow:
    """One patient in the list. Without the right to read diaries all but the first two are None.

    Attributes:
        joined: The patient agreed to the diary once, or something was written in it.
        enrolled_on: The patient's calendar day.
        last_entry_on: None = never wrote.
        silent_days: Days since the last entry, 0 = wrote today; None = never wrote.
        dose: Of the patient's today.
        window: Why a reaction is likelier now: ``increase``, ``steroid`` or ``start`` (W2, W3, W1
            by the clinic's rules); None = no window is open.
        trend: Rash and itch, last 7 days beside the 7 before.
        doses: Of the last 28 days up to yesterday, from enrolment on; None = none were planned.
        newest_level: Of the newest entry of the last 30 days; None = none or not graded.
        open_level: Of the loudest alert that nobody closed; None = no such alert.
    """

    patient: PatientHead
    joined: bool
    enrolled_on: date | None = None
    last_entry_on: date | None = None
    silent_days: int | None = None
    dose: DoseOfDay | None = None
    window: str | None = None
    trend: Trend | None = None
    doses: DoseMeasures | None = None
    newest_level: str | None = None
    open_level: str | None = None


@dataclass(frozen=True)
class RosterPage:
    """The list at one instant. ``clinical`` False = the viewer sees names and codes alone."""

    now: datetime
    rows: tuple[RosterRow, ...]
    clinical: bool
    time_zone: str
    watch: Watch


@dataclass(frozen=True)
class _Known:
    """What was read of the whole clinic, by patient."""

    last: dict[UUID, date]
    plans: dict[UUID, list[PlanStep]]
    told: dict[UUID, list[Any]]
    graded: dict[UUID, tuple[str | None, int | None]]
    logs: dict[UUID, Log]
    open_levels: dict[UUID, str]
    rules: RuleSet


def roster_page(session: Session, viewer: Viewer, now: datetime) -> RosterPage:
    """Return the patients in follow-up; whoever may not read diaries gets names alone."""
    guard = watch(session, viewer, now)
    rows = people.patients(session, viewer)
    last = diary.last_entry_days(session, viewer)
    joined = roster.agreed(session, viewer) | last.keys()
    clinical = viewer.may("diary.read") and viewer.may("plan.read")
    if not clinical:
        lines = tuple(RosterRow(head_of(row, now), row.id in joined) for row in rows)
    else:
        known = _read(session, viewer, last, now)
        lines = tuple(_row(row, row.id in joined, known, now) for row in rows)
    return RosterPage(now, lines, clinical, guard.time_zone, guard)


def _read(session: Session, viewer: Viewer, last: dict[UUID, date], now: datetime) -> _Known:
    since = now.date() - timedelta(days=LOOK_BACK_DAYS)
    said: dict[UUID, list[Any]] = defaultdict(list)
    for record in roster.doses_since(session, viewer, since):
        said[record.patient_id].append(record)
    told: dict[UUID, list[Any]] = defaultdict(list)
    for entry in roster.told_since(session, viewer, since):
        told[entry.patient_id].append(entry)
    return _Known(
        last=last,
        plans=treatment.plans(session, viewer),
        told=told,
        graded=roster.graded_since(session, viewer, since),
        logs={patient_id: counting(rows) for patient_id, rows in said.items()},
        open_levels=_loudest(alerting.inbox(session, viewer)),
        rules=rules_in_force(session, worker_viewer(viewer.clinic_id), now),
    )


def _row(row: Patient, joined: bool, known: _Known, now: datetime) -> RosterRow:
    head, wrote_on = head_of(row, now), known.last.get(row.id)
    steps, told = known.plans.get(row.id, []), known.told.get(row.id, [])
    enrolled_on = row.created_at.astimezone(ZoneInfo(row.time_zone)).date()
    return RosterRow(
        patient=head,
        joined=joined,
        enrolled_on=enrolled_on,
        last_entry_on=wrote_on,
        silent_days=None if wrote_on is None else (head.today - wrote_on).days,
        dose=dose_of(steps, head.today),
        window=_window(row, steps, head.today, known.rules),
        trend=trend_of(list(_told_days(told, known)), head.today),
        doses=_doses(steps, told, known.logs.get(row.id, {}), enrolled_on, head.today),
        newest_level=known.graded.get(told[-1].id, (None, None))[0] if told else None,
        open_level=known.open_levels.get(row.id),
    )


def _window(patient: Patient, steps: Sequence[PlanStep], today: date, rules: RuleSet) -> str | None:
    windows = Windows(context_on(today, patient, steps, ()), 0, rules)
    if windows.increase is not None:
        return "increase"
    if windows.steroid is not None:
        return "steroid"
    return None if windows.start is None else "start"


def _told_days(told: Iterable[Any], known: _Known) -> Iterable[ToldDay]:
    for entry in told:
        if entry.kind == "full":
            _level, rash_grade = known.graded.get(entry.id, (None, None))
            yield ToldDay(entry.diary_on, rash_grade, entry.itch_nrs)


def _doses(
    steps: Sequence[PlanStep], told: Iterable[Any], log: Log, enrolled_on: date, today: date
) -> DoseMeasures | None:
    """Return the planned days up to yesterday: today's dose may still lie ahead."""
    taken: dict[date, list[float]] = defaultdict(list)
    planned: dict[date, list[float]] = defaultdict(list)
    for entry in told:
        if entry.imatinib_mg_taken is not None:
            taken[entry.diary_on].append(entry.imatinib_mg_taken)
        if entry.imatinib_mg_prescribed is not None:
            planned[entry.diary_on].append(entry.imatinib_mg_prescribed)
    days: list[tuple[float, float | None]] = []
    for back in range(DOSE_DAYS, 0, -1):
        on = today - timedelta(days=back)
        said = log.get((on, "imatinib"))
        if said is not None:
            plan_mg, mg = said.planned_mg, said.taken_mg
        else:
            plan_mg = max(planned[on]) if on in planned else planned_dose(steps, on).imatinib_mg
            mg = max(taken[on]) if on in taken else None
        if on >= enrolled_on and plan_mg is not None and plan_mg > 0:
            days.append((plan_mg, mg))
    return measures_of(days) if days else None


def _loudest(alerts: Iterable[Alert]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for alert in alerts:
        if found.get(alert.patient_id) != "urgent":
            found[alert.patient_id] = alert.level
    return found
