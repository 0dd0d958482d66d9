"""Why each entry of a vignette reached its level, and what would have changed it, for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alerts.grading.assessment import Assessment
from alerts.grading.counterfactual import Counterfactual, nearest
from alerts.grading.counterfactual_answers import Earlier
from alerts.grading.course import Context, Entry
from alerts.grading.rules import RuleSet


def explained(
    entry: Entry, earlier: Earlier, context: Context, assessment: Assessment, rules: RuleSet
) -> dict[str, Any]:
    """Return reasons and counterfactuals of one entry.

    Returns:
        ``reasons``: list of ``code``, ``level``, ``nurse``, ``patient``, ``source``, ``values``;
        ``counterfactuals``: ``up`` and ``down``, each a list of ``level``, ``sentence`` and
        ``changes`` (``field``, ``from``, ``to``), and ``patient``, when to call at once.
    """
    found = nearest(entry, earlier, context, assessment, rules)
    return {
        "reasons": [
            {
                "code": reason.code,
                "level": reason.level.word,
                "nurse": reason.sentence,
                "patient": reason.patient_sentence,
                "source": reason.source,
                "values": dict(reason.values),
            }
            for reason in assessment.reasons
        ],
        "counterfactuals": {
            "up": _changes(found.up),
            "down": _changes(found.down),
            "patient": found.advice,
        },
    }


def _changes(found: Sequence[Counterfactual]) -> list[dict[str, Any]]:
    return [
        {
            "level": each.level.word,
            "sentence": each.sentence,
            "changes": [
                {"field": change.field, "from": change.from_value, "to": change.to_value}
                for change in each.changes
            ],
        }
        for each in found
    ]
