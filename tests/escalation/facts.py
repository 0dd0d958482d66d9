"""Alerts to decide about, told in minutes since 19:04 UTC on 3 May 2026."""

from datetime import UTC, datetime, timedelta

from alerts.escalation.machine import AlertFacts

RAISED_AT = datetime(2026, 5, 3, 19, 4, tzinfo=UTC)


def minute(number: float) -> datetime:
    return RAISED_AT + timedelta(minutes=number)


def hour(number: float) -> datetime:
    return minute(number * 60)


def facts(
    *,
    level: str = "urgent",
    state: str = "open",
    step: int = -1,
    round: int = 0,
    entered: datetime | None = None,
    raised: datetime = RAISED_AT,
    level_since: datetime = RAISED_AT,
    acknowledged: datetime | None = None,
    snoozed: datetime | None = None,
    reminded: datetime | None = None,
) -> AlertFacts:
    return AlertFacts(
        level=level,
        state=state,
        step=step,
        round=round,
        step_entered_at=entered,
        raised_at=raised,
        level_since=level_since,
        acknowledged_at=acknowledged,
        snoozed_until=snoozed,
        holder_told_at=reminded,
    )
