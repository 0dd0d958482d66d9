import pytest

from alerts.grading.assess import assess_course
from alerts.grading.course import AncValue, TemperatureInput
from tests.grading.told import anc, context, course, entry, last, levels, one, well

SAFE = context(anc_history=anc(2.1, -5))


def typed(value, unit, **told):
    return well(celsius=None, temperature_input=TemperatureInput(value, unit, "oral"), **told)


@pytest.mark.parametrize(
    ("value", "unit", "celsius"),
    [
        (34.0, "C", 34.0),
        (43.0, "C", 43.0),
        (93.0, "F", 33.89),
        (100.4, "F", 38.0),
        (101, "F", 38.33),
        (102.2, "F", 39.0),
        (104, "F", 40.0),
        (109.5, "F", 43.06),
        (100.2, "F", 37.89),
        (98.609, "F", 37.01),  # 37.005 rounds half up
    ],
)
def test_accepts_a_plausible_reading_and_converts_it(value, unit, celsius):
    assert one(typed(value, unit)).temperature_celsius == celsius


@pytest.mark.parametrize(
    ("value", "unit", "code", "urgent"),
    [
        (33.9, "C", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", False),
        (43.1, "C", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", False),
        (385, "C", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", True),
        (93, "C", "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C", False),
        (98.6, "C", "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C", False),
        (100.3, "C", "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C", False),
        (100.4, "C", "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C", True),
        (92.9, "F", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", True),
        (37.9, "F", "R4_TEMP_REJECTED_UNIT_SUSPECT_C_ENTERED_AS_F", False),
        (38, "F", "R4_TEMP_REJECTED_UNIT_SUSPECT_C_ENTERED_AS_F", True),
        (43, "F", "R4_TEMP_REJECTED_UNIT_SUSPECT_C_ENTERED_AS_F", True),
        (3.86, "F", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", False),
    ],
)
def test_rejects_an_impossible_reading_and_acts_if_it_may_be_a_fever(value, unit, code, urgent):
    found = one(typed(value, unit))

    assert found.temperature_celsius is None
    assert "fever" not in found.grades
    assert code in found.codes
    assert ("R4_FAILSAFE_FEVER_IF_OTHER_UNIT" in found.codes) is urgent
    assert found.level.word == ("urgent" if urgent else "none")


@pytest.mark.parametrize(
    ("celsius", "grade"),
    [(37.9, 0), (38.0, 1), (39.0, 1), (39.1, 2), (40.0, 2), (40.1, 3)],
)
def test_grades_fever_by_the_reading_as_typed(celsius, grade):
    assert one(well(celsius=celsius)).grades["fever"] == grade


@pytest.mark.parametrize(
    ("readings", "grade"),
    [
        ([(0, "08:00", 40.1), (1, "08:01", 40.1)], 4),
        ([(0, "08:00", 40.1), (1, "08:00", 40.1)], 3),
        ([(0, "08:00", 40.1), (0, "20:00", 40.0), (1, "09:00", 40.1)], 3),
        ([(0, "08:00", 40.1), (0, "20:00", 40.2), (1, "09:00", 40.1)], 4),
        ([(0, "08:00", 40.0), (1, "09:00", 40.1)], 3),
        ([(0, "08:00", 40.1), (1, "09:00", 40.0)], 2),
    ],
)
def test_grades_fever_4_only_after_more_than_24_hours_above_40(readings, grade):
    told = [well(day, clock, celsius=celsius) for day, clock, celsius in readings]

    assert last(told).grades["fever"] == grade


def test_a_later_reading_told_first_does_not_end_a_fever_above_40():
    # 00:00 of day 0 to 01:30 of day 1 is 25.5 hours; 16:59 of day 1 lies after both.
    told = [well(0, celsius=40.1), well(1, "16:59", celsius=38.0), well(1, "01:30", celsius=40.1)]

    assert last(told).grades["fever"] == 4


@pytest.mark.parametrize(
    ("site", "celsius", "level"),
    [
        ("axillary", 37.8, "urgent"),
        ("forehead", 37.8, "urgent"),
        ("axillary", 36.9, "none"),
        ("axillary", 37.0, "digest"),
        ("tympanic", 37.8, "digest"),
        ("rectal", 38.3, "urgent"),
        ("unknown", 37.4, "none"),
    ],
)
def test_counts_readings_of_low_sites_half_a_degree_higher(site, celsius, level):
    found = one(well(celsius=celsius, site=site), SAFE)

    assert found.level.word == level
    assert found.temperature_celsius == celsius
    assert ("R4_SITE_ADJUSTED_PLUS_0_5" in found.codes) is (site in {"axillary", "forehead"})


def test_never_grades_fever_by_the_corrected_reading():
    assert one(well(celsius=37.8, site="axillary")).grades["fever"] == 0


@pytest.mark.parametrize(
    ("celsius", "level", "code"),
    [
        (37.4, "none", "NO_CRITERIA_MET"),
        (37.5, "digest", "R4_TEMP_37_5_TO_37_9_RECHECK_4H"),
        (37.9, "digest", "R4_TEMP_37_5_TO_37_9_RECHECK_4H"),
        (38.0, "prompt", "R4_TEMP_38_0_TO_38_2_LOW_RISK_RECHECK_1H"),
        (38.2, "prompt", "R4_TEMP_38_0_TO_38_2_LOW_RISK_RECHECK_1H"),
        (38.3, "urgent", "R4_TEMP_GE_38_3"),
    ],
)
def test_raises_the_level_with_the_temperature_at_low_risk(celsius, level, code):
    found = one(well(celsius=celsius), SAFE)

    assert found.level.word == level
    assert code in found.codes


@pytest.mark.parametrize(
    ("celsius", "minutes"), [(37.4, None), (37.6, 240), (38.1, 60), (38.4, None)]
)
def test_asks_for_a_second_reading_in_time(celsius, minutes):
    assert one(well(celsius=celsius), SAFE).recheck_minutes == minutes


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({}, context()),
        ({}, context(anc_history=anc(2.1, -8))),
        ({}, context(anc_history=anc(1.49, -1))),
        ({}, context(anc_history=(AncValue(-6, 2.1), AncValue(-1, 1.4)))),
        ({}, context(anc_history=anc(2.1, 1))),
        ({"bsa_percent": 1}, SAFE),
        ({"bsa_percent": None, "morphology": None}, SAFE),
        ({"chills": "mild"}, SAFE),
        ({"red_flags": ["feels_unwell"]}, SAFE),
        ({"red_flags": None}, SAFE),
        ({"prednisolone_mg_taken": 5}, SAFE),
        ({}, context(anc_history=anc(2.1, -5), on_systemic_steroid=True)),
        ({}, context(anc_history=anc(2.1, -5), prior_severe_reaction=True)),
        ({}, context(anc_history=anc(2.1, -5), prior_reaction_type="dress")),
    ],
)
def test_is_urgent_at_38_when_any_part_of_low_risk_is_missing(told, where):
    found = one(well(celsius=38.0, **told), where)

    assert found.level.word == "urgent"
    assert "R4_TEMP_GE_38_0_NEUTROPENIA_NOT_EXCLUDED" in found.codes


@pytest.mark.parametrize(
    "where",
    [
        context(anc_history=anc(1.5, -7)),
        context(anc_history=(AncValue(-1, 1.5), AncValue(-3, 0.9))),
        context(anc_history=anc(2.1, 0)),
    ],
)
def test_waits_for_a_second_reading_when_the_latest_count_is_safe(where):
    assert one(well(celsius=38.2, chills="none"), where).level.word == "prompt"


def test_takes_the_count_of_an_earlier_entry():
    found = last([well(0, labs={"anc_1e9_l": 3.0}), well(4, celsius=38.0)])

    assert "R4_TEMP_38_0_TO_38_2_LOW_RISK_RECHECK_1H" in found.codes


@pytest.mark.parametrize(
    ("first", "second", "sustained"),
    [
        ((0, "09:00"), (0, "09:59"), False),
        ((0, "09:00"), (0, "10:00"), True),
        ((0, "23:30"), (1, "00:30"), True),
        ((0, "09:00"), (1, "09:00"), True),
        ((0, "09:00"), (1, "09:01"), False),
        ((0, None), (0, "01:00"), True),
        ((0, None), (0, "00:59"), False),
        ((0, None), (0, None), False),
    ],
)
def test_counts_two_readings_an_hour_to_a_day_apart_as_sustained(first, second, sustained):
    told = [well(*first, celsius=38.2), well(*second, celsius=38.0)]

    found = last(told, SAFE)

    assert ("R4_TEMP_GE_38_0_SUSTAINED_1H" in found.codes) is sustained
    assert found.level.word == ("urgent" if sustained else "prompt")


@pytest.mark.parametrize(("earlier", "sustained"), [(37.5, True), (37.4, False)])
def test_judges_the_earlier_reading_by_what_it_counts_as(earlier, sustained):
    told = [well(0, "09:00", celsius=earlier, site="axillary"), well(0, "11:00", celsius=38.1)]

    found = last(told, SAFE)

    assert ("R4_TEMP_GE_38_0_SUSTAINED_1H" in found.codes) is sustained


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({}, context(on_systemic_steroid=True)),
        ({"prednisolone_mg_taken": 2.5}, context()),
        ({}, context(anc_history=anc(0.99, -14))),
        ({"chills": "mild"}, context()),
        ({"antipyretic_within_6h": True}, context()),
        ({"red_flags": ["feels_unwell"]}, context()),
    ],
)
def test_calls_the_same_day_for_a_raised_temperature_with_a_risk(told, where):
    found = one(well(celsius=37.5, **told), where)

    assert found.level.word == "prompt"
    assert "R4_TEMP_37_5_TO_37_9_WITH_RISK" in found.codes


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"prednisolone_mg_taken": 0}, context()),
        ({}, context(anc_history=anc(0.99, -15))),
        ({}, context(anc_history=anc(1.0, -1))),
        ({"antipyretic_within_6h": False, "chills": "none"}, context()),
    ],
)
def test_lists_a_raised_temperature_without_risk(told, where):
    assert one(well(celsius=37.9, **told), where).level.word == "digest"


