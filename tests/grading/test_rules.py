from dataclasses import replace

import pytest

from alerts.grading.assess import assess, assess_course
from alerts.grading.rules import DEFAULT_RULES, RULES_VERSION
from tests.grading.told import anc, context, increase, one, rash, well


def test_stores_the_version_of_the_rules():
    assert one(well()).rules_version == RULES_VERSION
    clinic = replace(DEFAULT_RULES, version="clinic-4")
    assert assess(well(), [], context(), clinic).rules_version == "clinic-4"


@pytest.mark.parametrize(
    ("change", "told", "where", "default", "tuned"),
    [
        (
            {"high_fever_celsius": 38.1},
            well(celsius=38.1),
            context(anc_history=anc(2, 0)),
            "prompt",
            "urgent",
        ),
        ({"raised_celsius": 37.2}, well(celsius=37.3), context(), "none", "digest"),
        ({"wide_extent_percent": 20.0}, rash(25), context(), "prompt", "urgent"),
        ({"increase_window_days": 28}, rash(2), context(increase(-20)), "digest", "prompt"),
        ({"weight_gain_kg": 1.5}, well(weight_gain_3d_kg=1.6), context(), "none", "prompt"),
        (
            {"amber_grades": frozenset({2, 3})},
            well(itch_nrs=8, mouth="moderate"),
            context(),
            "prompt",
            "urgent",
        ),
    ],
)
def test_follows_the_thresholds_of_the_clinic(change, told, where, default, tuned):
    clinic = replace(DEFAULT_RULES, **change)

    assert assess(told, [], where).level.word == default
    assert assess(told, [], where, clinic).level.word == tuned


def test_keeps_the_published_grades_when_a_clinic_tunes_its_levels():
    clinic = replace(DEFAULT_RULES, fever_celsius=37.0, wide_extent_percent=5.0)

    found = assess_course(context(), [rash(25, celsius=37.2)], clinic)[0]

    assert (found.grades["rash"], found.grades["fever"]) == (2, 0)
