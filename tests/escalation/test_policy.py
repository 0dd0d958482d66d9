import json
from copy import deepcopy

import pytest

from alerts.escalation.policy import (
    DEFAULT_POLICY,
    Ladder,
    Policy,
    PolicyError,
    Step,
    ladder_for,
    policy_from_json,
    policy_to_json,
    repeat_seconds_for,
)

NURSE_ID = "0190b6a2-7f3e-7c11-8a55-0d6f0a4c2b11"


def stored_policy():
    return {
        "urgent": {
            "steps": [
                {"wait_seconds": 0, "notify": ["role:nurse"]},
                {"wait_seconds": 900, "notify": ["role:nurse", f"user:{NURSE_ID}"]},
            ],
            "repeat_seconds": 900,
        },
        "prompt": {
            "steps": [{"wait_seconds": 0, "notify": ["role:nurse"]}],
            "repeat_seconds": None,
        },
    }


def entered_after_minutes(ladder):
    total, minutes = 0, []
    for step in ladder.steps:
        total += step.wait_seconds
        minutes.append(total / 60)
    return minutes


def test_standard_urgent_ladder_follows_the_clinical_targets():
    ladder = DEFAULT_POLICY.urgent

    assert entered_after_minutes(ladder) == [0, 15, 30, 45]
    assert [set(step.notify) for step in ladder.steps] == [
        {"role:nurse"},
        {"role:nurse"},
        {"role:nurse", "role:clinician"},
        {"role:nurse", "role:clinician", "role:administrator"},
    ]
    assert ladder.repeat_seconds == 15 * 60


def test_standard_prompt_ladder_follows_the_clinical_targets():
    ladder = DEFAULT_POLICY.prompt

    assert entered_after_minutes(ladder) == [0, 4 * 60, 12 * 60]
    assert [set(step.notify) for step in ladder.steps] == [
        {"role:nurse"},
        {"role:nurse"},
        {"role:nurse", "role:clinician"},
    ]
    assert ladder.repeat_seconds == 12 * 3600


def test_standard_policy_passes_its_own_check():
    assert policy_from_json(policy_to_json(DEFAULT_POLICY)) == DEFAULT_POLICY


def test_reads_what_json_text_gives_back():
    policy = policy_from_json(json.loads(json.dumps(stored_policy())))

    assert policy == Policy(
        urgent=Ladder(
            (Step(0, ("role:nurse",)), Step(900, ("role:nurse", f"user:{NURSE_ID}"))), 900
        ),
        prompt=Ladder((Step(0, ("role:nurse",)),), None),
    )


@pytest.mark.parametrize(
    ("level", "seconds"), [("urgent", 15 * 60), ("prompt", 12 * 3600), ("louder", 15 * 60)]
)
def test_repeats_at_the_standard_pace_when_the_clinic_said_nothing(level, seconds):
    steps = (Step(0, ("role:nurse",)),)

    assert repeat_seconds_for(Policy(Ladder(steps, None), Ladder(steps, None)), level) == seconds


def test_climbs_the_urgent_ladder_for_a_level_nobody_knows():
    assert ladder_for(DEFAULT_POLICY, "louder") is DEFAULT_POLICY.urgent


def set_urgent_step(number, field, value):
    def change(policy):
        policy["urgent"]["steps"][number - 1][field] = value

    return change


def set_ladder(level, field, value):
    def change(policy):
        policy[level][field] = value

    return change


def without(*path):
    def change(policy):
        inner = policy
        for key in path[:-1]:
            inner = inner[key]
        del inner[path[-1]]

    return change


PROMPT_STEPS_OF_A_DAY = [
    {"wait_seconds": 0, "notify": ["role:nurse"]},
    {"wait_seconds": 43_200, "notify": ["role:nurse"]},
    {"wait_seconds": 43_200, "notify": ["role:clinician"]},
    {"wait_seconds": 3_600, "notify": ["role:clinician"]},
]


