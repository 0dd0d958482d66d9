import json
import math
import re
from copy import deepcopy
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.errors import VignetteError
from alerts.grading.course import Context, Entry
from alerts.grading.rules import RULES_VERSION
from alerts.grading.vignette import grade_document

ENTRY = {
    "day": 6,
    "time": "08:15",
    "temperature_input": {"value": 36.6, "unit": "C", "site": "oral"},
    "itch_nrs": 2,
    "bsa_percent": 4,
    "morphology": ["macules_papules"],
    "red_flags": [],
    "labs": {"alt": 30},
}
CONTEXT = {
    "prior_severe_reaction": False,
    "dose_events": [{"day": 0, "type": "start", "from_mg": 0, "to_mg": 400}],
    "anc_history": [{"day": 1, "value": 3.1}],
    "uln": {"alt": 40},
}
VIGNETTE = {"id": "X07", "context": CONTEXT, "entries": [{"day": 5}, ENTRY]}


def with_entry(**change):
    return {**VIGNETTE, "entries": [{"day": 5}, {**deepcopy(ENTRY), **change}]}


def with_context(**change):
    return {**VIGNETTE, "context": {**deepcopy(CONTEXT), **change}}


def without(vignette, name):
    return {key: value for key, value in vignette.items() if key != name}


@pytest.mark.parametrize("document", [VIGNETTE, [VIGNETTE], {"vignettes": [VIGNETTE]}])
def test_accepts_one_vignette_a_list_or_an_object(document):
    found = grade_document(document)

    assert [each["id"] for each in found["vignettes"]] == ["X07"]


def test_tells_everything_the_contract_names():
    found = grade_document(VIGNETTE)["vignettes"][0]

    assert set(found) == {
        "id",
        "by_entry",
        "grade_by_symptom",
        "escalation",
        "reasons",
        "rules_version",
        "ctcae_versions",
    }
    assert found["rules_version"] == RULES_VERSION
    assert found["ctcae_versions"] == ["5.0", "6.0"]
    assert found["by_entry"][1] == {
        "day": 6,
        "time": "08:15",
        "grades": {
            "pruritus": 1,
            "rash_maculopapular": 1,
            "rash": 1,
            "fever": 0,
            "lab_alt": 0,
        },
        "escalation": "prompt",
        "reasons": ["R5_RASH_G1_IN_WINDOW", "R6_PRURITUS_G1"],
        "v6_rash_maculopapular": 2,
    }
    json.dumps(found, allow_nan=False)


def test_keeps_the_reasons_of_the_peak_alone():
    found = grade_document(VIGNETTE)["vignettes"][0]

    assert found["escalation"] == "prompt"
    assert found["reasons"] == ["R5_RASH_G1_IN_WINDOW", "R6_PRURITUS_G1"]


@pytest.mark.parametrize("document", [[], {"vignettes": []}])
def test_grades_nothing_when_nothing_is_given(document):
    assert grade_document(document) == {"vignettes": []}


def test_grades_a_course_without_entries():
    found = grade_document({"id": "E", "entries": []})["vignettes"][0]

    assert (found["escalation"], found["reasons"], found["by_entry"]) == ("none", [], [])


def test_ignores_what_was_written_for_people():
    told = {**VIGNETTE, "story": "...", "expected": {"escalation": "urgent"}, "boundary": None}

    assert grade_document(told) == grade_document(VIGNETTE)


def test_takes_null_for_unknown_everywhere():
    unknown = "time temperature_input itch_nrs bsa_percent morphology red_flags adl adl_due_to"
    nothing = dict.fromkeys(f"{unknown} labs no_entry timer_event generalized mouth".split())
    context = dict.fromkeys(
        ["drug", "dose_events", "anc_history", "uln", "baseline_grades", "skin_alert_days"]
    )

    found = grade_document({"id": None, "context": context, "entries": [{"day": 0, **nothing}]})

    only = found["vignettes"][0]
    assert only["id"] == "1"
    assert only["by_entry"][0]["grades"] == {}
    assert only["by_entry"][0]["reasons"] == ["NO_CRITERIA_MET"]


def test_reads_the_normalised_temperature_when_it_is_all_there_is():
    found = grade_document({"entries": [{"day": 0, "temperature_c": 39.1}]})

    assert found["vignettes"][0]["grade_by_symptom"] == {"fever": 2}


def test_believes_the_typed_temperature_before_the_normalised_one():
    typed = {"value": 36.6, "unit": "C", "site": "oral"}
    entry = {"day": 0, "temperature_c": 39.1, "temperature_input": typed}

    found = grade_document({"entries": [entry]})

    assert found["vignettes"][0]["grade_by_symptom"] == {"fever": 0}


