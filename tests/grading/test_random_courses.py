"""A slice of the long run ``python -m bench.random_courses``, and laws of refusal and order."""

import json
import random
from dataclasses import fields, replace
from itertools import permutations

import pytest

from alerts.errors import ImpossibleValueError
from alerts.grading.assess import assess, assess_course
from alerts.grading.course import Context, Entry, TemperatureInput
from alerts.grading.limits import CHOICES, NUMBERS, TICKS, YES_OR_NO
from alerts.grading.terms import Level
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


@pytest.mark.parametrize("tenths", range(932, 1095))
def test_fahrenheit_and_celsius_agree(tenths):
    # (F - 32) * 5/9 in hundredths, half up, in whole numbers: 93.2 F is 34.00 C.
    celsius = ((tenths - 320) * 100 + 9) // 18 / 100
    where = context(anc_history=anc(2.0, -1))
    typed = well(red_flags=["feels_unwell"])

    in_fahrenheit, in_celsius = (
        assess(replace(typed, temperature_input=TemperatureInput(*value, "oral")), (), where)
        for value in ((tenths / 10, "F"), (celsius, "C"))
    )

    assert in_fahrenheit.temperature_celsius == in_celsius.temperature_celsius == celsius
    assert in_fahrenheit.grades == in_celsius.grades
    assert in_fahrenheit.level == in_celsius.level


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


def of_one_minute(chance):
    """Return three entries of one minute, each with a few answers."""
    answers = {
        "itch_nrs": tuple(range(11)),
        "bsa_percent": (0, 8, 15, 31),
        "fatigue": ("none", "not_relieved", "self_care"),
        "mouth": ("none", "moderate"),
        "stools_over_baseline": (0, 5),
        "temperature_input": tuple({"value": each, "unit": "C"} for each in (36.6, 37.9, 38.1)),
        "red_flags": ([], ["feels_unwell"], ["mouth_sores"]),
        "prednisolone_mg_taken": (0, 5),
        "prednisolone_mg_prescribed": (5,),
        "labs": ({"anc_1e9_l": 0.9}, {"anc_1e9_l": 2.0}),
    }
    return [
        {
            "day": 1,
            "time": "10:00",
            **{name: chance.choice(answers[name]) for name in chance.sample(list(answers), 4)},
        }
        for _ in range(3)
    ]


def test_the_order_within_a_minute_never_changes_a_document():
    for number in range(150):
        chance = random.Random(number)
        minute = of_one_minute(chance)
        before, after = {"day": 0, "itch_nrs": 2}, {"day": 2, "bsa_percent": 15, "itch_nrs": 6}

        first, *others = [
            grade_document({"entries": [before, *order, after]})["vignettes"][0]
            for order in permutations(minute)
        ]

        for other in others:
            assert in_any_order(other) == in_any_order(first)
            for told in ("escalation", "grade_by_symptom"):
                assert other[told] == first[told]


def in_any_order(graded):
    return sorted(json.dumps(each, sort_keys=True) for each in graded["by_entry"])
