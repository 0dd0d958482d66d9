"""A second reading of the rule text: small courses at both sides of a boundary, by hand.

Every expected value was derived from the words of the rules, clause by clause, before the code was
run; where a clause refers to another, both are named.
"""

import pytest

from alerts.grading.assess import assess_course
from alerts.grading.course import Context, DoseEvent, Labs, SteroidEvent, TemperatureInput, Uln
from alerts.grading.terms import Level
from alerts.grading.vignette import grade_document
from tests.grading.told import (
    LONG_AGO,
    anc,
    context,
    entry,
    increase,
    last,
    levels,
    one,
    rash,
    steroid_stop,
    well,
)
from tests.grading.told import course as graded

RESTART = DoseEvent(0, "restart", 0, 100)
LIMITS = Uln(alt=40, ast=40, bilirubin=1.0, creatinine=1.0, ldh=250)


def level(told, where=None):
    return one(told, where).level.word


def codes(told, where=None):
    return set(one(told, where).codes)


# Rejected readings and the failsafe (R4.1), alone and beside a rash.


@pytest.mark.parametrize(
    ("value", "unit", "code", "failsafe"),
    [
        (43.0, "C", None, False),
        (43.1, "C", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", False),  # 43.1 F is 6.2 C
        (34.0, "C", None, False),
        (33.9, "C", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", False),
        (93.0, "C", "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C", False),  # 33.89 C
        (100.3, "C", "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C", False),  # 37.94 C
        (100.4, "C", "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C", True),  # 38.00 C
        (109.5, "C", "R4_TEMP_REJECTED_UNIT_SUSPECT_F_ENTERED_AS_C", True),
        (37.9, "F", "R4_TEMP_REJECTED_UNIT_SUSPECT_C_ENTERED_AS_F", False),
        (38.0, "F", "R4_TEMP_REJECTED_UNIT_SUSPECT_C_ENTERED_AS_F", True),
        (92.9, "F", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", True),  # read as 92.9 C
        (109.6, "F", "R4_TEMP_REJECTED_TEMP_IMPLAUSIBLE", True),
    ],
)
def test_rejects_by_the_plausible_range_and_fails_safe(value, unit, code, failsafe):
    found = one(entry(itch_nrs=0, temperature_input=TemperatureInput(value, unit, "oral")))

    assert (found.temperature_celsius is None) == (code is not None)
    assert code is None or code in found.codes
    assert ("R4_FAILSAFE_FEVER_IF_OTHER_UNIT" in found.codes) == failsafe
    if code is not None:
        assert "fever" not in found.grades
        assert found.level is (Level.URGENT if failsafe else Level.NONE)


def test_a_failsafe_beside_a_rash_is_a_skin_alert_for_the_next_seven_days():
    # R5: reached urgent through R4 with rash grade 1. Day 6 grade 2 is fresh; day 7 stays stable
    # because day 6 was itself a skin alert.
    found = graded(rash(5, day=0, celsius=101.0), rash(5, day=1), rash(12, day=6), rash(12, day=7))

    assert levels(found) == ["urgent", "digest", "prompt", "digest"]
    assert "R5_RASH_G2_STABLE" in found[3].codes


def test_a_rejected_reading_does_not_count_as_an_earlier_fever():
    # 101 C is rejected and stores nothing, so 38.1 C an hour later is not sustained.
    where = context(anc_history=anc(2.0, -1))
    found = last([well(0, "09:00", celsius=101.0), well(0, "10:30", celsius=38.1)], where)

    assert "R4_TEMP_38_0_TO_38_2_LOW_RISK_RECHECK_1H" in found.codes
    assert found.level is Level.PROMPT


def test_a_rejected_reading_leaves_target_lesions_without_fever():
    found = one(rash(1, "target_lesions", celsius=99.0))  # 99 F is 37.22 C

    assert found.level is Level.PROMPT
    assert "R1_TARGET_LESIONS_ALONE" in found.codes


# Sustained fever across midnight, and without times (R4.5).


@pytest.mark.parametrize(
    ("first", "second", "sustained"),
    [
        ((0, "23:30"), (1, "00:29"), False),
        ((0, "23:30"), (1, "00:30"), True),
        ((0, "09:00"), (1, "09:00"), True),
        ((0, "09:00"), (1, "09:01"), False),
        ((0, None), (0, "01:00"), True),
        ((0, None), (1, None), True),
        ((0, "00:01"), (1, None), True),
        ((0, None), (1, "00:01"), False),
    ],
)
def test_counts_sixty_minutes_to_twenty_four_hours_across_midnight(first, second, sustained):
    where = context(anc_history=anc(2.0, 0))
    found = last([well(*first, celsius=38.0), well(*second, celsius=38.0)], where)

    assert ("R4_TEMP_GE_38_0_SUSTAINED_1H" in found.codes) == sustained
    assert found.level is (Level.URGENT if sustained else Level.PROMPT)


def test_a_normal_reading_between_two_fevers_does_not_undo_a_sustained_one():
    where = context(anc_history=anc(2.0, 0))
    told = [
        well(0, "08:00", celsius=38.1),
        well(0, "09:00", celsius=36.9),
        well(0, "10:00", celsius=38.0),
    ]

    assert "R4_TEMP_GE_38_0_SUSTAINED_1H" in last(told, where).codes


def test_counts_an_axillary_37_5_as_the_earlier_fever():
    where = context(anc_history=anc(2.0, 0))
    told = [well(0, "08:00", celsius=37.5, site="axillary"), well(0, "09:00", celsius=38.0)]

    assert "R4_TEMP_GE_38_0_SUSTAINED_1H" in last(told, where).codes


@pytest.mark.parametrize(
    ("celsius", "site", "grade", "word"),
    [
        (37.4, "axillary", 0, "digest"),  # counts as 37.9, no risk
        (37.5, "axillary", 0, "urgent"),  # counts as 38.0, count unknown
        (37.7, "forehead", 0, "urgent"),
        (37.8, "forehead", 0, "urgent"),  # counts as 38.3
        (37.9, "tympanic", 0, "digest"),  # never subtracted, never added
        (36.9, "axillary", 0, "none"),
        (37.0, "axillary", 0, "digest"),  # counts as 37.5
    ],
)
def test_grades_the_reading_and_judges_what_it_counts_as(celsius, site, grade, word):
    found = one(well(celsius=celsius, site=site))

    assert (found.grades["fever"], found.level.word) == (grade, word)


def test_takes_the_raw_value_for_cold_and_unwell():
    # 35.9 axillary counts as 36.4, but the rule for low temperatures uses the raw value.
    assert level(well(celsius=35.9, site="axillary", red_flags=["feels_unwell"])) == "urgent"
    assert level(well(celsius=36.0, red_flags=["feels_unwell"])) == "digest"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "prompt"),
        ({"bsa_percent": 1}, "urgent"),
        ({"bsa_percent": None, "morphology": None}, "urgent"),
        ({"prednisolone_mg_taken": 2.5}, "urgent"),
        ({"prednisolone_mg_taken": 0}, "prompt"),
        ({"chills": "mild"}, "urgent"),
        ({"red_flags": ["feels_unwell"]}, "urgent"),
        ({"bsa_percent": 12, "morphology": ["hyperpigmentation"]}, "prompt"),
    ],
)
def test_needs_every_part_of_low_risk(change, word):
    assert level(well(celsius=38.2, **change), context(anc_history=anc(1.5, -7))) == word


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        (anc(1.5, -7), "prompt"),
        (anc(1.5, -8), "urgent"),
        (anc(1.49, -1), "urgent"),
        (anc(2.5, -5) + anc(1.4, -2), "urgent"),  # the latest counts
        (anc(1.4, -5) + anc(2.5, -2), "prompt"),
    ],
)
def test_takes_the_latest_count_of_seven_days_for_low_risk(counts, word):
    assert level(well(celsius=38.0), context(anc_history=counts)) == word