def test_grades_in_the_order_of_time_and_answers_in_the_order_of_the_file():
    fever = {"temperature_input": {"value": 38.0, "unit": "C", "site": "oral"}}
    late = {"day": 0, "time": "11:00", **fever}
    early = {"day": 0, "time": "09:00", **fever}

    found = grade_document({"entries": [{"day": 1, **fever}, late, early]})

    reasons = [each["reasons"][0] for each in found["vignettes"][0]["by_entry"]]
    assert reasons == [
        "R4_TEMP_GE_38_0_SUSTAINED_1H",
        "R4_TEMP_GE_38_0_SUSTAINED_1H",
        "R4_TEMP_GE_38_0_NEUTROPENIA_NOT_EXCLUDED",
    ]


def test_keeps_the_order_of_the_file_within_a_day_without_times():
    morning = {"day": 0, "time": "09:00", "fatigue": "not_relieved"}
    later = {"day": 0, "fatigue": "not_relieved"}

    found = grade_document({"entries": [morning, later]})["vignettes"][0]["by_entry"]

    assert [each["reasons"] for each in found] == [["R7_FATIGUE_G2_NEW"], ["R7_FATIGUE_G2_STABLE"]]


BAD_ENTRIES = [
    ({"itch_nrs": 11}, "itch_nrs must be a whole number from 0 to 10, got 11."),
    ({"itch_nrs": -1}, "itch_nrs must be a whole number from 0 to 10, got -1."),
    ({"itch_nrs": 2.5}, "itch_nrs must be a whole number from 0 to 10, got 2.5."),
    ({"itch_nrs": True}, "itch_nrs must be a whole number from 0 to 10, got True."),
    ({"itch_nrs": "4"}, "itch_nrs must be a whole number from 0 to 10, got '4'."),
    ({"itch_nrs": [4]}, "itch_nrs must be a whole number from 0 to 10, got list."),
    ({"itch_nrs": 10**5000}, "itch_nrs must be a whole number from 0 to 10, got a very large"),
    ({"skin_pain_nrs": 11}, "skin_pain_nrs must be"),
    ({"bsa_percent": 100.1}, "bsa_percent must be a number from 0 to 100, got 100.1."),
    ({"bsa_percent": -0.1}, "bsa_percent must be"),
    ({"bsa_percent": math.nan}, "bsa_percent must be a number from 0 to 100, got nan."),
    ({"bsa_percent": math.inf}, "bsa_percent must be"),
    ({"peeling_bsa_percent": 101}, "peeling_bsa_percent must be"),
    ({"stools_over_baseline": -1}, "stools_over_baseline must be"),
    ({"weight_gain_3d_kg": "2"}, "weight_gain_3d_kg must be"),
    ({"imatinib_mg_taken": -100}, "imatinib_mg_taken must be"),
    ({"prednisolone_mg_prescribed": {}}, "prednisolone_mg_prescribed must be"),
    ({"itch_extent": "everywhere"}, "itch_extent must be one of localized, widespread, got"),
    ({"itch_pattern": 1}, "itch_pattern must be one of"),
    ({"sleep_loss": "yes"}, "sleep_loss must be one of"),
    ({"adl": "skin"}, "adl must be one of"),
    ({"adl_due_to": "skin"}, "adl_due_to must be a list, got 'skin'."),
    ({"mouth": ["mild"]}, "mouth must be one of"),
    ({"periorbital": "mild"}, "periorbital must be one of"),
    ({"nausea": "severe"}, "nausea must be one of"),
    ({"fatigue": "mild"}, "fatigue must be one of"),
    ({"limb_swelling": "soft"}, "limb_swelling must be one of"),
    ({"blurred_vision": True}, "blurred_vision must be one of"),
    ({"chills": "shaking"}, "chills must be one of"),
    ({"timer_event": "late"}, "timer_event must be one of"),
    ({"generalized": 1}, "generalized must be true or false, got 1."),
    ({"rash_present": "yes"}, "rash_present must be true or false"),
    ({"no_entry": "true"}, "no_entry must be true or false"),
    ({"antipyretic_within_6h": 0}, "antipyretic_within_6h must be true or false"),
    ({"mouth_intake_affected": "a"}, "mouth_intake_affected must be true or false"),
    ({"morphology": "hives"}, "morphology must be a list, got 'hives'."),
    ({"morphology": ["warts"]}, "morphology does not know the word 'warts'."),
    ({"morphology": [1]}, "morphology must be words, got 1."),
    ({"morphology": [None]}, "morphology must be words, got None."),
    ({"adl_due_to": [None]}, "adl_due_to must be words, got None."),
    ({"red_flags": ["blister"]}, "red_flags does not know the word 'blister'."),
    ({"red_flags": {"blisters": True}}, "red_flags must be a list, got dict."),
    ({"time": "24:00"}, "time must be HH:MM from 00:00 to 23:59, got '24:00'."),
    ({"time": "8:15"}, "time must be HH:MM"),
    ({"time": "08:60"}, "time must be HH:MM"),
    ({"time": 815}, "time must be HH:MM"),
    ({"temperature_input": 36.6}, "temperature_input must be an object, got 36.6."),
    ({"temperature_input": {"value": "36,6", "unit": "C"}}, "temperature_input.value must be"),
    ({"temperature_input": {"value": math.nan, "unit": "C"}}, "temperature_input.value must be"),
    ({"temperature_input": {"value": 36.6}}, "temperature_input.unit is missing"),
    ({"temperature_input": {"value": 36.6, "unit": "K"}}, "temperature_input.unit must be one of"),
    (
        {"temperature_input": {"value": 36.6, "unit": "C", "site": "foot"}},
        "temperature_input.site must be one of",
    ),
    ({"temperature_input": {"unit": "C"}}, "temperature_input.value is missing"),
    ({"temperature_input": {"value": None, "unit": "K"}}, "temperature_input.unit must be one of"),
    ({"temperature_input": {"value": None, "site": 3}}, "temperature_input.site must be one of"),
    ({"temperature_input": {"valeu": 36.6}}, "temperature_input.'valeu' is not a known field."),
    ({"temperature_c": "37"}, "temperature_c must be"),
    ({"labs": [1]}, "labs must be an object, got list."),
    ({"labs": {"alt": -1}}, "labs.alt must be"),
    ({"labs": {"alt": True}}, "labs.alt must be"),
    ({"labs": {"gpt": 3}}, "labs.'gpt' is not a known field."),
    ({"itch_nsr": 3}, "'itch_nsr' is not a known field."),
    ({"a" * 200: 3}, "is not a known field."),
]


