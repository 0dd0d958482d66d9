"""The wording of the weekly questions, letter by letter, and what a week of answers gives."""

from pathlib import Path

import pytest

from alerts.errors import ImpossibleValueError
from alerts.grading.pro_ctcae_items import ITEMS, WEEKLY
from alerts.grading.pro_ctcae_week import check_answers, codes_of, items_of_week
from alerts.grading.pro_ctcae_wording import OWNER, QUESTIONS, USUAL, responses

# Copied from the English item library 1.0, one question a line behind the name of its column.
PUBLISHED = dict(
    line.split(" ", 1)
    for line in Path(__file__).with_name("pro_ctcae_questions.txt").read_text("utf-8").splitlines()
)


@pytest.mark.parametrize("code", sorted(PUBLISHED))
def test_asks_each_question_as_published(code):
    assert QUESTIONS[code] == PUBLISHED[code]


def test_asks_no_question_that_is_not_published_and_in_the_order_of_the_library():
    assert list(QUESTIONS) == list(PUBLISHED)
    assert set(USUAL) <= set(WEEKLY)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("PROCTCAE_28A_SCL", ["None", "Mild", "Moderate", "Severe", "Very severe"]),
        (
            "PROCTCAE_9A_SCL",
            ["Never", "Rarely", "Occasionally", "Frequently", "Almost constantly"],
        ),
        (
            "PROCTCAE_53B_SCL",
            ["Not at all", "A little bit", "Somewhat", "Quite a bit", "Very much"],
        ),
        ("PROCTCAE_24A_IND", ["Yes", "No"]),
    ],
)
def test_offers_the_published_answers_in_the_published_order(code, words):
    assert [word for _score, word in responses(code)] == words


def test_scores_yes_as_1_and_no_as_0():
    assert responses("PROCTCAE_24A_IND") == ((1, "Yes"), (0, "No"))


def test_names_the_owner_and_what_it_is_not_for():
    assert "National Cancer Institute holds all rights" in OWNER
    assert "not intended for diagnostic" in OWNER
    assert "unmodified" in OWNER


def test_grades_a_week_by_the_published_table():
    week = items_of_week(
        {
            "PROCTCAE_28A_SCL": 3,  # severity alone: 0 1 2 3 3
            "PROCTCAE_9A_SCL": 3,
            "PROCTCAE_9B_SCL": 2,  # frequency 3, severity 2: grade 2
            "PROCTCAE_53A_SCL": 3,
            "PROCTCAE_53B_SCL": 1,  # severity 3, interference 1: grade 2
            "PROCTCAE_17A_SCL": 1,
            "PROCTCAE_17B_SCL": 2,
            "PROCTCAE_17C_SCL": 4,  # 12223: grade 3
            "PROCTCAE_16A_SCL": 4,  # frequency alone: 0 1 1 2 3
            "PROCTCAE_24A_IND": 1,
        }
    )

    assert [(each.item.number, each.grade, each.is_present) for each in week] == [
        (9, 2, None),
        (16, 3, None),
        (17, 3, None),
        (24, None, True),
        (28, 3, None),
        (53, 2, None),
    ]


def test_a_missing_answer_gives_no_grade_and_is_never_no():
    nausea, rash, itch = items_of_week(
        {"PROCTCAE_9A_SCL": 0, "PROCTCAE_24A_IND": None, "PROCTCAE_28A_SCL": None}
    )

    assert (nausea.scores, nausea.grade) == ((0, None), None)
    assert (rash.is_present, itch.grade) == (None, None)


def test_asks_the_chosen_symptoms_with_all_their_questions():
    assert codes_of([28, 9]) == ("PROCTCAE_9A_SCL", "PROCTCAE_9B_SCL", "PROCTCAE_28A_SCL")
    assert len(codes_of(None)) == sum(len(ITEMS[number].attributes) for number in USUAL) == 22


def test_refuses_a_symptom_whose_wording_is_not_there():
    with pytest.raises(ImpossibleValueError, match="no item 1"):
        codes_of([1])


@pytest.mark.parametrize(
    "answers",
    [
        {"PROCTCAE_1A_SCL": 1},
        {"PROCTCAE_28A_SCL": 5},
        {"PROCTCAE_24A_IND": 2},
        {"PROCTCAE_28A_SCL": True},
        {"PROCTCAE_28A_SCL": "3"},
    ],
)
def test_refuses_what_no_form_offers(answers):
    with pytest.raises(ImpossibleValueError):
        check_answers(answers)


def test_keeps_0_and_not_answered_apart():
    assert check_answers({"PROCTCAE_28A_SCL": 0, "PROCTCAE_25A_SCL": None}) == {
        "PROCTCAE_28A_SCL": 0,
        "PROCTCAE_25A_SCL": None,
    }
