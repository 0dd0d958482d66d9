"""Rows of the dose log and of the plan become what the patient's screens show."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.dose_log import Log, how_of
from alerts.local_time import ONE_DAY, day_of
from alerts.records import planned_dose, step_of
from db.models import DoseRecord, Entry, PlanStep
from db.models.doses import DRUGS
from diary_app.state.doses import DoseRow, DoseSaid, PlanLine, StripDay

UNDO_LASTS = timedelta(minutes=10)
STRIP_DAYS = 14


def said_of(row: DoseRecord | None, zone: ZoneInfo) -> DoseSaid | None:
    """Return a row of the log as screens know it; None = nothing is said."""
    if row is None or row.how == "taken_back":
        return None
    return DoseSaid(
        how=row.how,
        taken_mg=row.taken_mg,
        clock=row.recorded_at.astimezone(zone).strftime("%H:%M"),
        taken_clock=row.taken_clock or "",
        vomited_after=row.vomited_after or "",
    )


def dose_row(
    drug: str,
    day: date,
    steps: Sequence[PlanStep],
    log: Log,
    entries: Sequence[Entry],
    zone: ZoneInfo,
    now: datetime,
) -> DoseRow:
    """Return one medicine of one day: the log, else what the day's entries say."""
    planned = planned_dose(steps, day)
    kept = log.get((day, drug))
    next_on, next_mg = next_dose(drug, steps, day)
    return DoseRow(
        drug=drug,
        on=day,
        planned_mg=planned_mg(drug, steps, day),
        off_day=drug == "imatinib" and planned.off_day,
        said=said_of(kept, zone) if kept is not None else _by_entry(drug, day, entries, zone),
        can_undo=kept is not None and can_undo(kept, now),
        next_on=next_on,
        next_mg=next_mg,
    )


def can_undo(row: DoseRecord, now: datetime) -> bool:
    """Return whether a row can be taken back with one tap: said just now, by no entry."""
    fresh = now - row.recorded_at <= UNDO_LASTS
    return fresh and row.entry_id is None and row.how != "taken_back"


def planned_mg(drug: str, steps: Sequence[PlanStep], day: date) -> float | None:
    """Return what is planned of one medicine for a day; None = the plan says nothing."""
    planned = planned_dose(steps, day)
    return planned.imatinib_mg if drug == "imatinib" else planned.prednisolone_mg


def next_dose(drug: str, steps: Sequence[PlanStep], day: date) -> tuple[date | None, float | None]:
    """Return the first day after a day on which a dose is planned, and how much."""
    starts = sorted({step.starts_on for step in steps if step.starts_on > day})
    for first in [day + timedelta(days=1), *starts]:
        # Within a step the amounts repeat, so one round of its days shows them all.
        step = step_of(steps, first)
        for ahead in range(0 if step is None else step.every_n_days):
            on = first + timedelta(days=ahead)
            if mg := planned_mg(drug, steps, on):
                return on, mg
    return None, None


def rows_to_show(
    day: date,
    steps: Sequence[PlanStep],
    log: Log,
    entries: Sequence[Entry],
    zone: ZoneInfo,
    now: datetime,
) -> tuple[DoseRow, ...]:
    """Return the medicines of a day: imatinib, and prednisolone where there is something of it."""
    rows = [dose_row(drug, day, steps, log, entries, zone, now) for drug in DRUGS]
    return tuple(
        row
        for row in rows
        if row.drug == "imatinib" or row.planned_mg or (row.said is not None and row.said.taken_mg)
    )


def plan_lines(
    steps: Sequence[PlanStep], names: Mapping[UUID, str], zone: ZoneInfo
) -> list[PlanLine]:
    """Return the steps of the plan, oldest first, each with its last day."""
    in_force = [step for step in steps if step_of(steps, step.starts_on) is step]
    following = [*in_force[1:], None]
    return [
        PlanLine(
            starts_on=step.starts_on,
            until=None if after is None else after.starts_on - ONE_DAY,
            imatinib_mg=step.imatinib_mg,
            every_n_days=step.every_n_days,
            prednisolone_mg=step.prednisolone_mg,
            confirmed_by=names.get(step.author_id, ""),
            confirmed_on=day_of(step.approved_at, zone),
        )
        for step, after in zip(in_force, following, strict=True)
    ]


def strip_of(steps: Sequence[PlanStep], today: date) -> tuple[StripDay, ...]:
    """Return two weeks from today; empty unless one of the days is an off day."""
    days = []
    for ahead in range(STRIP_DAYS):
        on = today + timedelta(days=ahead)
        planned = planned_dose(steps, on)
        days.append(StripDay(on, planned.imatinib_mg or 0.0, planned.off_day))
    return tuple(days) if any(day.off_day for day in days) else ()


def unread_change(
    every: Sequence[PlanStep], read_at: datetime | None, zone: ZoneInfo
) -> date | None:
    """Return the day of the newest change of the plan that was not read; None = none.

    Args:
        every: Every step ever confirmed, in the order they were confirmed. The first plan of all
            is no change.
        read_at: When the patient last said that they read it.
    """
    if not every:
        return None
    newest = every[-1].approved_at
    known = read_at if read_at is not None else every[0].approved_at
    return day_of(newest, zone) if newest > known else None


def _by_entry(drug: str, day: date, entries: Sequence[Entry], zone: ZoneInfo) -> DoseSaid | None:
    """Return what the newest entry of a day says of a dose, for days before there was a log."""
    for entry in reversed(entries):
        taken = getattr(entry, f"{drug}_mg_taken")
        if entry.diary_on == day and taken is not None:
            planned = getattr(entry, f"{drug}_mg_prescribed")
            return DoseSaid(
                how_of(taken, planned), taken, entry.written_at.astimezone(zone).strftime("%H:%M")
            )
    return None
