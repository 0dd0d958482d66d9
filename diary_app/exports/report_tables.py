"""The tables of the visit report as plain values: entries, laboratory, alerts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from diary_app.exports.breaking import breakable
from diary_app.exports.bundle import AlertLine, EntryLine, LabLine, PersonLine, VisitBundle
from diary_app.exports.code_words import (
    author_words,
    danger_sign_words,
    lab_words,
    level_words,
    limit_words,
    outcome_words,
    rash_kind_words,
    region_words,
    symptom_words,
)
from diary_app.exports.fact_words import known_pairs, since_words, taken_words
from diary_app.exports.period_facts import is_umbrella
from diary_app.exports.report_page import by_urgency, moment_words
from diary_app.figures.wording import amount, day_words
from diary_app.text import _, _n

Table = Mapping[str, Any]
_NOTHING = "-"
# So many regions of the body map are named in a cell.
_REGIONS_SHOWN = 6


def tables(bundle: VisitBundle) -> list[Table]:
    """Return each table as heading, columns, widths (shares) and rows of text cells."""
    asked = [_questions(bundle)] if bundle.open_questions else []
    known = [] if bundle.person is None else [_known(bundle.person)]
    return [
        *known,
        _medicines(bundle),
        _entries(bundle),
        _labs(bundle),
        _alerts(bundle),
        *asked,
    ]


def _known(person: PersonLine) -> Table:
    return {
        "heading": _("Known of this patient"),
        "note": _("As the care team noted it; estimated grades that were there before the diary."),
        "columns": [_("What"), _("Known")],
        "widths": [1, 3],
        "rows": [{"strong": False, "cells": list(each)} for each in known_pairs(person)],
        "empty": "",
    }


def _medicines(bundle: VisitBundle) -> Table:
    taken = [line for line in bundle.medicines if line.was_taken(bundle.first_on, bundle.last_on)]
    return {
        "heading": _("Other medicines"),
        "note": _("As the care team noted them; others may have been taken."),
        "columns": [_("Medicine and dose"), _("When"), _("What it is for"), _("Why it ended")],
        "widths": [2.4, 1.8, 2.4, 2.4],
        "rows": [
            {
                "strong": False,
                "cells": [
                    breakable(taken_words(line)),
                    since_words(line),
                    breakable(line.taken_for) or _NOTHING,
                    breakable(line.end_reason) or _NOTHING,
                ],
            }
            for line in sorted(taken, key=lambda line: (line.since or date.min, line.name))
        ],
        "empty": _("No other medicine is noted; that does not mean that none is taken."),
    }


def _entries(bundle: VisitBundle) -> Table:
    newest_last = sorted(bundle.entries, key=lambda entry: (entry.diary_on, entry.received_at))
    return {
        "heading": _("Entries"),
        "note": _('"-" = not asked or not answered. Days without an entry are not listed.'),
        "columns": [
            _("Day"),
            _("Temp. C"),
            _("Itch 0-10"),
            _("Rash"),
            _("Danger signs"),
            _("Imatinib taken / planned"),
            _("Level"),
            _("Estimated grades"),
            _("Why, and the patient's words"),
        ],
        "widths": [1.55, 0.65, 0.6, 1.6, 1.3, 1.1, 0.85, 1.9, 3.9],
        "rows": [
            {"strong": entry.level in {"urgent", "prompt"}, "cells": _entry_cells(entry)}
            for entry in newest_last
        ],
        "empty": _("No entry in this period."),
    }


def _entry_cells(entry: EntryLine) -> list[str]:
    answers = entry.answers
    when = [f"{day_words(entry.diary_on)} {entry.local_time or ''}".strip()]
    if entry.author != "patient":
        when.append(_("by {author}").format(author=author_words(entry.author)))
    if entry.version > 1:
        when.append(_("corrected"))
    itch = answers.get("itch_nrs")
    why = [breakable(reason.sentence) for reason in entry.reasons]
    words = answers.get("words")
    if isinstance(words, str) and words.strip():
        why.append(_("Patient: {words}").format(words=breakable(words.strip())))
    return [
        "\n".join(when),
        _NOTHING if entry.temperature_celsius is None else amount(entry.temperature_celsius),
        str(itch) if isinstance(itch, int) else _NOTHING,
        _rash(entry),
        _listed(answers.get("red_flags"), danger_sign_words),
        _dose(answers.get("imatinib_mg_taken"), answers.get("imatinib_mg_prescribed")),
        level_words(entry.level),
        _grades(entry),
        "\n".join(why) or _NOTHING,
    ]


def _rash(entry: EntryLine) -> str:
    kinds = _listed(entry.answers.get("morphology"), rash_kind_words)
    lines = []
    if entry.extent_percent is not None:
        lines.append(_("{percent} % of the skin").format(percent=amount(entry.extent_percent)))
    if not lines or kinds not in {_NOTHING, _("none")}:
        lines.append(kinds)
    return "\n".join([*lines, *_regions(entry)])


def _regions(entry: EntryLine) -> list[str]:
    marked = entry.answers.get("regions")
    if not isinstance(marked, Mapping):
        return []
    names = [region_words(str(key)) for key, much in marked.items() if much != "none"]
    if len(names) > _REGIONS_SHOWN:
        more = len(names) - _REGIONS_SHOWN
        names = [
            *names[:_REGIONS_SHOWN],
            _n("{n} more region", "{n} more regions", more).format(n=more),
        ]
    return [", ".join(names)] if names else []


def _listed(codes: object, words: Any) -> str:
    if not isinstance(codes, list | tuple):
        return _NOTHING
    return ", ".join(words(str(code)) for code in codes) or _("none")


def _dose(taken: object, planned: object) -> str:
    if taken is None and planned is None:
        return _NOTHING
    shown = [
        amount(float(mg)) if isinstance(mg, int | float) else _NOTHING for mg in (taken, planned)
    ]
    return _("{taken} / {planned} mg").format(taken=shown[0], planned=shown[1])


def _grades(entry: EntryLine) -> str:
    raised = [
        f"{symptom_words(symptom)} {grade}"
        for symptom, grade in sorted(entry.grades.items(), key=lambda item: -item[1])
        if grade > 0 and not is_umbrella(symptom, entry.grades)
    ]
    if entry.v6_rash_maculopapular is not None:
        raised.append(_("(CTCAE 6.0 rash {grade})").format(grade=entry.v6_rash_maculopapular))
    if raised:
        return ", ".join(raised)
    return _("all asked: 0") if entry.grades else _NOTHING


def _labs(bundle: VisitBundle) -> Table:
    rows = sorted(bundle.labs, key=lambda lab: (lab.taken_on, lab.name))
    return {
        "heading": _("Laboratory"),
        "note": "",
        "columns": [_("Day"), _("Test"), _("Value"), _("Unit"), _("Laboratory's limits"), ""],
        "widths": [1.2, 2, 1, 1, 1.6, 2.2],
        "rows": [{"strong": limit_words(lab) != "", "cells": _lab_cells(lab)} for lab in rows],
        "empty": _("No laboratory value in this period."),
    }


def _lab_cells(lab: LabLine) -> list[str]:
    low = _NOTHING if lab.lower_limit is None else amount(lab.lower_limit)
    high = _NOTHING if lab.upper_limit is None else amount(lab.upper_limit)
    return [
        day_words(lab.taken_on),
        lab_words(lab.name),
        amount(lab.value),
        breakable(lab.unit),
        _("{low} to {high}").format(low=low, high=high),
        limit_words(lab),
    ]


def _alerts(bundle: VisitBundle) -> Table:
    return {
        "heading": _("Alerts"),
        "note": "",
        "columns": [
            _("Raised"),
            _("Level"),
            _("Code"),
            _("Outcome"),
            _("Taken"),
            _("Closed"),
            _("Reason codes"),
        ],
        "widths": [1.3, 0.8, 0.8, 1.6, 2.2, 1.3, 4],
        "rows": [
            {"strong": alert.level == "urgent", "cells": _alert_cells(alert, bundle.time_zone)}
            for alert in by_urgency(bundle)
        ],
        "empty": _("No alert was raised in this period."),
    }


def _alert_cells(alert: AlertLine, time_zone: str) -> list[str]:
    taken = _NOTHING
    if alert.acknowledged_at is not None:
        taken = _("{when} by {name}").format(
            when=moment_words(alert.acknowledged_at, time_zone), name=alert.acknowledged_by or "?"
        )
    return [
        moment_words(alert.raised_at, time_zone),
        level_words(alert.level),
        alert.code,
        outcome_words(alert.state, alert.outcome),
        breakable(taken),
        _NOTHING if alert.closed_at is None else moment_words(alert.closed_at, time_zone),
        _joined(alert.reason_codes),
    ]


def _questions(bundle: VisitBundle) -> Table:
    return {
        "heading": _("Open questions from the patient"),
        "note": "",
        "columns": [_("Written"), _("Question")],
        "widths": [1, 6],
        "rows": [
            {
                "strong": False,
                "cells": [
                    moment_words(question.asked_at, bundle.time_zone),
                    breakable(question.words),
                ],
            }
            for question in bundle.open_questions
        ],
        "empty": "",
    }


def _joined(codes: Iterable[str]) -> str:
    return ", ".join(breakable(code) for code in codes) or _NOTHING
