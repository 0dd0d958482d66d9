from datetime import timedelta

import pytest

from alerts.escalation.decide import (
    CLOCK_TOLERANCE,
    Notify,
    RaiseLevel,
    Rest,
    Wait,
    clock_went_back,
    decide,
    decide_when_nobody,
)
from alerts.escalation.policy import DEFAULT_POLICY, Ladder, Policy, Step
from tests.escalation.facts import RAISED_AT, facts, hour, minute

NURSES = ("role:nurse",)
NURSES_AND_CLINICIANS = ("role:nurse", "role:clinician")
EVERYONE = ("role:nurse", "role:clinician", "role:administrator")


@pytest.mark.parametrize(
    ("step", "entered", "now", "decision"),
    [
        (-1, None, 0, Notify(0, 1, NURSES, minute(0), minute(15))),
        (0, 0, 14.9, Wait(minute(15))),
        (0, 0, 15, Notify(1, 1, NURSES, minute(15), minute(30))),
        (1, 15, 30, Notify(2, 1, NURSES_AND_CLINICIANS, minute(30), minute(45))),
        (2, 30, 44, Wait(minute(45))),
        (2, 30, 45, Notify(3, 1, EVERYONE, minute(45), minute(60))),
        (3, 45, 59, Wait(minute(60))),
        (3, 45, 60, Notify(3, 1, EVERYONE, minute(60), minute(75))),
        (3, 6000, 6015, Notify(3, 1, EVERYONE, minute(6015), minute(6030))),
    ],
)
def test_climbs_the_urgent_ladder_and_repeats_its_last_step(step, entered, now, decision):
    alert = facts(step=step, entered=None if entered is None else minute(entered))

    assert decide(alert, DEFAULT_POLICY, minute(now)) == decision


@pytest.mark.parametrize(
    ("step", "entered", "now", "decision"),
    [
        (-1, None, 0, Notify(0, 1, NURSES, hour(0), hour(4))),
        (0, 0, 3.9, Wait(hour(4))),
        (0, 0, 4, Notify(1, 1, NURSES, hour(4), hour(12))),
        (1, 4, 12, Notify(2, 1, NURSES_AND_CLINICIANS, hour(12), hour(24))),
        (2, 12, 23.9, Wait(hour(24))),
        (2, 12, 24, RaiseLevel("urgent", "R12_PROMPT_UNHANDLED_24H")),
        (-1, None, 300, RaiseLevel("urgent", "R12_PROMPT_UNHANDLED_24H")),
    ],
)
def test_climbs_the_prompt_ladder_until_it_is_urgent_after_24_hours(step, entered, now, decision):
    alert = facts(level="prompt", step=step, entered=None if entered is None else hour(entered))

    assert decide(alert, DEFAULT_POLICY, hour(now)) == decision


@pytest.mark.parametrize(
    ("state", "level", "now", "decision"),
    [
        ("closed", "urgent", 1, Rest()),
        ("closed", "prompt", 1, Rest()),
        ("closed", "prompt", 1000, Rest()),
        ("acknowledged", "urgent", 1, Wait(hour(4.5))),
        ("acknowledged", "urgent", 4.4, Wait(hour(4.5))),
        ("acknowledged", "prompt", 1, Wait(hour(24))),
        ("acknowledged", "prompt", 23.9, Wait(hour(24))),
        (
            "acknowledged",
            "prompt",
            24,
            RaiseLevel("urgent", "R12_PROMPT_UNHANDLED_24H", tell_holder=True),
        ),
    ],
)
def test_taken_is_quiet_but_a_taken_prompt_is_not_forgotten(state, level, now, decision):
    alert = facts(level=level, state=state, step=0, entered=RAISED_AT, acknowledged=hour(0.5))

    assert decide(alert, DEFAULT_POLICY, hour(now)) == decision


@pytest.mark.parametrize(
    ("step", "entered", "now", "reached", "skipped", "recipients", "entered_at", "next_look"),
    [
        (-1, None, 20, 1, (0,), NURSES, 15, 30),
        (0, 0, 40, 2, (1,), NURSES_AND_CLINICIANS, 30, 45),
        (0, 0, 59, 3, (1, 2), ("role:nurse", "role:clinician", "role:administrator"), 45, 60),
        (0, 0, 60, 3, (1, 2), ("role:nurse", "role:clinician", "role:administrator"), 60, 75),
        (0, 0, 3000, 3, (1, 2), EVERYONE, 3000, 3015),
        (3, 45, 3000, 3, (), EVERYONE, 3000, 3015),
    ],
)
def test_jumps_to_the_step_that_is_due_when_the_worker_slept(
    step, entered, now, reached, skipped, recipients, entered_at, next_look
):
    alert = facts(step=step, round=4, entered=None if entered is None else minute(entered))

    decision = decide(alert, DEFAULT_POLICY, minute(now))

    assert decision == Notify(
        reached, 5, recipients, minute(entered_at), minute(next_look), skipped
    )


def test_tells_the_people_of_missed_steps_too():
    ben, dora = "user:0190b6a2-0000-7000-8000-000000000001", "role:clinician"
    ladder = Ladder((Step(0, NURSES), Step(60, (ben,)), Step(60, (dora,))), 60)

    decision = decide(
        facts(step=0, entered=minute(0)), Policy(ladder, DEFAULT_POLICY.prompt), minute(2.5)
    )

    assert isinstance(decision, Notify)
    assert (decision.step, decision.recipients) == (2, (dora, ben))