# Febrile neutropenia (R9): over 60 minutes, not 60; over 38.3, not 38.3.


@pytest.mark.parametrize(
    ("clock", "neutropenic"),
    [("08:59", False), ("09:00", False), ("09:01", True)],
)
def test_febrile_neutropenia_needs_more_than_sixty_minutes(clock, neutropenic):
    where = context(anc_history=anc(0.9, -3))
    found = last([well(0, "08:00", celsius=38.0), well(0, clock, celsius=38.0)], where)

    assert ("R9_FEBRILE_NEUTROPENIA" in found.codes) == neutropenic
    assert ("febrile_neutropenia" in found.grades) == neutropenic
    assert found.level is Level.URGENT


@pytest.mark.parametrize(("clock", "neutropenic"), [("08:00", True), ("08:01", False)])
def test_febrile_neutropenia_looks_back_twenty_four_hours_exactly(clock, neutropenic):
    where = context(anc_history=anc(0.9, -3))
    found = last([well(0, "08:00", celsius=38.0), well(1, clock, celsius=38.0)], where)

    assert ("R9_FEBRILE_NEUTROPENIA" in found.codes) == neutropenic


@pytest.mark.parametrize(
    ("celsius", "count", "day", "neutropenic"),
    [
        (38.3, 0.9, -3, False),
        (38.4, 0.9, -3, True),
        (38.4, 1.0, -3, False),
        (38.4, 0.99, -14, True),
        (38.4, 0.99, -15, False),
    ],
)
def test_febrile_neutropenia_by_one_reading(celsius, count, day, neutropenic):
    found = one(well(celsius=celsius), context(anc_history=anc(count, day)))

    assert ("R9_FEBRILE_NEUTROPENIA" in found.codes) == neutropenic
    assert found.level is Level.URGENT


