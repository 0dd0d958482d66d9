"""The timeline as one plain paragraph, for a screen reader and for a first look."""

from collections.abc import Callable, Sequence
from datetime import date

from diary_app.exports.bundle import VisitBundle
from diary_app.exports.code_words import lab_words, limit_words
from diary_app.figures.course import (
    CourseDay,
    days_between,
    days_of,
    last_day_so_far,
    raised_on,
    spans_of,
)
from diary_app.figures.wording import amount, day_words, dose_words
from diary_app.text import _, _n


def summary(bundle: VisitBundle, written: Sequence[CourseDay] | None = None) -> str:
    """Return what the timeline shows, in sentences. What was not asked is said to be unknown.

    Args:
        written: What `course.days_of` gave, when it was asked for already.
    """
    days = days_of(bundle) if written is None else written
    sentences = [
        _("From {first} to {last}.").format(
            first=day_words(bundle.first_on), last=day_words(bundle.last_on)
        ),
        _imatinib(bundle),
        *_prednisolone(bundle),
        _("Entries on {said} of {all} days.").format(
            said=len(days),
            all=sum(1 for _day in days_between(bundle.first_on, last_day_so_far(bundle))),
        ),
        _highest(
            days,
            lambda day: day.rash_grade,
            _("Highest estimated rash grade: {value}, on {day}."),
            _("Rash was not graded."),
        ),
        _highest(
            days,
            lambda day: day.itch,
            _("Worst itch: {value} of 10, on {day}."),
            _("Itch was not answered."),
        ),
        _highest(
            days,
            lambda day: day.temperature,
            _("Highest temperature: {value} degrees C, on {day}."),
            _("No temperature was entered."),
        ),
        *_labs(bundle),
        _alerts(bundle),
        *_photos(bundle),
    ]
    return " ".join(sentences)


def _imatinib(bundle: VisitBundle) -> str:
    steps = [
        _("{dose} from {day}").format(dose=dose_words(span.step), day=day_words(span.first_on))
        for span in spans_of(bundle)
    ]
    if not steps:
        return _("No plan for imatinib is recorded.")
    return _("Planned imatinib: {steps}.").format(steps=", ".join(steps))


def _prednisolone(bundle: VisitBundle) -> list[str]:
    steps: list[str] = []
    before: float | None = None
    for span in spans_of(bundle):
        mg = span.step.prednisolone_mg
        if mg is not None and mg != before and not (mg == 0 and before is None):
            steps.append(
                _("{mg} mg from {day}").format(mg=amount(mg), day=day_words(span.first_on))
            )
        before = mg
    return [_("Planned prednisolone: {steps}.").format(steps=", ".join(steps))] if steps else []


def _highest(
    days: Sequence[CourseDay],
    value_of: Callable[[CourseDay], float | None],
    sentence: str,
    absent: str,
) -> str:
    found: tuple[float, date] | None = None
    for day in days:
        value = value_of(day)
        if value is not None and (found is None or value > found[0]):
            found = (value, day.on)
    if found is None:
        return absent
    return sentence.format(value=amount(found[0]), day=day_words(found[1]))


def _labs(bundle: VisitBundle) -> list[str]:
    labs = [lab for lab in bundle.labs if bundle.first_on <= lab.taken_on <= bundle.last_on]
    if not labs:
        return []
    outside = {lab.name: lab for lab in labs if limit_words(lab)}
    said = _n("{n} laboratory value.", "{n} laboratory values.", len(labs)).format(n=len(labs))
    if not outside:
        return [said]
    names = ", ".join(
        _("{name} {limit} on {day}").format(
            name=lab_words(lab.name), limit=limit_words(lab), day=day_words(lab.taken_on)
        )
        for lab in outside.values()
    )
    return [said, _("Last values outside the limits: {names}.").format(names=names)]


def _photos(bundle: VisitBundle) -> list[str]:
    n = sum(bundle.first_on <= photo.taken_on <= bundle.last_on for photo in bundle.photos)
    return [_n("{n} photo.", "{n} photos.", n).format(n=n)] if n else []


def _alerts(bundle: VisitBundle) -> str:
    levels = [
        alert.level
        for alert in bundle.alerts
        if bundle.first_on <= raised_on(alert, bundle.time_zone) <= bundle.last_on
    ]
    return _("Alerts: {urgent} urgent, {prompt} same-day.").format(
        urgent=levels.count("urgent"), prompt=levels.count("prompt")
    )
