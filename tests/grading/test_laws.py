"""Laws of grading: what must hold for every diary, not only for the ones we thought of."""

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.grading import terms
from alerts.grading.assess import assess, assess_course
from alerts.grading.catalogue import CATALOGUE
from alerts.grading.rules import DEFAULT_RULES
from alerts.grading.terms import Level
from tests.grading.diaries import ANSWERS, contexts, courses, entries

laws = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
HIGHEST = {"rash_maculopapular": 3, "rash_acneiform": 3, "pruritus": 3, "urticaria": 3}


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
