"""Facts of a period for the first page: current plan, worst events, adherence in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from diary_app.exports.bundle import EntryLine, PlanStepLine, VisitBundle
from diary_app.exports.code_words import symptom_words
from diary_app.figures.course import (
    days_between,
    days_of,
    dose_days_of,
    last_day_so_far,
    planned_imatinib_mg,
    runs_without_entry,
    step_on,
    step_ups,
)
from diary_app.figures.wording import amount, change_words, day_words, dose_words
from diary_app.text import _


@dataclass(frozen=True)
class WorstGrade:
    """The first entry that reached the highest estimated grade (1 to 4) of a symptom."""

    symptom: str
    grade: int
    entry: EntryLine


@dataclass(frozen=True)
class Adherence:
    """Entries and imatinib doses of the days that have begun.

    Attributes:
        longest_gap: Most days in a row without an entry; 0 = none missing.
        planned: Days on which a dose was planned; days between doses do not count.
        taken: Planned days with a dose logged as taken, of any amount.
        missed: Planned days logged as not taken.
        unreported: Planned days without an answer: neither taken nor missed is known.
        other_amount: Taken, but another amount than planned.
        late: Taken, and said to be late.
        vomited: Vomited after it; whether it counts is not known.
    """

    days: int
    days_with_entry: int
    longest_gap: int
    planned: int
    taken: int
    missed: int
    unreported: int
    other_amount: int
    late: int = 0
    vomited: int = 0


def current_plan(bundle: VisitBundle) -> list[str]:
    """Return the plan in force at the end of the period, in sentences; never empty."""
    on = last_day_so_far(bundle)
    step = step_on(bundle.plan, on)
    if step is None:
        return [_("No plan is recorded for this period.")]
    sentences = [
        _("Imatinib: {dose} since {day}.").format(
            dose=dose_words(step), day=day_words(step.starts_on)
        ),
        _prednisolone(bundle.plan, step, on),
    ]
    raised = [pair for pair in step_ups(bundle.plan) if pair[1].starts_on <= on]
    if raised:
        before, after = raised[-1]
        sentences.append(
            _("Last step up: {change} on {day}.").format(
                change=_printed(change_words(before, after)), day=day_words(after.starts_on)
            )
        )
    coming = sorted(
        (later for later in bundle.plan if later.starts_on > on), key=lambda step: step.starts_on
    )
    if coming:
        sentences.append(
            _("Planned next: {dose} from {day}.").format(
                dose=dose_words(coming[0]), day=day_words(coming[0].starts_on)
            )
        )
    return sentences


def worst_grades(bundle: VisitBundle) -> list[WorstGrade]:
    """Return the highest estimated grade of each symptom above 0: worst, earliest, skin first.

    The umbrella grade ``rash`` is left out where the same entry names the kind of rash.
    """
    worst: dict[str, WorstGrade] = {}
    for entry in sorted(bundle.entries, key=lambda entry: (entry.diary_on, entry.received_at)):
        for symptom, grade in entry.grades.items():
            if grade < 1 or is_umbrella(symptom, entry.grades):
                continue
            if symptom not in worst or grade > worst[symptom].grade:
                worst[symptom] = WorstGrade(symptom, grade, entry)
    return sorted(worst.values(), key=_worst_first)


def _worst_first(item: WorstGrade) -> tuple[int, date, bool]:
    is_skin = item.symptom == "rash" or item.symptom.startswith(_RASH_KINDS)
    return -item.grade, item.entry.diary_on, not is_skin


def worst_since_step(bundle: VisitBundle) -> str:
    """Return the highest estimated grades since the last step up, in one sentence; "" = no step."""
    on = last_day_so_far(bundle)
    raised = [pair for pair in step_ups(bundle.plan) if pair[1].starts_on <= on]
    if not raised:
        return ""
    since = raised[-1][1].starts_on
    later = tuple(entry for entry in bundle.entries if since <= entry.diary_on <= on)
    found = worst_grades(replace(bundle, entries=later))
    worst = [
        _("{symptom} {grade} on day {n}").format(
            symptom=symptom_words(item.symptom),
            grade=item.grade,
            n=(item.entry.diary_on - since).days,
        )
        for item in found
        if item.grade == found[0].grade
    ]
    words = ", ".join(worst) if worst else _("no grade above 0 in {n} entries").format(n=len(later))
    return _("Since {change} ({day}): {words}").format(
        change=_printed(change_words(*raised[-1])), day=day_words(since), words=words
    )


def since_step_words(bundle: VisitBundle, entry: EntryLine) -> str:
    """Return "day 4 after 100 -> 200 mg", or "" when no step up came before the entry."""
    if entry.day_since_step is None:
        return ""
    before_entry = [pair for pair in step_ups(bundle.plan) if pair[1].starts_on <= entry.diary_on]
    if not before_entry:
        return _("day {n} after the last step up").format(n=entry.day_since_step)
    return _("day {n} after {change}").format(
        n=entry.day_since_step, change=_printed(change_words(*before_entry[-1]))
    )


def adherence(bundle: VisitBundle) -> Adherence:
    """Return entries and doses in numbers. A day without an answer is not a missed dose."""
    written = {day.on for day in days_of(bundle)}
    said = {day.on: day for day in dose_days_of(bundle)}
    hows = {dose.on: dose.how for dose in bundle.doses if dose.drug == "imatinib"}
    all_days = list(days_between(bundle.first_on, last_day_so_far(bundle)))
    gaps = [(last - first).days + 1 for first, last in runs_without_entry(bundle)]
    doses: list[tuple[float, float | None]] = []
    how_taken: list[str] = []
    for on in all_days:
        day = said.get(on)
        planned = day.imatinib_planned_mg if day else planned_imatinib_mg(bundle.plan, on)
        if planned is not None and planned > 0:
            doses.append((planned, day.imatinib_mg if day else None))
            how_taken.append(hows.get(on, ""))
    taken = [(planned, mg) for planned, mg in doses if mg is not None and mg > 0]
    return Adherence(
        days=len(all_days),
        days_with_entry=sum(1 for on in all_days if on in written),
        longest_gap=max(gaps, default=0),
        planned=len(doses),
        taken=len(taken),
        missed=sum(1 for _planned, mg in doses if mg == 0),
        unreported=sum(
            1
            for (_planned, mg), how in zip(doses, how_taken, strict=True)
            if mg is None and how != "vomited"
        ),
        other_amount=sum(1 for planned, mg in taken if mg != planned),
        late=how_taken.count("late"),
        vomited=how_taken.count("vomited"),
    )


def is_umbrella(symptom: str, grades: Mapping[str, int]) -> bool:
    """Whether a grade repeats that of a named kind of rash in the same entry."""
    return symptom == "rash" and any(
        grade == grades["rash"] and named.startswith(_RASH_KINDS) for named, grade in grades.items()
    )


def _printed(words: str) -> str:
    return words.replace("->", "\N{RIGHTWARDS ARROW}")


_RASH_KINDS = ("rash_", "urticaria", "erythema_multiforme", "bullous_dermatitis", "sjs_ten")


def _prednisolone(plan: Sequence[PlanStepLine], step: PlanStepLine, on: date) -> str:
    mg = step.prednisolone_mg
    if mg is None:
        return _("Prednisolone: the plan says nothing.")
    since = step.starts_on
    for earlier in sorted(plan, key=lambda step: step.starts_on, reverse=True):
        if earlier.starts_on > since or earlier.starts_on > on:
            continue
        if earlier.prednisolone_mg != mg:
            break
        since = earlier.starts_on
    if mg == 0:
        return _("Prednisolone: none since {day}.").format(day=day_words(since))
    return _("Prednisolone: {mg} mg daily since {day}.").format(mg=amount(mg), day=day_words(since))