@pytest.mark.parametrize(("change", "words"), BAD_ENTRIES)
def test_names_the_vignette_the_entry_and_the_field(change, words):
    with pytest.raises(VignetteError) as caught:
        grade_document([with_entry(**change)])

    sentence = str(caught.value)
    assert sentence.startswith("Vignette X07, entry 2 (day 6): ")
    assert words in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 250


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, "day is missing"),
        ("6", "day must be a whole number"),
        (6.5, "day must be a whole number"),
        (True, "day must be a whole number"),
        (10**9, "day must be a whole number"),
    ],
)
def test_names_an_entry_without_a_day_by_its_place(day, words):
    with pytest.raises(VignetteError, match=f"^Vignette X07, entry 2: {words}"):
        grade_document(with_entry(day=day))


BAD_CONTEXTS = [
    ({"prior_severe_reaction": "yes"}, "prior_severe_reaction must be true or false"),
    ({"prior_reaction_type": "rash"}, "prior_reaction_type must be one of"),
    ({"on_systemic_steroid": 1}, "on_systemic_steroid must be true or false"),
    ({"drug": 4}, "drug must be words, got 4."),
    ({"dose_events": {}}, "dose_events must be a list, got dict."),
    ({"dose_events": [None]}, "dose_events must hold objects"),
    ({"dose_events": ["start"]}, "dose_events must be an object, got 'start'."),
    ({"dose_events": [{"type": "start"}]}, "dose_events.day is missing."),
    ({"dose_events": [{"day": 0}]}, "dose_events.type is missing."),
    ({"dose_events": [{"day": 0, "type": "up"}]}, "dose_events.type must be one of"),
    ({"dose_events": [{"day": "0", "type": "start"}]}, "dose_events.day must be"),
    ({"dose_events": [{"day": 0, "type": "start", "to_mg": "400"}]}, "dose_events.to_mg must be"),
    ({"steroid_events": [{"day": 0, "type": "stop", "from_mg": -1}]}, "steroid_events.from_mg"),
    ({"dose_events": [{"day": 0, "type": "start", "schedule": 2}]}, "dose_events.schedule must"),
    ({"steroid_events": [{"day": 0, "type": "taper"}]}, "steroid_events.type must be one of"),
    ({"anc_history": [{"day": 0}]}, "anc_history.value is missing."),
    ({"anc_history": [{"day": 0, "value": -1}]}, "anc_history.value must be"),
    ({"anc_history": [{"day": 0, "value": math.nan}]}, "anc_history.value must be"),
    ({"baseline_grades": {"rash": 6}}, "baseline_grades.rash must be"),
    ({"baseline_grades": {"rash": True}}, "baseline_grades.rash must be"),
    ({"baseline_grades": {"rsh": 2}}, "baseline_grades.'rsh' is not a known field."),
    ({"baseline_grades": {"a\nb": 2}}, "baseline_grades.'a\\nb' is not a known field."),
    ({"baseline_grades": [1]}, "baseline_grades must be an object"),
    ({"uln": {"alt": 0}}, "uln.alt must be"),
    ({"uln": {"alt": "40"}}, "uln.alt must be"),
    ({"uln": {"alp": 40}}, "uln.'alp' is not a known field."),
    ({"skin_alert_days": [1.5]}, "skin_alert_days must be"),
    ({"skin_alert_days": 3}, "skin_alert_days must be a list"),
    ({"dose_event": []}, "'dose_event' is not a known field."),
]


