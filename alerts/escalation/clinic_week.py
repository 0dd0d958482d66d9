"""One week of a clinic in figures: load, response times, what has no outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from alerts.escalation.summary import OVERDUE


@dataclass(frozen=True, slots=True)
class Answered:
    """One alert of the week.

    Attributes:
        level_since: When it reached its level; the time to answer runs from here.
        taken_at: When somebody took it, else closed it; None = nobody did.
        closed: Somebody closed it.
        has_outcome: It was closed with an outcome.
    """

    level: str
    level_since: datetime
    taken_at: datetime | None
    closed: bool
    has_outcome: bool


@dataclass(frozen=True, slots=True)
class LevelWeek:
    """The answers to the week's alerts of one level; times in minutes.

    Attributes:
        waiting: Nobody took them yet; what waits past the target counts as missed.
        median: Of those taken; None = none was.
        worst: The longest, those still waiting included; None = no alert.
        share: Answered within the target, of all whose target is over or met, 0 to 1; None = none.
        target: What the clinic's alerts allow.
    """

    level: str
    alerts: int
    waiting: int
    median: float | None
    worst: float | None
    share: float | None
    target: float


def level_week(level: str, alerts: Sequence[Answered], now: datetime) -> LevelWeek:
    """Return how the alerts of one level were answered."""
    mine = [alert for alert in alerts if alert.level == level]
    target = OVERDUE[level]
    taken = [_wait(each, each.taken_at) for each in mine if each.taken_at is not None]
    waiting = [now - each.level_since for each in mine if each.taken_at is None]
    within = sum(each <= target for each in taken)
    decided = len(taken) + sum(each > target for each in waiting)
    return LevelWeek(
        level=level,
        alerts=len(mine),
        waiting=len(waiting),
        median=median(map(_minutes, taken)) if taken else None,
        worst=_minutes(max([*taken, *waiting])) if mine else None,
        share=within / decided if decided else None,
        target=_minutes(target),
    )


def without_outcome(alerts: Sequence[Answered]) -> int:
    """Return how many were closed without an outcome; anything but 0 is a defect."""
    return sum(alert.closed and not alert.has_outcome for alert in alerts)


def _wait(alert: Answered, until: datetime) -> timedelta:
    return max(until - alert.level_since, timedelta())


def _minutes(span: timedelta) -> float:
    return span / timedelta(minutes=1)