def test_a_count_taken_with_the_fever_is_the_latest():
    low_before = context(anc_history=anc(0.4, -2))

    assert "R9_FEBRILE_NEUTROPENIA" not in codes(
        well(celsius=38.6, labs=Labs(anc_1e9_l=1.2)), low_before
    )
    assert "R9_FEBRILE_NEUTROPENIA" in codes(
        well(celsius=38.6, labs=Labs(anc_1e9_l=0.9)), context(anc_history=anc(2.0, -2))
    )


def test_an_axillary_37_9_with_few_neutrophils_is_febrile_neutropenia():
    # Effective 38.4 is over 38.3; the grade of fever stays that of 37.9, 0.
    found = one(well(celsius=37.9, site="axillary"), context(anc_history=anc(0.9, -3)))

    assert found.grades["fever"] == 0
    assert found.grades["febrile_neutropenia"] == 3


# Fever grade 4 (R4.2).


def test_fever_4_needs_more_than_twenty_four_hours_above_40():
    day_apart = [well(0, "08:00", celsius=40.1), well(1, "08:00", celsius=40.1)]
    longer = [well(0, "08:00", celsius=40.1), well(1, "08:01", celsius=40.1)]
    broken = [longer[0], well(0, "20:00", celsius=40.0), longer[1]]

    assert [last(each).grades["fever"] for each in (day_apart, longer, broken)] == [3, 4, 3]


# Windows (W1, W2, W2r, W3) and fresh.


@pytest.mark.parametrize(
    ("event", "day", "word"),
    [
        (DoseEvent(0, "start", 0, 400), 56, "prompt"),
        (DoseEvent(0, "start", 0, 400), 57, "digest"),
        (DoseEvent(0, "restart", 0, 400), 56, "prompt"),
        (DoseEvent(0, "increase", 400, 600), 14, "prompt"),
        (DoseEvent(0, "increase", 400, 600), 15, "digest"),
        (DoseEvent(0, "decrease", 400, 300), 1, "digest"),
        (DoseEvent(0, "stop", 400, 0), 1, "digest"),
        (DoseEvent(5, "increase", 400, 600), 4, "digest"),  # not begun yet
    ],
)
def test_opens_a_window_for_a_new_grade_1(event, day, word):
    assert level(rash(2, day=day), context(event)) == word


