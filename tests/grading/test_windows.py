import pytest

from alerts.grading.course import DoseEvent, SteroidEvent
from alerts.grading.rules import DEFAULT_RULES
from alerts.grading.windows import Windows
from tests.grading.told import context


@pytest.mark.parametrize(("kind", "last_day"), [("start", 56), ("restart", 56), ("increase", 14)])
def test_opens_on_the_first_day_of_the_dose_and_closes_after_the_last(kind, last_day):
    where = context(DoseEvent(10, kind, 0, 100))

    open_days = [day for day in range(100) if Windows(where, day, DEFAULT_RULES).open]

    assert open_days == list(range(10, 10 + last_day + 1))


@pytest.mark.parametrize("kind", ["decrease", "stop"])
def test_opens_three_weeks_after_less_steroid(kind):
    where = context(
        DoseEvent(-500, "start", 0, 400), steroid_events=(SteroidEvent(10, kind, 5, 0),)
    )

    open_days = [day for day in range(100) if Windows(where, day, DEFAULT_RULES).open]

    assert open_days == list(range(10, 32))


@pytest.mark.parametrize("kind", ["decrease", "stop"])
def test_opens_no_window_for_less_of_the_drug(kind):
    assert not Windows(context(DoseEvent(0, kind, 400, 200)), 1, DEFAULT_RULES).open


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (DoseEvent(0, "increase", 100, 200), "4 days after the step from 100 to 200 mg"),
        (DoseEvent(3, "increase", 100, 200), "1 day after the step from 100 to 200 mg"),
        (DoseEvent(4, "increase", 100, 200), "on the day of the step from 100 to 200 mg"),
        (DoseEvent(0, "increase", 100, 100), "4 days after the change of schedule at 100 mg"),
        (DoseEvent(0, "increase"), "4 days after the step up"),
        (DoseEvent(0, "restart", 0, 100), "4 days after the restart of 100 mg"),
    ],
)
def test_names_the_step(event, words):
    assert Windows(context(event), 4, DEFAULT_RULES).step_up == words


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (SteroidEvent(0, "stop", 5, 0), "4 days after the end of the steroid"),
        (SteroidEvent(0, "decrease", 30, 20), "4 days after the steroid step from 30 to 20 mg"),
        (SteroidEvent(0, "decrease"), "4 days after the steroid step down"),
    ],
)
def test_names_the_steroid_step(event, words):
    assert Windows(context(steroid_events=(event,)), 4, DEFAULT_RULES).steroid == words
