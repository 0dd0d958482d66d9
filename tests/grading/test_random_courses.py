"""A slice of the long run ``python -m bench.random_courses``, and laws of refusal and order."""

import json
import random
from dataclasses import fields, replace
from itertools import pairwise

import pytest

from alerts.errors import ImpossibleValueError
from alerts.grading.assess import assess, assess_course
from alerts.grading.course import Context, Entry, TemperatureInput
from alerts.grading.limits import CHOICES, NUMBERS, TICKS, YES_OR_NO
from alerts.grading.terms import Level
from alerts.grading.thermometer import celsius_from_fahrenheit
from alerts.grading.vignette import grade_document
from bench.random_courses import broken_laws, random_course, random_entry
from tests.grading.told import anc, context, well


@pytest.mark.parametrize("seed", range(4))
def test_keeps_the_laws_on_random_courses(seed):
    for number in range(150):
        where, told = random_course(random.Random(f"{seed}-{number}"))
        graded = list(zip(told, assess_course(where, told), strict=True))

        assert broken_laws(where, graded) == [], f"course {number}"


def test_notices_a_broken_law():
    where, told = Context(), [well(red_flags=["blisters"])]
    found = replace(assess_course(where, told)[0], level=Level.NONE)

    assert "the level is that of its worst reason" in broken_laws(where, [(told[0], found)])


def test_draws_every_level_and_every_field():
    chance = random.Random(5)
    drawn = [random_entry(chance, 0) for _ in range(1500)]

    for each in fields(Entry):
        assert any(getattr(told, each.name) not in (None, False) for told in drawn) or (
            each.name == "day"
        )
    assert {assess(told, (), Context()).level for told in drawn} == set(Level)


@pytest.mark.parametrize("tenths", range(930, 1096))
def test_fahrenheit_and_celsius_agree(tenths):
    fahrenheit = tenths / 10
    where = context(anc_history=anc(2.0, -1))
    typed = well(red_flags=["feels_unwell"])

    found = [
        assess(replace(typed, temperature_input=TemperatureInput(*value, "oral")), (), where)
        for value in ((fahrenheit, "F"), (celsius_from_fahrenheit(fahrenheit), "C"))
        if 34 <= celsius_from_fahrenheit(fahrenheit) <= 43
    ]

    assert len({(each.level, each.grades["fever"], each.temperature_celsius) for each in found}) < 2


NORMAL = {
    "temperature_input": TemperatureInput(36.6, "C", "oral"),
    "itch_nrs": 0,
    "itch_extent": "localized",
    "itch_pattern": "intermittent",
    "sleep_loss": "none",
    "skin_pain_nrs": 0,
    "bsa_percent": 0,
    "peeling_bsa_percent": 0,
    "generalized": False,
    "rash_present": False,
    "morphology": frozenset(),
    "red_flags": frozenset(),
    "mouth": "none",
    "mouth_intake_affected": False,
    "periorbital": "none",
    "stools_over_baseline": 0,
    "nausea": "none",
    "fatigue": "none",
    "limb_swelling": "none",
    "blurred_vision": "none",
    "weight_gain_3d_kg": 0,
    "chills": "none",
    "antipyretic_within_6h": False,
}


LOW_RISK = (
    context(anc_history=anc(2.0, 0)),
    [well(temperature_input=TemperatureInput(38.1, "C", "oral"), celsius=None, chills="none")],
)


@pytest.mark.parametrize("field", NORMAL)
def test_no_answer_is_never_more_reassuring_than_the_normal_answer(field):
    drawn = [random_course(random.Random(f"{field}-{number}"), most=3) for number in range(40)]
    for where, told in [LOW_RISK, *drawn]:
        earlier = list(zip(told, assess_course(where, told), strict=True))[:-1]
        # What a limit of daily living is due to gives a grade only when that was asked about.
        entry = replace(told[-1], adl=None)

        normal = assess(replace(entry, **{field: NORMAL[field]}), earlier, where)
        unknown = assess(replace(entry, **{field: None}), earlier, where)

        assert unknown.level >= normal.level


WORSE = {
    "itch_nrs": range(11),
    "bsa_percent": range(101),
    "stools_over_baseline": range(21),
    "sleep_loss": ("none", "some", "major"),
    "adl": ("none", "instrumental", "self_care"),
    "mouth": ("none", "mild", "moderate", "severe"),
    "periorbital": ("none", "soft", "firm_or_pitting", "cannot_open_or_vision"),
    "nausea": ("none", "mild", "reduced_intake", "inadequate_intake"),
    "fatigue": ("none", "relieved_by_rest", "not_relieved", "self_care"),
    "limb_swelling": ("none", "mild", "moderate", "severe"),
    "blurred_vision": ("none", "mild", "moderate", "severe"),
    "chills": ("none", "mild", "rigors"),
    "weight_gain_3d_kg": (0, 1.9, 2, 5, 20),
    "celsius": [tenths / 10 for tenths in range(360, 431)],
    "skin_pain_nrs": range(11),
}


@pytest.mark.parametrize("beside", [{}, {"itch_nrs": 2, "bsa_percent": 8}], ids=["well", "rash"])
@pytest.mark.parametrize("field", WORSE)
def test_a_worse_answer_alone_never_lowers_a_grade_or_the_level(field, beside):
    found = [
        assess(well(**{**beside, field: value}), (), context(anc_history=anc(2.0, 0)))
        for value in WORSE[field]
    ]

    for milder, worse in pairwise(found):
        assert worse.level >= milder.level
        assert all(worse.grades[symptom] >= grade for symptom, grade in milder.grades.items())


WRONG = ["?", -1e9, 1e9, [3], {"a": 1}, True, 0.5, "yes"]
FIELDS = sorted(
    (set(NUMBERS) | set(CHOICES) | set(TICKS) | YES_OR_NO) & {f.name for f in fields(Entry)}
)


@pytest.mark.parametrize("field", FIELDS)
def test_refuses_an_impossible_answer_by_the_name_of_its_field(field):
    refused = accepted = 0
    for value in WRONG:
        try:
            Entry(**{"day": 0, field: value})
        except ImpossibleValueError as error:
            refused += error.field == field and str(error).startswith(field)
        else:
            accepted += 1

    assert refused >= 5
    assert refused + accepted == len(WRONG)


def test_the_order_within_a_minute_never_changes_a_document():
    for number in range(40):
        chance = random.Random(number)
        itch = [chance.randint(0, 10) for _ in range(3)]
        minute = [
            {
                "day": 1,
                "time": "10:00",
                "itch_nrs": nrs,
                "bsa_percent": chance.choice((0, 8, 15, 31)),
            }
            for nrs in itch
        ]
        shuffled = chance.sample(minute, 3)

        told = [
            grade_document({"entries": [{"day": 0, "itch_nrs": 2}, *order]})["vignettes"][0]
            for order in (minute, shuffled)
        ]

        outcomes = [sorted(json.dumps(each) for each in one["by_entry"]) for one in told]
        assert outcomes[0] == outcomes[1]
        assert told[0]["escalation"] == told[1]["escalation"]
