"""What an answer may be: every column a draft can fill, its kind and its range."""

import json
from collections.abc import Mapping
from typing import Any

from alerts.errors import ImpossibleValueError
from alerts.grading import limits, terms
from alerts.grading.body_surface import AMOUNTS, PERCENT_BY_REGION
from diary_app.state.earlier_map import CopiedMap
from diary_app.state.entry_draft import STEERING
from diary_app.state.faults import AnswerRefusedError
from diary_app.state.questions import ALSO
from diary_app.text import _

# Long enough for every sentence a person types into a diary, too short to fill a disk.
LONGEST_WORDS = 2000
LONGEST_TYPED = 40
LONGEST_CONTENT = 20_000
LARGEST_DOSE_MG = 5000

_GRADED = frozenset(
    {
        "antipyretic_within_6h",
        "chills",
        "generalized",
        "itch_nrs",
        "itch_extent",
        "itch_pattern",
        "sleep_loss",
        "rash_present",
        "morphology",
        "red_flags",
        "adl",
        "mouth",
        "mouth_intake_affected",
        "periorbital",
        "nausea",
        "fatigue",
        "limb_swelling",
    }
)
# Of the draft alone: ticks whose answers are columns, and how columns came about.
TICKS = frozenset({"also", "copied_map", "handprints_sure"})
MOST_STOOLS = 50
MOST_KILOGRAMS = 50
_PERCENT = frozenset({"map_percent", "handprints"})
_DOSES = frozenset({"imatinib_mg_taken", "prednisolone_mg_taken"})
COLUMNS = (
    _GRADED
    | _PERCENT
    | _DOSES
    | {
        "temperature_text",
        "temperature_value",
        "temperature_unit",
        "temperature_site",
        "regions",
        "adl_due_to",
        "stools_over_baseline",
        "weight_gain_3d_kg",
        "wants_contact",
        "words",
    }
)


def check(content: Mapping[str, Any]) -> None:
    """Pass, or refuse what cannot be an answer.

    Args:
        content: A draft's content: columns of the entry and steering keys.

    Raises:
        AnswerRefusedError: With one sentence; nothing of the answer is repeated in it.
    """
    unknown = sorted(set(content) - COLUMNS - TICKS - STEERING)
    if unknown:
        raise AnswerRefusedError(_("This entry holds an answer that the diary does not know."))
    if len(json.dumps(dict(content))) > LONGEST_CONTENT:
        raise AnswerRefusedError(_("This entry is too long. Please shorten your own words."))
    for name in content.keys() - STEERING:
        value = content[name]
        if value is not None and not _fits(name, value):
            raise AnswerRefusedError(
                _(
                    "One answer is not possible: {question}. Please go back and choose it again."
                ).format(question=name.replace("_", " "))
            )


def _fits(name: str, value: Any) -> bool:
    if name in _GRADED:
        try:
            limits.check_known(name, frozenset(value) if isinstance(value, list) else value)
        except (ImpossibleValueError, TypeError):
            return False
        return True
    match name:
        case "temperature_text":
            return isinstance(value, str) and len(value) <= LONGEST_TYPED
        case "temperature_value":
            return _number(value, -1_000_000, 1_000_000)
        case "temperature_unit":
            return value in terms.UNITS
        case "temperature_site":
            return value in terms.SITES
        case "regions":
            return _drawn(value)
        case "copied_map":
            return CopiedMap.fits(value) and _drawn(value["regions"])
        case "adl_due_to":
            return isinstance(value, list) and all(word in {"skin", "itch"} for word in value)
        case "also":
            return isinstance(value, list) and all(word in tuple(ALSO) for word in value)
        case "stools_over_baseline":
            return isinstance(value, int) and _number(value, 0, MOST_STOOLS)
        case "weight_gain_3d_kg":
            return _number(value, 0, MOST_KILOGRAMS)
        case "wants_contact" | "handprints_sure":
            return isinstance(value, bool)
        case "words":
            return isinstance(value, str) and len(value) <= LONGEST_WORDS
    return _number(value, 0, 100 if name in _PERCENT else LARGEST_DOSE_MG)


def _drawn(value: Any) -> bool:
    return isinstance(value, dict) and all(
        region in PERCENT_BY_REGION and amount in AMOUNTS for region, amount in value.items()
    )


def _number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
