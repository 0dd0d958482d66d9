"""The one translator between rows and clinical values."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from itertools import pairwise
from operator import attrgetter
from typing import Any
from uuid import UUID

from alerts import lab_records
from alerts.dose_log import NO_LOG, Log, dose_answers
from alerts.grading.assessment import Assessment as Grading
from alerts.grading.course import (
    AncValue,
    Context,
    DoseEvent,
    Labs,
    SteroidEvent,
    TemperatureInput,
    Uln,
)
from alerts.grading.course import (
    Entry as GradingEntry,
)
from alerts.grading.reasons import Finished, Reason
from alerts.grading.terms import Level
from db.models import Assessment, Entry, LabResult, Patient, PlanStep

_SAME_NAME = tuple(f.name for f in fields(GradingEntry) if f.name in Entry.model_fields)
_answers = attrgetter(*_SAME_NAME)
_INPUTS = tuple(f.name for f in fields(GradingEntry))


@dataclass(frozen=True)
class PlannedDose:
    """What the plan says for one day.

    Attributes:
        imatinib_mg: 0 on an off day of an every-other-day plan or while stopped; None = no plan.
        prednisolone_mg: None = the plan says nothing.
        off_day: Whether it is the off day of an every-other-day plan.
    """

    imatinib_mg: float | None
    prednisolone_mg: float | None
    off_day: bool = False


@dataclass(frozen=True)
class DoseChange:
    """One change of the planned imatinib dose.

    Attributes:
        on: First day of the new dose.
        kind: start, restart, increase, decrease or stop.
        from_mg: Per dosing day before; 0 = none.
        to_mg: Per dosing day after; 0 = stopped.
        every_n_days: Of the new step.
    """

    on: date
    kind: str
    from_mg: float
    to_mg: float
    every_n_days: int

    @property
    def is_step_up(self) -> bool:
        """Return whether more drug is given from this day on."""
        return self.kind in {"start", "restart", "increase"}


def step_of(steps: Sequence[PlanStep], day: date) -> PlanStep | None:
    """Return the plan step in force on a day; None before the first."""
    return max(
        (step for step in steps if step.starts_on <= day),
        key=lambda step: (step.starts_on, step.approved_at),
        default=None,
    )


def planned_dose(steps: Sequence[PlanStep], day: date) -> PlannedDose:
    """Return what is planned for a day; an every-other-day step doses on its first day."""
    step = step_of(steps, day)
    if step is None:
        return PlannedDose(None, None)
    off = step.imatinib_mg > 0 and (day - step.starts_on).days % step.every_n_days != 0
    return PlannedDose(0.0 if off else step.imatinib_mg, step.prednisolone_mg, off)


def dose_changes(steps: Sequence[PlanStep]) -> list[DoseChange]:
    """Return the changes of the imatinib dose that a plan holds, oldest first.

    A step to a higher mean daily amount is an increase, so 100 mg every other day to 100 mg
    daily is one (clinical.md 9C, D02).
    """
    changes: list[DoseChange] = []
    given_before = False
    before: PlanStep | None = None
    for step in _in_order(steps):
        from_mg = 0.0 if before is None else before.imatinib_mg
        kind = _kind(before, step, given_before=given_before)
        if kind is not None:
            changes.append(
                DoseChange(step.starts_on, kind, from_mg, step.imatinib_mg, step.every_n_days)
            )
        given_before = given_before or step.imatinib_mg > 0
        before = step
    return changes


def last_step_up(steps: Sequence[PlanStep], day: date) -> DoseChange | None:
    """Return the newest start, restart or increase up to a day; None when there was none."""
    ups = [change for change in dose_changes(steps) if change.is_step_up and change.on <= day]
    return ups[-1] if ups else None


def context_on(
    day: date, patient: Patient, steps: Sequence[PlanStep], labs: Sequence[LabResult]
) -> Context:
    """Return what the rules must know about the treatment, with day 0 = ``day``."""
    planned = planned_dose(steps, day).prednisolone_mg
    return Context(
        prior_severe_reaction=patient.prior_severe_reaction,
        prior_reaction_type=patient.prior_reaction_type,
        on_systemic_steroid=planned > 0 if planned is not None else patient.on_systemic_steroid,
        anc_history=tuple(
            AncValue((lab.taken_on - day).days, count)
            for lab in labs
            if lab.name == "anc"
            and lab.taken_on <= day
            and (count := lab_records.canonical(lab, lab.value)) is not None
        ),
        dose_events=tuple(
            DoseEvent(
                (change.on - day).days,
                change.kind,
                change.from_mg,
                change.to_mg,
                "every_other_day" if change.every_n_days > 1 else None,
            )
            for change in dose_changes(steps)
            if change.on <= day
        ),
        steroid_events=tuple(_steroid_events(steps, day)),
        baseline_grades=patient.baseline_grades,
        uln=Uln(**lab_records.upper_limits(labs)),
    )


def grading_entry(
    row: Entry, day_zero: date, labs: Sequence[LabResult], log: Log = NO_LOG
) -> GradingEntry:
    """Return an entry as the rules read it.

    Args:
        row: The entry as kept.
        day_zero: The day that counts as day 0.
        labs: The patient's values; those of the entry's own day go with it.
        log: The dose log; where it says something of the day, a full entry says the same.
    """
    answers: dict[str, Any] = dict(zip(_SAME_NAME, _answers(row), strict=True))
    if log and row.kind == "full":
        answers |= dose_answers(log, row.diary_on)
    for name in ("morphology", "red_flags", "adl_due_to"):
        answers[name] = None if answers[name] is None else frozenset(answers[name])
    if row.temperature_value is not None:
        answers["temperature_input"] = TemperatureInput(
            row.temperature_value,
            "F" if row.temperature_unit == "F" else "C",
            row.temperature_site or "unknown",
        )
    return GradingEntry(
        day=(row.diary_on - day_zero).days,
        minute_of_day=_minute(row.local_time),
        labs=lab_records.labs_of(row.diary_on, labs),
        **answers,
    )


def assessment_row(
    entry_id: UUID | None,
    patient_id: UUID,
    clinic_id: UUID,
    made: Grading,
    inputs: GradingEntry,
    *,
    lab_on: date | None = None,
    silent_on: date | None = None,
    timer_of: UUID | None = None,
    dose_on: date | None = None,
) -> dict[str, Any]:
    """Return the columns of an assessment row for what the rules said.

    Args:
        entry_id: The entry graded; None when it is about one of the following.
        lab_on: The day of laboratory values alone.
        silent_on: The day that passed without an entry.
        timer_of: The entry after which an awaited reading did not come.
        dose_on: The day of a dose log alone.
    """
    return {
        "clinic_id": clinic_id,
        "patient_id": patient_id,
        "entry_id": entry_id,
        "lab_on": lab_on,
        "silent_on": silent_on,
        "timer_of": timer_of,
        "dose_on": dose_on,
        "outcome": "graded",
        "level": made.level.word,
        "grades": dict(made.grades),
        "v6_rash_maculopapular": made.v6_rash_maculopapular,
        "temperature_celsius": made.temperature_celsius,
        "extent_percent": made.extent_percent,
        "reasons": [_reason_json(reason) for reason in made.reasons],
        "inputs": {
            name: _plain(told) for name in _INPUTS if (told := getattr(inputs, name)) is not None
        },
        "rules_version": made.rules_version,
        "recheck_minutes": made.recheck_minutes,
    }


def grading_of(row: Assessment) -> Grading:
    """Return a stored assessment as the rules read it when they look back."""
    return Grading(
        grades=row.grades,
        v6_rash_maculopapular=row.v6_rash_maculopapular,
        level=Level.from_word(row.level or "none"),
        reasons=tuple(reason_of(reason) for reason in row.reasons),
        temperature_celsius=row.temperature_celsius,
        extent_percent=row.extent_percent,
        rules_version=row.rules_version,
        recheck_minutes=row.recheck_minutes,
    )


def reason_of(stored: dict[str, Any]) -> Reason:
    """Return a stored reason."""
    words = (stored[name] for name in ("code", "sentence", "patient_sentence", "source"))
    return Reason(Level.from_word(stored["level"]), Finished(*words), stored["values"])


def _reason_json(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "level": reason.level.word,
        "sentence": reason.sentence,
        "patient_sentence": reason.patient_sentence,
        "source": reason.source,
        "values": _plain(dict(reason.values)),
    }


def _in_order(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """Return the steps by first day; of two for the same day the later approved counts."""
    by_day: dict[date, PlanStep] = {}
    for step in sorted(steps, key=lambda step: (step.starts_on, step.approved_at)):
        by_day[step.starts_on] = step
    return list(by_day.values())


def _kind(before: PlanStep | None, step: PlanStep, *, given_before: bool) -> str | None:
    mean_before = 0.0 if before is None else before.imatinib_mg / before.every_n_days
    mean = step.imatinib_mg / step.every_n_days
    if mean == mean_before:
        return None
    if mean == 0:
        return "stop"
    if mean_before == 0:
        return "restart" if given_before else "start"
    return "increase" if mean > mean_before else "decrease"


def _steroid_events(steps: Sequence[PlanStep], day: date) -> list[SteroidEvent]:
    said = [step for step in _in_order(steps) if step.prednisolone_mg is not None]
    events = []
    for before, step in pairwise(said):
        was, now_mg = before.prednisolone_mg or 0.0, step.prednisolone_mg or 0.0
        if step.starts_on <= day and now_mg < was:
            kind = "stop" if now_mg == 0 else "decrease"
            events.append(SteroidEvent((step.starts_on - day).days, kind, was, now_mg))
    return events


def _minute(local_time: str | None) -> int | None:
    if local_time is None:
        return None
    hour, minute = local_time.split(":")
    return int(hour) * 60 + int(minute)


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; sets are sorted."""
    if isinstance(value, (TemperatureInput, Labs)):
        return asdict(value)
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, Level):
        return value.word
    return value
