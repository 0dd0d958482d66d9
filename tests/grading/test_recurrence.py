import pytest

from alerts.grading.course import DoseEvent, SteroidEvent, Uln
from tests.grading.told import LONG_AGO, context, increase, last, one, rash, steroid_stop, well

R8 = (
    "R8_RECURRENCE_AFTER_SCAR",
    "R8_RECURRENCE_AFTER_STEP_UP_MAJOR",
    "R8_RECURRENCE_AFTER_STEP_UP_POSSIBLE",
)
LIVER = {"uln": Uln(alt=40, ast=40)}


def stepped(day=0, reaction="maculopapular_g3", **told):
    return context(increase(day), prior_severe_reaction=True, prior_reaction_type=reaction, **told)


def found_code(assessment):
    codes = [code for code in assessment.codes if code in R8]
    assert len(codes) <= 1
    return codes[0] if codes else None


SIGNS = [
    (rash(2), "minor"),
    (well(itch_nrs=4), "minor"),
    (rash(12), "major"),
    (well(periorbital="soft"), "major"),
    (well(red_flags=["face_swelling"]), "major"),
    (well(celsius=37.5), "major"),
    (well(celsius=37.0, site="axillary"), "major"),
    (well(morphology=["scaling_dry"], rash_present=None, bsa_percent=None), "two"),
    (well(mouth="mild"), "major"),
    (well(red_flags=["mouth_sores"]), "major"),
    (well(labs={"alt": 121}), "major"),
    (well(labs={"ast": 121}), "major"),
]


@pytest.mark.parametrize(("told", "kind"), SIGNS)
def test_suspects_recurrence_by_any_single_sign(told, kind):
    found = one(told, stepped(**LIVER))

    expected = R8[1] if kind == "two" else R8[2]
    assert found_code(found) == expected


@pytest.mark.parametrize(
    "told",
    [
        well(itch_nrs=3),
        well(celsius=37.4),
        well(periorbital="none"),
        well(mouth="none"),
        well(labs={"alt": 120}),
    ],
)
def test_stays_silent_below_every_sign(told):
    assert found_code(one(told, stepped(**LIVER))) is None


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (rash(2, itch_nrs=4), R8[2]),  # two minor
        (rash(12, itch_nrs=3), R8[2]),  # one major
        (rash(12, itch_nrs=4), R8[1]),  # major and minor
        (well(periorbital="soft", celsius=37.5), R8[1]),  # two major
        (well(periorbital="soft", itch_nrs=4), R8[1]),
    ],
)
def test_is_urgent_for_a_major_sign_with_another(told, code):
    found = one(told, stepped())

    assert found_code(found) == code
    level = next(reason.level for reason in found.reasons if reason.code == code)
    assert level.word == ("urgent" if code == R8[1] else "prompt")


@pytest.mark.parametrize(
    ("reaction", "code"),
    [
        ("sjs_ten", R8[0]),
        ("dress", R8[0]),
        ("em_mucosal", R8[0]),
        ("em_no_mucosa", R8[2]),
        ("exfoliative", R8[2]),
        ("maculopapular_g3", R8[2]),
        (None, R8[2]),
    ],
)
def test_is_urgent_for_any_sign_after_a_dangerous_reaction(reaction, code):
    found = one(well(itch_nrs=4), stepped(reaction=reaction))

    assert found_code(found) == code


@pytest.mark.parametrize(
    ("event", "watched"),
    [
        (DoseEvent(0, "increase", 100, 200), True),
        (DoseEvent(-14, "increase", 100, 200), True),
        (DoseEvent(-15, "increase", 100, 200), False),
        (DoseEvent(1, "increase", 100, 200), False),
        (DoseEvent(-14, "restart", 0, 100), True),
        (DoseEvent(-15, "restart", 0, 100), False),
        (DoseEvent(0, "start", 0, 400), False),
        (DoseEvent(0, "decrease", 400, 200), False),
        (DoseEvent(0, "stop", 400, 0), False),
    ],
)
def test_watches_fourteen_days_after_a_step_up_or_restart(event, watched):
    where = context(event, prior_severe_reaction=True)

    assert (found_code(one(well(itch_nrs=4), where)) is not None) is watched


def test_needs_a_severe_reaction_in_the_past():
    where = context(increase(0), prior_severe_reaction=False, prior_reaction_type="sjs_ten")

    assert found_code(one(rash(12, itch_nrs=5), where)) is None


def test_does_not_take_lasting_eyelid_swelling_for_a_sign():
    where = stepped(baseline_grades={"periorbital_edema": 1})

    assert found_code(one(well(periorbital="soft"), where)) is None


def test_names_the_step_in_both_sentences():
    where = context(increase(-4), prior_severe_reaction=True)

    found = one(rash(2), where)
    reason = next(reason for reason in found.reasons if reason.code == R8[2])

    assert "4 days after the step from 100 to 200 mg" in reason.sentence
    assert "4 days after the step from 100 to 200 mg" in reason.patient_sentence


@pytest.mark.parametrize(
    ("event", "relapse"),
    [
        (SteroidEvent(0, "stop", 5, 0), True),
        (SteroidEvent(-21, "decrease", 30, 20), True),
        (SteroidEvent(-22, "stop", 5, 0), False),
        (SteroidEvent(1, "stop", 5, 0), False),
    ],
)
def test_calls_for_a_new_rash_within_three_weeks_of_less_steroid(event, relapse):
    where = context(LONG_AGO, steroid_events=(event,))

    found = one(rash(2), where)

    assert ("R8_RELAPSE_AFTER_STEROID_STEP_DOWN" in found.codes) is relapse
    assert found.level.word == ("prompt" if relapse else "digest")


def test_does_not_call_a_lasting_rash_a_relapse():
    where = context(steroid_events=(steroid_stop(0),))

    found = last([rash(5, day=1), rash(5, day=2)], where)

    assert "R8_RELAPSE_AFTER_STEROID_STEP_DOWN" not in found.codes
