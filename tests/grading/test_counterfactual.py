"""What would have changed the level: always true by the rules themselves, and never further off
than it must be."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.grading import terms
from alerts.grading.answer_words import FLAGS, LESIONS, SCALES
from alerts.grading.assess import assess, assess_course
from alerts.grading.counterfactual import Change, Counterfactuals, nearest
from alerts.grading.counterfactual_answers import NUMBERS, imagined
from alerts.grading.course import TemperatureInput
from alerts.grading.limits import CHOICES
from alerts.grading.rules import RuleSet
from alerts.grading.terms import Level
from tests.grading.diaries import contexts, courses, entries
from tests.grading.every_code import EXAMPLES, LIMITS
from tests.grading.told import anc, context, entry, increase, rash, well

RULES = RuleSet()


def labs(**values):
    return entry(labs=values)


def found(told, where=None, earlier=()):
    where = where or context()
    return nearest(told, earlier, where, assess(told, earlier, where))


def test_finds_the_temperature_and_the_sores_that_would_be_urgent():
    said = found(rash(5, celsius=36.8, itch_nrs=2))

    assert "at 38.0 °C" in said.up_sentence
    assert "with sores in the mouth" in said.up_sentence
    assert said.up_sentence.startswith("Would be same-day at 10 % of the skin")
    assert "would be urgent at 31 % of the skin" in said.up_sentence
    assert said.advice == (
        "Call at once if a rash reaches 31 % of your skin, your temperature reaches 38.0 °C or "
        "you notice sores in the mouth."
    )


def test_tells_the_patient_no_higher_fever_than_the_one_they_were_taught():
    low_risk = context(anc_history=anc(2.1, -5), prior_severe_reaction=False)
    typed = {"red_flags": [], "rash_present": False, "chills": "none"}

    cool = found(well(celsius=37.0, **typed), low_risk)
    warm = found(well(celsius=38.0, **typed), low_risk)

    assert "at 38.3 °C" in cool.up_sentence
    assert "your temperature reaches 38.0 °C" in cool.advice
    assert "your temperature reaches 38.3 °C" in warm.advice


def test_finds_the_extent_below_which_a_wide_rash_would_be_same_day():
    assert found(rash(45)).down_sentence == "Would be same-day at 30 % of the skin or less."


def test_steps_on_whole_percents_from_an_extent_between_them():
    assert found(rash(9.4)).up[0].changes[0].to_value == 10


def test_finds_the_step_of_a_tenth_in_the_unit_that_was_typed():
    said = found(entry(temperature_input=TemperatureInput(98.6, "F", "oral")))

    assert "Would be urgent at 100.4 °F." in [each.sentence for each in said.up]


@pytest.mark.parametrize(
    ("told", "where", "sentence"),
    [
        (well(celsius=38.0), context(), "Would be on the weekly list at 37.9 °C."),
        (well(itch_nrs=8), context(), "Would be on the weekly list at itch 6 of 10 or less."),
        (
            rash(2, red_flags=["skin_pain"]),
            context(),
            "Would be on the weekly list without painful skin.",
        ),
        (
            well(stools_over_baseline=8),
            context(),
            "Would be same-day at 6 stools a day above the usual number or less.",
        ),
        (
            well(periorbital="cannot_open_or_vision"),
            context(),
            "Would be same-day with firm swelling around the eyes.",
        ),
        (
            well(weight_gain_3d_kg=2.3),
            context(),
            "Would meet no criterion at 1.9 kg gained in 3 days or less.",
        ),
        (
            well(bsa_percent=4),
            context(increase(-3)),
            "Would meet no criterion at 0 % of the skin.",
        ),
    ],
)
def test_tells_the_nurse_what_would_lower_the_level(told, where, sentence):
    assert sentence in [each.sentence for each in found(told, where).down]


def test_stays_silent_about_lowering_when_four_signs_are_urgent_on_their_own():
    flags = ["blisters", "confusion", "bleeding", "fainting"]
    assert found(well(red_flags=flags)).down == ()


def test_shows_nothing_upward_when_it_is_urgent_already():
    said = found(rash(45))

    assert said.up == ()
    assert said.advice == ""


def test_never_offers_a_patient_what_would_lower_the_level():
    said = found(rash(15, itch_nrs=5))

    assert said.down
    assert all(each.patient_condition == "" for each in said.down)
    assert all(each.condition not in said.advice for each in said.down)


def test_advises_only_what_would_be_urgent():
    said = found(well())

    assert any(each.level is Level.PROMPT for each in said.up)
    assert "same-day" not in said.advice
    assert said.advice.count(" reaches ") + said.advice.count("notice") >= 2


def test_imagines_a_reading_when_none_was_taken():
    said = found(entry(itch_nrs=1, red_flags=frozenset()), context(anc_history=anc(0.9, -3)))

    warm = next(each for each in said.up if each.changes[0].field == "temperature_input")
    assert warm.changes == (Change("temperature_input", None, 37.5),)
    assert warm.level is Level.PROMPT


def test_follows_the_earlier_entries():
    earlier = assess_course(context(), [rash(4, day=-1)])
    said = found(rash(6), context(), [(rash(4, day=-1), earlier[0])])

    # 4 % the day before: 20 points more are urgent, 7 points before the limit of 30 %.
    wide = [each.changes[0] for each in said.up if each.level is Level.URGENT]
    assert [change.to_value for change in wide if change.field == "bsa_percent"] == [24]


def test_follows_the_rules_of_the_clinic():
    clinic = RuleSet(name="Clinic", version="2", wide_extent_percent=20)
    told = rash(25)

    said = nearest(told, (), context(), assess(told, (), context(), clinic), clinic)

    assert said.down_sentence == "Would be same-day at 20 % of the skin or less."


def test_leaves_an_impossible_reading_and_an_unknown_one_alone():
    assert found(well(celsius=101)).down == ()
    assert found(entry(timer_event="recheck_not_entered")) == Counterfactuals()
    assert Counterfactuals().up_sentence == Counterfactuals().down_sentence == ""


def test_has_words_for_every_sign_and_every_choice():
    assert set(FLAGS) == terms.RED_FLAGS
    assert set(LESIONS) <= terms.MORPHOLOGY
    assert all(set(words) == CHOICES[field] for field, words in SCALES.items())


def again(told, earlier, where, made):
    """Return the level with the values changed and everything graded again."""
    for field, value in made:
        told, earlier, where = imagined(told, earlier, where, field, value)
    return assess(told, earlier, where).level


def one_step_less(told, change):
    """Return the value one step nearer to the one told; None when that is the one told."""
    field, value, told_value = change.field, change.to_value, change.from_value
    if field in SCALES:
        scale = list(SCALES[field])
        at, was = scale.index(value), scale.index(told_value)
        nearer = at + (1 if was > at else -1)
        return None if nearer == was else scale[nearer]
    if isinstance(value, bool) or field.endswith("_taken"):
        return None
    if field.startswith("labs."):
        step = 1 if field in {"labs.alt", "labs.ast"} else 0.01
    elif field == "temperature_input":
        step = 0.1
    else:
        step = NUMBERS[field].step
    if told_value is None:
        return round(value + (step if field == "bsa_percent" and told.generalized else -step), 2)
    nearer = round(value - step if value > told_value else value + step, 2)
    return None if (nearer <= told_value) == (value > told_value) else nearer


def check(found, told, earlier, where, graded):
    """Check one change against the rules: it gives the level, and a step less does not."""
    made = [(change.field, change.to_value) for change in found.changes]
    assert again(told, earlier, where, made) is found.level
    for change in found.changes:
        nearer = one_step_less(told, change)
        if nearer is None:
            continue
        less = [(change.field, nearer) if each[0] == change.field else each for each in made]
        level = again(told, earlier, where, less)
        assert level < found.level if found.level > graded.level else level >= graded.level


@settings(
    max_examples=70, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(contexts, courses(3), entries(9))
def test_holds_when_the_changed_entry_is_graded_and_not_one_step_sooner(where, before, told):
    earlier = list(zip(before, assess_course(where, before), strict=True))
    graded = assess(told, earlier, where)

    said = nearest(told, earlier, where, graded)

    if not (told.no_entry or told.timer_event):
        for each in (*said.up, *said.down):
            check(each, told, earlier, where, graded)
    assert all(each.level > graded.level for each in said.up)
    assert all(each.level < graded.level for each in said.down)
    for group in (said.up, said.down):
        assert all(sum(one.level is level for one in group) <= 3 for level in Level)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(contexts, courses(2), entries(9, only=frozenset({"labs", "bsa_percent", "minute_of_day"})))
def test_holds_for_laboratory_results(where, before, told):
    earlier = list(zip(before, assess_course(where, before), strict=True))
    graded = assess(told, earlier, where)

    said = nearest(told, earlier, where, graded)

    for each in (*said.up, *said.down):
        check(each, told, earlier, where, graded)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(contexts, courses(3), st.integers(1, 8))
def test_holds_for_days_without_an_entry(where, before, days):
    course = [*before, *(entry(10 + day, no_entry=True) for day in range(days))]
    outcomes = assess_course(where, course)
    earlier = list(zip(course[:-1], outcomes[:-1], strict=True))

    said = nearest(course[-1], earlier, where, outcomes[-1])

    for each in (*said.up, *said.down):
        (change,) = each.changes
        # The same course told with that many silent days, each graded from the first on.
        first = 10 + days - change.from_value
        real = [one for one in course if one.day < first]
        other = [entry(first + day, no_entry=True) for day in range(change.to_value)]
        if {one.day for one in course if one.no_entry} >= set(range(first, 10 + days)):
            assert assess_course(where, [*real, *other])[-1].level is each.level


@pytest.mark.parametrize(
    ("told", "where", "sentence"),
    [
        (labs(anc_1e9_l=0.8), {}, "Would be urgent with neutrophils below 0.5 x10^9/L."),
        (
            labs(anc_1e9_l=0.8),
            {},
            "Would meet no criterion with neutrophils at 1.0 x10^9/L or more.",
        ),
        (labs(alt=133), {}, "Would be same-day with ALT above 200 U/L (5 times the upper limit)."),
        (
            labs(alt=133),
            {},
            "Would meet no criterion with ALT at 120 U/L or less (3 times the upper limit).",
        ),
        (
            labs(alt=133, bilirubin=1.0),
            {},
            "Would be urgent with bilirubin above 2.4 mg/dL (2 times the upper limit).",
        ),
        (
            labs(creatinine=1.7),
            {"creatinine": "umol/L"},
            # 1.5 times 1.0 mg/dL are 132.6 umol/L.
            "Would meet no criterion with creatinine at 132 umol/L or less (1.49 times the upper "
            "limit).",
        ),
        (labs(anc_1e9_l=0.8), {"anc": "/uL"}, "Would be urgent with neutrophils below 500 /uL."),
        (
            well(imatinib_mg_taken=200, imatinib_mg_prescribed=100),
            {},
            "Would meet no criterion with 100 mg of imatinib taken.",
        ),
        (
            well(celsius=37.6, site="axillary"),
            {},
            "Would be on the weekly list at 37.4 °C under the arm.",
        ),
        (
            rash(15, rash_present=True, day=1),
            {},
            "Would be on the weekly list at 9 % of the skin or less.",
        ),
        (rash(4, rash_present=True), {}, "Would meet no criterion with no rash."),
        (
            well(red_flags=["blisters", "confusion"]),
            {},
            "Would meet no criterion without blisters and without confusion.",
        ),
        (
            well(celsius=38.6, red_flags=["confusion"]),
            {},
            "Would be on the weekly list at 37.9 °C and without confusion.",
        ),
    ],
)
def test_names_the_value_that_would_change_it(told, where, sentence):
    limits = context(uln=LIMITS)
    said = nearest(told, (), limits, assess(told, (), limits), lab_units=where)

    assert sentence in [each.sentence for each in (*said.up, *said.down)]


def test_names_the_count_of_some_days_ago_beside_a_fever():
    low_risk = context(anc_history=anc(2.1, -5), prior_severe_reaction=False)

    said = found(well(celsius=38.0, chills="none"), low_risk)

    assert "with neutrophils below 1.5 x10^9/L" in said.up_sentence
    assert "neutrophils" not in said.advice


def test_looks_for_results_alone_where_nothing_else_was_told():
    said = found(labs(anc_1e9_l=0.8))

    assert {each.changes[0].field for each in (*said.up, *said.down)} == {"labs.anc_1e9_l"}


def test_tells_how_many_days_of_silence_matter():
    concern = [rash(18, itch_nrs=4), entry(1, no_entry=True)]
    outcomes = assess_course(context(), [*concern, entry(2, no_entry=True)])
    earlier = list(zip(concern, outcomes[:-1], strict=True))

    first = nearest(concern[1], earlier[:1], context(), outcomes[1])
    second = nearest(entry(2, no_entry=True), earlier, context(), outcomes[2])

    assert first.up_sentence == "Would be same-day after 2 days without an entry."
    assert second.down_sentence == "Would meet no criterion after 1 day without an entry."


def test_tells_which_second_reading_would_have_been_awaited():
    low_risk = context(anc_history=anc(2.1, -5), prior_severe_reaction=False)
    course = [
        well(celsius=38.1, clock="20:00", chills="none"),
        entry(0, "21:30", timer_event="recheck_not_entered"),
    ]
    outcomes = assess_course(low_risk, course)

    said = nearest(course[1], [(course[0], outcomes[0])], low_risk, outcomes[1])

    assert said.down_sentence == "Would be on the weekly list with a second reading of 37.9 °C."


def test_always_tells_the_patient_the_fever_to_call_at():
    said = found(rash(12, itch_nrs=3, stools_over_baseline=3, chills="none", mouth="mild"))

    assert said.advice == "" or "38.0 °C" in said.advice
    itchy = found(well(mouth="moderate"))
    assert "temperature reaches 38.0 °C" in itchy.advice


@pytest.mark.parametrize("code", EXAMPLES)
def test_explains_every_code(code):
    example = EXAMPLES[code]
    outcomes = assess_course(example.where, example.entries)
    earlier = list(zip(example.entries, outcomes, strict=True))[:-1]

    said = nearest(example.entries[-1], earlier, example.where, outcomes[-1])

    for sentence in (said.up_sentence, said.down_sentence, said.advice):
        assert not re.search(r"[{}_]|None|  |nan", sentence)
    reached = outcomes[-1].level
    rejected = outcomes[-1].temperature_celsius is None and "REJECTED" in "".join(
        outcomes[-1].codes
    )
    assert said.down or reached is Level.NONE or rejected
