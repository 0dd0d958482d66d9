"""The dose beside everything: what is planned for a day, and how long ago it was raised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from alerts.dose_log import NO_LOG, Log
from alerts.records import last_step_up, planned_dose
from db.models import DoseRecord, Entry, PlanStep


@dataclass(frozen=True)
class StepUp:
    """The newest start, restart or increase of imatinib.

    Attributes:
        days: Days since its first day; 0 = that day.
        kind: start, restart or increase.
        from_mg: Per dosing day before; 0 = none.
        to_mg: Per dosing day since.
        every_n_days: 1 = daily, 2 = every other day.
    """

    days: int
    kind: str
    from_mg: float
    to_mg: float
    every_n_days: int


@dataclass(frozen=True)
class DoseOfDay:
    """One day's medicine.

    Attributes:
        on: The patient's calendar day.
        planned_mg: Imatinib; 0 = off day or stopped, None = no plan.
        off_day: Whether it is the off day of an every-other-day plan.
        taken_mg: Imatinib as logged; None = not logged or not known, 0 = logged as not taken.
        prednisolone_planned_mg: None = the plan says nothing.
        prednisolone_taken_mg: None = not logged.
        step_up: None = no start, restart or increase so far.
        how: Of imatinib: late, vomited ... as ``db.models.DoseRecord``; empty = not in the log.
        taken_clock: When it was taken late; empty = not said.
        vomited_after: How long after it; empty unless vomited.
        prednisolone_how: Of prednisolone; empty = not in the log.
    """

    on: date
    planned_mg: float | None
    off_day: bool
    taken_mg: float | None
    prednisolone_planned_mg: float | None
    prednisolone_taken_mg: float | None
    step_up: StepUp | None
    how: str = ""
    taken_clock: str = ""
    vomited_after: str = ""
    prednisolone_how: str = ""


def step_up_by(steps: Sequence[PlanStep], day: date) -> StepUp | None:
    """Return the newest step up until a day; None when there was none."""
    change = last_step_up(steps, day)
    if change is None:
        return None
    days = (day - change.on).days
    return StepUp(days, change.kind, change.from_mg, change.to_mg, change.every_n_days)


def dose_of(
    steps: Sequence[PlanStep], day: date, entries: Sequence[Entry] = (), log: Log = NO_LOG
) -> DoseOfDay:
    """Return a day's plan and what was taken: the dose log, else the highest of the entries."""
    planned = planned_dose(steps, day)
    imatinib, prednisolone = log.get((day, "imatinib")), log.get((day, "prednisolone"))
    of_day = [entry for entry in entries if entry.diary_on == day]
    return DoseOfDay(
        on=day,
        planned_mg=planned.imatinib_mg,
        off_day=planned.off_day,
        taken_mg=_taken(imatinib, (entry.imatinib_mg_taken for entry in of_day)),
        prednisolone_planned_mg=planned.prednisolone_mg,
        prednisolone_taken_mg=_taken(
            prednisolone, (entry.prednisolone_mg_taken for entry in of_day)
        ),
        step_up=step_up_by(steps, day),
        how=_how(imatinib),
        taken_clock="" if imatinib is None else imatinib.taken_clock or "",
        vomited_after="" if imatinib is None else imatinib.vomited_after or "",
        prednisolone_how=_how(prednisolone),
    )


def _taken(kept: DoseRecord | None, said: Iterable[float | None]) -> float | None:
    return _highest(said) if kept is None else kept.taken_mg


def _how(kept: DoseRecord | None) -> str:
    return "" if kept is None or kept.how == "taken_back" else kept.how


def _highest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)