def test_keeps_the_times_of_later_steps_when_one_is_late():
    late = decide(facts(step=0, entered=minute(0)), DEFAULT_POLICY, minute(29))

    assert late == Notify(1, 1, NURSES, minute(15), minute(30))


def test_restarts_at_the_first_step_when_the_level_rose():
    alert = facts(step=-1, round=3, level_since=hour(24))

    assert decide(alert, DEFAULT_POLICY, hour(24)) == Notify(
        0, 4, NURSES, hour(24), hour(24) + timedelta(minutes=15)
    )


def test_restarts_from_the_given_instant_when_handed_back():
    alert = facts(step=-1, round=3, entered=hour(2))

    assert decide(alert, DEFAULT_POLICY, hour(2)) == Notify(
        0, 4, NURSES, hour(2), hour(2) + timedelta(minutes=15)
    )


def test_looks_again_when_a_prompt_becomes_urgent_even_if_no_step_is_due_then():
    ladder = Ladder((Step(0, NURSES), Step(20 * 3600, NURSES)), None)

    decision = decide(
        facts(level="prompt", step=0, entered=hour(0)),
        Policy(DEFAULT_POLICY.urgent, ladder),
        hour(20),
    )

    assert decision == Notify(1, 1, NURSES, hour(20), hour(24))


def test_waits_no_longer_than_until_a_prompt_becomes_urgent():
    ladder = Ladder((Step(3600, NURSES),), 24 * 3600)
    alert = facts(level="prompt", step=0, entered=hour(1))

    assert decide(alert, Policy(DEFAULT_POLICY.urgent, ladder), hour(2)) == Wait(hour(24))


@pytest.mark.parametrize("level", ["urgent", "prompt"])
def test_tells_again_at_once_when_the_clock_went_back(level):
    alert = facts(level=level, step=1, round=2, entered=hour(5))

    decision = decide(alert, DEFAULT_POLICY, hour(1))

    assert isinstance(decision, Notify)
    assert (decision.step, decision.round, decision.entered_at) == (1, 3, hour(1))


def test_starts_the_ladder_at_once_when_the_clock_went_back_before_the_first_step():
    decision = decide(facts(), DEFAULT_POLICY, hour(-30))

    assert decision == Notify(0, 1, NURSES, hour(-30), hour(-30) + timedelta(minutes=15))


def test_two_machines_a_little_apart_are_no_clock_gone_back():
    alert = facts(step=0, round=1, entered=minute(0))

    decision = decide(alert, DEFAULT_POLICY, minute(-0.5))

    assert decision == Wait(minute(14.5))


def test_starts_an_urgent_ladder_at_once_on_a_machine_a_little_behind():
    decision = decide(facts(), DEFAULT_POLICY, minute(-0.5))

    assert decision == Notify(0, 1, NURSES, minute(-0.5), minute(14.5))


@pytest.mark.parametrize(
    ("behind", "went_back"),
    [(timedelta(0), False), (CLOCK_TOLERANCE, False), (CLOCK_TOLERANCE * 1.01, True)],
)
def test_says_when_the_clock_went_back(behind, went_back):
    assert clock_went_back(facts(), RAISED_AT - behind) is went_back


def test_counts_24_hours_from_the_earliest_instant_when_the_clock_was_set_back():
    alert = facts(
        level="prompt",
        state="acknowledged",
        raised=hour(500),
        level_since=hour(500),
        acknowledged=hour(1),
    )

    assert decide(alert, DEFAULT_POLICY, hour(2)) == Wait(hour(25))
    assert isinstance(decide(alert, DEFAULT_POLICY, hour(25)), RaiseLevel)


def test_repeats_the_last_step_when_the_stored_step_lies_beyond_the_ladder():
    decision = decide(facts(step=9, entered=minute(0)), DEFAULT_POLICY, minute(15))

    assert decision == Notify(3, 1, EVERYONE, minute(15), minute(30))


def test_enters_the_next_step_at_once_when_nobody_stands_behind_a_step():
    alert = facts()
    first = decide(alert, DEFAULT_POLICY, minute(0))
    assert isinstance(first, Notify)

    following = decide_when_nobody(first, alert, DEFAULT_POLICY, minute(0))

    assert following == Notify(1, 1, NURSES, minute(0), minute(15))


def test_waits_for_the_next_round_when_nobody_stands_behind_the_last_step():
    alert = facts(step=2, entered=minute(30))
    last = decide(alert, DEFAULT_POLICY, minute(45))
    assert isinstance(last, Notify)

    assert decide_when_nobody(last, alert, DEFAULT_POLICY, minute(45)) == Wait(minute(60))


def test_looks_again_after_24_hours_when_nobody_stands_behind_a_prompt_step():
    alert = facts(level="prompt", step=1, round=2, entered=hour(11))
    late = Notify(1, 3, NURSES, hour(20), hour(24))

    following = decide_when_nobody(late, alert, DEFAULT_POLICY, hour(20))

    assert following == Notify(2, 3, NURSES_AND_CLINICIANS, hour(20), hour(24))
