"""How many alerts a week a care team gets, and how many it may expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LOOKED_BACK = 4
# Alerts per patient-week that a team can answer for stable patients: a design choice, since no
# such figure is published. The nearest are one in eight weekly reports (STAR) to one in two.
BUDGET: Mapping[str, float] = {"urgent": 0.05, "prompt": 0.3}


@dataclass(frozen=True, slots=True)
class Forecast:
    """Alerts in a week to come.

    Attributes:
        expected: Mean of the last weeks by the rules after.
        low: Quietest of those weeks.
        high: Busiest of those weeks.
        ratio: Alerts after per alert before in the whole period; None when there was none before.
    """

    expected: float
    low: float
    high: float
    ratio: float | None


def forecast(before: Sequence[int], after: Sequence[int]) -> Forecast | None:
    """Return how many alerts a week would bring under the rules after.

    The last weeks are counted as the rules after grade them. Scaling those of the rules before
    would promise no alert at all after four quiet weeks, however many the new rules raise.

    Args:
        before: Shape ``(n,)``, alerts in each whole week by the rules before, oldest first.
        after: Shape ``(n,)``, the same by the rules after.

    Returns:
        None without a whole week. A design choice that supposes the weeks to come are like the
        last four; none is published.
    """
    if not before:
        return None
    total, last = sum(before), after[-LOOKED_BACK:]
    ratio = sum(after) / total if total else None
    return Forecast(sum(last) / len(last), min(last), max(last), ratio)
