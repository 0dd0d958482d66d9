"""The figures of the daily summary: what waits, for whom, and the week against the budget."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.escalation.nurse_load import BUDGET

# When an alert that nobody took counts as overdue (clinical.md 5.2, a design choice).
OVERDUE: Mapping[str, timedelta] = {
    "urgent": timedelta(minutes=15),
    "prompt": timedelta(hours=12),
}
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
_EPS = 1e-9


@dataclass(frozen=True, slots=True)
class AlertFact:
    """What the summary must know of one alert.

    Attributes:
        who: Stands for the patient; alerts of one patient share it.
        level: prompt or urgent; any other word counts as urgent.
        state: open, acknowledged or closed.
        level_since: When it reached its level.
    """

    who: Hashable
    code: str
    level: str
    state: str
    raised_at: datetime
    level_since: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One patient's alerts that nobody closed, without the patient.

    Attributes:
        codes: Worst level first, then the longest waiting.
        level: The worst.
        waiting_since: When the first of them was raised.
        taken: Somebody holds every one of them.
        overdue: At least one waits for somebody to take it, past its time.
        new: At least one was raised in the last day.
    """

    who: Hashable
    codes: tuple[str, ...]
    level: str
    waiting_since: datetime
    taken: bool
    overdue: bool
    new: bool


@dataclass(frozen=True, slots=True)
class LevelLoad:
    """A week's alerts of one level.

    Attributes:
        alerts: How many were raised; an alert counts at the level it has reached.
        rate: Per patient-week; None without a patient in follow-up.
        budget: What a team can answer, per patient-week.
        over: The rate is above the budget.
    """

    level: str
    alerts: int
    rate: float | None
    budget: float
    over: bool


def is_new(alert: AlertFact, now: datetime) -> bool:
    """Return whether it was raised in the last 24 hours."""
    return alert.raised_at > now - DAY


def is_overdue(alert: AlertFact, now: datetime) -> bool:
    """Return whether nobody took it in the time its level allows."""
    limit = OVERDUE.get(alert.level, OVERDUE["urgent"])
    return alert.state == "open" and now - alert.level_since > limit


def lines(alerts: Iterable[AlertFact], now: datetime) -> tuple[Line, ...]:
    """Return one line per patient with an alert that is not closed.

    Returns:
        Overdue first, then what nobody took, then urgent, then the longest waiting.
    """
    of: dict[Hashable, list[AlertFact]] = {}
    for alert in alerts:
        if alert.state != "closed":
            of.setdefault(alert.who, []).append(alert)
    made = [_line(who, found, now) for who, found in of.items()]
    return tuple(
        sorted(
            made,
            key=lambda each: (
                not each.overdue,
                each.taken,
                each.level == "prompt",
                each.waiting_since,
                each.codes,
            ),
        )
    )


def patient_weeks(joined_at: Sequence[datetime], now: datetime) -> float:
    """Return how many weeks of the last seven days these patients were in follow-up, together.

    Args:
        joined_at: Shape ``(n,)``, when each joined.
    """
    return sum(min(max(now - at, timedelta()), WEEK) / WEEK for at in joined_at)


def week_load(
    alerts: Iterable[AlertFact], weeks: float, now: datetime
) -> tuple[LevelLoad, LevelLoad]:
    """Return the load of the last seven days against the budget: urgent, then same day.

    Args:
        weeks: Of ``patient_weeks``.
    """
    raised = [alert.level for alert in alerts if now - WEEK < alert.raised_at]
    prompt = raised.count("prompt")
    return (
        _load("urgent", len(raised) - prompt, weeks),
        _load("prompt", prompt, weeks),
    )


def _load(level: str, alerts: int, weeks: float) -> LevelLoad:
    rate = alerts / weeks if weeks > 0 else None
    budget = BUDGET[level]
    return LevelLoad(level, alerts, rate, budget, rate is not None and rate > budget + _EPS)


def _line(who: Hashable, found: Sequence[AlertFact], now: datetime) -> Line:
    ordered = sorted(found, key=lambda each: (each.level == "prompt", each.raised_at, each.code))
    return Line(
        who=who,
        codes=tuple(each.code for each in ordered),
        level=ordered[0].level,
        waiting_since=min(each.raised_at for each in found),
        taken=all(each.state == "acknowledged" for each in found),
        overdue=any(is_overdue(each, now) for each in found),
        new=any(is_new(each, now) for each in found),
    )
