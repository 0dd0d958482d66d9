"""Reminders: when they are due by the patient's clock, and what is done when they are.

What is due lies in rows, laid out some days ahead. A reminder that comes too late helps nobody: it
is skipped, and the row says so. The end of a day, when a silence is judged, is never skipped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import reach
from alerts.dose_log import Log, counting
from alerts.local_time import day_of, days_between, end_of, instant_of
from alerts.records import PlannedDose, planned_dose
from db.access import Viewer
from db.models import ContactWay, DueRow, Entry, Patient, PlanStep
from db.stores import diary, doses, patient_ways, people, reminding, treatment

DAYS_AHEAD = 2
# Rows are laid out anew when fewer than this many hours of them are left.
LAY_OUT_BEFORE = timedelta(hours=36)
# A reminder later than this helps nobody: a dose at 08:00 is not asked for at noon.
LATE_AFTER = timedelta(hours=3)
SECOND_AFTER = timedelta(hours=3)
BY_CLOCK = ("entry", "dose")


@dataclass(frozen=True)
class Rule:
    """When a patient is reminded of one thing: "HH:MM" by their clock."""

    local_time: str
    is_on: bool


STANDARD = {"entry": Rule("19:00", True), "dose": Rule("08:00", False)}


def rules_of(session: Session, viewer: Viewer, patient_id: UUID) -> dict[str, Rule]:
    """Return a patient's rules by kind: what they set, else the standard."""
    kept = reminding.rules_of(session, viewer, patient_id)
    return {
        kind: Rule(kept[kind].local_time, kept[kind].is_on) if kind in kept else standard
        for kind, standard in STANDARD.items()
    }


def lay_out(session: Session, viewer: Viewer, patient: Patient, now: datetime) -> int:
    """Make the rows of a patient up to the day after tomorrow; returns how many were new.

    After a pause of the program also those of the days that it missed, so that each of them is
    judged or said to be skipped. The first time it begins with what is still to come today.
    """
    zone = ZoneInfo(patient.time_zone)
    today = day_of(now, zone)
    last = today + timedelta(days=DAYS_AHEAD)
    begun = patient.planned_until
    # The first day that has no rows yet; what it brought is made even when it is past.
    new_from = today if begun is None else day_of(begun, zone)
    rules = rules_of(session, viewer, patient.id)
    rows = [
        row
        for day in days_between(min(new_from, today), last, zone)
        for row in _rows_of(patient, day, rules, zone)
        if row.due_at > now or (begun is not None and day >= new_from)
    ]
    added = reminding.add_due(session, viewer, rows)
    reminding.planned(session, viewer, patient.id, end_of(last, zone))
    return added


def _rows_of(patient: Patient, day: date, rules: dict[str, Rule], zone: ZoneInfo) -> list[DueRow]:
    clock = [
        due_row(patient, kind, day, instant_of(day, rules[kind].local_time, zone),
                local_time=rules[kind].local_time)
        for kind in BY_CLOCK
        if rules[kind].is_on
    ]  # fmt: skip
    return [*clock, due_row(patient, "silence", day, end_of(day, zone))]


def due_row(
    patient: Patient,
    kind: str,
    day: date,
    at: datetime,
    *,
    local_time: str | None = None,
    entry_id: UUID | None = None,
) -> DueRow:
    """Return a row that waits, not stored yet.

    Args:
        entry_id: The first version of the entry that asks for it; else one row per day.
    """
    return DueRow(
        clinic_id=patient.clinic_id,
        patient_id=patient.id,
        kind=kind,
        key=f"{kind}:{day.isoformat() if entry_id is None else entry_id}",
        local_day=day,
        local_time=local_time,
        due_at=at.astimezone(UTC),
        entry_id=entry_id,
    )


