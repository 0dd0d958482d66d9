"""One day of the timeline in words: what a finger or a mouse on it is told."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from diary_app.exports.bundle import AlertLine, LabLine, PhotoLine, PlanStepLine, VisitBundle
from diary_app.exports.code_words import (
    lab_words,
    level_words,
    limit_words,
    outcome_words,
    symptom_words,
)
from diary_app.figures.course import (
    CourseDay,
    days_of,
    dose_days_of,
    last_step_up_on,
    planned_imatinib_mg,
    raised_on,
    step_on,
)
from diary_app.figures.lab_lane import TROUGH
from diary_app.figures.lab_lane import level_words as drug_level_words
from diary_app.figures.wording import amount, change_words, day_words, dose_words
from diary_app.text import _, _n

T = TypeVar("T")


@dataclass(frozen=True)
class DayTold:
    """A day in words.

    Attributes:
        heading: The day itself.
        since_step: Day since the last step up, with that step; "" = there was none yet.
        lines: Everything else, one value or event a line; never empty.
        photos: The day's photos.
    """

    on: date
    heading: str
    since_step: str
    lines: tuple[str, ...]
    photos: tuple[PhotoLine, ...]

    @property
    def sentence(self) -> str:
        """The whole day as one text, for a screen reader."""
        return ". ".join(part for part in (self.heading, self.since_step, *self.lines) if part)


class ReadOut:
    """Tells any day of a bundle; what all days share is worked out once."""

    def __init__(self, bundle: VisitBundle) -> None:
        self._bundle = bundle
        self._hows = {(dose.on, dose.drug): dose.how for dose in bundle.doses}
        self._labs = _by_day(bundle.labs, [lab.taken_on for lab in bundle.labs])
        self._photos = _by_day(bundle.photos, [photo.taken_on for photo in bundle.photos])
        self._alerts = _by_day(
            bundle.alerts, [raised_on(alert, bundle.time_zone) for alert in bundle.alerts]
        )
        self._starts = {step.starts_on: step for step in bundle.plan}
        self._former = _by_day(bundle.former_plan, [s.starts_on for s in bundle.former_plan])

    @cached_property
    def _written(self) -> dict[date, CourseDay]:
        return {day.on: day for day in days_of(self._bundle)}

    @cached_property
    def _dosed(self) -> dict[date, CourseDay]:
        written = tuple(self._written.values())
        return {day.on: day for day in dose_days_of(self._bundle, written)}

    def told(self, on: date) -> DayTold:
        """Return a day in words; what was not asked or not answered is not said to be zero."""
        lines = (
            *self._plan(on),
            self._imatinib(on),
            *self._prednisolone(on),
            *_symptoms(self._written.get(on)),
            *map(lab_sentence, self._labs.get(on, ())),
            *map(alert_sentence, self._alerts.get(on, ())),
            *self._photo_count(on),
        )
        return DayTold(
            on=on,
            heading=day_words(on),
            since_step=since_step_words(self._bundle.plan, on),
            lines=lines,
            photos=self._photos.get(on, ()),
        )

    def _plan(self, on: date) -> Iterable[str]:
        if on in self._starts:
            yield _("The plan changes to {dose}").format(dose=dose_words(self._starts[on]))
        for step in self._former.get(on, ()):
            yield replaced_words(step)

    def _imatinib(self, on: date) -> str:
        day = self._dosed.get(on)
        planned = planned_imatinib_mg(self._bundle.plan, on)
        if day is not None and day.imatinib_planned_mg is not None:
            planned = day.imatinib_planned_mg
        taken = None if day is None else day.imatinib_mg
        return _("Imatinib: {doses}").format(
            doses=_doses(planned, taken, self._hows.get((on, "imatinib")))
        )

    def _prednisolone(self, on: date) -> Iterable[str]:
        day, step = self._dosed.get(on), step_on(self._bundle.plan, on)
        planned = None if step is None else step.prednisolone_mg
        taken = None if day is None else day.prednisolone_mg
        if day is not None and day.prednisolone_planned_mg is not None:
            planned = day.prednisolone_planned_mg
        if planned or taken:
            yield _("Prednisolone: {doses}").format(
                doses=_doses(planned, taken, self._hows.get((on, "prednisolone")))
            )

    def _photo_count(self, on: date) -> Iterable[str]:
        n = len(self._photos.get(on, ()))
        if n:
            yield _n("{n} photo", "{n} photos", n).format(n=n)


def since_step_words(plan: Sequence[PlanStepLine], on: date) -> str:
    """Return "Day 4 after 100 -> 200 mg" of a day, or "" before the first step up."""
    pair = last_step_up_on(plan, on)
    if pair is None:
        return ""
    return _("Day {n} after {change}").format(
        n=(on - pair[1].starts_on).days,
        change=change_words(*pair).replace("->", "\N{RIGHTWARDS ARROW}"),
    )


def replaced_words(step: PlanStepLine) -> str:
    """Return a step of the plan that a newer plan replaced, as a sentence."""
    if step.superseded_at is None:
        return _("Planned before, replaced: {dose}").format(dose=dose_words(step))
    return _("Planned before, replaced on {day}: {dose}").format(
        day=day_words(step.superseded_at.date()), dose=dose_words(step)
    )


def rash_words(day: CourseDay) -> str:
    """Return the day's estimated rash grade with its kinds, such as "3, maculopapular rash 3"."""
    kinds = ", ".join(
        _("{symptom} {grade}").format(symptom=symptom_words(kind), grade=grade)
        for kind, grade in day.rash_kinds.items()
        if grade > 0
    )
    return f"{day.rash_grade} ({kinds})" if kinds else str(day.rash_grade)