@pytest.mark.parametrize(
    ("kind", "day", "relapse"),
    [("decrease", 21, True), ("stop", 21, True), ("stop", 22, False), ("increase", 3, False)],
)
def test_less_steroid_opens_the_third_window(kind, day, relapse):
    where = Context(dose_events=(LONG_AGO,), steroid_events=(SteroidEvent(0, kind, 20, 10),))
    found = one(rash(2, day=day), where)

    assert ("R8_RELAPSE_AFTER_STEROID_STEP_DOWN" in found.codes) == relapse
    assert ("R5_RASH_G1_IN_WINDOW" in found.codes) == relapse


def test_a_relapse_must_be_fresh():
    where = Context(dose_events=(LONG_AGO,), steroid_events=(steroid_stop(0),))
    found = last([rash(2, day=1), rash(2, day=3)], where)

    assert "R8_RELAPSE_AFTER_STEROID_STEP_DOWN" not in found.codes
    assert found.level is Level.DIGEST


@pytest.mark.parametrize(("ago", "word"), [(7, "digest"), (8, "prompt")])
def test_a_grade_is_fresh_again_when_seven_days_have_passed(ago, word):
    told = [rash(2, day=0), rash(2, day=ago)]

    assert last(told, context(DoseEvent(0, "start", 0, 400))).level.word == word


def test_what_is_usual_for_the_patient_is_not_fresh():
    where = Context(dose_events=(increase(0),), baseline_grades={"rash": 1, "pruritus": 2})

    assert level(rash(2, day=1, itch_nrs=5), where) == "digest"


# Recurrence after a step up (R8) and its own window W2r.


def prior(kind, *events, **told):
    return context(*events, prior_severe_reaction=True, prior_reaction_type=kind, **told)


@pytest.mark.parametrize(
    ("kind", "event", "day", "told", "word"),
    [
        ("maculopapular_g3", RESTART, 14, {"itch_nrs": 4}, "prompt"),  # one minor
        ("maculopapular_g3", RESTART, 15, {"itch_nrs": 4}, "prompt"),  # R6 in W1, fresh grade 2
        ("maculopapular_g3", RESTART, 14, {"itch_nrs": 3}, "digest"),
        ("maculopapular_g3", RESTART, 14, {"bsa_percent": 2, "itch_nrs": 4}, "prompt"),
        ("maculopapular_g3", RESTART, 14, {"celsius": 37.5}, "prompt"),  # one major alone
        ("maculopapular_g3", RESTART, 14, {"celsius": 37.5, "itch_nrs": 4}, "urgent"),
        ("maculopapular_g3", RESTART, 15, {"celsius": 37.5, "itch_nrs": 1}, "digest"),
        ("maculopapular_g3", RESTART, 1, {"celsius": 37.4, "itch_nrs": 4}, "prompt"),
        (
            "maculopapular_g3",
            RESTART,
            1,
            {"celsius": 37.0, "site": "axillary", "itch_nrs": 4},
            "urgent",
        ),
        ("exfoliative", RESTART, 3, {"bsa_percent": 2, "morphology": ["scaling_dry"]}, "urgent"),
        ("dress", RESTART, 3, {"itch_nrs": 4}, "urgent"),
        ("sjs_ten", RESTART, 3, {"periorbital": "soft"}, "urgent"),
        ("em_mucosal", RESTART, 3, {"bsa_percent": 1}, "urgent"),
        ("em_no_mucosa", RESTART, 3, {"bsa_percent": 1}, "prompt"),
        ("dress", RESTART, 15, {"itch_nrs": 3}, "digest"),
        ("dress", DoseEvent(0, "start", 0, 400), 3, {"itch_nrs": 3, "bsa_percent": 0}, "digest"),
        ("maculopapular_g3", RESTART, 3, {"mouth": "mild"}, "prompt"),
        ("maculopapular_g3", RESTART, 3, {"mouth": "mild", "periorbital": "soft"}, "urgent"),
    ],
)
def test_weighs_the_signs_of_a_recurrence(kind, event, day, told, word):
    assert level(well(day=day, **told), prior(kind, event)) == word