def move(session: Session, viewer: Viewer, patient: Patient, now: datetime) -> None:
    """Compute anew what waits for a patient whose rules or time zone changed.

    Every row stays one row, of the same day; only its instant moves. What would have been due
    already is skipped, as it was not wanted then; the end of a day is judged in any case.

    Raises:
        RuntimeError: If a row was lost on the way; the caller's transaction must be given up.
    """
    zone = ZoneInfo(patient.time_zone)
    rules = rules_of(session, viewer, patient.id)
    waiting = reminding.waiting_of(session, viewer, patient.id)
    kept = 0
    for row in waiting:
        if row.kind in BY_CLOCK:
            at = rules[row.kind].local_time
            due_at = instant_of(row.local_day, at, zone)
            if due_at <= now:
                reminding.settle(session, viewer, row.id, "skipped", "changed", now)
                continue
            kept += reminding.move(session, viewer, row.id, due_at, at)
        elif row.local_time is not None:
            due_at = instant_of(row.local_day, row.local_time, zone)
            kept += reminding.move(session, viewer, row.id, due_at, row.local_time)
        elif row.kind == "silence":
            kept += reminding.move(session, viewer, row.id, end_of(row.local_day, zone), None)
        else:
            kept += 1
    left = reminding.waiting_of(session, viewer, patient.id)
    if len(left) != kept:
        raise RuntimeError(f"{kept} due rows were moved, {len(left)} are there")
    lay_out(session, viewer, patient, now)


def remind(session: Session, viewer: Viewer, row: DueRow, now: datetime) -> tuple[str, str]:
    """Do what a row of kind ``entry``, ``dose`` or ``second`` asks for.

    Returns:
        The row's new state and why.
    """
    patient = people.patient(session, viewer, row.patient_id)
    if not followed(patient):
        return "cancelled", "not_followed"
    kind = "entry" if row.kind == "second" else row.kind
    if not rules_of(session, viewer, patient.id)[kind].is_on:
        return "skipped", "off"
    today = diary.entries(
        session, viewer, patient.id, first_on=row.local_day, last_on=row.local_day
    )
    if kind == "entry" and any(entry.kind == "full" for entry in today):
        return "done", "entry_there"
    if kind == "dose":
        planned = planned_dose(treatment.plan(session, viewer, patient.id), row.local_day)
        if not _to_take(planned):
            return "skipped", "no_dose"
        log = counting(
            doses.records(
                session, viewer, patient.id, first_on=row.local_day, last_on=row.local_day
            )
        )
        if all(_is_told(today, log, row.local_day, drug) for drug in _to_take(planned)):
            return "done", "entry_there"
    zone = ZoneInfo(patient.time_zone)
    if now - row.due_at > LATE_AFTER or (kind == "entry" and day_of(now, zone) > row.local_day):
        return "skipped", "late"
    ways = patient_ways.ways_of_patient(session, viewer, patient.id)
    if row.kind == "second":
        ways = ways[1:2]
    if not ways:
        return "skipped", "no_way"
    reach.queue(session, viewer, patient.id, ways[:1], kind, now)
    if row.kind == "entry":
        _plan_second(session, viewer, patient, row, ways, zone)
    return "done", "sent"


def _plan_second(
    session: Session,
    viewer: Viewer,
    patient: Patient,
    row: DueRow,
    ways: Sequence[ContactWay],
    zone: ZoneInfo,
) -> None:
    at = row.due_at + SECOND_AFTER
    if len(ways) > 1 and at < end_of(row.local_day, zone):
        reminding.add_due(session, viewer, [due_row(patient, "second", row.local_day, at)])


def takes_medicine(steps: Sequence[PlanStep], day: date) -> bool:
    """Return whether a patient is reminded of a dose on a day.

    Never on the off day of an every-other-day plan, even with a steroid: nothing may then be read
    as "take your tablets".
    """
    return bool(_to_take(planned_dose(steps, day)))


def _to_take(planned: PlannedDose) -> list[str]:
    """Return the medicines of which a dose is planned; none on an off day."""
    doses_mg = {"imatinib": planned.imatinib_mg, "prednisolone": planned.prednisolone_mg}
    return [] if planned.off_day else [drug for drug, mg in doses_mg.items() if mg]


def _is_told(today: Sequence[Entry], log: Log, day: date, drug: str) -> bool:
    """Return whether somebody said what became of a dose: the log, else an entry of the day."""
    said = log.get((day, drug))
    if said is not None:
        return said.how != "taken_back"
    return any(getattr(entry, f"{drug}_mg_taken") is not None for entry in today)


def followed(patient: Patient) -> bool:
    """Return whether a patient is in follow-up and a person."""
    return patient.active and not patient.is_test