@pytest.mark.parametrize(("change", "words"), BAD_CONTEXTS)
def test_names_the_field_of_the_context(change, words):
    with pytest.raises(VignetteError) as caught:
        grade_document(with_context(**change))

    assert str(caught.value).startswith(f"Vignette X07, context: {words}")


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (None, "The document must be one vignette"),
        (3, "The document must be one vignette"),
        ("[]", "The document must be one vignette"),
        ({}, "The document must be one vignette"),
        ({"vignettes": {}}, "The document must be one vignette"),
        ([3], "Vignette 1 must be an object, got 3."),
        ([VIGNETTE, None], "Vignette 2 must be an object, got None."),
        ({"id": "A", "entries": None}, "Vignette A: entries must be a list, got None."),
        ({"id": "A", "entries": {}}, "Vignette A: entries must be a list, got dict."),
        ({"id": "A", "entries": [None]}, "Vignette A, entry 1 must be an object, got None."),
        ({"id": "A", "context": [], "entries": []}, "Vignette A, context: context must be"),
        ({"id": ["A"], "entries": []}, "Vignette 1: id must be a word, got list."),
        ([without(VIGNETTE, "entries")], "Vignette X07: entries must be a list, got None."),
    ],
)
def test_says_what_a_document_must_be(document, words):
    with pytest.raises(VignetteError) as caught:
        grade_document(document)

    assert str(caught.value).startswith(words)


def test_numbers_a_vignette_without_a_name():
    assert grade_document([{"entries": []}, {"id": 7, "entries": []}])["vignettes"][0]["id"] == "1"


def test_allows_a_remark_inside_an_entry():
    assert grade_document(with_entry(note="typed by the carer")) == grade_document(VIGNETTE)


def test_reads_red_flags_even_on_a_day_marked_as_without_entry():
    entry = {"day": 0, "no_entry": True, "red_flags": ["rigors"]}

    assert grade_document({"entries": [entry]})["vignettes"][0]["escalation"] == "urgent"


def test_reads_the_days_of_earlier_skin_alerts():
    rash = {"day": 6, "bsa_percent": 15}
    context = {"baseline_grades": {"rash": 2}, "skin_alert_days": [5]}

    found = grade_document({"context": context, "entries": [rash]})["vignettes"][0]

    assert found["reasons"] == ["R5_RASH_G2_STABLE"]


SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)
ENTRY_FIELDS = [each.name for each in fields(Entry)] + ["time", "temperature_c"]
CONTEXT_FIELDS = [each.name for each in fields(Context)]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SCRAPS)
def test_grades_or_refuses_any_scrap_of_json_in_one_sentence(document):
    try:
        said = json.dumps(grade_document(document), allow_nan=False)
    except VignetteError as error:
        said = str(error)
    assert said.endswith((".", "}"))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(ENTRY_FIELDS), st.sampled_from(CONTEXT_FIELDS), SCRAPS, SCRAPS)
def test_names_the_field_of_any_scrap_it_refuses(entry_field, context_field, one, two):
    in_entry = {"id": "S", "entries": [{"day": 0, entry_field: one}]}
    in_context = {"id": "S", "context": {context_field: two}, "entries": []}

    for field, document in ((entry_field, in_entry), (context_field, in_context)):
        said = refusal(document)
        assert said is None or re.fullmatch(rf"Vignette S, [^:]+: .*{field}.*\.", said)
        assert said is None or said.isprintable()


def refusal(document):
    try:
        grade_document(document)
    except VignetteError as error:
        return str(error)
    return None