def test_a_start_opens_no_recurrence_window():
    found = codes(rash(12, day=2, itch_nrs=5), prior("dress", DoseEvent(0, "start", 0, 400)))

    assert not [code for code in found if code.startswith("R8_RECURRENCE")]


def test_liver_tests_are_a_major_sign_over_three_times_the_limit():
    where = prior("maculopapular_g3", RESTART, uln=LIMITS)
    at_limit = well(day=2, itch_nrs=4, labs=Labs(alt=120))
    over = well(day=2, itch_nrs=4, labs=Labs(alt=120.1))

    assert (level(at_limit, where), level(over, where)) == ("prompt", "urgent")


def test_known_puffy_eyelids_are_no_sign():
    where = prior("maculopapular_g3", RESTART, baseline_grades={"periorbital_edema": 1})

    assert level(well(day=2, periorbital="soft", itch_nrs=1), where) == "digest"


def test_without_a_severe_reaction_nothing_recurs():
    where = context(RESTART, prior_severe_reaction=False, prior_reaction_type="dress")

    assert not [c for c in codes(rash(12, day=2), where) if c.startswith("R8_RECURRENCE")]


# Rash: persistence, alert days of the context, spread (R5).


@pytest.mark.parametrize(
    ("days", "word", "code"),
    [
        ((4,), "digest", "R5_RASH_G2_STABLE"),  # 6 days ago
        ((3,), "prompt", "R5_RASH_G2_PERSISTING_7D"),  # 7 days ago
        ((11,), "prompt", "R5_RASH_G2_PERSISTING_7D"),  # in the future
        ((-9, 10), "digest", "R5_RASH_G2_STABLE"),  # today
    ],
)
def test_counts_alert_days_of_the_context(days, word, code):
    where = context(baseline_grades={"rash": 2}, skin_alert_days=days)
    found = one(rash(15, day=10), where)

    assert found.level.word == word
    assert code in found.codes


def test_an_alert_by_itch_alone_is_no_skin_alert():
    # Day 0: rash 1, itch 8: prompt by R6 only. Day 1: grade 2 usual, no skin alert: persisting.
    where = context(baseline_grades={"rash": 2, "pruritus": 3})
    found = last([rash(5, day=0, itch_nrs=8), rash(15, day=1)], where)

    assert "R5_RASH_G2_PERSISTING_7D" in found.codes


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        ([(0, 5)], (2, 15), "R5_RAPID_SPREAD_GE_10PTS_48H"),
        ([(0, 5)], (2, 14.9), None),
        ([(0, 5)], (3, 40), None),  # three days before does not count
        ([(1, 5)], (2, 25), "R5_RAPID_SPREAD_GE_20PTS_48H"),
        ([(1, 5)], (2, 24.9), "R5_RAPID_SPREAD_GE_10PTS_48H"),
        ([(0, 4), (1, 20)], (2, 24), "R5_RAPID_SPREAD_GE_20PTS_48H"),  # the lowest of the two days
        ([(2, 2)], (2, 28), None),  # the same day does not count
    ],
)
def test_compares_the_spread_with_the_two_days_before(before, now, code):
    told = [rash(percent, day=day) for day, percent in before] + [rash(now[1], day=now[0])]
    found = [each for each in last(told).codes if "SPREAD" in each]

    assert found == ([] if code is None else [code])


def test_healed_dark_marks_count_as_nothing_for_the_spread():
    marks = well(day=0, bsa_percent=12, morphology=["hyperpigmentation"])

    assert "R5_RAPID_SPREAD_GE_10PTS_48H" in last([marks, rash(12, day=1)]).codes


def test_a_rash_all_over_counts_as_31_for_the_spread():
    told = [rash(11, day=0), entry(day=1, generalized=True, rash_present=True)]

    assert "R5_RAPID_SPREAD_GE_20PTS_48H" in last(told).codes


def test_grade_2_comes_back_after_grade_1():
    found = graded(rash(12, day=0), rash(5, day=5), rash(12, day=20))

    assert "R5_RECURRENT_G2" in found[2].codes
    assert found[2].level is Level.PROMPT
    assert "R5_RECURRENT_G2" not in found[1].codes