@pytest.mark.parametrize(
    ("change", "starts"),
    [
        (without("urgent"), "The policy, urgent: is missing"),
        (lambda policy: policy.update(digest={}), "The policy, 'digest': there is no such field"),
        (without("urgent", "steps"), "Urgent ladder, steps: is missing"),
        (lambda policy: policy.update(urgent=None), "Urgent ladder: give the fields"),
        (set_ladder("urgent", "steps", []), "Urgent ladder, steps: give a list of 1 to 20"),
        (set_ladder("urgent", "steps", "now"), "Urgent ladder, steps: give a list of 1 to 20"),
        (set_ladder("urgent", "steps", ["now"]), "Urgent step 1: give the fields"),
        (set_ladder("urgent", "repeat_seconds", 0), "Urgent ladder, repeat_seconds: give a whole"),
        (set_ladder("urgent", "repeat_seconds", 3601), "Urgent ladder, repeat_seconds: give a"),
        (set_ladder("prompt", "repeat_seconds", 86_401), "Prompt ladder, repeat_seconds: give a"),
        (set_ladder("prompt", "speed", 1), "Prompt ladder, 'speed': there is no such field"),
        (set_urgent_step(1, "wait_seconds", 60), "Urgent step 1, wait_seconds: give a whole"),
        (set_urgent_step(2, "wait_seconds", 59), "Urgent step 2, wait_seconds: give a whole"),
        (set_urgent_step(2, "wait_seconds", 3601), "Urgent step 2, wait_seconds: give a whole"),
        (set_urgent_step(2, "wait_seconds", 900.0), "Urgent step 2, wait_seconds: give a whole"),
        (set_urgent_step(2, "wait_seconds", True), "Urgent step 2, wait_seconds: give a whole"),
        (set_urgent_step(2, "wait_seconds", None), "Urgent step 2, wait_seconds: give a whole"),
        (without("urgent", "steps", 1, "wait_seconds"), "Urgent step 2, wait_seconds: is missing"),
        (without("urgent", "steps", 1, "notify"), "Urgent step 2, notify: is missing"),
        (set_urgent_step(2, "notify", []), "Urgent step 2, notify: name at least one"),
        (set_urgent_step(2, "notify", "role:nurse"), "Urgent step 2, notify: name at least one"),
        (set_urgent_step(2, "notify", ["role:patient"]), "Urgent step 2, notify: use role:nurse"),
        (set_urgent_step(2, "notify", ["user:ben"]), "Urgent step 2, notify: use role:nurse"),
        (set_urgent_step(2, "notify", ["nurse"]), "Urgent step 2, notify: use role:nurse"),
        (set_urgent_step(2, "notify", [7]), "Urgent step 2, notify: use role:nurse"),
        (
            set_urgent_step(2, "notify", ["role:nurse", "role:nurse"]),
            "Urgent step 2, notify: name each role or person only once",
        ),
        (
            set_ladder("prompt", "steps", PROMPT_STEPS_OF_A_DAY),
            "Prompt step 3, wait_seconds: this step is never reached",
        ),
    ],
)
def test_refuses_a_mistake_in_one_sentence_that_names_step_and_field(change, starts):
    stored = deepcopy(stored_policy())
    change(stored)

    with pytest.raises(PolicyError) as caught:
        policy_from_json(stored)

    (sentence,) = caught.value.mistakes
    assert sentence.startswith(starts)
    assert sentence.endswith(".")


def test_names_every_mistake_at_once():
    stored = stored_policy()
    stored["urgent"]["steps"][0]["notify"] = []
    stored["prompt"]["repeat_seconds"] = "often"

    with pytest.raises(PolicyError) as caught:
        policy_from_json(stored)

    assert [mistake.partition(":")[0] for mistake in caught.value.mistakes] == [
        "Urgent step 1, notify",
        "Prompt ladder, repeat_seconds",
    ]


@pytest.mark.parametrize("stored", [None, [], "policy", 7])
def test_refuses_what_is_no_policy_at_all(stored):
    with pytest.raises(PolicyError, match="The policy: give the fields urgent, prompt"):
        policy_from_json(stored)


def test_shortens_a_long_wrong_word():
    stored = stored_policy()
    stored["urgent"]["steps"][0]["notify"] = ["x" * 500]

    with pytest.raises(PolicyError) as caught:
        policy_from_json(stored)

    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("wait_seconds", "notify"), [(-1, ("role:nurse",)), (0, ())], ids=["negative", "nobody"]
)
def test_a_step_tells_somebody_and_never_waits_a_negative_time(wait_seconds, notify):
    with pytest.raises(ValueError, match="A step tells"):
        Step(wait_seconds, notify)


@pytest.mark.parametrize(
    ("steps", "repeat_seconds"),
    [((), 900), ((Step(0, ("role:nurse",)),), 0)],
    ids=["no step", "no pause"],
)
def test_a_ladder_has_a_step_and_a_pause(steps, repeat_seconds):
    with pytest.raises(ValueError, match="A ladder has"):
        Ladder(steps, repeat_seconds)
