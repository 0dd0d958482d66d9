"""Which single answer would have changed what an entry means, by the rules that graded it."""

from uuid import UUID

from sqlmodel import Session

from alerts import records
from alerts.background import background_of
from alerts.grading.assess import assess
from alerts.grading.counterfactual import Counterfactuals, nearest
from alerts.grading.rules import DEFAULT_RULES, RuleSet
from db.access import Viewer, worker_viewer
from db.stores import assessments, diary


def explain(
    session: Session, viewer: Viewer, entry_id: UUID, *, rules: RuleSet = DEFAULT_RULES
) -> Counterfactuals | None:
    """Return the nearest answers that would have led to another level.

    Args:
        viewer: Who asks; a patient for an entry of their own diary.
        entry_id: An entry that the viewer may read.
        rules: The rules that graded it.

    Returns:
        None when the entry could not be graded, when other rules graded it, or when what is known
        by now, such as a laboratory result, leads to another level than was given then.

    Raises:
        NotFoundError: If the viewer has no such entry.
    """
    entry = diary.entry(session, viewer, entry_id)
    made = assessments.of_entries(session, viewer, [entry.id]).get(entry.id)
    if made is None or made.outcome != "graded" or made.rules_version != rules.version:
        return None
    # As at intake the rules read, not the person: patients themselves read no laboratory values.
    known = background_of(session, worker_viewer(viewer.clinic_id), entry)
    given = records.grading_of(made)
    again = assess(known.subject, known.earlier, known.context, rules)
    if again.level != given.level:
        return None
    return nearest(known.subject, known.earlier, known.context, again, rules)
