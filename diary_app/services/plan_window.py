"""Rises of a plan that come while the rash is still watched after the rise before (rule R8)."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from db.models import PlanStep
from diary_app.figures.wording import day_words
from diary_app.text import _

WATCH_DAYS = 14


def too_soon(steps: Sequence[PlanStep], first_on: date) -> list[str]:
    """Name each rise that falls into days 0 to 14 after the rise before it.

    Args:
        steps: The whole plan as it would be, oldest first.
        first_on: Rises before this day are in force already and are not named.
    """
    found = []
    risen_on: date | None = None
    for one, following in pairwise(steps):
        if _daily(following) <= _daily(one):
            continue
        start = following.starts_on
        if risen_on is not None and (start - risen_on).days <= WATCH_DAYS and start >= first_on:
            found.append(
                _(
                    "The rise on {day} comes {days} days after the rise before it; "
                    "the rash is watched for 14 days after each."
                ).format(day=day_words(start), days=(start - risen_on).days)
            )
        risen_on = start
    return found


def _daily(step: PlanStep) -> float:
    return step.imatinib_mg / step.every_n_days
