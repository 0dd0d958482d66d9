"""One patient's period as days: what was said, taken and planned on each. Nothing is invented."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from diary_app.exports.bundle import AlertLine, EntryLine, PlanStepLine, VisitBundle
from diary_app.figures.wording import is_step_up

# The kinds of rash that are graded on their own, the most dangerous first.
RASH_KINDS = (
    "sjs_ten_suspected",
    "bullous_dermatitis",
    "erythema_multiforme",
    "urticaria",
    "rash_maculopapular",
    "rash_acneiform",
)
# So much is drawn of the last step of a plan that was replaced before it came to it.
FORMER_DAYS = 28


@dataclass(frozen=True)
class CourseDay:
    """One calendar day with at least one entry; of several entries the worst counts.

    Attributes:
        itch: Worst itch, 0 to 10; None = not asked or not answered.
        rash_grade: Highest estimated rash grade, 0 to 4; None = not graded.
        temperature: Highest temperature in degrees Celsius as measured; None = none.
        imatinib_mg: Taken, as logged; None = not answered, 0 = logged as not taken.
        imatinib_planned_mg: Prescribed for this day; None = unknown.
        prednisolone_mg: Taken, as logged; None = not answered.
        prednisolone_planned_mg: Prescribed for this day; None = unknown.
        rash_kinds: Highest estimated grade of each kind of rash; a kind not graded is absent.
    """

    on: date
    itch: int | None
    rash_grade: int | None
    temperature: float | None
    imatinib_mg: float | None
    imatinib_planned_mg: float | None
    prednisolone_mg: float | None
    prednisolone_planned_mg: float | None
    rash_kinds: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanSpan:
    """A step of the plan inside the period: from its first to its last day, both inclusive.

    Attributes:
        before: The step it replaced; None = nothing is known before it.
        begins_here: False when the step was already in force on the first day of the period.
    """

    step: PlanStepLine
    before: PlanStepLine | None
    first_on: date
    last_on: date
    begins_here: bool

    @property
    def is_step_up(self) -> bool:
        """Whether imatinib is started, restarted or raised here, inside the period."""
        return self.begins_here and is_step_up(self.before, self.step)


def days_of(bundle: VisitBundle) -> tuple[CourseDay, ...]:
    """Return the days of the period that have an entry, oldest first; other days are absent."""
    by_day: dict[date, list[EntryLine]] = defaultdict(list)
    for entry in bundle.entries:
        if bundle.first_on <= entry.diary_on <= bundle.last_on:
            by_day[entry.diary_on].append(entry)
    return tuple(_day(on, by_day[on], bundle.plan) for on in sorted(by_day))


def dose_days_of(
    bundle: VisitBundle, written: Sequence[CourseDay] | None = None
) -> tuple[CourseDay, ...]:
    """Return the days of the period on which a dose is known, from an entry or the log alone.

    Args:
        written: What `days_of` gave, when it was asked for already.
    """
    days = {day.on: day for day in (days_of(bundle) if written is None else written)}
    log = {(dose.on, dose.drug): dose for dose in bundle.doses}
    alone = {dose.on for dose in bundle.doses} - days.keys()
    for on in alone:
        if bundle.first_on <= on <= bundle.last_on:
            days[on] = _day(on, (), bundle.plan)
    for (on, drug), dose in log.items():
        if on in days:
            amounts: dict[str, Any] = {
                f"{drug}_mg": dose.taken_mg,
                f"{drug}_planned_mg": dose.planned_mg,
            }
            days[on] = replace(days[on], **amounts)
    return tuple(days[on] for on in sorted(days))


def last_day_so_far(bundle: VisitBundle) -> date:
    """Return the last day of the period that had begun when the bundle was made."""
    made_on = bundle.made_at.astimezone(ZoneInfo(bundle.time_zone)).date()
    return max(bundle.first_on, min(bundle.last_on, made_on))


def runs_without_entry(bundle: VisitBundle) -> tuple[tuple[date, date], ...]:
    """Return the stretches of days without an entry, each first and last day inclusive."""
    runs: list[tuple[date, date]] = []
    said = {entry.diary_on for entry in bundle.entries}
    for on in days_between(bundle.first_on, last_day_so_far(bundle)):
        if on in said:
            continue
        if runs and runs[-1][1] == on - timedelta(days=1):
            runs[-1] = (runs[-1][0], on)
        else:
            runs.append((on, on))
    return tuple(runs)


def days_between(first_on: date, last_on: date) -> Iterable[date]:
    """Yield every calendar day from first to last, both inclusive."""
    for offset in range((last_on - first_on).days + 1):
        yield first_on + timedelta(days=offset)


def spans_of(bundle: VisitBundle) -> tuple[PlanSpan, ...]:
    """Return the steps of the plan that touch the period, oldest first, cut to the period."""
    return spans_between(bundle.plan, bundle.first_on, bundle.last_on)


def spans_between(
    plan: Sequence[PlanStepLine], first_on: date, last_on: date
) -> tuple[PlanSpan, ...]:
    """Return the steps that touch a period (both days inclusive), oldest first, cut to it."""
    steps = sorted(plan, key=lambda step: step.starts_on)
    spans = []
    for index, step in enumerate(steps):
        ends_on = last_on
        if index + 1 < len(steps):
            ends_on = min(ends_on, steps[index + 1].starts_on - timedelta(days=1))
        begins_on = max(first_on, step.starts_on)
        if begins_on <= ends_on:
            before = steps[index - 1] if index else None
            spans.append(PlanSpan(step, before, begins_on, ends_on, step.starts_on >= first_on))
    return tuple(spans)


def former_spans_of(bundle: VisitBundle) -> tuple[PlanSpan, ...]:
    """Return the replaced steps of the plan that touch the period, each plan's own steps in turn.

    The last step of a replaced plan has no end; so many days as ``FORMER_DAYS`` are returned.
    """
    plans: dict[datetime | None, list[PlanStepLine]] = defaultdict(list)
    for step in bundle.former_plan:
        plans[step.superseded_at].append(step)
    spans: list[PlanSpan] = []
    for steps in plans.values():
        ends_on = max(step.starts_on for step in steps) + timedelta(days=FORMER_DAYS - 1)
        spans += spans_between(steps, bundle.first_on, min(bundle.last_on, ends_on))
    return tuple(spans)


def rash_kinds_of(days: Sequence[CourseDay]) -> tuple[str, ...]:
    """Return the kinds of rash with a grade above 0 on any of the days."""
    seen = {kind for day in days for kind, grade in day.rash_kinds.items() if grade > 0}
    return tuple(kind for kind in RASH_KINDS if kind in seen)


def last_step_up_on(
    plan: Sequence[PlanStepLine], on: date
) -> tuple[PlanStepLine | None, PlanStepLine] | None:
    """Return the last start, restart or raise up to a day as (before, step); None = none yet."""
    begun = [pair for pair in step_ups(plan) if pair[1].starts_on <= on]
    return begun[-1] if begun else None


def step_on(plan: Sequence[PlanStepLine], on: date) -> PlanStepLine | None:
    """Return the step in force on a day; None = the plan had not begun."""
    begun = [step for step in plan if step.starts_on <= on]
    return max(begun, key=lambda step: step.starts_on) if begun else None


def planned_imatinib_mg(plan: Sequence[PlanStepLine], on: date) -> float | None:
    """Return the imatinib planned for a day in mg; 0 on days between doses; None = no plan."""
    step = step_on(plan, on)
    if step is None:
        return None
    return step.imatinib_mg if (on - step.starts_on).days % step.every_n_days == 0 else 0.0


def step_ups(plan: Sequence[PlanStepLine]) -> tuple[tuple[PlanStepLine | None, PlanStepLine], ...]:
    """Return every start, restart or raise of imatinib as (step before, step), oldest first."""
    steps: list[PlanStepLine | None] = [None, *sorted(plan, key=lambda step: step.starts_on)]
    return tuple(
        (before, after)
        for before, after in pairwise(steps)
        if after is not None and is_step_up(before, after)
    )


def raised_on(alert: AlertLine, time_zone: str) -> date:
    """Return the patient's calendar day on which an alert was raised."""
    return alert.raised_at.astimezone(ZoneInfo(time_zone)).date()


