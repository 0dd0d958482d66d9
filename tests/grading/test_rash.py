import pytest

from tests.grading.told import entry, one, rash, well


def grades(told):
    found = dict(one(told).grades)
    return {
        key: grade
        for key, grade in found.items()
        if key.startswith("rash")
        or key in {"urticaria", "erythema_multiforme", "sjs_ten_suspected", "bullous_dermatitis"}
    }


@pytest.mark.parametrize(
    ("percent", "itch", "adl", "grade"),
    [
        (0.5, 10, "none", 1),  # <10 % with or without symptoms
        (9.9, 10, "none", 1),
        (9.999_999_9, 0, "none", 2),  # within the tolerance of 10
        (10, 0, "none", 2),  # 10-30 % with or without symptoms
        (10.1, 10, "none", 2),
        (30, 10, "none", 2),
        (30.1, 3, "none", 2),  # >30 % with no or mild symptoms
        (30.1, 0, "none", 2),
        (30.1, 4, "none", 3),  # >30 % with moderate or severe symptoms
        (100, 10, "none", 3),
        (2, 0, "instrumental", 2),
        (31, 0, "instrumental", 3),  # instrumental ADL counts as a moderate symptom
        (2, 0, "self_care", 3),
    ],
)
def test_grades_maculopapular_rash_by_extent_symptoms_and_living(percent, itch, adl, grade):
    told = rash(percent, itch_nrs=itch, adl=adl)

    assert grades(told) == {"rash_maculopapular": grade, "rash": grade}


@pytest.mark.parametrize(("pain", "grade"), [(3, 2), (4, 3)])
def test_counts_skin_pain_as_a_symptom_of_a_wide_rash(pain, grade):
    assert grades(rash(31, skin_pain_nrs=pain))["rash"] == grade


@pytest.mark.parametrize(
    ("due_to", "grade"), [(None, 3), ([], 3), (["skin", "eyes"], 3), (["diarrhea"], 1)]
)
def test_counts_limited_living_only_when_the_skin_may_be_the_cause(due_to, grade):
    assert grades(rash(2, adl="self_care", adl_due_to=due_to))["rash"] == grade


@pytest.mark.parametrize(
    ("percent", "itch", "adl", "grade"),
    [
        (50, 0, "none", 1),
        (50.1, 0, "none", 3),
        (2, 1, "none", 2),
        (2, 3, "none", 2),
        (2, 4, "none", 3),
        (2, 0, "instrumental", 3),
    ],
)
def test_grades_the_same_rash_by_version_6(percent, itch, adl, grade):
    assert one(rash(percent, itch_nrs=itch, adl=adl)).v6_rash_maculopapular == grade


@pytest.mark.parametrize(
    ("kinds", "keys"),
    [
        (["acneiform_pustules"], {"rash_acneiform"}),
        (["acneiform_pustules", "macules_papules"], {"rash_acneiform"}),
        (["acneiform_pustules", "scaling_dry"], {"rash_maculopapular"}),
        (["acneiform_pustules", "dry_skin"], {"rash_acneiform"}),
        (["scaling_dry"], {"rash_maculopapular"}),
        (["diffuse_redness"], {"rash_maculopapular"}),
        (["crusted_infected"], {"rash_maculopapular"}),
        (["pustules_widespread"], {"rash_maculopapular"}),
        (["purple_nonblanching"], {"rash_maculopapular"}),
        (["peeling_raw"], {"rash_maculopapular"}),
        (["hives"], {"urticaria"}),
        (["hives", "macules_papules"], {"urticaria", "rash_maculopapular"}),
        (["target_lesions"], {"erythema_multiforme"}),
        (["blisters"], {"bullous_dermatitis"}),
    ],
)
def test_names_the_kind_of_rash_by_its_lesions(kinds, keys):
    assert set(grades(rash(5, *kinds))) == keys | {"rash"}


@pytest.mark.parametrize("kind", ["acneiform_pustules", "macules_papules"])
def test_maps_acneiform_rash_to_maculopapular_in_version_6(kind):
    assert one(rash(5, kind)).v6_rash_maculopapular == 1


@pytest.mark.parametrize("kind", ["hives", "target_lesions", "blisters"])
def test_gives_no_version_6_rash_for_lesions_with_a_term_of_their_own(kind):
    assert one(rash(5, kind)).v6_rash_maculopapular is None


@pytest.mark.parametrize(
    ("percent", "told", "grade"),
    [
        (9.9, {}, 1),
        (10, {}, 2),
        (1, {"red_flags": ["skin_pain"]}, 2),
        (1, {"skin_pain_nrs": 1}, 2),
        (30, {}, 2),
        (30.1, {}, 3),
        (1, {"red_flags": ["mouth_sores"]}, 3),
        (1, {"mouth": "mild"}, 3),
        (1, {"mouth": "none"}, 1),
        (1, {"red_flags": ["eye_sores"]}, 3),
        (1, {"red_flags": ["genital_sores"]}, 3),
    ],
)
def test_grades_target_lesions(percent, told, grade):
    assert grades(rash(percent, "target_lesions", **told))["erythema_multiforme"] == grade