# Rash grades (R2) where clauses meet.


@pytest.mark.parametrize(
    ("told", "grades"),
    [
        (rash(30.1, itch_nrs=3), {"rash_maculopapular": 2}),
        (rash(30.1, itch_nrs=4), {"rash_maculopapular": 3}),
        (rash(30.1, skin_pain_nrs=4), {"rash_maculopapular": 3}),
        (rash(9.9, itch_nrs=10), {"rash_maculopapular": 1}),
        (rash(2, adl="self_care", adl_due_to=["eyes"]), {"rash_maculopapular": 1}),
        (rash(2, adl="instrumental", adl_due_to=["itch"]), {"rash_maculopapular": 1}),
        (rash(40, adl="instrumental", adl_due_to=["itch"]), {"rash_maculopapular": 2}),
        (rash(12, "acneiform_pustules", "hives"), {"rash_acneiform": 2, "urticaria": 2}),
        (rash(2, "scratch_marks", rash_present=True), {"rash_maculopapular": 1}),
        (rash(2, "scratch_marks"), {}),
        (rash(0, "hives"), {"urticaria": 1}),
        (rash(5, red_flags=["target_lesions"]), {"rash_maculopapular": 1}),
        (rash(5, red_flags=["blisters"]), {"rash_maculopapular": 1, "bullous_dermatitis": 1}),
    ],
)
def test_grades_each_kind_of_rash(told, grades):
    found = one(told).grades

    kinds = ("rash_maculopapular", "rash_acneiform", "urticaria", "bullous_dermatitis")
    assert {key: found[key] for key in kinds if key in found} == grades
    assert found["rash"] == max(grades.values(), default=0)
    assert "erythema_multiforme" not in found


@pytest.mark.parametrize("flag", ["target_lesions", "pustules_widespread", "purple_nonblanching"])
def test_a_warning_sign_alone_is_no_answer_about_a_rash(flag):
    found = one(entry(red_flags=[flag]))

    assert "rash" not in found.grades
    assert found.level >= Level.PROMPT


# Itch (R3, R6).


@pytest.mark.parametrize(
    ("told", "grade"),
    [
        ({"itch_nrs": 7}, 3),
        (
            {
                "itch_nrs": 7,
                "itch_extent": "localized",
                "itch_pattern": "intermittent",
                "sleep_loss": "none",
            },
            2,
        ),
        ({"itch_nrs": 7, "itch_extent": "localized", "itch_pattern": "intermittent"}, 3),
        ({"itch_nrs": 1, "itch_extent": "widespread", "itch_pattern": "constant"}, 3),
        ({"itch_nrs": 1, "itch_extent": "widespread"}, 1),
        ({"itch_nrs": 2, "sleep_loss": "some"}, 2),
        ({"itch_nrs": 2, "sleep_loss": "major"}, 3),
        ({"itch_nrs": 2, "adl": "self_care"}, 1),  # due to the skin unless itch is named
        ({"itch_nrs": 2, "adl": "self_care", "adl_due_to": ["itch"]}, 3),
        ({"itch_nrs": 0, "sleep_loss": "major", "itch_extent": "widespread"}, 0),
    ],
)
def test_grades_itch_by_what_it_does(told, grade):
    assert one(well(**told)).grades["pruritus"] == grade


@pytest.mark.parametrize(("day", "nrs", "rises"), [(3, 5, True), (4, 5, False), (3, 4, False)])
def test_a_rise_of_four_points_is_counted_over_three_days(day, nrs, rises):
    found = graded(well(0, itch_nrs=1), well(day, itch_nrs=nrs))

    assert ("R6_ITCH_WORSE_BY_4_IN_72H" in found[1].codes) == rises


