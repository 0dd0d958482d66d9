"""The same as the timeline, as a table: one row a day, gaps as one row each."""

from collections import defaultdict
from datetime import date

from diary_app.exports.bundle import VisitBundle
from diary_app.figures.course import CourseDay, days_of, raised_on, runs_without_entry, spans_of
from diary_app.figures.wording import amount, day_words, dose_words
from diary_app.text import _


def as_table(bundle: VisitBundle) -> list[list[str]]:
    """Return the timeline as text cells, the header first, oldest day first.

    Shape ``(1 + n, 8)``. A cell without a value is "-"; days without an entry are one row per
    stretch that says so.
    """
    header = [
        _("Day"),
        _("Plan changes to"),
        _("Imatinib taken"),
        _("Prednisolone taken"),
        _("Rash, estimated grade"),
        _("Worst itch, 0 to 10"),
        _("Temperature, degrees C"),
        _("Alerts"),
    ]
    steps = {span.first_on: dose_words(span.step) for span in spans_of(bundle)}
    alerts: dict[date, list[str]] = defaultdict(list)
    for alert in bundle.alerts:
        words = _("urgent") if alert.level == "urgent" else _("same-day")
        alerts[raised_on(alert, bundle.time_zone)].append(words)

    found: list[tuple[date, list[str]]] = []
    said = {day.on: day for day in days_of(bundle)}
    for on in {*said, *steps, *alerts}:
        if bundle.first_on <= on <= bundle.last_on:
            row = [day_words(on), steps.get(on, "-"), *_answers(said.get(on))]
            found.append((on, [*row, ", ".join(alerts[on]) if on in alerts else "-"]))
    for first_on, last_on in runs_without_entry(bundle):
        words = (
            _("{day}: no entry").format(day=day_words(first_on))
            if first_on == last_on
            else _("{first} to {last}: no entry").format(
                first=day_words(first_on), last=day_words(last_on)
            )
        )
        found.append((first_on, [words, *["-"] * 7]))
    return [header, *(row for _on, row in sorted(found, key=lambda item: item[0]))]


def _answers(day: CourseDay | None) -> list[str]:
    if day is None:
        return ["-"] * 5
    doses = (
        "-" if mg is None else _("{mg} mg").format(mg=amount(mg))
        for mg in (day.imatinib_mg, day.prednisolone_mg)
    )
    values = (
        "-" if value is None else amount(value)
        for value in (day.rash_grade, day.itch, day.temperature)
    )
    return [*doses, *values]
