"""What would have changed the level of an entry or of results, by the rules that graded them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import records
from alerts.background import (
    Background,
    background_of,
    background_of_labs,
    background_of_moment,
    rules_of_version,
)
from alerts.grading.assess import assess
from alerts.grading.counterfactual import Counterfactuals, nearest
from alerts.grading.course import Entry as GradingEntry
from alerts.grading.lab_units import known_unit
from alerts.grading.rules import RuleSet
from db.access import Viewer, worker_viewer
from db.models import Assessment
from db.stores import assessments, diary, people, treatment


def explain(
    session: Session, viewer: Viewer, entry_id: UUID, *, rules: RuleSet | None = None
) -> Counterfactuals | None:
    """Return the nearest changes that would have led an entry to another level.

    Args:
        viewer: Who asks; a patient for an entry of their own diary.
        entry_id: An entry that the viewer may read.
        rules: The rules that graded it; None = look them up by their version.

    Returns:
        None when the entry could not be graded, when other rules graded it, or when what is known
        by now, such as a laboratory result, leads to another level than was given then.

    Raises:
        NotFoundError: If the viewer has no such entry.
    """
    entry = diary.entry(session, viewer, entry_id)
    made = assessments.of_entries(session, viewer, [entry.id]).get(entry.id)
    # As at intake the rules read, not the person: patients themselves read no laboratory values.
    worker = worker_viewer(viewer.clinic_id)
    judged = judged_by(session, worker, made, rules)
    if made is None or judged is None:
        return None
    known = background_of(session, worker, entry)
    units = _units(session, worker, entry.patient_id, entry.diary_on)
    return explain_made(made, known, judged, units)


def explain_labs(
    session: Session, viewer: Viewer, patient_id: UUID, day: date
) -> Counterfactuals | None:
    """Return the nearest values that would have led the results of a day to another level.

    Args:
        viewer: Who asks; may read the laboratory values of the patient.
        day: The day of the samples.

    Returns:
        None as for ``explain``.

    Raises:
        NotFoundError: If the viewer has no such patient.
    """
    made = assessments.of_labs(session, viewer, patient_id).get(day)
    worker = worker_viewer(viewer.clinic_id)
    judged = judged_by(session, worker, made)
    if made is None or judged is None:
        return None
    known = background_of_labs(session, worker, patient_id, day)
    return explain_made(made, known, judged, _units(session, worker, patient_id, day))


def explain_timer(session: Session, viewer: Viewer, entry_id: UUID) -> Counterfactuals | None:
    """Return the second readings that would have led a missing one to another level.

    Args:
        viewer: Who asks; may read the entry.
        entry_id: The entry after which no second temperature came.

    Returns:
        None as for ``explain``.

    Raises:
        NotFoundError: If the viewer has no such entry.
    """
    entry = diary.entry(session, viewer, entry_id)
    made = assessments.of_timers(session, viewer, [entry.id]).get(entry.id)
    worker = worker_viewer(viewer.clinic_id)
    judged = judged_by(session, worker, made)
    if made is None or judged is None:
        return None
    patient = people.patient(session, worker, entry.patient_id)
    day = made.assessed_at.astimezone(ZoneInfo(patient.time_zone)).date()
    missing = GradingEntry(
        day=0,
        minute_of_day=made.inputs["minute_of_day"],
        timer_event=made.inputs["timer_event"],
    )
    known = background_of_moment(session, worker, entry.patient_id, day, missing)
    return explain_made(made, known, judged)


def judged_by(
    session: Session, worker: Viewer, made: Assessment | None, rules: RuleSet | None = None
) -> RuleSet | None:
    """Return the rules behind an assessment; None when it failed or nobody knows them any more."""
    if made is None or made.outcome != "graded":
        return None
    rules = rules or rules_of_version(session, worker, made.rules_version)
    return rules if rules is not None and rules.version == made.rules_version else None


def explain_made(
    made: Assessment,
    known: Background,
    rules: RuleSet,
    units: Mapping[str, str] = MappingProxyType({}),
) -> Counterfactuals | None:
    """Return what would have changed a kept level; None when the rules say otherwise by now."""
    again = assess(known.subject, known.earlier, known.context, rules)
    if again.level != records.grading_of(made).level:
        return None
    return nearest(known.subject, known.earlier, known.context, again, rules, units)


def _units(session: Session, worker: Viewer, patient_id: UUID, day: date) -> dict[str, str]:
    """Return the unit in which the laboratory last gave each value, by the name of the value."""
    kept = treatment.labs(session, worker, patient_id, last_on=day)
    return {lab.name: unit for lab in kept if (unit := known_unit(lab.name, lab.unit)) is not None}
