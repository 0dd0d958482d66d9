"""What happens to an alert that a person has: snooze, reminders, back to the team."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation.decide import (
    RaiseLevel,
    RemindHolder,
    Rest,
    ReturnToTeam,
    Wait,
    decide,
)
from alerts.escalation.draw import diagram, page
from alerts.escalation.machine import TRANSITIONS, Act, Phase, follow, may, phase_of
from alerts.escalation.policy import DEFAULT_POLICY, Ladder, Policy, Step
from alerts.escalation.snooze import (
    CAP,
    CHOICES,
    Snooze,
    SnoozeRefusedError,
    choices_left,
    snooze,
)
from tests.escalation.facts import facts, hour, minute
from tests.escalation.test_laws import FACTS, INSTANTS, POLICIES

NONE_YET = timedelta(0)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def taken(level: str = "urgent", **more):
    return facts(level=level, state="acknowledged", step=1, round=2, acknowledged=hour(0), **more)


@pytest.mark.parametrize(
    ("more", "now", "decision"),
    [
        ({}, hour(3.9), Wait(hour(4))),
        ({}, hour(4), RemindHolder(3, hour(4.25), asked=False)),
        ({"snoozed": minute(30)}, minute(29), Wait(minute(30))),
        ({"snoozed": minute(30)}, minute(30), RemindHolder(3, minute(45), asked=True)),
        ({"reminded": minute(30)}, minute(44), Wait(minute(45))),
        ({"reminded": minute(30)}, minute(45), ReturnToTeam()),
    ],
    ids=["held", "held long", "snoozed", "snooze over", "told again", "still not closed"],
)
def test_an_urgent_alert_is_not_held_in_silence(more, now, decision):
    assert decide(taken(**more), DEFAULT_POLICY, now) == decision


def test_the_holder_is_told_again_after_what_the_policy_says():
    ladder = Ladder((Step(0, ("role:nurse",)),), 600, remind_seconds=3600)

    told = decide(taken(), Policy(ladder, DEFAULT_POLICY.prompt), hour(1))

    assert told == RemindHolder(3, hour(1) + minutes(10), asked=False)


def test_a_same_day_alert_becomes_urgent_whatever_its_holder_asked_for():
    snoozed = taken("prompt", snoozed=hour(25))

    assert decide(snoozed, DEFAULT_POLICY, hour(23.9)) == Wait(hour(24))
    assert decide(snoozed, DEFAULT_POLICY, hour(24)) == RaiseLevel(
        "urgent", "R12_PROMPT_UNHANDLED_24H", tell_holder=True
    )


@pytest.mark.parametrize("more", [{}, {"snoozed": hour(30)}], ids=["held", "snoozed"])
def test_the_holder_is_told_again_at_once_when_the_clock_went_back(more):
    decision = decide(taken(**more), DEFAULT_POLICY, hour(-9))

    assert isinstance(decision, RemindHolder)


def test_a_reminder_that_lies_in_the_future_gives_the_alert_back():
    assert decide(taken(reminded=hour(9)), DEFAULT_POLICY, hour(1)) == ReturnToTeam()


@given(FACTS, POLICIES)
def test_nobody_holds_an_alert_for_ever_in_silence(alert, policy):
    """Whatever the state, following the clock alone leads to somebody being told."""
    now = max(at for at in vars(alert).values() if hasattr(at, "year"))
    for _ in range(3):
        decision = decide(alert, policy, now)
        if not isinstance(decision, Wait):
            break
        assert decision.until > now
        now = decision.until

    assert alert.state == "closed" if decision == Rest() else not isinstance(decision, Wait)


@pytest.mark.parametrize(
    ("level", "spent", "length", "until"),
    [
        ("urgent", 0, 60, 60),
        ("urgent", 45, 15, 15),
        ("prompt", 0, 120, 120),
        ("prompt", 120, 120, 120),
    ],
)
def test_snoozes_up_to_the_cap(level, spent, length, until):
    found = snooze(taken(level), minutes(spent), minutes(length), hour(0))

    assert found == Snooze(minute(until), minutes(spent + length))


@pytest.mark.parametrize(
    ("level", "spent", "length", "sentence"),
    [
        ("urgent", 0, 120, "This alert can be snoozed for 60 minutes in all; 60 are left."),
        ("urgent", 45, 30, "This alert can be snoozed for 60 minutes in all; 15 are left."),
        ("urgent", 60, 15, "This alert can be snoozed for 60 minutes in all; 0 are left."),
        ("prompt", 180, 120, "This alert can be snoozed for 240 minutes in all; 60 are left."),
        # Snoozed for long as a same-day alert, then it became urgent.
        ("urgent", 180, 15, "This alert can be snoozed for 60 minutes in all; 0 are left."),
        ("urgent", 0, 45, "Choose 15, 30, 60 or 120 minutes."),
    ],
)
def test_refuses_what_is_beyond_the_cap(level, spent, length, sentence):
    with pytest.raises(SnoozeRefusedError) as caught:
        snooze(taken(level), minutes(spent), minutes(length), hour(0))

    assert str(caught.value) == sentence


@pytest.mark.parametrize("state", ["open", "closed"])
def test_only_what_a_person_has_can_be_snoozed(state):
    with pytest.raises(SnoozeRefusedError, match="Take the alert first"):
        snooze(facts(state=state), NONE_YET, minutes(15), hour(0))
    assert choices_left(facts(state=state), NONE_YET, hour(0)) == ()


def test_a_new_snooze_spends_only_what_it_adds():
    running = taken(snoozed=minute(60))

    longer = snooze(taken(snoozed=minute(15)), minutes(15), minutes(30), hour(0))
    shorter = snooze(running, minutes(60), minutes(30), minute(10))

    assert longer == Snooze(minute(30), minutes(30))
    assert shorter == Snooze(minute(40), minutes(60))


def test_offers_what_the_cap_still_allows():
    assert choices_left(taken(), minutes(0), hour(0)) == CHOICES[:3]
    assert choices_left(taken(), minutes(30), hour(0)) == CHOICES[:2]
    assert choices_left(taken(), minutes(50), hour(0)) == ()


@given(
    st.sampled_from(["urgent", "prompt"]),
    st.lists(st.tuples(st.sampled_from(CHOICES), st.integers(0, 150)), max_size=30),
)
def test_no_series_of_snoozes_gets_beyond_the_cap(level, wishes):
    alert, spent, now, quiet = taken(level), NONE_YET, hour(0), NONE_YET
    for length, pause in wishes:
        try:
            found = snooze(alert, spent, length, now)
        except SnoozeRefusedError:
            continue
        quiet += found.until - max(now, alert.snoozed_until or now)
        alert, spent = taken(level, snoozed=found.until), found.spent
        now = min(now + minutes(pause), found.until)
        alert = taken(level, snoozed=found.until)

    assert spent <= CAP[level]
    assert quiet <= CAP[level]


@given(FACTS, POLICIES, INSTANTS)
def test_what_the_clock_does_is_a_transition_of_the_table(alert, policy, now):
    acts = {RaiseLevel: Act.RAISE, RemindHolder: Act.REMIND, ReturnToTeam: Act.RETURN}
    decision = decide(alert, policy, now)

    if type(decision) in acts:
        assert may(acts[type(decision)], alert)
    assert isinstance(decision, Rest) == (phase_of(alert) is Phase.CLOSED)


def test_the_table_names_every_act_once_and_every_state_leads_on():
    assert sorted(each.act for each in TRANSITIONS) == sorted(Act)
    for phase in Phase:
        assert any(phase in each.sources for each in TRANSITIONS)


@pytest.mark.parametrize(
    ("act", "phase", "target"),
    [
        (Act.TAKE, Phase.OPEN, Phase.HELD),
        (Act.TAKE, Phase.HELD, None),
        (Act.SNOOZE, Phase.OPEN, None),
        (Act.SNOOZE, Phase.REMINDED, Phase.SNOOZED),
        (Act.HAND_BACK, Phase.SNOOZED, Phase.OPEN),
        (Act.CLOSE, Phase.OPEN, Phase.CLOSED),
        (Act.CLOSE, Phase.CLOSED, None),
        (Act.REOPEN, Phase.CLOSED, Phase.HELD),
        (Act.REOPEN, Phase.HELD, None),
        (Act.RETURN, Phase.HELD, None),
    ],
)
def test_what_a_person_may_do(act, phase, target):
    assert follow(act, phase) is target


def test_the_drawing_in_the_docs_is_that_of_the_code():
    kept = Path(__file__).parents[2] / "docs" / "escalation.md"

    assert kept.read_text(encoding="utf-8") == page()
    assert "snoozed --> reminded: remind (by clock)" in diagram()
