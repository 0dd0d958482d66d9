"""A week in figures: medians, the longest wait, the share in time, what lacks an outcome."""

from datetime import UTC, datetime, timedelta

from alerts.escalation.clinic_week import Answered, level_week, without_outcome

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def answered(level: str, minutes: int | None, *, ago: int = 600, outcome: bool = True) -> Answered:
    raised = NOW - timedelta(minutes=ago)
    taken = None if minutes is None else raised + timedelta(minutes=minutes)
    return Answered(level, raised, taken, minutes is not None, outcome)


def test_three_of_four_urgent_alerts_were_taken_in_a_quarter_of_an_hour():
    alerts = [answered("urgent", minutes) for minutes in (2, 6, 15, 50)]
    week = level_week("urgent", [*alerts, answered("prompt", 700)], NOW)

    assert (week.alerts, week.median, week.worst, week.share) == (4, 10.5, 50, 0.75)


def test_an_alert_that_waits_past_its_time_counts_as_missed_and_as_the_longest():
    week = level_week("urgent", [answered("urgent", 5), answered("urgent", None, ago=90)], NOW)

    assert (week.waiting, week.median, week.worst, week.share) == (1, 5, 90, 0.5)


def test_an_alert_that_waits_within_its_time_is_neither():
    week = level_week("prompt", [answered("prompt", None, ago=60)], NOW)

    assert (week.median, week.worst, week.share) == (None, 60, None)


def test_a_week_without_alerts_has_no_median_rather_than_zero():
    week = level_week("urgent", [], NOW)

    assert (week.alerts, week.median, week.worst, week.share) == (0, None, None, None)


def test_only_a_closed_alert_can_lack_an_outcome():
    alerts = [answered("urgent", 5, outcome=False), answered("urgent", None, outcome=False)]

    assert without_outcome(alerts) == 1
