"""Long work over several processes: the same answer in the same order, whatever they do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.grading.rules import DEFAULT_RULES
from db.stores import doors
from diary_app.commands.cohort import make_cohort
from diary_app.services.processes import AsideError, aside, spread
from diary_app.services.replay import PATIENTS_PER_PART, replay
from tests.diary_app.small_work import dies, dies_elsewhere, refuses_three, squared
from tests.people import NOW, House


@pytest.mark.parametrize("work", [squared, dies_elsewhere])
def test_every_part_is_worked_out_in_order_even_when_the_processes_die(work):
    assert list(spread(work, range(9), 2)) == [0, 1, 4, 9, 16, 25, 36, 49, 64]


def test_parts_are_taken_as_they_are_needed():
    taken = []

    def parts():
        for number in range(50):
            taken.append(number)
            yield number

    first = next(results := spread(squared, parts(), 2))
    results.close()

    assert first == 0
    assert len(taken) == 4


def test_what_a_part_raises_is_raised_here():
    with pytest.raises(ValueError, match="three"):
        list(spread(refuses_three, range(9), 2))


def test_two_processes_find_what_one_finds(house: House):
    with house.database.writing() as session:
        doors.clinics(session)[0].is_demo = True
    patients = PATIENTS_PER_PART + 3
    make_cohort(patients, 1, 100, NOW.date(), database=house.database)
    stricter = replace(DEFAULT_RULES, version="stricter", high_fever_celsius=38.0, itch_severe=2)
    period = NOW.date() - timedelta(days=60), NOW.date()
    done: list[tuple[int, int]] = []

    one, two = (
        replay(
            house.database, house.dora, stricter, *period, NOW, lambda *to: done.append(to), count
        )
        for count in (1, 2)
    )

    assert one == two
    assert one.entries > 0
    assert one.tally.listed
    assert done == [(number, done[-1][1]) for number in range(1, done[-1][1] + 1)] * 2


def test_work_aside_that_dies_leaves_the_rest_alive():
    with pytest.raises(AsideError):
        aside(dies, 1)

    assert aside(abs, -3) == 3
