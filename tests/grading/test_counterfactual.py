"""What would have changed the level: always true by the rules themselves, and never further off
than it must be."""

import pytest
from hypothesis import HealthCheck, given, settings

from alerts.grading import terms
from alerts.grading.answer_words import FLAGS, LESIONS, SCALES
from alerts.grading.assess import assess, assess_course
from alerts.grading.counterfactual import Counterfactuals, nearest
from alerts.grading.counterfactual_answers import answered, scale_of
from alerts.grading.course import TemperatureInput
from alerts.grading.limits import CHOICES
from alerts.grading.rules import RuleSet
from alerts.grading.terms import Level
from tests.grading.diaries import contexts, courses, entries
from tests.grading.told import anc, context, entry, increase, rash, well

RULES = RuleSet()


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
    assert found(rash(9.4)).up[0].to_value == 10


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


def test_stays_silent_about_lowering_when_two_signs_are_urgent_on_their_own():
    assert found(well(red_flags=["blisters", "confusion"])).down == ()


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

    warm = next(each for each in said.up if each.field == "temperature_input")
    assert (warm.from_value, warm.to_value, warm.level) == (None, 37.5, Level.PROMPT)


def test_follows_the_earlier_entries():
    earlier = assess_course(context(), [rash(4, day=-1)])
    said = found(rash(6), context(), [(rash(4, day=-1), earlier[0])])

    # 4 % the day before: 20 points more are urgent, 7 points before the limit of 30 %.
    wide = [each for each in said.up if each.field == "bsa_percent" and each.level is Level.URGENT]
    assert [each.to_value for each in wide] == [24]


def test_follows_the_rules_of_the_clinic():
    clinic = RuleSet(name="Clinic", version="2", wide_extent_percent=20)
    told = rash(25)

    said = nearest(told, (), context(), assess(told, (), context(), clinic), clinic)

    assert said.down_sentence == "Would be same-day at 20 % of the skin or less."


def test_leaves_an_impossible_reading_and_a_silent_day_alone():
    assert found(well(celsius=101)).down == ()
    assert found(entry(no_entry=True)) == Counterfactuals()
    assert found(entry(timer_event="recheck_not_entered")) == Counterfactuals()
    assert Counterfactuals().up_sentence == Counterfactuals().down_sentence == ""


def test_has_words_for_every_sign_and_every_choice():
    assert set(FLAGS) == terms.RED_FLAGS
    assert set(LESIONS) <= terms.MORPHOLOGY
    assert all(set(words) == CHOICES[field] for field, words in SCALES.items())


def one_step_less(told, each):
    """Return the answer one step nearer to the one given; None when that is the one given."""
    field, value = each.field, each.to_value
    if field in SCALES:
        scale = list(SCALES[field])
        at, was = scale.index(value), scale.index(each.from_value)
        nearer = at + (1 if was > at else -1)
        return None if nearer == was else scale[nearer]
    if isinstance(value, bool):
        return None
    step = scale_of(told, field).step
    start = each.from_value
    if start is None:
        return round(value - step, 1) if each.patient_condition else round(value + step, 1)
    nearer = round(value - step if value > start else value + step, 1)
    return None if (nearer <= start) == (value > start) else nearer


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(contexts, courses(3), entries(9))
def test_holds_when_the_changed_entry_is_graded_and_not_one_step_sooner(where, before, told):
    earlier = list(zip(before, assess_course(where, before), strict=True))
    graded = assess(told, earlier, where)

    said = nearest(told, earlier, where, graded)

    for each in (*said.up, *said.down):
        again = assess(answered(told, each.field, each.to_value), earlier, where)
        assert again.level is each.level
        nearer = one_step_less(told, each)
        if nearer is not None:
            level = assess(answered(told, each.field, nearer), earlier, where).level
            assert level < each.level if each in said.up else level >= graded.level
    assert all(each.level > graded.level for each in said.up)
    assert all(each.level < graded.level for each in said.down)
    for group in (said.up, said.down):
        assert all(sum(one.level is level for one in group) <= 3 for level in Level)