def _day(on: date, entries: Sequence[EntryLine], plan: Sequence[PlanStepLine]) -> CourseDay:
    step = step_on(plan, on)
    prescribed = _highest(_number(entry, "imatinib_mg_prescribed") for entry in entries)
    steroid = _highest(_number(entry, "prednisolone_mg_prescribed") for entry in entries)
    itch = _highest(_number(entry, "itch_nrs") for entry in entries)
    if prescribed is None:
        prescribed = planned_imatinib_mg(plan, on)
    if steroid is None and step is not None:
        steroid = step.prednisolone_mg
    grades = [entry.grades["rash"] for entry in entries if "rash" in entry.grades]
    return CourseDay(
        on=on,
        itch=None if itch is None else int(itch),
        rash_grade=max(grades, default=None),
        temperature=_highest(entry.temperature_celsius for entry in entries),
        imatinib_mg=_highest(_number(entry, "imatinib_mg_taken") for entry in entries),
        imatinib_planned_mg=prescribed,
        prednisolone_mg=_highest(_number(entry, "prednisolone_mg_taken") for entry in entries),
        prednisolone_planned_mg=steroid,
        rash_kinds={
            kind: max(found)
            for kind in RASH_KINDS
            if (found := [entry.grades[kind] for entry in entries if kind in entry.grades])
        },
    )


def _number(entry: EntryLine, name: str) -> float | None:
    value = entry.answers.get(name)
    return float(value) if isinstance(value, int | float) else None


def _highest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)
