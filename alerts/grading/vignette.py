"""Vignette files: courses written down as JSON, graded for tests and for ``diary grade``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

from alerts.errors import ImpossibleValueError, VignetteError
from alerts.grading.assess import assess_course
from alerts.grading.assessment import Assessment
from alerts.grading.course import Entry
from alerts.grading.level import worst
from alerts.grading.limits import named, shown
from alerts.grading.rules import DEFAULT_RULES, RuleSet
from alerts.grading.terms import CTCAE_VERSIONS
from alerts.grading.vignette_explained import explained
from alerts.grading.vignette_fields import read_context, read_entry


def grade_document(
    document: object, rules: RuleSet = DEFAULT_RULES, *, explain: bool = False
) -> dict[str, Any]:
    """Return the grades of every vignette in a document, ready for JSON.

    Args:
        document: One vignette, a list of them, or an object with ``vignettes``. Expected
            values, stories and other fields beside ``context`` and ``entries`` are ignored.
        rules: Thresholds of the clinic.
        explain: Add ``explained`` to every entry, as ``vignette_explained`` describes it.

    Returns:
        ``{"vignettes": [...]}`` in the order of the document; ``by_entry`` in the order of the
        entries, which are graded in the order of time.

    Raises:
        VignetteError: If anything in the document cannot be read; the sentence names the
            vignette, the entry and the field.
    """
    return {
        "vignettes": [
            grade_vignette(vignette, number, rules, explain=explain)
            for number, vignette in enumerate(_vignettes(document), start=1)
        ]
    }


def grade_vignette(
    vignette: object, number: int, rules: RuleSet, *, explain: bool = False
) -> dict[str, Any]:
    """Return the outcome of one vignette; ``number`` names it when it has no id.

    Raises:
        VignetteError: If the vignette cannot be read.
    """
    if not isinstance(vignette, Mapping):
        raise VignetteError(f"Vignette {number} must be an object, got {shown(vignette)}.")
    name = _name(vignette.get("id"), number)
    called = named(name)
    try:
        context = read_context(vignette.get("context"))
    except ImpossibleValueError as error:
        raise VignetteError(f"Vignette {called}, context: {error}") from error
    given = vignette.get("entries")
    if not isinstance(given, list):
        raise VignetteError(f"Vignette {called}: entries must be a list, got {shown(given)}.")
    entries = [_entry(each, called, place) for place, each in enumerate(given, start=1)]
    order = in_time_order(entries)
    graded = assess_course(context, [entries[place] for place in order], rules)
    outcome = dict(zip(order, graded, strict=True))
    in_file_order = [outcome[place] for place in range(len(entries))]
    by_entry = [
        _entry_outcome(raw, assessment)
        for raw, assessment in zip(given, in_file_order, strict=True)
    ]
    if explain:
        told = [(entries[place], outcome[place]) for place in order]
        for at, place in enumerate(order):
            entry, assessment = told[at]
            by_entry[place]["explained"] = explained(entry, told[:at], context, assessment, rules)
    level = worst(reason for assessment in graded for reason in assessment.reasons)
    return {
        "id": name,
        "by_entry": by_entry,
        "grade_by_symptom": highest_grades(graded),
        "escalation": level.word,
        "reasons": list(
            dict.fromkeys(code for each in graded if each.level == level for code in each.codes)
        ),
        "rules_version": rules.version,
        "ctcae_versions": list(CTCAE_VERSIONS),
    }


def in_time_order(entries: Sequence[Entry]) -> list[int]:
    """Return the places of the entries, oldest first.

    Entries of one day keep the order of the file unless every one of them has a time, because
    an entry without a time may belong anywhere in its day. Entries of one minute are put in an
    order of their own, the milder first, so that the order of the file does not matter.
    """
    places = sorted(range(len(entries)), key=lambda place: entries[place].day)
    ordered: list[int] = []
    for _, group in groupby(places, key=lambda place: entries[place].day):
        same_day = list(group)
        if all(entries[place].minute_of_day is not None for place in same_day):
            same_day.sort(key=lambda place: _time_order(entries[place]))
        ordered += same_day
    return ordered


def _time_order(entry: Entry) -> tuple[float, float, float, str]:
    answers = (getattr(entry, each.name) for each in fields(entry))
    words = [sorted(told) if isinstance(told, frozenset) else told for told in answers]
    itch = -1 if entry.itch_nrs is None else entry.itch_nrs
    extent = -1 if entry.bsa_percent is None else entry.bsa_percent
    return entry.minute, itch, extent, repr(words)


def highest_grades(assessments: Sequence[Assessment]) -> dict[str, int]:
    """Return the highest grade of every symptom that was graded, 0 included."""
    highest: dict[str, int] = {}
    for assessment in assessments:
        for symptom, grade in assessment.grades.items():
            highest[symptom] = max(grade, highest.get(symptom, 0))
    return highest


def _vignettes(document: object) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, Mapping):
        if "vignettes" not in document:
            if "entries" in document:
                return [document]
        elif isinstance(document["vignettes"], list):
            return list(document["vignettes"])
    raise VignetteError(
        "The document must be one vignette with entries, a list of vignettes, or an object "
        "with a list of vignettes."
    )


def _name(given: object, number: int) -> str:
    if given is None or given == "":
        return str(number)
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise VignetteError(f"Vignette {number}: id must be a word, got {shown(given)}.")
    return given if isinstance(given, str) else shown(given)


def _entry(given: object, name: str, place: int) -> Entry:
    where = f"Vignette {name}, entry {place}"
    if not isinstance(given, Mapping):
        raise VignetteError(f"{where} must be an object, got {shown(given)}.")
    try:
        return read_entry(given)
    except ImpossibleValueError as error:
        day = given.get("day")
        known = isinstance(day, int) and not isinstance(day, bool) and error.field != "day"
        day_words = f" (day {shown(day)})" if known else ""
        raise VignetteError(f"{where}{day_words}: {error}") from error


def _entry_outcome(given: Mapping[str, Any], assessment: Assessment) -> dict[str, Any]:
    outcome: dict[str, Any] = {
        "day": given["day"],
        "time": given.get("time"),
        "grades": dict(assessment.grades),
        "escalation": assessment.level.word,
        "reasons": list(assessment.codes),
    }
    if assessment.v6_rash_maculopapular is not None:
        outcome["v6_rash_maculopapular"] = assessment.v6_rash_maculopapular
    return outcome