# Two ambers (R7), fever as a domain, weight.


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"celsius": 37.7, "antipyretic_within_6h": True, "nausea": "reduced_intake"}, "urgent"),
        ({"celsius": 37.7, "nausea": "reduced_intake"}, "digest"),  # no risk: no domain fever
        ({"itch_nrs": 5, "bsa_percent": 12}, "prompt"),  # both skin
        ({"periorbital": "firm_or_pitting", "limb_swelling": "moderate"}, "prompt"),  # both oedema
        ({"stools_over_baseline": 4, "nausea": "reduced_intake"}, "prompt"),  # both gi
        ({"stools_over_baseline": 3, "fatigue": "not_relieved"}, "digest"),
        ({"stools_over_baseline": 4, "fatigue": "not_relieved"}, "urgent"),
        ({"itch_nrs": 5, "fatigue": "not_relieved"}, "prompt"),
        ({"itch_nrs": 8, "fatigue": "not_relieved"}, "prompt"),  # grade 3 is no amber: R6 alone
        ({"itch_nrs": 5, "fatigue": "self_care"}, "prompt"),
        ({"mouth": "moderate", "blurred_vision": "moderate"}, "urgent"),
        ({"weight_gain_3d_kg": 1.99}, "none"),
        ({"weight_gain_3d_kg": 2.0}, "prompt"),
        ({"weight_gain_3d_kg": 2.0, "limb_swelling": "moderate"}, "prompt"),  # weight is no domain
    ],
)
def test_counts_fresh_ambers_of_different_domains(told, word):
    assert level(well(**told)) == word


def test_an_amber_of_yesterday_is_not_fresh():
    first = well(0, fatigue="not_relieved", itch_nrs=2)
    found = graded(first, well(1, fatigue="not_relieved", itch_nrs=5))

    assert levels(found) == ["digest", "digest"]


def test_a_steroid_taken_is_a_risk_that_makes_fever_an_amber():
    told = well(celsius=37.5, prednisolone_mg_taken=5, prednisolone_mg_prescribed=5, itch_nrs=4)

    assert level(told) == "urgent"


# Doses (R10), every other day, with misses.


def dose(day, taken, planned):
    return well(day, imatinib_mg_taken=taken, imatinib_mg_prescribed=planned)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        # planned 100, 0, 100, 0, 100: every planned dose missed
        ([0, 0, 0, 0, 0], ["digest", "none", "digest", "none", "prompt"]),
        ([0, 0, 100, 0, 0], ["digest", "none", "none", "none", "digest"]),
        ([0, 0, 50, 0, 0], ["digest", "none", "digest", "none", "digest"]),
        ([0, 100, 0, 0, 0], ["digest", "prompt", "digest", "none", "prompt"]),  # above a plan of 0
    ],
)
def test_counts_misses_of_planned_doses_every_other_day(taken, expected):
    planned = [100, 0, 100, 0, 100]
    told = [dose(day, *both) for day, both in enumerate(zip(taken, planned, strict=True))]

    assert levels(graded(*told)) == expected


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (dose(0, 200, 100), "prompt"),
        (dose(0, 800, 400), "prompt"),
        (dose(0, 801, 400), "urgent"),
        (dose(0, 800.0000001, 400), "prompt"),
        (well(imatinib_mg_taken=200, imatinib_mg_prescribed=100, itch_nrs=1), "urgent"),
        (
            well(imatinib_mg_taken=200, imatinib_mg_prescribed=100, red_flags=["feels_unwell"]),
            "urgent",
        ),
        (dose(0, 300, 400), "digest"),
        (dose(0, 400, None), "none"),
    ],
)
def test_judges_the_dose_of_one_day(told, word):
    assert level(told) == word


def test_a_blood_result_beside_too_high_a_dose_makes_it_urgent():
    told = well(imatinib_mg_taken=200, imatinib_mg_prescribed=100, labs=Labs(ldh=251))

    assert level(told, context(uln=LIMITS)) == "urgent"
    assert level(told, context()) == "prompt"  # a ratio without a limit is not graded


def test_a_steroid_missed_twice_is_a_call():
    missed = [well(day, prednisolone_mg_taken=0, prednisolone_mg_prescribed=10) for day in (0, 1)]

    assert levels(graded(*missed)) == ["digest", "prompt"]


# Blood results (R9).