def test_remembers_the_steroid_taken_earlier_the_same_day():
    found = course(well(0, "08:00", prednisolone_mg_taken=20), well(0, "20:00", celsius=37.6))

    assert levels(found) == ["none", "prompt"]


@pytest.mark.parametrize(
    ("celsius", "site", "flags", "level"),
    [
        (35.9, "oral", ["feels_unwell"], "urgent"),
        (35.9, "axillary", ["feels_unwell"], "urgent"),
        (36.0, "oral", ["feels_unwell"], "digest"),
        (35.9, "oral", [], "none"),
    ],
)
def test_is_urgent_when_cold_and_unwell(celsius, site, flags, level):
    assert one(well(celsius=celsius, site=site, red_flags=flags)).level.word == level


@pytest.mark.parametrize("celsius", [None, 36.6])
def test_lists_mild_chills(celsius):
    found = one(well(celsius=celsius, chills="mild"))

    assert found.level.word == "digest"
    assert "R4_CHILLS_MILD" in found.codes


def test_is_urgent_when_the_awaited_reading_does_not_come():
    found = assess_course(
        SAFE,
        [well(0, "20:00", celsius=38.1), entry(0, "21:30", timer_event="recheck_not_entered")],
    )

    assert levels(found) == ["prompt", "urgent"]
    assert found[1].codes == ("R4_RECHECK_NOT_ENTERED_90MIN",)
    assert found[1].grades == {}
