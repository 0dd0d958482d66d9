import pytest

from tests.grading.told import entry, one, rash, well

ALWAYS = [
    ("blisters", "R1_BLISTERS"),
    ("skin_peeling_raw", "R1_SKIN_PEELING"),
    ("purple_skin", "R1_PURPLE_SKIN"),
    ("eye_sores", "R1_MUCOSA_EYE"),
    ("genital_sores", "R1_MUCOSA_GENITAL"),
    ("face_swelling", "R1_FACE_SWELLING"),
    ("lip_tongue_swelling", "R1_AIRWAY_EMERGENCY"),
    ("breathing_difficulty", "R1_AIRWAY_EMERGENCY"),
    ("visual_disturbance", "R1_VISUAL_DISTURBANCE"),
    ("confusion", "R1_CONFUSION"),
    ("reduced_urine", "R1_REDUCED_URINE"),
    ("jaundice_or_dark_urine", "R1_JAUNDICE"),
    ("rigors", "R1_RIGORS"),
    ("chest_pain", "R1_CHEST_PAIN_SYNCOPE"),
    ("fainting", "R1_CHEST_PAIN_SYNCOPE"),
    ("bleeding", "R1_BLEEDING"),
    ("severe_abdominal_pain", "R1_SEVERE_ABDOMINAL_PAIN"),
]


@pytest.mark.parametrize(("flag", "code"), ALWAYS)
def test_is_urgent_for_a_warning_sign_alone(flag, code):
    found = one(entry(red_flags=[flag]))

    assert found.level.word == "urgent"
    assert found.codes == (code,)


@pytest.mark.parametrize(
    ("lesion", "code"),
    [
        ("blisters", "R1_BLISTERS"),
        ("peeling_raw", "R1_SKIN_PEELING"),
        ("purple_nonblanching", "R1_PURPLE_SKIN"),
    ],
)
def test_is_urgent_for_a_dangerous_lesion(lesion, code):
    found = one(rash(1, lesion))

    assert found.level.word == "urgent"
    assert code in found.codes


def test_is_urgent_for_shaking_chills_at_any_temperature():
    found = one(well(celsius=36.5, chills="rigors"))

    assert found.level.word == "urgent"
    assert found.codes == ("R1_RIGORS",)


@pytest.mark.parametrize(
    ("told", "level", "code"),
    [
        ({"bsa_percent": 1}, "urgent", "R1_SKIN_PAIN_WITH_RASH"),
        ({"bsa_percent": 0}, "prompt", "R1_SKIN_PAIN_NO_RASH"),
        ({}, "prompt", "R1_SKIN_PAIN_NO_RASH"),
    ],
)
def test_judges_skin_pain_by_the_rash_beside_it(told, level, code):
    found = one(entry(red_flags=["skin_pain"], **told))

    assert found.level.word == level
    assert code in found.codes


@pytest.mark.parametrize(
    ("told", "level", "code"),
    [
        ({"bsa_percent": 1, "red_flags": ["mouth_sores"]}, "urgent", "R1_MOUTH_SORES_WITH_RASH"),
        ({"bsa_percent": 1, "mouth": "mild"}, "urgent", "R1_MOUTH_SORES_WITH_RASH"),
        ({"bsa_percent": 1, "mouth": "none"}, "digest", "R5_RASH_G1"),
        ({"bsa_percent": 0, "red_flags": ["mouth_sores"]}, "prompt", "R1_MOUTH_SORES_NO_RASH"),
        ({"red_flags": ["mouth_sores"]}, "prompt", "R1_MOUTH_SORES_NO_RASH"),
        ({"red_flags": ["mouth_sores"], "mouth": "mild"}, "digest", "R7_MUCOSITIS_G1"),
        (
            {"red_flags": ["mouth_sores"], "mouth_intake_affected": True},
            "urgent",
            "R1_MOUTH_SORES_NO_RASH",
        ),
    ],
)
def test_judges_mouth_sores_by_the_rash_beside_them(told, level, code):
    found = one(entry(**told))

    assert found.level.word == level
    assert code in found.codes


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({}, "prompt"),
        ({"celsius": 37.9}, "prompt"),
        ({"celsius": 38.0}, "urgent"),
        ({"celsius": 37.5, "site": "axillary"}, "urgent"),
        ({"mouth": "mild"}, "urgent"),
        ({"red_flags": ["mouth_sores"]}, "urgent"),
        ({"red_flags": ["skin_pain"]}, "urgent"),
        ({"red_flags": ["eye_sores"]}, "urgent"),
        ({"red_flags": ["genital_sores"]}, "urgent"),
    ],
)
def test_judges_target_lesions_by_what_comes_with_them(told, level):
    found = one(rash(1, "target_lesions", **told))

    assert found.level.word == level
    assert ("R1_TARGET_LESIONS_PLUS" in found.codes) is (level == "urgent")
    assert ("R1_TARGET_LESIONS_ALONE" in found.codes) is (level == "prompt")


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({}, "prompt"),
        ({"celsius": 37.9}, "prompt"),
        ({"celsius": 38.0}, "urgent"),
        ({"red_flags": ["feels_unwell"]}, "urgent"),
    ],
)
def test_judges_pustules_by_fever_and_feeling_unwell(told, level):
    found = one(rash(1, "pustules_widespread", **told))

    assert found.level.word == level
    assert "R1_PUSTULES_AGEP" in found.codes


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({}, "prompt"),
        ({"celsius": 37.4}, "prompt"),
        ({"celsius": 37.5}, "urgent"),
        ({"celsius": 37.0, "site": "forehead"}, "urgent"),
        ({"periorbital": "soft"}, "prompt"),
        ({"periorbital": "firm_or_pitting"}, "urgent"),
    ],
)
def test_judges_swollen_glands_with_a_rash(told, level):
    found = one(rash(1, red_flags=["swollen_glands"], **told))

    assert found.level.word == level
    assert "R1_DRESS_PATTERN" in found.codes


def test_sees_dress_in_swollen_glands_rash_and_face():
    found = one(rash(1, red_flags=["swollen_glands", "face_swelling"]))
    dress = next(reason for reason in found.reasons if reason.code == "R1_DRESS_PATTERN")

    assert dress.level.word == "urgent"


def test_asks_for_a_rash_before_swollen_glands_mean_dress():
    assert "R1_DRESS_PATTERN" not in one(well(red_flags=["swollen_glands"])).codes


@pytest.mark.parametrize(
    ("flag", "code"),
    [
        ("target_lesions", "R1_TARGET_LESIONS_ALONE"),
        ("pustules_widespread", "R1_PUSTULES_AGEP"),
        ("purple_nonblanching", "R1_PURPLE_SKIN"),
    ],
)
def test_understands_a_lesion_ticked_among_the_warning_signs(flag, code):
    found = one(well(red_flags=[flag]))

    assert code in found.codes
    assert found.grades["rash"] == 0
