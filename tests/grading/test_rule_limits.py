"""No clinic can tune away what is dangerous; every mistake in a rule set is one sentence."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.grading.assess import assess
from alerts.grading.course import Labs
from alerts.grading.rule_limits import (
    LIMITS,
    RuleSetError,
    check,
    rule_set_from_json,
    rule_set_to_json,
)
from alerts.grading.rules import DEFAULT_RULES, RULES_VERSION, RuleSet
from alerts.grading.terms import Level
from tests.grading.told import anc, context, entry, rash, well

CLINIC = replace(DEFAULT_RULES, name="Clinic", version="clinic-1")


def numbers_within(field):
    limit, usual = LIMITS[field], getattr(DEFAULT_RULES, field)
    low, high = sorted((limit.strictest, limit.loosest))
    if isinstance(usual, int):
        return st.integers(int(low), int(high))
    return st.floats(low, high)


tuned = (
    st.fixed_dictionaries({}, optional={field: numbers_within(field) for field in LIMITS})
    .map(lambda values: replace(CLINIC, **values))
    .filter(lambda rules: check(rules) == [])
)

DANGERS = {
    "lips or tongue swollen": entry(red_flags=["lip_tongue_swelling"]),
    "hard to breathe": entry(red_flags=["breathing_difficulty"]),
    "skin comes off": entry(morphology=["peeling_raw"]),
    "skin comes off, ticked as a sign": entry(red_flags=["skin_peeling_raw"]),
    "blisters": entry(morphology=["blisters"]),
    "shaking chills": entry(chills="rigors"),
    "38.3 degrees": well(celsius=38.3),
    "37.8 degrees under the arm": well(celsius=37.8, site="axillary"),
    "38.0 degrees, count unknown": well(celsius=38.0),
    "42.9 degrees": well(celsius=42.9),
    "cold and unwell": well(celsius=35.9, red_flags=["feels_unwell"]),
    "over 30 percent": rash(30.1),
    "all over": entry(generalized=True, rash_present=True),
    "grade 3": rash(2, adl="self_care"),
    "painful rash": rash(2, red_flags=["skin_pain"]),
    "mouth sores with a rash": rash(2, mouth="mild"),
    "neutrophils below 0.5": entry(labs=Labs(anc_1e9_l=0.49)),
    "1200 mg taken": entry(imatinib_mg_taken=1200, imatinib_mg_prescribed=400),
}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(rules=tuned)
def test_keeps_every_danger_urgent_under_every_allowed_rule_set(rules):
    where = context(anc_history=anc(4.9, -8))

    found = {name: assess(told, [], where, rules).level for name, told in DANGERS.items()}

    assert found == dict.fromkeys(DANGERS, Level.URGENT)


def test_limits_every_number_of_a_rule_set():
    others = {"name", "version", "amber_grades"}

    assert set(LIMITS) == {each.name for each in fields(RuleSet)} - others


def test_accepts_the_reviewed_rules():
    assert check(DEFAULT_RULES) == []


@pytest.mark.parametrize("field", sorted(LIMITS))
def test_accepts_a_number_at_its_loosest_and_names_it_one_step_beyond(field):
    limit = LIMITS[field]
    step = 1 if isinstance(getattr(DEFAULT_RULES, field), int) else 0.01
    beyond = limit.loosest + (step if limit.loosest > limit.strictest else -step)
    bound = "at most" if limit.loosest > limit.strictest else "at least"

    assert not [
        said for said in check(replace(CLINIC, **{field: limit.loosest})) if "looser" in said
    ]
    assert (
        f"{field} is looser than safety allows: it must be {bound} {limit.loosest:g}, "
        f"got {beyond:g}." in check(replace(CLINIC, **{field: beyond}))
    )


@pytest.mark.parametrize("field", sorted(LIMITS))
def test_names_a_number_that_is_a_slip_of_the_pen(field):
    limit = LIMITS[field]
    beyond = limit.strictest + (-1 if limit.loosest > limit.strictest else 1)

    assert any(
        said.startswith(f"{field} cannot be meant")
        for said in check(replace(CLINIC, **{field: beyond}))
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("high_fever_celsius", 38.4),
        ("fever_celsius", 38.1),
        ("wide_extent_percent", 30.5),
        ("sustained_after_minutes", 61),
        ("anc_very_low", 0.4),
        ("highest_daily_mg", 1200),
        ("itch_severe", 8),
        ("amber_domains", 3),
    ],
)
def test_never_loosens_what_makes_an_entry_urgent(field, value):
    assert any(
        field in said and "looser" in said for said in check(replace(CLINIC, **{field: value}))
    )


@pytest.mark.parametrize("value", [None, "38", True, float("nan"), float("inf"), [], 10**400])
@pytest.mark.parametrize("field", ["fever_celsius", "spread_days"])
def test_names_a_field_that_holds_no_number(field, value):
    mistakes = check(replace(CLINIC, **{field: value}))

    assert len(mistakes) == 1
    assert mistakes[0].startswith(f"{field} must be a")


def test_refuses_part_of_a_day():
    assert check(replace(CLINIC, fresh_days=6.5)) == ["fresh_days must be a whole number, got 6.5."]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"high_fever_celsius": 37.6}, "fever_celsius must not be over high_fever_celsius"),
        ({"fever_celsius": 37.2}, "raised_celsius must not be over fever_celsius"),
        ({"spread_points": 12.0, "fast_spread_points": 11.0}, "spread_points must not be over"),
        ({"itch_moderate": 4, "itch_severe": 4}, "itch_moderate must be below itch_severe"),
    ],
)
def test_keeps_thresholds_in_order(change, sentence):
    assert [said for said in check(replace(CLINIC, **change)) if said.startswith(sentence)]


@pytest.mark.parametrize("field", ["name", "version"])
@pytest.mark.parametrize("value", ["", "  ", None, 3, "x" * 61])
def test_needs_a_name_and_a_version(field, value):
    assert any(
        said.startswith(f"{field} must be 1 to 60")
        for said in check(replace(CLINIC, **{field: value}))
    )


def test_asks_for_a_new_version_when_a_number_differs():
    assert check(replace(DEFAULT_RULES, weight_gain_kg=1.5)) == [
        f"version must be a new one, because the rules differ from Reviewed rules {RULES_VERSION}."
    ]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(rules=tuned, grades=st.sampled_from([{2}, {2, 3}, {1, 2, 3, 4}]))
def test_survives_the_way_to_json_and_back(rules, grades):
    rules = replace(rules, amber_grades=frozenset(grades))

    assert rule_set_from_json(json.loads(json.dumps(rule_set_to_json(rules)))) == rules


def test_takes_numbers_left_out_from_the_reviewed_rules():
    given_json = {"name": "Ward 4", "version": "4.1", "weight_gain_kg": 1.5}

    assert rule_set_from_json(given_json) == replace(
        DEFAULT_RULES, name="Ward 4", version="4.1", weight_gain_kg=1.5
    )


def test_lists_every_mistake():
    with pytest.raises(RuleSetError) as refused:
        rule_set_from_json(
            {"version": "2", "fever_celcius": 37, "high_fever_celsius": 39, "amber_grades": [3]}
        )

    assert refused.value.mistakes == (
        "name is missing.",
        "'fever_celcius' is not a field of the rules.",
        "high_fever_celsius is looser than safety allows: it must be at most 38.3, got 39.",
        "amber_grades is looser than safety allows: it must hold grade 2.",
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    json_values
    | st.dictionaries(st.sampled_from([each.name for each in fields(RuleSet)]), json_values)
)
def test_anything_else_is_refused_in_sentences_or_is_within_the_limits(stored):
    accepted, mistakes = None, ()
    try:
        accepted = rule_set_from_json(stored)
    except RuleSetError as refused:
        mistakes = refused.mistakes

    if accepted is None:
        assert mistakes
        assert all(said.endswith(".") and "\n" not in said for said in mistakes)
    else:
        assert {"name", "version"} <= set(stored) <= {each.name for each in fields(RuleSet)}
        assert check(accepted) == []


def test_knows_every_grade_of_amber_only():
    assert check(replace(CLINIC, amber_grades=frozenset({2, 9})))
    assert check(replace(CLINIC, amber_grades={2}))
