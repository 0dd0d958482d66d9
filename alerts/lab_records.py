"""Laboratory rows as the rules read them: in canonical units, with the limits of the laboratory."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from itertools import chain

from alerts.grading.course import Context, Labs, Uln
from alerts.grading.course import Entry as GradingEntry
from alerts.grading.lab_units import known_unit, read_lab
from alerts.grading.labs import lab_grades
from alerts.grading.rules import DEFAULT_RULES
from db.models import LabResult

_LIMITED = frozenset(field.name for field in fields(Uln))


def lab_entry(day: date, labs: Sequence[LabResult]) -> GradingEntry:
    """Return the laboratory values of one day, which counts as day 0, as an entry of their own."""
    return GradingEntry(day=0, labs=labs_of(day, labs))


def lab_grade(lab: LabResult, labs: Sequence[LabResult]) -> int | None:
    """Return the estimated CTCAE 5.0 grade of one value; None when it cannot be graded.

    Args:
        lab: The value.
        labs: The patient's values, oldest first, for the limits known by that day.
    """
    earlier = (
        each
        for each in reversed(labs)
        if each.name == lab.name and each.taken_on <= lab.taken_on and each.id != lab.id
    )
    newest: dict[str, float] = {}
    if lab.name in _LIMITED:
        candidates = chain([lab], earlier)
        newest = next((found for each in candidates if (found := upper_limits([each]))), {})
    known = Context(uln=Uln(**newest))
    grades = lab_grades(lab_entry(lab.taken_on, [lab]), known, DEFAULT_RULES)
    return next(iter(grades.values()), None)


def canonical(lab: LabResult, value: float | None) -> float | None:
    """Return a value or limit of a result in its canonical unit; None in a unit unknown here."""
    if value is None or known_unit(lab.name, lab.unit) is None:
        return None
    return read_lab(lab.name, value, lab.unit)


def upper_limits(labs: Sequence[LabResult]) -> dict[str, float]:
    """Return the newest upper limit of each value that is graded by it, in canonical units."""
    return {
        lab.name: limit
        for lab in sorted(labs, key=lambda lab: lab.taken_on)
        if lab.name in _LIMITED and (limit := canonical(lab, lab.upper_limit)) is not None
    }


def labs_of(day: date, labs: Sequence[LabResult]) -> Labs | None:
    """Return the values of one day in canonical units; None when there are none."""
    names = {"anc": "anc_1e9_l", "eosinophils": "eosinophils_1e9_l"}
    values: dict[str, float] = {}
    for lab in labs:
        if lab.taken_on != day or lab.name == "imatinib_trough":
            continue
        value = canonical(lab, lab.value)
        if value is not None:
            values[names.get(lab.name, lab.name)] = value
    return Labs(**values) if values else None
