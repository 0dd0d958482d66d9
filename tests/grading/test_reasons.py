import re

import pytest

from alerts.grading.catalogue import CATALOGUE
from alerts.grading.reasons import EMERGENCY, PHONE, days_ago, degrees, plain
from alerts.grading.symptoms import SYMPTOMS
from alerts.grading.terms import Level
from tests.grading.test_vignettes import VIGNETTES
from tests.grading.told import context, increase, one, rash, well

FALSE_COMFORT = re.compile(r"\b(fine|no problem|normal|harmless|don't worry|safe|okay|ok)\b", re.I)
JARGON = re.compile(
    r"\b(CTCAE|grade|BSA|NRS|pruritus|edema|mucositis|neutro\w*|SJS|TEN|DRESS|AGEP|ULN|ADL)\b"
)


def test_knows_the_words_of_every_code_in_the_vignettes():
    expected = {
        code
        for vignette in VIGNETTES
        for entry in vignette["expected"]["by_entry"]
        for code in entry["reasons"]
    }

    assert expected <= set(CATALOGUE)


def test_has_four_codes_for_every_symptom():
    for symptom in SYMPTOMS:
        for ending in ("G1", "G2_NEW", "G2_STABLE", "G3"):
            assert f"R7_{symptom.code}_{ending}" in CATALOGUE


@pytest.mark.parametrize("code", CATALOGUE)
def test_speaks_plainly_to_the_patient_and_with_a_source_to_the_nurse(code):
    wording = CATALOGUE[code]

    assert not FALSE_COMFORT.search(wording.patient_sentence)
    assert not JARGON.search(wording.patient_sentence)
    assert wording.sentence.endswith(".")
    assert wording.patient_sentence.endswith(".")
    assert wording.source


def test_writes_the_values_and_the_criterion_for_the_nurse():
    found = one(rash(35, itch_nrs=5))

    sentences = {reason.code: reason.sentence for reason in found.reasons}
    assert sentences["R5_RASH_G3_LIKE"] == (
        "Rash covers 35 % of the skin, itch 5 of 10: rash maculo-papular, estimated grade 3 "
        "(CTCAE 5.0)."
    )


def test_keeps_the_values_it_looked_at():
    (reason,) = one(well(celsius=38.4)).reasons

    assert reason.values["celsius"] == 38.4
    assert reason.sentence.startswith("Temperature 38.4 °C")


def test_tells_the_patient_to_phone_when_urgent_only():
    urgent = one(well(celsius=38.4)).reasons[0]
    listed = one(well(celsius=37.6)).reasons[0]

    assert urgent.patient_sentence == f"You have a fever of 38.4 °C. {PHONE}"
    assert PHONE not in listed.patient_sentence


@pytest.mark.parametrize(
    "flag", ["lip_tongue_swelling", "breathing_difficulty", "chest_pain", "fainting"]
)
def test_tells_the_patient_to_call_the_emergency_number(flag):
    (reason,) = one(well(red_flags=[flag])).reasons

    assert reason.patient_sentence.endswith(EMERGENCY)


def test_says_when_the_extent_is_assumed_or_unknown():
    everywhere = one(well(bsa_percent=None, generalized=True))
    unknown = one(well(bsa_percent=None, rash_present=True))

    assert "the whole body (31 % assumed)" in everywhere.reasons[0].sentence
    assert any("an unknown part of the skin" in each.sentence for each in unknown.reasons)


def test_puts_the_most_urgent_reason_first():
    found = one(rash(12, itch_nrs=4, red_flags=["rigors"]), context(increase(0)))

    levels = [reason.level for reason in found.reasons]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] is Level.URGENT


@pytest.mark.parametrize(
    ("value", "words"), [(36.0, "36"), (36.25, "36.25"), (1 / 3, "0.33"), (3, "3"), ("a", "a")]
)
def test_writes_numbers_as_people_do(value, words):
    assert plain(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(38.0, "38.0"), (38.33, "38.33"), (37.8 + 0.5, "38.3"), (None, "None")]
)
def test_writes_temperatures_with_a_decimal(value, words):
    assert degrees(value) == words


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "1 day ago"), (5, "5 days ago")])
def test_writes_an_age_in_days(days, words):
    assert days_ago(days) == words
