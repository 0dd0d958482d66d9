"""What must hold for every alert, every policy and every hour."""

import json
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation.decide import (
    Notify,
    RaiseLevel,
    RemindHolder,
    Rest,
    ReturnToTeam,
    Wait,
    decide,
    decide_when_nobody,
)
from alerts.escalation.dedup import Absorb, OpenAlert, OpenNew, RaiseOpen, absorbs, place
from alerts.escalation.policy import Ladder, Policy, Step, policy_from_json, policy_to_json
from alerts.escalation.reach import reach
from tests.escalation.facts import RAISED_AT, facts

WORDS = st.one_of(
    st.sampled_from(["role:nurse", "role:clinician", "role:administrator"]),
    st.uuids().map(lambda uuid: f"user:{uuid}"),
)
NOTIFY = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple)
INSTANTS = st.integers(-200_000, 200_000).map(
    lambda seconds: RAISED_AT + timedelta(seconds=seconds)
)
LEVELS = st.sampled_from(["prompt", "urgent"])
LOUDNESS = {"prompt": 2, "urgent": 3}
CODES = st.lists(st.sampled_from("ABCD"), max_size=4, unique=True).map(tuple)


def ladders(longest_first_wait, longest_wait):
    first = st.builds(Step, st.integers(0, longest_first_wait), NOTIFY)
    later = st.lists(st.builds(Step, st.integers(60, longest_wait), NOTIFY), max_size=4)
    steps = st.tuples(first, later).map(lambda both: (both[0], *both[1]))
    return st.builds(Ladder, steps, st.one_of(st.none(), st.integers(60, longest_wait)))


POLICIES = st.builds(Policy, urgent=ladders(0, 3600), prompt=ladders(40_000, 10_000))
FACTS = st.builds(
    facts,
    level=LEVELS,
    state=st.sampled_from(["open", "acknowledged", "closed"]),
    step=st.integers(-1, 5),
    round=st.integers(0, 50),
    entered=st.one_of(st.none(), INSTANTS),
    level_since=INSTANTS,
    acknowledged=st.one_of(st.none(), INSTANTS),
    snoozed=st.one_of(st.none(), INSTANTS),
    reminded=st.one_of(st.none(), INSTANTS),
)
ALERTS = st.builds(OpenAlert, LEVELS, st.sampled_from(["open", "acknowledged"]), CODES, INSTANTS)


@given(POLICIES)
def test_a_policy_comes_back_from_json_as_it_went(policy):
    assert policy_from_json(json.loads(json.dumps(policy_to_json(policy)))) == policy


@given(FACTS, POLICIES, INSTANTS)
def test_every_alert_that_is_not_closed_has_a_next_look_in_the_future(alert, policy, now):
    decision = decide(alert, policy, now)

    match decision:
        case Notify():
            assert now < decision.next_look_at
        case Wait():
            assert now < decision.until
        case RaiseLevel():
            assert alert.level == "prompt"
        case RemindHolder():
            assert now < decision.next_look_at
        case ReturnToTeam():
            assert alert.holder_told_at is not None
        case Rest():
            assert alert.state == "closed"


@given(FACTS, POLICIES, INSTANTS)
def test_an_alert_that_somebody_has_never_notifies(alert, policy, now):
    decision = decide(alert, policy, now)

    assert alert.state == "open" or not isinstance(decision, Notify)
    assert alert.state != "closed" or decision == Rest()


@given(FACTS, POLICIES, INSTANTS)
def test_never_steps_back_and_counts_every_round(alert, policy, now):
    decision = decide(alert, policy, now)

    if isinstance(decision, Notify):
        ladder = policy.prompt if alert.level == "prompt" else policy.urgent
        assert decision.step >= min(alert.step, len(ladder.steps) - 1)
        assert decision.round == alert.round + 1
        assert set(ladder.steps[decision.step].notify) <= set(decision.recipients)
        assert decision.entered_at <= now


@given(POLICIES, LEVELS, st.lists(st.integers(1, 20_000), min_size=1, max_size=12))
def test_an_alert_that_nobody_takes_is_told_of_whatever_hours_the_worker_keeps(policy, level, gaps):
    alert, now, told = facts(level=level), RAISED_AT, 0
    for gap in [0, *gaps, 200_000]:
        now += timedelta(seconds=gap)
        decision = decide(alert, policy, now)
        if isinstance(decision, Notify):
            told += 1
            alert = facts(
                level=level, step=decision.step, round=decision.round, entered=decision.entered_at
            )

    assert told >= 1 or isinstance(decision, RaiseLevel)
    assert alert.round == told


@given(FACTS, POLICIES, INSTANTS)
def test_an_hour_after_its_last_round_an_open_urgent_alert_is_told_of_again(alert, policy, now):
    alert = facts(level="urgent", step=alert.step, entered=alert.step_entered_at or RAISED_AT)

    decision = decide(alert, policy, now)

    told_at = alert.step_entered_at
    assert isinstance(decision, Notify) or now - told_at < timedelta(hours=1)


@given(FACTS, POLICIES, INSTANTS)
def test_a_step_without_people_leads_to_the_last_one_within_one_look(alert, policy, now):
    decision = decide(alert, policy, now)
    looks = 0
    while isinstance(decision, Notify):
        previous = decision
        decision = decide_when_nobody(decision, alert, policy, now)
        assert not isinstance(decision, Notify) or decision.step == previous.step + 1
        looks += 1

    assert looks <= 5
    assert not isinstance(decision, Wait) or decision.until > now


@given(ALERTS, st.sampled_from(["none", "digest", "prompt", "urgent"]), CODES, INSTANTS)
def test_no_entry_lowers_an_alert_and_no_urgent_evidence_stays_untold(alert, level, codes, now):
    placement = absorbs(alert, level, codes, now)

    if isinstance(placement, RaiseOpen):
        assert LOUDNESS[placement.level] > LOUDNESS[alert.level]
        assert alert.state == "open"
    if isinstance(placement, Absorb) and level == "urgent":
        assert alert.level == "urgent"
        assert alert.state == "open" or set(codes) <= set(alert.reason_codes)
    if not isinstance(placement, OpenNew) and level in LOUDNESS:
        assert set(alert.reason_codes) | set(placement.added_codes) >= set(codes)


@given(st.lists(ALERTS, max_size=4), LEVELS, CODES, INSTANTS)
def test_an_entry_opens_an_alert_only_when_none_takes_it(alerts, level, codes, now):
    index, placement = place(alerts, level, codes, now)

    answers = [absorbs(alert, level, codes, now) for alert in alerts]
    if index is None:
        assert placement == OpenNew()
        assert all(answer == OpenNew() for answer in answers)
    else:
        assert placement == answers[index] != OpenNew()


@given(FACTS, POLICIES, INSTANTS, st.sets(WORDS, max_size=3))
def test_somebody_is_told_as_long_as_somebody_works_here(alert, policy, now, staffed):
    """Whatever steps are empty: the words of roles cover everybody who works in the clinic."""
    decision = decide(alert, policy, now)

    def behind(words, _at):
        there = [word for word in words if word in staffed | {"role:nurse"}]
        return tuple(UUID(int=hash(word) % 2**64) for word in there)

    if isinstance(decision, Notify):
        found = reach(decision, alert, policy, now, behind)
        assert found.people
        assert isinstance(found.decision, Notify)
        assert found.decision.next_look_at > now
        assert found.people == behind(found.decision.recipients, now)
