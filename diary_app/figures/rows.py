"""The same as the timeline, as a table: one row a day, gaps as one row each."""

from collections import defaultdict
from datetime import date

from diary_app.exports.bundle import LabLine, VisitBundle
from diary_app.exports.code_words import lab_words, limit_words
from diary_app.figures.course import (
    CourseDay,
    days_of,
    dose_days_of,
    last_step_up_on,
    planned_imatinib_mg,
    raised_on,
    runs_without_entry,
    spans_of,
    step_on,
)
from diary_app.figures.lab_lane import TROUGH, level_words
from diary_app.figures.read_out import rash_words, replaced_words
from diary_app.figures.wording import amount, day_words, dose_words
from diary_app.text import _

NOTHING = "-"


def as_table(bundle: VisitBundle) -> list[list[str]]:
    """Return the timeline as text cells, the header first, oldest day first.

    Shape ``(1 + n, 13)``. A cell without a value is "-"; days without an entry are one row per
    stretch that says so.
    """
    header = [
        _("Day"),
        _("Days since step up"),
        _("Plan changes to"),
        _("Imatinib planned"),
        _("Imatinib taken"),
        _("Prednisolone planned"),
        _("Prednisolone taken"),
        _("Rash, estimated grade"),
        _("Worst itch, 0 to 10"),
        _("Temperature, degrees C"),
        _("Laboratory"),
        _("Alerts"),
        _("Photos"),
    ]
    said = {day.on: day for day in days_of(bundle)}
    dosed = {day.on: day for day in dose_days_of(bundle, tuple(said.values()))}
    events = _events(bundle)
    found = [
        (on, _row(bundle, on, said.get(on), dosed.get(on), events.get(on, {})))
        for on in {*said, *dosed, *events}
        if bundle.first_on <= on <= bundle.last_on
    ]
    for first_on, last_on in runs_without_entry(bundle):
        words = (
            _("{day}: no entry").format(day=day_words(first_on))
            if first_on == last_on
            else _("{first} to {last}: no entry").format(
                first=day_words(first_on), last=day_words(last_on)
            )
        )
        found.append((first_on, [words, *[NOTHING] * (len(header) - 1)]))
    return [header, *(row for _on, row in sorted(found, key=lambda item: item[0]))]


def _events(bundle: VisitBundle) -> dict[date, dict[str, str]]:
    """Return what happened beside the entries: day -> column -> words."""
    cells: dict[date, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for span in spans_of(bundle):
        cells[span.first_on]["plan"].append(dose_words(span.step))
    for step in bundle.former_plan:
        cells[step.starts_on]["plan"].append(replaced_words(step))
    for lab in bundle.labs:
        cells[lab.taken_on]["labs"].append(_lab(lab))
    for alert in bundle.alerts:
        level = _("urgent") if alert.level == "urgent" else _("same-day")
        cells[raised_on(alert, bundle.time_zone)]["alerts"].append(level)
    photos: dict[date, int] = defaultdict(int)
    for photo in bundle.photos:
        photos[photo.taken_on] += 1
    for on, n in photos.items():
        cells[on]["photos"].append(str(n))
    return {
        on: {name: ", ".join(words) for name, words in columns.items()}
        for on, columns in cells.items()
    }


def _row(
    bundle: VisitBundle,
    on: date,
    day: CourseDay | None,
    dosed: CourseDay | None,
    events: dict[str, str],
) -> list[str]:
    pair, step = last_step_up_on(bundle.plan, on), step_on(bundle.plan, on)
    if dosed is not None:
        planned, steroid = dosed.imatinib_planned_mg, dosed.prednisolone_planned_mg
    else:
        planned = planned_imatinib_mg(bundle.plan, on)
        steroid = None if step is None else step.prednisolone_mg
    return [
        day_words(on),
        NOTHING if pair is None else str((on - pair[1].starts_on).days),
        events.get("plan", NOTHING),
        _mg(planned),
        _mg(dosed.imatinib_mg if dosed else None),
        _mg(steroid),
        _mg(dosed.prednisolone_mg if dosed else None),
        NOTHING if day is None or day.rash_grade is None else rash_words(day),
        NOTHING if day is None or day.itch is None else str(day.itch),
        NOTHING if day is None or day.temperature is None else amount(day.temperature),
        events.get("labs", NOTHING),
        events.get("alerts", NOTHING),
        events.get("photos", NOTHING),
    ]


def _mg(mg: float | None) -> str:
    return NOTHING if mg is None else _("{mg} mg").format(mg=amount(mg))


def _lab(lab: LabLine) -> str:
    value = level_words(lab) if lab.name == TROUGH else amount(lab.value)
    words = _("{name} {value}").format(name=lab_words(lab.name), value=value)
    limit = limit_words(lab)
    return f"{words} ({limit})" if limit else words
