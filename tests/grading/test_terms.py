import pytest

from alerts.errors import AlertsError, DeliveryError, ImpossibleValueError, VignetteError
from alerts.grading.course import Context, Entry, Labs, TemperatureInput
from alerts.grading.terms import Level, above, at_least, below


def test_orders_the_levels():
    assert Level.NONE < Level.DIGEST < Level.PROMPT < Level.URGENT


@pytest.mark.parametrize("word", ["none", "digest", "prompt", "urgent"])
def test_finds_a_level_by_its_word(word):
    assert Level.from_word(word).word == word


def test_refuses_an_unknown_level():
    with pytest.raises(ValueError, match="none, digest, prompt or urgent"):
        Level.from_word("red")


def test_raises_a_level_by_one_step_at_most_to_urgent():
    assert [level.raised().word for level in Level] == ["digest", "prompt", "urgent", "urgent"]


def test_compares_with_a_tolerance():
    assert at_least(10 - 5e-7, 10)
    assert not at_least(10 - 2e-6, 10)
    assert not above(30 + 5e-7, 30)
    assert above(30 + 2e-6, 30)
    assert not below(0.5 - 5e-7, 0.5)
    assert below(0.5 - 2e-6, 0.5)


def test_tells_not_asked_from_nothing_ticked():
    assert Entry(day=0).red_flags is None
    assert Entry(day=0, red_flags=frozenset()).red_flags == frozenset()


@pytest.mark.parametrize(
    "made",
    [
        lambda: Entry(day=0, itch_nrs=11),
        lambda: Entry(day=0, minute_of_day=1440),
        lambda: Entry(day=0, morphology=frozenset({"warts"})),
        lambda: Entry(day=0, red_flags=["rigors"]),
        lambda: Entry(day=0, red_flags=frozenset({7})),
        lambda: Labs(alt=-1),
        lambda: TemperatureInput(36.6, "K"),
        lambda: Context(prior_reaction_type="rash"),
    ],
)
def test_refuses_values_no_diary_can_hold(made):
    with pytest.raises(ImpossibleValueError):
        made()


def test_names_the_field_of_an_impossible_value():
    with pytest.raises(ImpossibleValueError) as caught:
        Entry(day=0, bsa_percent=140)

    assert caught.value.field == "bsa_percent"
    assert str(caught.value) == "bsa_percent must be a number from 0 to 100, got 140."


def test_counts_an_unknown_time_as_midnight():
    assert Entry(day=2).minute == 2880
    assert Entry(day=2, minute_of_day=75).minute == 2955


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({}, False),
        ({"prior_severe_reaction": False}, False),
        ({"prior_severe_reaction": True}, True),
        ({"prior_reaction_type": "dress"}, True),
        ({"prior_severe_reaction": False, "prior_reaction_type": "dress"}, False),
    ],
)
def test_takes_a_recorded_type_for_a_past_reaction(told, known):
    assert Context(**told).has_prior_severe_reaction is known


@pytest.mark.parametrize("kind", [ImpossibleValueError, VignetteError, DeliveryError])
def test_gives_every_error_one_base(kind):
    assert issubclass(kind, AlertsError)


def test_says_whether_trying_again_can_help():
    assert DeliveryError("refused", permanent=True).permanent
    assert not DeliveryError("unreachable").permanent
