"""Synthetic patients and the replay on the command line."""

import json
from datetime import date

import pytest

from alerts.errors import AlertsError
from db.errors import AccessDeniedError
from diary_app.commands.cohort import make_cohort
from diary_app.commands.replay import read_rules
from diary_app.demo.cohort import BACK_ON_DAY, cohort
from tests.diary_app.test_cli import diary
from tests.people import House

TODAY = date(2026, 3, 2)


def test_the_same_seed_makes_the_same_patients_however_many():
    few, many = list(cohort(3, 7, 60)), list(cohort(5, 7, 60))

    assert many[:3] == few
    assert [course.entries for course, _ in cohort(3, 8, 60)] != [
        course.entries for course, _ in few
    ]


def test_four_to_eight_percent_get_a_severe_rash():
    severe = sum(fate.severe_on is not None for _course, fate in cohort(2000, 1, 1))

    assert 0.04 <= severe / 2000 <= 0.08


def test_a_rash_that_comes_back_does_so_on_the_fourth_day_of_the_step():
    course, _fate = next(each for each in cohort(500, 1, 200) if each[1].severe_on and each[1].back)
    step = next(step.day for step in course.plan if step.imatinib_mg == 200)
    rashes = [said.day for said in course.entries if said.answers["rash_present"]]

    assert min(day for day in rashes if day >= step) == step + BACK_ON_DAY == step + 4


def test_every_severe_course_raises_an_urgent_alert():
    found = make_cohort(60, 1, 120, TODAY)

    assert found.severe >= 1
    assert found.alerts["urgent"] >= found.severe
    assert make_cohort(60, 1, 120, TODAY) == found


def test_synthetic_patients_are_never_written_into_a_real_clinic(house: House):
    with pytest.raises(AccessDeniedError, match="demo"):
        make_cohort(1, 1, 10, TODAY, database=house.database)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "must be an object"),
        ('{"name": "x", "version": "2", "high_fever_celsius": 39}', "at most 38.3"),
    ],
)
def test_rules_that_cannot_be_used_are_told_in_a_sentence(tmp_path, content, sentence):
    file = tmp_path / "rules.json"
    file.write_text(content)

    with pytest.raises(AlertsError, match=sentence):
        read_rules(file)


def test_the_command_ends_with_status_two_and_one_sentence(tmp_path):
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"name": "Loose", "version": "2", "fever_celsius": 39}))

    ended = diary(
        tmp_path, "replay", "--rules", str(rules), "--from", "2026-01-01", "--to", "2026-01-31"
    )

    assert ended.returncode == 2
    assert "fever_celsius is looser than safety allows: it must be at most 38" in ended.stderr
    assert "Traceback" not in ended.stderr