@pytest.mark.parametrize(
    ("labs", "word"),
    [
        (Labs(alt=120), "none"),
        (Labs(alt=120.1), "digest"),
        (Labs(ast=200), "digest"),
        (Labs(ast=200.1), "prompt"),
        (Labs(bilirubin=1.5), "none"),
        (Labs(bilirubin=1.6), "digest"),
        (Labs(bilirubin=3.1), "prompt"),
        (Labs(alt=121, bilirubin=2.0), "digest"),
        (Labs(alt=121, bilirubin=2.1), "urgent"),
        (Labs(creatinine=1.5), "none"),
        (Labs(creatinine=1.6), "prompt"),
        (Labs(anc_1e9_l=1.0), "none"),
        (Labs(anc_1e9_l=0.99), "prompt"),
        (Labs(anc_1e9_l=0.5), "prompt"),
        (Labs(anc_1e9_l=0.49), "urgent"),
        (Labs(eosinophils_1e9_l=5.0), "none"),  # without a rash
    ],
)
def test_judges_blood_results(labs, word):
    assert level(well(labs=labs), context(uln=LIMITS)) == word


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"labs": Labs(eosinophils_1e9_l=1.0)}, "digest"),
        ({"labs": Labs(eosinophils_1e9_l=1.01)}, "prompt"),
        ({"labs": Labs(eosinophils_1e9_l=1.01, alt=80)}, "prompt"),
        ({"labs": Labs(eosinophils_1e9_l=1.01, alt=81)}, "urgent"),
        ({"labs": Labs(eosinophils_1e9_l=1.01), "red_flags": ["swollen_glands"]}, "urgent"),
        ({"labs": Labs(eosinophils_1e9_l=1.01), "periorbital": "soft"}, "prompt"),
        ({"labs": Labs(eosinophils_1e9_l=1.01), "periorbital": "firm_or_pitting"}, "urgent"),
    ],
)
def test_judges_eosinophils_beside_a_rash(told, word):
    assert level(rash(2, **told), context(uln=LIMITS)) == word


# Silence (R11).


def silent(day):
    return entry(day, no_entry=True)


def test_silence_after_a_blood_result_alone_is_no_concern():
    # The grade of the laboratory does not count: 7 days until the weekly list.
    told = [well(0, labs=Labs(anc_1e9_l=0.9)), *(silent(day) for day in range(1, 8))]

    assert levels(graded(*told))[1:] == ["none"] * 6 + ["digest"]


def test_silence_starts_anew_after_an_entry():
    told = [rash(12, day=0), silent(1), well(2), silent(3), silent(4)]

    assert levels(graded(*told)) == ["prompt", "none", "none", "none", "none"]


def test_silence_in_a_window_is_a_call_on_the_second_and_every_further_day():
    told = [well(1), silent(2), silent(3), silent(4)]

    assert levels(assess_course(context(increase(0)), told)) == ["none", "none", "prompt", "prompt"]


# The order within a minute, and corrections.


def test_the_order_of_entries_within_a_minute_does_not_matter():
    first = {"day": 0, "time": "09:00", "itch_nrs": 1, "bsa_percent": 0, "morphology": []}
    second = {"day": 0, "time": "09:00", "itch_nrs": 6, "bsa_percent": 12, "red_flags": []}

    outcomes = [
        grade_document({"entries": list(order)})["vignettes"][0]
        for order in ((first, second), (second, first))
    ]

    assert outcomes[0]["by_entry"] == outcomes[1]["by_entry"][::-1]
    assert outcomes[0]["escalation"] == outcomes[1]["escalation"] == "prompt"
    assert "R6_ITCH_WORSE_BY_4_IN_72H" in outcomes[0]["reasons"]


def test_a_corrected_entry_is_judged_as_if_the_first_had_never_been_made():
    # The corrected course holds 36.8 instead of 38.6: nothing is left of the fever.
    wrong = [well(0, "08:00", celsius=38.6), well(0, "10:00", celsius=38.0)]
    right = [well(0, "08:00", celsius=36.8), well(0, "10:00", celsius=38.0)]
    where = context(anc_history=anc(2.0, -1))

    assert last(wrong, where).level is Level.URGENT
    assert last(right, where).level is Level.PROMPT
