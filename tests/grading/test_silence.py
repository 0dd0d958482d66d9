import pytest

from alerts.grading.assess import assess_course
from tests.grading.told import context, course, entry, increase, levels, rash, well


def silent(*days):
    return [entry(day, no_entry=True) for day in days]


def test_reminds_the_patient_on_the_first_day():
    found = course(well(0), *silent(1))[1]

    assert found.level.word == "none"
    assert "R11_PATIENT_REMINDER_ONLY" in found.codes
    assert found.grades == {}


@pytest.mark.parametrize(
    "concern",
    [rash(15), well(itch_nrs=4), well(fatigue="not_relieved"), well(celsius=39.1)],
)
def test_calls_on_the_second_day_after_a_concern_and_on_every_further_day(concern):
    found = course(concern, *silent(1, 2, 3, 4))

    assert levels(found[1:]) == ["none", "prompt", "prompt", "prompt"]
    assert found[2].codes == ("R11_NO_ENTRY_48H_AFTER_CONCERN",)
    assert found[3].codes == found[4].codes == ("R11_NO_ENTRY_PERSISTS",)


def test_calls_on_the_second_day_within_a_window():
    found = assess_course(context(increase(0)), [well(0), *silent(1, 2, 3)])

    assert [each.codes for each in found[2:]] == [
        ("R11_NO_ENTRY_48H_IN_WINDOW",),
        ("R11_NO_ENTRY_PERSISTS",),
    ]


def test_names_the_concern_before_the_window():
    found = assess_course(context(increase(0)), [rash(15), *silent(1, 2)])

    assert found[2].codes == ("R11_NO_ENTRY_48H_AFTER_CONCERN",)


def test_keeps_calling_when_the_window_closes_during_the_silence():
    found = assess_course(context(increase(-12)), [well(0), *silent(1, 2, 3)])

    assert levels(found) == ["none", "none", "prompt", "prompt"]


def test_calls_from_the_day_on_which_a_window_opens_during_the_silence():
    found = assess_course(context(increase(3)), [well(0), *silent(1, 2, 3, 4)])

    assert levels(found) == ["none", "none", "none", "prompt", "prompt"]
    assert found[3].codes == ("R11_NO_ENTRY_48H_IN_WINDOW", "R11_NO_ENTRY_PERSISTS")
    assert found[4].codes == ("R11_NO_ENTRY_PERSISTS",)


def test_lists_a_week_of_silence_without_concern():
    found = course(well(0), *silent(*range(1, 9)))

    assert levels(found) == ["none"] * 7 + ["digest", "digest"]
    assert found[7].codes == ("R11_NO_ENTRY_7D",)


def test_does_not_take_a_laboratory_grade_for_a_concern():
    found = course(well(0, labs={"anc_1e9_l": 1.2}), *silent(1, 2))

    assert found[0].grades["lab_anc"] == 2
    assert levels(found) == ["none", "none", "none"]


def test_looks_at_the_last_entry_only():
    found = course(rash(15, day=0), well(1), *silent(2, 3))

    assert found[3].level.word == "none"


def test_starts_counting_again_after_an_entry():
    found = course(rash(15, day=0), *silent(1), rash(15, day=2), *silent(3, 4))

    assert levels(found) == ["prompt", "none", "digest", "none", "prompt"]


def test_does_not_take_a_timer_for_a_word_from_the_patient():
    told = [
        rash(15, day=0),
        entry(0, "21:30", timer_event="recheck_not_entered"),
        *silent(1, 2),
    ]

    assert course(*told)[3].codes == ("R11_NO_ENTRY_48H_AFTER_CONCERN",)


def test_counts_silence_from_the_start_of_a_course():
    found = assess_course(context(increase(0)), silent(0, 1))

    assert levels(found) == ["none", "prompt"]
