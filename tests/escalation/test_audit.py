"""The auditor: whatever waits has a next step, a holder or an end; and the books of a day."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.escalation.audit import AuditedAlert, AuditedMessage, audit
from alerts.escalation.daybook import DayBook
from db.types import new_id

NOW = datetime(2026, 3, 2, 19, 4, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)


def alert(next_look_at: datetime | None, *, taken: bool = False, held: bool = False):
    return AuditedAlert(new_id(), "K7Q-4T", taken, held, next_look_at)


def minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def test_an_alert_raised_by_a_clock_that_was_ahead_asks_a_person():
    ahead = NOW + timedelta(days=5)
    late = AuditedAlert(new_id(), "K7Q-4T", False, False, ahead + timedelta(minutes=10), ahead)

    (found,) = audit([late], [], NOW, LONG_AGO)

    assert (found.repair, found.alert_id) == ("none", late.id)
    assert "clock of this system was changed" in found.sentence


@pytest.mark.parametrize(
    ("waits", "repairs"),
    [
        (alert(minutes(10)), []),
        (alert(minutes(-4)), []),
        (alert(minutes(-6)), ["none"]),
        (alert(None), ["look_now"]),
        (alert(minutes(60 * 24 * 30)), ["look_now"]),
        (alert(None, taken=True, held=True), []),
        (alert(minutes(60), taken=True, held=True), []),
        (alert(minutes(-6), taken=True, held=True), ["none"]),
        (alert(None, taken=True, held=False), ["to_team"]),
    ],
)
def test_an_alert_has_a_next_step_or_somebody_who_works_here(waits, repairs):
    found = audit([waits], [], NOW, LONG_AGO)

    assert [finding.repair for finding in found] == repairs
    assert all("K7Q-4T" in finding.sentence for finding in found)


@pytest.mark.parametrize(
    ("due_at", "repairs"),
    [
        (minutes(60), []),
        (minutes(-4), []),
        (minutes(-6), ["none"]),
        (None, ["send_now"]),
        (minutes(60 * 24 * 30), ["send_now"]),
    ],
)
def test_a_message_comes_to_an_end(due_at, repairs):
    found = audit([], [AuditedMessage(new_id(), None, "", due_at)], NOW, LONG_AGO)

    assert [finding.repair for finding in found] == repairs


def test_what_became_due_while_the_machine_was_off_is_late_and_not_stuck():
    overdue = alert(minutes(-60))

    assert audit([overdue], [], NOW, running_since=minutes(-4)) == ()
    assert len(audit([overdue], [], NOW, running_since=minutes(-6))) == 1


def test_the_same_trouble_is_told_in_the_same_words():
    stuck = alert(minutes(-6))

    first = audit([stuck], [], NOW, LONG_AGO)
    later = audit([stuck], [], minutes(30), LONG_AGO)

    assert [one.sentence for one in first] == [one.sentence for one in later]


def book(**more: int) -> DayBook:
    counts = {
        "received": 9,
        "graded": 8,
        "ungraded": 1,
        "expected": 3,
        "found": 3,
        "raised": 2,
        "closed": 1,
        "held": 0,
        "waiting": 1,
    }
    return DayBook(**(counts | more), messages={"sent": 4})


def test_the_books_balance_when_nothing_is_missing():
    assert book().balances
    assert DayBook(0, 0, 0, 0, 0, 0, 0, 0, 0, {}).balances


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"graded": 7}, "1 of 9 entries were neither graded"),
        ({"found": 1}, "2 of 3 entries or results that asked for an alert are in none."),
        ({"closed": 0}, "1 of 2 alerts are neither closed, nor held by anybody"),
    ],
)
def test_a_difference_is_named(counts, told):
    differences = book(**counts).differences()

    assert len(differences) == 1
    assert differences[0].startswith(told)
