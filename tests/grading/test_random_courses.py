"""A slice of the long run ``python -m bench.random_courses``, and laws of refusal and order."""

import json
import random
from dataclasses import fields, replace

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
