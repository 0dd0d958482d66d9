"""Whether rash and itch got worse: the last 7 days beside the 7 days before them.

A sign for the eye that looks down a list, not a grade and not an alert. Better asks for more than
worse: itch counts as worse from 2 points up (a choice of ours) and as better from 4 points down,
the difference that counts as meaningful in the dupilumab trials. What only one of the two weeks
tells is no comparison, and never read as the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS = 7
RASH_STEP = 1
ITCH_WORSE = 2
ITCH_BETTER = 4


@dataclass(frozen=True)
class ToldDay:
    """What one full entry tells of rash and itch.

    Attributes:
        rash_grade: Estimated, 0 to 4; None = not asked or not graded.
        itch: 0 to 10; None = not answered.
    """

    on: date
    rash_grade: int | None
    itch: int | None


@dataclass(frozen=True)
class Trend:
    """Where it goes.

    Attributes:
        direction: worse, better, same, or unknown (one of the weeks tells too little).
        rash: Highest estimated grade of the week before and of the last one; None = not told.
        itch: The same for the worst itch, 0 to 10.
    """

    direction: str
    rash: tuple[int | None, int | None] = (None, None)
    itch: tuple[int | None, int | None] = (None, None)


def trend_of(days: Sequence[ToldDay], today: date) -> Trend:
    """Return the trend on a day; the last week ends with it."""
    begun = today - timedelta(days=DAYS - 1)
    before = begun - timedelta(days=DAYS)
    last = [day for day in days if begun <= day.on <= today]
    earlier = [day for day in days if before <= day.on < begun]
    rash = (
        max((d.rash_grade for d in earlier if d.rash_grade is not None), default=None),
        max((d.rash_grade for d in last if d.rash_grade is not None), default=None),
    )
    itch = (
        max((d.itch for d in earlier if d.itch is not None), default=None),
        max((d.itch for d in last if d.itch is not None), default=None),
    )
    return Trend(_direction(rash, itch, last), rash, itch)


def _direction(
    rash: tuple[int | None, int | None], itch: tuple[int | None, int | None], last: list[ToldDay]
) -> str:
    rash_rise, itch_rise = _rise(rash), _rise(itch)
    if (rash_rise or 0) >= RASH_STEP or (itch_rise or 0) >= ITCH_WORSE:
        return "worse"
    ungraded = any(day.rash_grade is None for day in last)
    if rash_rise is None or itch_rise is None or ungraded:
        return "unknown"
    if rash_rise <= -RASH_STEP or itch_rise <= -ITCH_BETTER:
        return "better"
    return "same"


def _rise(pair: tuple[int | None, int | None]) -> int | None:
    before, now = pair
    return None if before is None or now is None else now - before
