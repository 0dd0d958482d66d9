"""Other things of the day: ticked in the list of signs, then asked about one by one.

The list names them all, so who answers it without a tick has said that it is not there: "none",
or 0 stools. A weight is unknown without a scale, so an unticked weight stays unknown.
"""

from collections.abc import Mapping
from typing import Any

from diary_app.state.questions import ALSO, MOUTH_SORES

UNTICKED: Mapping[str, object] = {
    "periorbital": "none",
    "stools_over_baseline": 0,
    "nausea": "none",
    "fatigue": "none",
    "limb_swelling": "none",
}


def with_unticked(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with what the list says by not being ticked.

    A tick whose question is still open stays unknown. Nothing is said while the list itself is
    not answered.
    """
    full = dict(answers)
    if full.get("also") is None or full.get("red_flags") is None:
        return full
    for word, column in ALSO.items():
        if word not in full["also"] and column in UNTICKED:
            full[column] = UNTICKED[column]
    if MOUTH_SORES not in full["red_flags"]:
        full["mouth"] = "none"
    elif full.get("mouth") == "none":
        del full["mouth"]
    return full


def ticked_again(answers: Mapping[str, Any]) -> list[str] | None:
    """Return what was ticked, from the answers of a saved entry.

    Returns:
        None when the list was not asked. A tick whose question was left open is a tick.
    """
    if all(answers.get(column) is None for column in ALSO.values()):
        return None
    return [
        word
        for word, column in ALSO.items()
        if (
            answers.get(column) != UNTICKED[column]
            if column in UNTICKED
            else answers.get(column) is not None
        )
    ]
