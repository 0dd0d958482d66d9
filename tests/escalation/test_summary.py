"""The figures of the summary, by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alerts.escalation.summary import AlertFact, is_overdue, lines, patient_weeks, week_load
from alerts.escalation.summary_checks import Batch, Letter, last_due, missed_days, problems

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def fact(code="K7Q-4T", *, who="a", level="prompt", state="open", minutes=60, **more):
    at = NOW - timedelta(minutes=minutes)
    given = {"raised_at": at, "level_since": at}
    return AlertFact(who=who, code=code, level=level, state=state, **(given | more))


@pytest.mark.parametrize(
    ("level", "state", "minutes", "overdue"),
    [
        ("urgent", "open", 15, False),
        ("urgent", "open", 16, True),
        ("prompt", "open", 12 * 60, False),
        ("prompt", "open", 12 * 60 + 1, True),
        ("unknown", "open", 16, True),
        ("urgent", "acknowledged", 600, False),
        ("urgent", "closed", 600, False),
    ],
)
def test_is_overdue_when_nobody_took_it_in_time(level, state, minutes, overdue):
    assert is_overdue(fact(level=level, state=state, minutes=minutes), NOW) is overdue


def test_an_old_alert_that_became_urgent_just_now_is_not_overdue():
    assert not is_overdue(fact(level="urgent", minutes=1500, level_since=NOW), NOW)


def test_each_patient_has_one_line_with_the_worst_first():
    found = lines(
        [
            fact("AAA-11", who="taken", state="acknowledged", level="urgent", minutes=600),
            fact("BBB-22", who="young", minutes=5),
            fact("CCC-33", who="two", minutes=3000),
            fact("DDD-44", who="two", level="urgent", minutes=10, state="acknowledged"),
            fact("EEE-55", who="done", state="closed"),
            fact("FFF-66", who="loud", level="urgent", minutes=10),
        ],
        NOW,
    )

    assert [(line.who, line.codes, line.level) for line in found] == [
        ("two", ("DDD-44", "CCC-33"), "urgent"),
        ("loud", ("FFF-66",), "urgent"),
        ("young", ("BBB-22",), "prompt"),
        ("taken", ("AAA-11",), "urgent"),
    ]
    assert [(line.overdue, line.taken, line.new) for line in found] == [
        (True, False, True),
        (False, False, True),
        (False, False, True),
        (False, True, True),
    ]
    assert found[0].waiting_since == NOW - timedelta(minutes=3000)


def test_the_load_is_per_patient_week_of_those_who_were_there():
    # Ten patients all week, two since half a week, one since the future: 11 patient-weeks.
    joined = [NOW - timedelta(days=30)] * 10 + [NOW - timedelta(days=3.5)] * 2
    weeks = patient_weeks([*joined, NOW + timedelta(days=1)], NOW)
    assert weeks == pytest.approx(11)

    alerts = [fact(level="prompt")] * 3 + [fact(level="urgent", state="closed")]
    urgent, prompt = week_load([*alerts, fact(minutes=7 * 24 * 60)], weeks, NOW)

    assert (urgent.alerts, urgent.rate, urgent.over) == (1, pytest.approx(1 / 11), True)
    assert (prompt.alerts, prompt.rate, prompt.over) == (3, pytest.approx(3 / 11), False)


def test_the_budget_itself_is_within_the_budget():
    urgent, prompt = week_load([fact(level="urgent")] + [fact()] * 6, 20.0, NOW)

    assert (urgent.over, prompt.over) == (False, False)


def test_without_patients_there_is_no_rate():
    assert [each.rate for each in week_load([fact()], 0.0, NOW)] == [None, None]


@pytest.mark.parametrize(
    ("hour", "now", "day"),
    [
        # Berlin is an hour ahead of UTC on 2 March.
        (7, datetime(2026, 3, 2, 6, 59, tzinfo=UTC), date(2026, 3, 1)),
        (7, datetime(2026, 3, 2, 7, 0, tzinfo=UTC), date(2026, 3, 2)),
        (23, datetime(2026, 3, 2, 22, 59, tzinfo=UTC), date(2026, 3, 1)),
        (23, datetime(2026, 3, 2, 23, 0, tzinfo=UTC), date(2026, 3, 2)),
        (0, datetime(2026, 3, 1, 23, 59, tzinfo=UTC), date(2026, 3, 1)),
        (0, datetime(2026, 3, 2, 0, 0, tzinfo=UTC), date(2026, 3, 2)),
        # The clock skips 02:00 to 03:00 on 29 March: 01:59 UTC is 03:59.
        (2, datetime(2026, 3, 29, 1, 59, tzinfo=UTC), date(2026, 3, 28)),
        (2, datetime(2026, 3, 29, 2, 0, tzinfo=UTC), date(2026, 3, 29)),
    ],
)
def test_a_summary_is_due_an_hour_after_the_clinics_hour(hour, now, day):
    assert last_due("Europe/Berlin", hour, now) == day


@pytest.mark.parametrize(
    ("last", "missed"),
    [
        (None, ()),
        (date(2026, 3, 1), ()),
        (date(2026, 3, 2), ()),
        (date(2026, 2, 28), (date(2026, 3, 1),)),
        (date(2026, 2, 26), (date(2026, 2, 27), date(2026, 3, 1))),
    ],
)
def test_names_the_days_without_a_summary(last, missed):
    assert missed_days(last, TODAY) == missed


def letter(state, hours=3, to="Ben"):
    return Letter(key=to, to=to, state=state, queued_at=NOW - timedelta(hours=hours))


@pytest.mark.parametrize(
    ("letters", "kinds"),
    [
        ([], []),
        ([letter("sent"), letter("delivered")], []),
        ([letter("sent"), letter("failed_temporary")], []),
        ([letter("failed_temporary"), letter("failed_temporary", to="Dora")], ["stuck"]),
        ([letter("failed_temporary", 2)], []),
        ([letter("sending")], ["stuck"]),
        ([letter("pending")], ["stuck"]),
        ([letter("sent"), letter("failed_permanent", 0, "Dora")], ["lost"]),
        ([letter("failed_permanent"), letter("failed_temporary")], ["stuck", "lost"]),
        ([letter("failed_permanent"), letter("failed_permanent", to="Dora")], ["lost", "lost"]),
    ],
)
def test_notices_summaries_that_did_not_arrive(letters, kinds):
    batch = Batch(TODAY, (), tuple(letters))

    assert [each.kind for each in problems(TODAY, TODAY, [batch], NOW)] == kinds


def test_notices_that_none_was_queued_and_that_earlier_ones_are_missing():
    found = problems(date(2026, 2, 27), TODAY, [], NOW)
    assert [(each.kind, each.day, each.last_day) for each in found] == [
        ("late", date(2026, 2, 28), TODAY)
    ]

    batch = Batch(TODAY, (date(2026, 3, 1),), ())
    found = problems(TODAY, TODAY, [batch], NOW)
    assert [(each.kind, each.day, each.last_day) for each in found] == [
        ("missed", date(2026, 3, 1), date(2026, 3, 1))
    ]
