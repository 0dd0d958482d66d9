"""Which single answer would have changed what an entry means, by the rules that graded it."""

from uuid import UUID

from sqlmodel import Session

from alerts import records
from alerts.background import background_of, rules_of_version
from alerts.grading.assess import assess
from alerts.grading.counterfactual import Counterfactuals, nearest
from alerts.grading.rules import RuleSet
from db.access import Viewer, worker_viewer
from db.stores import assessments, diary


def explain(
    session: Session, viewer: Viewer, entry_id: UUID, *, rules: RuleSet | None = None
) -> Counterfactuals | None:
    """Return the nearest answers that would have led to another level.

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
    if made is None or made.outcome != "graded":
        return None
    # As at intake the rules read, not the person: patients themselves read no laboratory values.
    worker = worker_viewer(viewer.clinic_id)
    rules = rules or rules_of_version(session, worker, made.rules_version)
    if rules is None or rules.version != made.rules_version:
        return None
    known = background_of(session, worker, entry)
    given = records.grading_of(made)
    again = assess(known.subject, known.earlier, known.context, rules)
    if again.level != given.level:
        return None
    return nearest(known.subject, known.earlier, known.context, again, rules)
