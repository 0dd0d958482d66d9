"""A worse answer never counts for less, over random courses; and no answer is no good answer."""

import random
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from alerts.grading.assess import assess, assess_course
from alerts.grading.course import Labs, TemperatureInput
from alerts.grading.terms import Level
from bench.random_courses import random_course
from tests.grading.told import anc, context, one, well

COURSES = 400
TWO_AMBERS = "R7_TWO_OR_MORE_FRESH_AMBERS"


SAFE = context(anc_history=anc(2.0, 0))


@cache
def drawn():
    """Return the context, the graded past and the last entry of plain and of random courses."""
    found = [
        (SAFE, (), well()),
        (SAFE, (), well(itch_nrs=2, bsa_percent=8)),
        (SAFE, (), well(celsius=38.1, chills="none")),
    ]
    for number in range(COURSES):
        where, told = random_course(random.Random(f"worse {number}"), most=4)
        past = tuple(zip(told, assess_course(where, told), strict=True))[:-1]
        found.append((where, past, told[-1]))
    return found


def celsius(value):
    return TemperatureInput(value, "C", "oral")


def results(name, *values):
    return tuple(Labs(**{name: value}) for value in values)


# Every answer that can be worse or milder, the mildest first. Lesion types have no such order:
# marks that are no rash end a rash of unknown kind (R2.1), and hives are graded by extent alone.
SCALES = {
    "temperature_input": tuple(
        celsius(each) for each in (36, 37.4, 37.5, 37.9, 38, 38.2, 38.3, 39.1, 40.1, 43)
    ),
    "itch_nrs": tuple(range(11)),
    "itch_extent": ("localized", "widespread"),
    "itch_pattern": ("intermittent", "constant"),
    "sleep_loss": ("none", "some", "major"),
    "skin_pain_nrs": tuple(range(11)),
    "bsa_percent": (0, 0.1, 5, 9.9, 10, 20, 29.9, 30, 30.1, 50.1, 100),
    "peeling_bsa_percent": (0, 9.9, 10, 50),
    "generalized": (False, True),
    "rash_present": (False, True),
    "adl": ("none", "instrumental", "self_care"),
    "mouth": ("none", "mild", "moderate", "severe"),
    "mouth_intake_affected": (False, True),
    "periorbital": ("none", "soft", "firm_or_pitting", "cannot_open_or_vision"),
    "stools_over_baseline": (0, 1, 3, 4, 6, 7, 20),
    "nausea": ("none", "mild", "reduced_intake", "inadequate_intake"),
    "fatigue": ("none", "relieved_by_rest", "not_relieved", "self_care"),
    "limb_swelling": ("none", "mild", "moderate", "severe"),
    "blurred_vision": ("none", "mild", "moderate", "severe"),
    "weight_gain_3d_kg": (0, 1.9, 2, 5),
    "chills": ("none", "mild", "rigors"),
    "antipyretic_within_6h": (False, True),
    "timer_event": (None, "recheck_not_entered"),
    "labs.anc": results("anc_1e9_l", 2, 1.4, 0.9, 0.4),
    "labs.eosinophils": results("eosinophils_1e9_l", 0.1, 0.6, 1.1, 9),
    "labs.alt": results("alt", 0, 41, 81, 121, 201, 801),
    "labs.ast": results("ast", 0, 41, 81, 121, 201, 801),
    "labs.bilirubin": results("bilirubin", 0, 1.4, 2, 2.7, 4, 14),
    "labs.creatinine": results("creatinine", 0, 1.4, 2, 4, 8),
}


def without_ambers(found):
    """Return the level before two ambers raise it."""
    return max(reason.level for reason in found.reasons if reason.code != TWO_AMBERS)


def outgrew_amber(milder, worse):
    """Return whether what was amber is worse than amber and yet only a same-day call."""
    by_grade = any(
        milder.grades.get(symptom) == 2 and worse.grades.get(symptom) == 3
        for symptom in ("pruritus", "fatigue")
    )
    by_fever = (
        "R4_TEMP_37_5_TO_37_9_WITH_RISK" in milder.codes
        and "R4_TEMP_38_0_TO_38_2_LOW_RISK_RECHECK_1H" in worse.codes
    )
    return by_grade or by_fever


@pytest.mark.parametrize(("name", "scale"), SCALES.items(), ids=list(SCALES))
def test_never_counts_for_less(name, scale):
    # The text counts fresh grades of exactly 2 as amber. So the one way down is by one level,
    # from two ambers, when an amber grew to what is itself a same-day call.
    field = name.split(".")[0]
    for number, (where, past, told) in enumerate(drawn()):
        answers = (replace(told, **{field: answer}) for answer in scale)
        for milder, worse in pairwise(assess(answer, past, where) for answer in answers):
            course = f"course {number}: {milder.codes} then {worse.codes}"
            assert without_ambers(worse) >= without_ambers(milder), course
            assert all(worse.grades.get(key, 0) >= milder.grades[key] for key in milder.grades)
            if worse.level < milder.level:
                assert TWO_AMBERS in milder.codes, course
                assert outgrew_amber(milder, worse), course
                assert worse.level == milder.level - 1, course


@pytest.mark.parametrize(
    ("milder", "worse"),
    [
        # A new grade 2 of two domains is urgent; grade 3 of itch is a same-day call (R6).
        ({"itch_nrs": 6, "stools_over_baseline": 5}, {"itch_nrs": 7, "stools_over_baseline": 5}),
        # The same for tiredness that leaves no strength to wash (R7).
        (
            {"fatigue": "not_relieved", "periorbital": "firm_or_pitting"},
            {"fatigue": "self_care", "periorbital": "firm_or_pitting"},
        ),
        # 37.9 after a painkiller is amber (R4.6), 38.0 at low risk is a same-day call (R4.5).
        (
            {"celsius": 37.9, "antipyretic_within_6h": True, "nausea": "reduced_intake"},
            {"celsius": 38.0, "antipyretic_within_6h": True, "nausea": "reduced_intake"},
        ),
    ],
)
def test_two_ambers_are_the_one_way_down_that_the_text_has(milder, worse):
    levels = [one(well(**told), SAFE).level for told in (milder, worse)]

    assert levels == [Level.URGENT, Level.PROMPT]


NORMAL = {
    **{name: scale[0] for name, scale in SCALES.items()},
    "red_flags": frozenset(),
    "morphology": frozenset(),
    "temperature_input": celsius(36.6),
}


@pytest.mark.parametrize(("name", "normal"), NORMAL.items(), ids=list(NORMAL))
def test_asks_for_no_less_when_an_answer_is_unknown_than_when_it_is_normal(name, normal):
    field = name.split(".")[0]
    # Living that diarrhea limits is not normal whatever the number of stools (R7).
    left_out = {"adl_due_to": None} if field == "stools_over_baseline" else {}
    for number, (where, past, told) in enumerate(drawn()):
        unknown, known = (
            assess(replace(told, **left_out, **{field: answer}), past, where)
            for answer in (None, normal)
        )

        assert unknown.level >= known.level, f"course {number}: {unknown.codes} or {known.codes}"
