import pytest

from tests.grading.told import course, entry, levels, one, rash, well


def imatinib(taken, planned, day=0, **told):
    return well(day, imatinib_mg_taken=taken, imatinib_mg_prescribed=planned, **told)


def steroid(taken, planned, day=0):
    return well(day, prednisolone_mg_taken=taken, prednisolone_mg_prescribed=planned)


@pytest.mark.parametrize(
    ("told", "level"),
    [
        (imatinib(200, 100), "prompt"),
        (imatinib(100, 0), "prompt"),
        (imatinib(800, 400), "prompt"),
        (imatinib(801, 400), "urgent"),
        (imatinib(200, 100, itch_nrs=1), "urgent"),
        (imatinib(200, 100, labs={"anc_1e9_l": 1.4}), "urgent"),
        (imatinib(200, 100, red_flags=["feels_unwell"]), "urgent"),
        (imatinib(200, 100, chills="mild"), "prompt"),
    ],
)
def test_judges_a_dose_above_the_plan(told, level):
    found = one(told)

    assert found.level.word == level
    assert "R10_DOSE_ABOVE_PLAN" in found.codes


@pytest.mark.parametrize(
    ("taken", "planned", "code"),
    [
        (400, 400, "NO_CRITERIA_MET"),
        (0, 0, "NO_CRITERIA_MET"),
        (0, 400, "R10_MISSED_DOSE"),
        (300, 400, "R10_DOSE_BELOW_PLAN"),
        (None, 400, "NO_CRITERIA_MET"),
        (400, None, "NO_CRITERIA_MET"),
    ],
)
def test_lists_a_missed_or_smaller_dose(taken, planned, code):
    found = one(imatinib(taken, planned))

    assert found.codes == (code,)
    assert found.level.word == ("none" if code == "NO_CRITERIA_MET" else "digest")


@pytest.mark.parametrize(
    ("doses", "expected"),
    [
        ([(0, 400)] * 4, ["digest", "digest", "prompt", "prompt"]),
        ([(0, 400), (0, 400), (400, 400), (0, 400)], ["digest", "digest", "none", "digest"]),
        ([(0, 400), (0, 400), (100, 400), (0, 400)], ["digest"] * 4),
        (
            [(0, 100), (0, 0), (0, 100), (0, 0), (0, 100)],
            ["digest", "none", "digest", "none", "prompt"],
        ),
        ([(0, 400), (None, None), (0, 400), (0, 400)], ["digest", "none", "digest", "prompt"]),
    ],
)
def test_calls_for_the_third_missed_dose_in_a_row(doses, expected):
    found = course(*(imatinib(taken, planned, day) for day, (taken, planned) in enumerate(doses)))

    assert levels(found) == expected


def test_keeps_the_run_across_days_without_an_entry():
    found = course(
        imatinib(0, 400, 0), imatinib(0, 400, 1), entry(2, no_entry=True), imatinib(0, 400, 3)
    )

    assert found[3].codes == ("R10_MISSED_3_CONSECUTIVE",)


def test_counts_a_missed_dose_once_a_day():
    found = course(*(imatinib(0, 400, day) for day in (0, 0, 0)))

    assert levels(found) == ["digest"] * 3


@pytest.mark.parametrize(
    ("doses", "expected"),
    [
        ([(0, 5)], ["digest"]),
        ([(0, 5), (0, 5)], ["digest", "prompt"]),
        ([(0, 5), (5, 5), (0, 5)], ["digest", "none", "digest"]),
        ([(0, 5), (0, 0), (0, 5)], ["digest", "none", "prompt"]),
        ([(2.5, 5)], ["none"]),
        ([(0, 0)], ["none"]),
    ],
)
def test_calls_for_a_steroid_missed_twice_in_a_row(doses, expected):
    found = course(*(steroid(taken, planned, day) for day, (taken, planned) in enumerate(doses)))

    assert levels(found) == expected


def test_names_the_missed_steroid():
    found = course(steroid(0, 5, 0), steroid(0, 5, 1))

    assert [each.codes for each in found] == [
        ("R10_STEROID_MISSED",),
        ("R10_STEROID_STOPPED_ABRUPTLY",),
    ]


def test_is_urgent_for_a_double_dose_with_a_rash():
    told = rash(1, imatinib_mg_taken=400, imatinib_mg_prescribed=200)

    assert one(told).level.word == "urgent"
