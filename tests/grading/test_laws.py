"""Laws of grading: what must hold for every diary, not only for the ones we thought of."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.grading import terms
from alerts.grading.assess import assess, assess_course
from alerts.grading.catalogue import CATALOGUE
from alerts.grading.course import Labs, TemperatureInput
from alerts.grading.rules import DEFAULT_RULES
from alerts.grading.terms import Level
from tests.grading.diaries import ANSWERS, contexts, courses, entries
from tests.grading.told import anc, context, one, well

laws = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
HIGHEST = {"rash_maculopapular": 3, "rash_acneiform": 3, "pruritus": 3, "urticaria": 3}

TWO_AMBERS = "R7_TWO_OR_MORE_FRESH_AMBERS"


@laws
@given(contexts, courses())
def test_assesses_every_possible_course(context, told):
    for entry, found in zip(told, assess_course(context, told), strict=True):
        assert found.level == max(reason.level for reason in found.reasons)
        assert all(0 <= grade <= HIGHEST.get(key, 4) for key, grade in found.grades.items())
        assert len(set(found.codes)) == len(found.codes)
        assert set(found.codes) <= set(CATALOGUE)
        kinds = [found.grades[key] for key in found.grades if key.startswith("rash_")]
        assert found.grades.get("rash", 3) >= max(kinds, default=0)
        assert (found.temperature_celsius is None) == ("fever" not in found.grades)
        assert (found.extent_percent is None) == ("rash" not in found.grades)
        assert not (entry.red_flags or frozenset()) or found.codes
        json.dumps([dict(reason.values) for reason in found.reasons])
        assert not any("{" in reason.sentence for reason in found.reasons)


@laws
@given(contexts, courses())
def test_gives_the_same_answer_twice(context, told):
    assert assess_course(context, told) == assess_course(context, list(told))


@laws
@given(contexts, courses())
def test_never_changes_the_past_when_an_entry_is_added(context, told):
    whole = assess_course(context, told)

    assert assess_course(context, told[:-1]) == whole[:-1]


ASKED_BY = {
    "pruritus": {"itch_nrs"},
    "fever": {"temperature_input"},
    "mucositis": {"mouth", "mouth_intake_affected"},
    "periorbital_edema": {"periorbital"},
    "diarrhea": {"stools_over_baseline"},
    "nausea": {"nausea"},
    "fatigue": {"fatigue"},
    "limb_edema": {"limb_swelling"},
    "blurred_vision": {"blurred_vision"},
    "rash": {"bsa_percent", "morphology", "rash_present", "generalized", "red_flags"},
    "lab_alt": {"labs"},
    "lab_anc": {"labs"},
}


@laws
@given(contexts, entries())
def test_never_grades_what_was_not_asked(context, entry):
    found = assess(entry, [], context)

    for symptom, fields in ASKED_BY.items():
        if all(getattr(entry, field) is None for field in fields):
            assert symptom not in found.grades


@laws
@given(contexts, courses(3), entries(9), st.sampled_from(sorted(terms.RED_FLAGS)))
def test_never_lowers_the_level_for_one_more_warning_sign(context, before, entry, flag):
    earlier = list(zip(before, assess_course(context, before), strict=True))
    entry = replace(entry, red_flags=entry.red_flags or frozenset())
    worse = replace(entry, red_flags=entry.red_flags | {flag})

    assert assess(worse, earlier, context).level >= assess(entry, earlier, context).level


def celsius(value):
    return TemperatureInput(value, "C", "oral")


# Every answer that can be worse or milder, the mildest first. Lesion types have no such order:
# marks that are no rash end a rash of unknown kind (R2.1), and hives are graded by extent alone.
SCALES = {
    "temperature_input": tuple(
        map(celsius, (36, 37.4, 37.5, 37.9, 38, 38.2, 38.3, 39.1, 40.1, 43))
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
    "labs": (
        Labs(anc_1e9_l=1.6, eosinophils_1e9_l=0.4, alt=30, ast=30, bilirubin=1, creatinine=1),
        Labs(anc_1e9_l=1.4, eosinophils_1e9_l=0.9, alt=81, ast=81, bilirubin=1.9, creatinine=1.4),
        Labs(anc_1e9_l=0.9, eosinophils_1e9_l=1.1, alt=130, ast=130, bilirubin=2.7, creatinine=1.6),
        Labs(anc_1e9_l=0.4, eosinophils_1e9_l=3, alt=210, ast=900, bilirubin=14, creatinine=7),
    ),
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


@pytest.mark.parametrize(("field", "scale"), SCALES.items(), ids=list(SCALES))
@settings(laws, max_examples=40)
@given(context=contexts, before=courses(2), entry=entries(9))
def test_never_lowers_the_level_for_a_worse_answer(field, scale, context, before, entry):
    # The text counts fresh grades of exactly 2 as amber. So the one way down is by one level,
    # from two ambers, when an amber grew to what is itself a same-day call.
    earlier = list(zip(before, assess_course(context, before), strict=True))
    answers = [replace(entry, **{field: answer}) for answer in scale]

    for milder, worse in pairwise(assess(answer, earlier, context) for answer in answers):
        assert without_ambers(worse) >= without_ambers(milder)
        if worse.level < milder.level:
            assert TWO_AMBERS in milder.codes
            assert outgrew_amber(milder, worse)
            assert worse.level == milder.level - 1


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
    safe = context(anc_history=anc(2.0, -1))

    levels = [one(well(**told), safe).level for told in (milder, worse)]

    assert levels == [Level.URGENT, Level.PROMPT]


NORMAL = {
    **{field: scale[0] for field, scale in SCALES.items()},
    "red_flags": frozenset(),
    "morphology": frozenset(),
    "temperature_input": celsius(36.6),
}


@pytest.mark.parametrize(("field", "normal"), NORMAL.items(), ids=list(NORMAL))
@settings(laws, max_examples=30)
@given(context=contexts, before=courses(2), entry=entries(9))
def test_never_asks_for_less_when_an_answer_is_unknown_than_when_it_is_normal(
    field, normal, context, before, entry
):
    # Living that diarrhea limits is not normal whatever the number of stools (R7).
    entry = replace(entry, adl_due_to=None) if field == "stools_over_baseline" else entry
    earlier = list(zip(before, assess_course(context, before), strict=True))

    unknown, known = (
        assess(replace(entry, **{field: answer}), earlier, context) for answer in (None, normal)
    )

    assert unknown.level >= known.level


@laws
@given(
    contexts, courses(3), entries(9, frozenset(ANSWERS) - {"temperature_input"}), st.integers(0, 10)
)
def test_never_lowers_the_level_at_all_when_grade_3_counts_as_amber(context, before, entry, itch):
    rules = replace(DEFAULT_RULES, amber_grades=frozenset({2, 3}))
    earlier = list(zip(before, assess_course(context, before, rules), strict=True))
    milder, worse = (replace(entry, itch_nrs=nrs) for nrs in (itch, min(itch + 1, 10)))

    found = [assess(each, earlier, context, rules).level for each in (milder, worse)]

    assert found == sorted(found)


@laws
@given(contexts, entries())
def test_keeps_every_dangerous_sign_urgent_whatever_else_is_told(context, entry):
    flags = (entry.red_flags or frozenset()) | {"blisters"}

    found = assess(replace(entry, red_flags=flags), [], context)

    assert found.level is Level.URGENT
