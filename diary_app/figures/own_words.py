"""A patient's own course in words: a paragraph, and one line a day with the chart's numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from diary_app.exports.bundle import PlanStepLine
from diary_app.figures.own_points import WEEK, celsius_in, day_since_step, points
from diary_app.figures.wording import dose_words
from diary_app.state.calendar import day_words
from diary_app.state.course import ChartDay, ChartStep, CourseChart
from diary_app.state.wording import amount, milligrams, percent
from diary_app.text import _, _n


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        title: The day, the week, or the stretch without an entry.
        facts: What was told; a part that was not answered says so.
        is_gap: There is no entry in it.
    """

    on: date
    title: str
    facts: tuple[str, ...]
    is_gap: bool = False


def table(chart: CourseChart) -> tuple[Row, ...]:
    """Return the chart's numbers as lines, newest first; a stretch without an entry is one."""
    shown = points(chart)
    rows = [
        Row(day.on, _title(day.on, shown.every), _facts(chart, day, shown.missed.get(day.on, 0)))
        for day in shown.days
    ]
    rows += [Row(first, _stretch(first, last), (), is_gap=True) for first, last in shown.gaps]
    rows += [
        Row(
            step.starts_on,
            _("Plan from {day}").format(day=day_words(step.starts_on)),
            planned(step),
        )
        for step in chart.steps
        if chart.first_on <= step.starts_on <= chart.last_on
    ]
    return tuple(sorted(rows, key=lambda row: row.on, reverse=True))


def summary(chart: CourseChart) -> str:
    """Return what the chart shows, in sentences. What was not told is said to be unknown."""
    told = len(chart.days)
    every = (chart.last_on - chart.first_on).days + 1
    sentences = [
        _("From {first} to {last}.").format(
            first=day_words(chart.first_on, year=True), last=day_words(chart.last_on, year=True)
        ),
        _n("Entries on {told} of {count} day.", "Entries on {told} of {count} days.", every).format(
            told=told, count=every
        ),
        _highest(
            chart.days,
            lambda day: day.itch,
            amount,
            _("Worst itch: {value} of 10, on {day}."),
            _("Itch was not answered."),
        ),
        _highest(
            chart.days,
            lambda day: day.celsius,
            lambda value: degrees(chart, value),
            _("Highest temperature: {value}, on {day}."),
            _("No temperature was written down."),
        ),
        *_rash(chart.days),
        *_steps(chart),
    ]
    return " ".join(sentences)


def planned(step: ChartStep) -> tuple[str, ...]:
    """Return what a step of the plan prescribes."""
    line = PlanStepLine(step.starts_on, step.imatinib_mg, step.every_n_days, None, "", "")
    told = [_("imatinib {dose}").format(dose=dose_words(line))]
    if step.prednisolone_mg:
        told.append(_("prednisolone {dose}").format(dose=milligrams(step.prednisolone_mg)))
    return tuple(told)


def degrees(chart: CourseChart, celsius: float) -> str:
    """Return a temperature in the unit that the patient uses."""
    value = f"{celsius_in(chart, celsius):.1f}"
    return (
        _("{degrees} °C").format(degrees=value)
        if chart.unit == "C"
        else _("{degrees} °F").format(degrees=value)
    )


def _title(on: date, every: int) -> str:
    if every == WEEK:
        return _("Week of {first} to {last}").format(
            first=day_words(on, year=True), last=day_words(on + timedelta(days=WEEK - 1))
        )
    return day_words(on)


def _stretch(first: date, last: date) -> str:
    if first == last:
        return _("{day}: no entry").format(day=day_words(first))
    return _("{first} to {last}: no entry").format(first=day_words(first), last=day_words(last))


def _facts(chart: CourseChart, day: ChartDay, missed: int) -> tuple[str, ...]:
    number = day_since_step(chart, day.on)
    told = [
        _("itch not answered") if day.itch is None else _("itch {n} of 10").format(n=day.itch),
        _("no temperature") if day.celsius is None else degrees(chart, day.celsius),
        rash_words(day),
    ]
    if day.imatinib_mg is None:
        told.append(_("imatinib not answered"))
    elif day.imatinib_mg:
        told.append(_("imatinib {dose}").format(dose=milligrams(day.imatinib_mg)))
    elif not missed:
        told.append(_("no imatinib"))
    if missed:
        told.append(
            _n("planned dose not taken", "planned dose not taken on {count} days", missed).format(
                count=missed
            )
        )
    if day.prednisolone_mg:
        told.append(_("prednisolone {dose}").format(dose=milligrams(day.prednisolone_mg)))
    if number is not None:
        told.append(_("day {n} since the step").format(n=number))
    return tuple(told)


def rash_words(day: ChartDay) -> str:
    """Return how far the rash reached on a day."""
    if day.rash_words == "everywhere":
        return _("rash nearly everywhere")
    if day.rash_words == "unsized":
        return _("rash, size not given")
    if day.rash_percent is None:
        return _("rash not answered")
    if day.rash_percent == 0:
        return _("no rash told")
    return _("rash {extent}").format(extent=percent(day.rash_percent))


def _highest(
    days: Sequence[ChartDay],
    value_of: Callable[[ChartDay], float | None],
    words: Callable[[float], str],
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
    return sentence.format(value=words(found[0]), day=day_words(found[1]))


def _rash(days: Sequence[ChartDay]) -> list[str]:
    told = []
    everywhere = [day.on for day in days if day.rash_words == "everywhere"]
    unsized = [day.on for day in days if day.rash_words == "unsized"]
    if everywhere:
        told.append(_("Rash nearly everywhere on {day}.").format(day=day_words(everywhere[0])))
    none = sum(1 for day in days if day.rash_percent == 0)
    if any(day.rash_percent for day in days):
        told.append(
            _highest(
                days,
                lambda day: day.rash_percent,
                percent,
                _("Largest rash with a size: {value} of the skin, on {day}."),
                "",
            )
        )
    elif none:
        told.append(
            _n(
                "On {count} day no rash was told of.",
                "On {count} days no rash was told of.",
                none,
            ).format(count=none)
        )
    elif not everywhere and not unsized:
        told.append(_("Rash was not answered."))
    if unsized:
        told.append(
            _n(
                "On {count} day the size of the rash was not given.",
                "On {count} days the size of the rash was not given.",
                len(unsized),
            ).format(count=len(unsized))
        )
    return told


def _steps(chart: CourseChart) -> list[str]:
    inside = [step for step in chart.steps if step.starts_on >= chart.first_on]
    before = [step for step in chart.steps if step.starts_on < chart.first_on]
    told = [
        _("Planned from {day}: {dose}.").format(
            day=day_words(step.starts_on), dose=planned(step)[0]
        )
        for step in [*before[-1:], *inside]
    ]
    if not told:
        told.append(_("No plan for imatinib is recorded."))
    number = day_since_step(chart, chart.last_on)
    if number is not None:
        told.append(
            _("Today is day {n} since imatinib was last started or raised.").format(n=number)
        )
    return told
