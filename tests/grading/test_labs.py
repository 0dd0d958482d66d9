import pytest

from alerts.grading.course import AncValue, Uln
from tests.grading.told import anc, context, last, one, rash, well

LIMITS = context(uln=Uln(alt=40, ast=40, bilirubin=1.3, creatinine=1.0, ldh=250))


def lab(told, where=LIMITS):
    return {
        key: grade for key, grade in one(well(labs=told), where).grades.items() if key[:3] == "lab"
    }


@pytest.mark.parametrize(
    ("told", "grade"),
    [
        ({"alt": 40}, 0),
        ({"alt": 40.1}, 1),
        ({"alt": 120}, 1),
        ({"alt": 120.1}, 2),
        ({"alt": 200}, 2),
        ({"alt": 200.1}, 3),
        ({"alt": 800}, 3),
        ({"alt": 800.1}, 4),
        ({"ast": 120.1}, 2),
        ({"bilirubin": 1.3}, 0),
        ({"bilirubin": 1.95}, 1),
        ({"bilirubin": 1.96}, 2),
        ({"bilirubin": 3.9}, 2),  # exactly 3 times the limit, though not in binary
        ({"bilirubin": 3.91}, 3),
        ({"bilirubin": 13}, 3),
        ({"bilirubin": 13.1}, 4),
        ({"creatinine": 1.5}, 1),
        ({"creatinine": 1.51}, 2),
        ({"creatinine": 3.01}, 3),
        ({"creatinine": 6.01}, 4),
        ({"ldh": 250}, 0),
        ({"ldh": 2500}, 1),
    ],
)
def test_grades_by_multiples_of_the_upper_limit(told, grade):
    (name,) = told

    assert lab(told) == {f"lab_{name}": grade}


@pytest.mark.parametrize(
    ("value", "grade"),
    [(0.49, 4), (0.5, 3), (0.99, 3), (1.0, 2), (1.49, 2), (1.5, 0), (4, 0)],
)
def test_grades_neutrophils(value, grade):
    assert lab({"anc_1e9_l": value}) == {"lab_anc": grade}


@pytest.mark.parametrize(
    ("value", "uln", "grade"), [(0.5, None, 0), (0.51, None, 1), (0.6, 0.7, 0), (0.71, 0.7, 1)]
)
def test_grades_eosinophils_by_their_limit(value, uln, grade):
    where = context(uln=Uln(eosinophils=uln))

    assert lab({"eosinophils_1e9_l": value}, where) == {"lab_eosinophilia": grade}


def test_does_not_grade_a_result_without_its_limit():
    assert lab({"alt": 500, "bilirubin": 5}, context()) == {}


