import pytest

from tests.grading.told import context, course, entry, levels, one, rash, well


@pytest.mark.parametrize(
    ("told", "symptom", "grade"),
    [
        ({"mouth": "none"}, "mucositis", 0),
        ({"mouth": "mild"}, "mucositis", 1),
        ({"mouth": "moderate"}, "mucositis", 2),
        ({"mouth": "severe"}, "mucositis", 3),
        ({"mouth": "mild", "mouth_intake_affected": True}, "mucositis", 3),
        ({"mouth": "mild", "mouth_intake_affected": False}, "mucositis", 1),
        ({"periorbital": "none"}, "periorbital_edema", 0),
        ({"periorbital": "soft"}, "periorbital_edema", 1),
        ({"periorbital": "firm_or_pitting"}, "periorbital_edema", 2),
        ({"periorbital": "cannot_open_or_vision"}, "periorbital_edema", 3),
        ({"stools_over_baseline": 0}, "diarrhea", 0),
        ({"stools_over_baseline": 1}, "diarrhea", 1),
        ({"stools_over_baseline": 3}, "diarrhea", 1),
        ({"stools_over_baseline": 4}, "diarrhea", 2),
        ({"stools_over_baseline": 6}, "diarrhea", 2),
        ({"stools_over_baseline": 7}, "diarrhea", 3),
        ({"nausea": "none"}, "nausea", 0),
        ({"nausea": "mild"}, "nausea", 1),
        ({"nausea": "reduced_intake"}, "nausea", 2),
        ({"nausea": "inadequate_intake"}, "nausea", 3),
        ({"fatigue": "none"}, "fatigue", 0),
        ({"fatigue": "relieved_by_rest"}, "fatigue", 1),
        ({"fatigue": "not_relieved"}, "fatigue", 2),
        ({"fatigue": "self_care"}, "fatigue", 3),
        ({"limb_swelling": "none"}, "limb_edema", 0),
        ({"limb_swelling": "mild"}, "limb_edema", 1),
        ({"limb_swelling": "moderate"}, "limb_edema", 2),
        ({"limb_swelling": "severe"}, "limb_edema", 3),
        ({"blurred_vision": "none"}, "blurred_vision", 0),
        ({"blurred_vision": "mild"}, "blurred_vision", 1),
        ({"blurred_vision": "moderate"}, "blurred_vision", 2),
        ({"blurred_vision": "severe"}, "blurred_vision", 3),
    ],
)
def test_grades_the_answer(told, symptom, grade):
    assert one(entry(**told)).grades == {symptom: grade}


@pytest.mark.parametrize(
    ("adl", "due_to", "grade"),
    [
        ("instrumental", ["diarrhea"], 2),
        ("self_care", ["skin", "diarrhea"], 3),
        ("self_care", ["skin"], 1),
        ("self_care", None, 1),
    ],
)
def test_raises_diarrhea_by_the_living_it_limits(adl, due_to, grade):
    found = one(entry(stools_over_baseline=1, adl=adl, adl_due_to=due_to))

    assert found.grades["diarrhea"] == grade


GRADE_1 = [
    ({"mouth": "mild"}, "R7_MUCOSITIS_G1"),
    ({"periorbital": "soft"}, "R7_PERIORBITAL_EDEMA_G1"),
    ({"stools_over_baseline": 1}, "R7_DIARRHEA_G1"),
    ({"nausea": "mild"}, "R7_NAUSEA_G1"),
    ({"fatigue": "relieved_by_rest"}, "R7_FATIGUE_G1"),
    ({"limb_swelling": "mild"}, "R7_LIMB_EDEMA_G1"),
    ({"blurred_vision": "mild"}, "R7_BLURRED_VISION_G1"),
]
GRADE_2 = [
    ({"mouth": "moderate"}, "R7_MUCOSITIS_G2", "prompt"),
    ({"periorbital": "firm_or_pitting"}, "R7_PERIORBITAL_EDEMA_G2", "prompt"),
    ({"stools_over_baseline": 4}, "R7_DIARRHEA_G2", "prompt"),
    ({"nausea": "reduced_intake"}, "R7_NAUSEA_G2", "digest"),
    ({"fatigue": "not_relieved"}, "R7_FATIGUE_G2", "digest"),
    ({"limb_swelling": "moderate"}, "R7_LIMB_EDEMA_G2", "prompt"),
    ({"blurred_vision": "moderate"}, "R7_BLURRED_VISION_G2", "prompt"),
]
GRADE_3 = [
    ({"mouth": "severe"}, "R7_MUCOSITIS_G3", "urgent"),
    ({"periorbital": "cannot_open_or_vision"}, "R7_PERIORBITAL_EDEMA_G3", "urgent"),
    ({"stools_over_baseline": 7}, "R7_DIARRHEA_G3", "urgent"),
    ({"nausea": "inadequate_intake"}, "R7_NAUSEA_G3", "urgent"),
    ({"fatigue": "self_care"}, "R7_FATIGUE_G3", "prompt"),
    ({"limb_swelling": "severe"}, "R7_LIMB_EDEMA_G3", "urgent"),
    ({"blurred_vision": "severe"}, "R7_BLURRED_VISION_G3", "urgent"),
]