def lab_sentence(lab: LabLine) -> str:
    """Return one laboratory value with its unit and its place to the limits."""
    if lab.name == TROUGH:
        value = _("{value} {unit}").format(value=drug_level_words(lab), unit=lab.unit)
        return _("{name}: {value}").format(name=lab_words(lab.name), value=value)
    value = _("{value} {unit}").format(value=amount(lab.value), unit=lab.unit)
    if limit_words(lab):
        value = _("{value}, {limit}").format(value=value, limit=limit_words(lab))
    return _("{name}: {value}").format(name=lab_words(lab.name), value=value)


def alert_sentence(alert: AlertLine) -> str:
    """Return one alert with its level, code and outcome."""
    return _("Alert {code}, {level}: {outcome}").format(
        code=alert.code,
        level=level_words(alert.level),
        outcome=outcome_words(alert.state, alert.outcome),
    )


def _symptoms(day: CourseDay | None) -> Iterable[str]:
    if day is None:
        yield _("No entry")
        return
    yield (
        _("Rash: not graded")
        if day.rash_grade is None
        else _("Rash, estimated grade: {grade}").format(grade=rash_words(day))
    )
    yield (
        _("Itch: not answered")
        if day.itch is None
        else _("Worst itch: {itch} of 10").format(itch=day.itch)
    )
    yield (
        _("Temperature: not entered")
        if day.temperature is None
        else _("Temperature: {value} degrees C").format(value=amount(day.temperature))
    )


def _doses(planned: float | None, taken: float | None, how: str | None) -> str:
    if planned == 0 and not taken and how != "vomited":
        return _planned(planned)
    return _("{planned}, {taken}").format(planned=_planned(planned), taken=_taken(taken, how))


def _planned(mg: float | None) -> str:
    if mg is None:
        return _("no plan known")
    return _("planned {mg} mg").format(mg=amount(mg)) if mg > 0 else _("none planned")


def _taken(mg: float | None, how: str | None) -> str:
    if how == "vomited":
        return _("vomited after it")
    if mg is None:
        return _("not said if taken")
    if mg == 0:
        return _("not taken")
    if how == "late":
        return _("taken {mg} mg, late").format(mg=amount(mg))
    return _("taken {mg} mg").format(mg=amount(mg))


def _by_day(things: Sequence[T], days: Sequence[date]) -> dict[date, tuple[T, ...]]:
    found: dict[date, list[T]] = defaultdict(list)
    for on, thing in zip(days, things, strict=True):
        found[on].append(thing)
    return {on: tuple(some) for on, some in found.items()}