@pytest.mark.parametrize(("percent", "grade"), [(0, 1), (9.9, 1), (10, 2), (30, 2), (30.1, 3)])
def test_grades_hives(percent, grade):
    assert grades(rash(percent, "hives")) == {"urticaria": grade, "rash": grade}


@pytest.mark.parametrize(
    ("percent", "told", "grade"),
    [
        (9.9, {}, 1),
        (10, {}, 2),
        (1, {"red_flags": ["skin_pain"]}, 2),
        (1, {"adl": "instrumental"}, 2),
        (30, {}, 2),
        (30.1, {}, 3),
        (1, {"adl": "self_care"}, 3),
    ],
)
def test_grades_blisters(percent, told, grade):
    assert grades(rash(percent, "blisters", **told))["bullous_dermatitis"] == grade


def test_grades_blisters_that_were_ticked_as_a_warning_sign():
    told = rash(5, "macules_papules", red_flags=["blisters"])

    assert grades(told) == {"rash_maculopapular": 1, "bullous_dermatitis": 1, "rash": 1}


@pytest.mark.parametrize(
    ("kinds", "flags", "peeling", "grade"),
    [
        (["peeling_raw"], ["mouth_sores"], None, 3),
        (["peeling_raw"], ["eye_sores"], 9.9, 3),
        (["peeling_raw"], ["genital_sores"], 10, 4),
        (["macules_papules"], ["skin_peeling_raw", "mouth_sores"], 30, 4),
        (["peeling_raw", "purple_nonblanching"], [], None, 3),
        (["peeling_raw"], [], 10, None),
        (["purple_nonblanching"], ["skin_peeling_raw"], 10, None),
        (["scaling_dry"], ["mouth_sores"], 10, None),
    ],
)
def test_suspects_sjs_when_raw_skin_comes_with_sores_or_purple_skin(kinds, flags, peeling, grade):
    told = rash(5, *kinds, red_flags=flags, peeling_bsa_percent=peeling)

    found = grades(told)

    assert found.get("sjs_ten_suspected") == grade
    assert found["rash"] == (grade or 1)


@pytest.mark.parametrize("benign", ["scratch_marks", "hyperpigmentation", "dry_skin"])
def test_ignores_the_extent_of_marks_that_are_no_rash(benign):
    found = one(rash(45, benign))

    assert found.grades["rash"] == 0
    assert found.extent_percent == 0
    assert found.codes == ("R2_ONLY_BENIGN_MORPHOLOGY",)


def test_says_nothing_about_benign_marks_without_extent():
    assert one(rash(0, "dry_skin")).codes == ("NO_CRITERIA_MET",)


def test_counts_the_extent_of_benign_marks_when_the_patient_reports_a_rash():
    found = grades(rash(12, "dry_skin", rash_present=True))

    assert found == {"rash_maculopapular": 2, "rash": 2}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"bsa_percent": 0, "morphology": []}, {"rash": 0}),
        ({"bsa_percent": 0}, {"rash": 0}),
        ({"bsa_percent": 3, "morphology": []}, {"rash_maculopapular": 1, "rash": 1}),
        ({"bsa_percent": 12}, {"rash_maculopapular": 2, "rash": 2}),
        ({"bsa_percent": 0, "morphology": ["hives"]}, {"urticaria": 1, "rash": 1}),
        ({"rash_present": False}, {"rash": 0}),
        ({"rash_present": True}, {"rash_maculopapular": 1, "rash": 1}),
        ({"morphology": ["hives"]}, {"urticaria": 1, "rash": 1}),
        ({"generalized": True}, {"rash_maculopapular": 2, "rash": 2}),
        ({"generalized": True, "itch_nrs": 4}, {"rash_maculopapular": 3, "rash": 3}),
        ({"morphology": []}, {}),
        ({"red_flags": [], "itch_nrs": 5}, {}),
    ],
)
def test_grades_the_rash_only_when_it_was_asked(told, expected):
    assert grades(entry(**told)) == expected


def test_assumes_31_percent_for_a_rash_all_over():
    found = one(entry(generalized=True))

    assert found.extent_percent == 31
    assert "R2_BSA_ASSUMED_GT30_GENERALISED" in found.codes


def test_takes_the_measured_extent_before_the_assumed_one():
    assert one(rash(5, generalized=True)).extent_percent == 5


def test_asks_for_the_extent_of_a_rash_without_one():
    found = one(well(bsa_percent=None, rash_present=True))

    assert found.extent_percent == 0.1
    assert "R2_BSA_MISSING_MIN_GRADE" in found.codes