@pytest.mark.parametrize(
    ("told", "level", "codes"),
    [
        ({"anc_1e9_l": 0.49}, "urgent", {"R9_ANC_LT_0_5"}),
        ({"anc_1e9_l": 0.5}, "prompt", {"R9_ANC_LT_1_0_LABEL_HOLD"}),
        ({"anc_1e9_l": 0.99}, "prompt", {"R9_ANC_LT_1_0_LABEL_HOLD"}),
        ({"anc_1e9_l": 1.0}, "none", {"NO_CRITERIA_MET"}),
        ({"alt": 120}, "none", {"NO_CRITERIA_MET"}),
        ({"alt": 121}, "digest", {"R9_ALT_G2"}),
        ({"alt": 200}, "digest", {"R9_ALT_G2"}),
        ({"alt": 201}, "prompt", {"R9_ALT_GT_5ULN_LABEL_HOLD"}),
        ({"alt": 900}, "prompt", {"R9_ALT_GT_5ULN_LABEL_HOLD"}),
        ({"ast": 121}, "digest", {"R9_AST_G2"}),
        ({"ast": 201}, "prompt", {"R9_AST_GT_5ULN_LABEL_HOLD"}),
        ({"bilirubin": 1.95}, "none", {"NO_CRITERIA_MET"}),
        ({"bilirubin": 2}, "digest", {"R9_BILIRUBIN_G2"}),
        ({"bilirubin": 4}, "prompt", {"R9_BILIRUBIN_GT_3ULN_LABEL_HOLD"}),
        ({"creatinine": 1.5}, "none", {"NO_CRITERIA_MET"}),
        ({"creatinine": 1.6}, "prompt", {"R9_CREATININE_G2"}),
        ({"creatinine": 7}, "prompt", {"R9_CREATININE_G2"}),
        ({"ldh": 9000}, "none", {"NO_CRITERIA_MET"}),
        (
            {"alt": 121, "bilirubin": 2.7},
            "urgent",
            {"R9_ALT_G2", "R9_BILIRUBIN_G2", "R9_HYS_LAW_PATTERN"},
        ),
        (
            {"ast": 121, "bilirubin": 2.7},
            "urgent",
            {"R9_AST_G2", "R9_BILIRUBIN_G2", "R9_HYS_LAW_PATTERN"},
        ),
        ({"alt": 121, "bilirubin": 2.6}, "digest", {"R9_ALT_G2", "R9_BILIRUBIN_G2"}),
        ({"alt": 120, "bilirubin": 2.7}, "digest", {"R9_BILIRUBIN_G2"}),
    ],
)
def test_tells_somebody_about_a_result(told, level, codes):
    found = one(well(labs=told), LIMITS)

    assert found.level.word == level
    assert set(found.codes) == codes


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({}, "R9_EOS_GT_1_WITH_RASH"),
        ({"celsius": 37.9}, "R9_EOS_GT_1_WITH_RASH"),
        ({"celsius": 38.0}, "R9_DRESS_PATTERN_LABS"),
        ({"red_flags": ["face_swelling"]}, "R9_DRESS_PATTERN_LABS"),
        ({"red_flags": ["swollen_glands"]}, "R9_DRESS_PATTERN_LABS"),
        ({"periorbital": "soft"}, "R9_EOS_GT_1_WITH_RASH"),
        ({"periorbital": "firm_or_pitting"}, "R9_DRESS_PATTERN_LABS"),
        ({"alt": 80}, "R9_EOS_GT_1_WITH_RASH"),
        ({"alt": 81}, "R9_DRESS_PATTERN_LABS"),
        ({"ast": 81}, "R9_DRESS_PATTERN_LABS"),
    ],
)
def test_judges_eosinophils_beside_a_rash(told, code):
    liver = {key: value for key, value in told.items() if key in {"alt", "ast"}}
    other = {key: value for key, value in told.items() if key not in liver}

    found = one(rash(5, labs={"eosinophils_1e9_l": 1.01, **liver}, **other), LIMITS)

    levels = {reason.code: reason.level.word for reason in found.reasons}
    assert levels[code] == ("urgent" if code == "R9_DRESS_PATTERN_LABS" else "prompt")
    assert len({"R9_EOS_GT_1_WITH_RASH", "R9_DRESS_PATTERN_LABS"} & set(levels)) == 1


@pytest.mark.parametrize(
    "told", [rash(5, labs={"eosinophils_1e9_l": 1.0}), well(labs={"eosinophils_1e9_l": 3})]
)
def test_says_nothing_about_few_eosinophils_or_without_a_rash(told):
    codes = one(told, LIMITS).codes

    assert not {"R9_EOS_GT_1_WITH_RASH", "R9_DRESS_PATTERN_LABS"} & set(codes)


@pytest.mark.parametrize(
    ("celsius", "site", "counts", "present"),
    [
        (38.4, "oral", anc(0.99, -14), True),
        (38.3, "oral", anc(0.99, 0), False),  # over 38.3
        (37.9, "axillary", anc(0.9, 0), True),
        (38.4, "oral", anc(0.99, -15), False),
        (38.4, "oral", anc(1.0, 0), False),
        (38.4, "oral", (AncValue(-9, 0.3), AncValue(-1, 2.0)), False),
        (38.4, "oral", (AncValue(-1, 0.3), AncValue(-9, 2.0)), True),
    ],
)
def test_sees_febrile_neutropenia(celsius, site, counts, present):
    found = one(well(celsius=celsius, site=site), context(anc_history=counts))

    assert (found.grades.get("febrile_neutropenia") == 3) is present
    assert ("R9_FEBRILE_NEUTROPENIA" in found.codes) is present


@pytest.mark.parametrize(
    ("clock", "days", "present"),
    [("10:00", 0, False), ("10:01", 0, True), ("09:00", 1, True), ("09:01", 1, False)],
)
def test_sees_febrile_neutropenia_in_a_lasting_fever(clock, days, present):
    told = [well(0, "09:00", celsius=38.0), well(days, clock, celsius=38.0)]

    found = last(told, context(anc_history=anc(0.5, -2)))

    assert ("febrile_neutropenia" in found.grades) is present


def test_remembers_the_count_of_an_earlier_entry():
    found = last([well(0, labs={"anc_1e9_l": 0.8}), well(3, celsius=38.4)])

    assert found.grades["febrile_neutropenia"] == 3