@pytest.mark.parametrize(("told", "code"), GRADE_1)
def test_lists_grade_1(told, code):
    found = one(well(**told))

    assert (found.level.word, found.codes) == ("digest", (code,))


@pytest.mark.parametrize(("told", "code", "level"), GRADE_2)
def test_calls_for_a_fresh_grade_2_and_lists_a_stable_one(told, code, level):
    found = course(well(0, **told), well(1, **told), well(9, **told))

    assert levels(found) == [level, "digest", level]
    assert [each.codes for each in found] == [
        (f"{code}_NEW",),
        (f"{code}_STABLE",),
        (f"{code}_NEW",),
    ]


@pytest.mark.parametrize(("told", "code", "level"), GRADE_3)
def test_judges_grade_3(told, code, level):
    found = one(well(**told))

    assert (found.level.word, found.codes) == (level, (code,))


def test_counts_the_usual_grade_as_stable():
    where = context(baseline_grades={"periorbital_edema": 2})

    assert one(well(periorbital="firm_or_pitting"), where).level.word == "digest"


@pytest.mark.parametrize(("kilograms", "level"), [(1.99, "none"), (2.0, "prompt"), (-3, "none")])
def test_calls_for_a_rapid_weight_gain(kilograms, level):
    found = one(well(weight_gain_3d_kg=kilograms))

    assert found.level.word == level
    assert ("R7_RAPID_WEIGHT_GAIN" in found.codes) is (level == "prompt")


@pytest.mark.parametrize(
    ("told", "code", "alone"),
    [
        ({}, "R7_FEELS_UNWELL_ALONE", True),
        ({"itch_nrs": 1}, "R6_PRURITUS_G1", False),
        ({"bsa_percent": 9, "morphology": ["dry_skin"]}, "R7_FEELS_UNWELL_ALONE", True),
    ],
)
def test_lists_feeling_unwell_when_nothing_else_is_told(told, code, alone):
    found = one(well(red_flags=["feels_unwell"], **told))

    assert found.level.word == "digest"
    assert code in found.codes
    assert ("R7_FEELS_UNWELL_ALONE" in found.codes) is alone


SKIN = {"bsa_percent": 12, "morphology": ["macules_papules"]}
ITCH = {"itch_nrs": 5}
MOUTH = {"mouth": "moderate"}
EYELIDS = {"periorbital": "firm_or_pitting"}
LIMBS = {"limb_swelling": "moderate"}
STOOLS = {"stools_over_baseline": 5}
NAUSEA = {"nausea": "reduced_intake"}
TIRED = {"fatigue": "not_relieved"}
SIGHT = {"blurred_vision": "moderate"}
WARM = {"celsius": 37.6, "antipyretic_within_6h": True}


@pytest.mark.parametrize(
    ("told", "level", "raised"),
    [
        (NAUSEA | TIRED, "prompt", True),
        (STOOLS | SKIN, "urgent", True),
        (MOUTH | ITCH, "urgent", True),
        (SIGHT | TIRED, "urgent", True),
        (EYELIDS | TIRED, "urgent", True),
        (WARM | NAUSEA, "urgent", True),
        (WARM | MOUTH, "urgent", True),
        (SKIN | ITCH, "prompt", False),  # both skin
        (EYELIDS | LIMBS, "prompt", False),  # both swelling
        (STOOLS | NAUSEA, "prompt", False),  # both gut
        (MOUTH | {"itch_nrs": 7}, "prompt", False),  # itch is grade 3, not 2
        (MOUTH | {"nausea": "mild"}, "prompt", False),
        ({"celsius": 37.6} | NAUSEA, "digest", False),  # raised without risk
    ],
)
def test_raises_two_fresh_ambers_of_different_domains_by_one_level(told, level, raised):
    found = one(well(**told))

    assert found.level.word == level
    assert ("R7_TWO_OR_MORE_FRESH_AMBERS" in found.codes) is raised


def test_does_not_count_a_stable_amber():
    found = course(well(0, **TIRED), well(1, **TIRED, **NAUSEA))

    assert levels(found) == ["digest", "digest"]


def test_does_not_raise_above_urgent():
    found = one(rash(35, mouth="moderate", fatigue="not_relieved"))

    assert found.level.word == "urgent"
    assert "R7_TWO_OR_MORE_FRESH_AMBERS" not in found.codes
