"""Every row of the published composite table (Basch 2021), and the list of items beside it."""

import json
import re
from pathlib import Path

import pytest

from alerts.errors import ImpossibleValueError
from alerts.grading import pro_ctcae_items as items
from alerts.grading.pro_ctcae import composite_grade, grade_item
from alerts.grading.pro_ctcae_items import ITEMS

PUBLISHED = json.loads(Path(__file__).with_name("pro_ctcae_composite.json").read_text("utf-8"))
ROWS = [
    (tuple(name.split("+")), tuple(row[part] for part in name.split("+")), row["grade"])
    for name, rows in PUBLISHED["composite"].items()
    for row in rows
]


@pytest.mark.parametrize(("attributes", "scores", "grade"), ROWS)
def test_gives_the_grade_of_every_published_row(attributes, scores, grade):
    assert composite_grade(attributes, scores) == grade


def test_reads_all_rows_of_the_publication():
    assert len(ROWS) == 101 + 3 * 21 + 3 * 5


@pytest.mark.parametrize("first", ["frequency+severity", "frequency+interference"])
@pytest.mark.parametrize("other", range(5))
def test_is_0_whenever_it_never_happened(first, other):
    assert composite_grade(first.split("+"), (0, other)) == 0
    assert composite_grade(("frequency", "severity", "interference"), (0, other, other)) == 0


@pytest.mark.parametrize("other", range(5))
def test_is_0_whenever_nothing_was_felt_and_frequency_was_not_asked(other):
    assert composite_grade(("severity", "interference"), (0, other)) == 0


@pytest.mark.parametrize(
    ("attributes", "scores"),
    [
        (("severity",), (None,)),
        (("frequency", "severity"), (3, None)),
        (("frequency", "severity"), (0, None)),
        (("frequency", "severity", "interference"), (2, 2, None)),
    ],
)
def test_gives_no_grade_when_an_answer_is_missing(attributes, scores):
    assert composite_grade(attributes, scores) is None


@pytest.mark.parametrize("score", [-1, 5, 1.5, True, "3", float("nan")])
def test_refuses_a_score_no_question_has(score):
    with pytest.raises(ImpossibleValueError, match="severity must be a whole number from 0 to 4"):
        composite_grade(("severity",), (score,))


def test_refuses_too_few_scores_and_unknown_questions():
    with pytest.raises(ImpossibleValueError, match="There must be 2 scores"):
        composite_grade(("frequency", "severity"), (1,))
    with pytest.raises(ImpossibleValueError, match="No composite grade exists for sorrow"):
        composite_grade(("sorrow",), (1,))
    with pytest.raises(ImpossibleValueError, match="no item 81"):
        grade_item(81, (1,))


def test_scores_an_item_by_the_attributes_it_has():
    assert grade_item(28, (4,)) == 3
    assert grade_item(9, (4, 2)) == 2
    assert grade_item(22, (4, 1, 4)) == 3
    assert grade_item(27, (4,)) == 2


def test_never_grades_a_question_of_yes_or_no():
    assert grade_item(24, (1,)) is None


def test_holds_the_items_of_the_published_groups():
    for name, numbers in PUBLISHED["item_groups"].items():
        for number in numbers:
            asked = tuple(ITEMS[number].attributes)
            assert tuple("interference" if one == "amount" else one for one in asked) == tuple(
                name.split("+")
            )


def test_names_the_124_columns_of_the_library():
    columns = [column for item in ITEMS.values() for column in item.columns]

    assert sorted(columns) == sorted(set(PUBLISHED["labels"]) - {"GP5"})
    assert len(columns) == 124


def test_asks_each_attribute_as_the_published_labels_name_it():
    for item in ITEMS.values():
        for column, attribute in zip(item.columns, item.attributes, strict=True):
            assert PUBLISHED["labels"][column].lower().endswith(attribute)


def test_asks_weekly_only_items_of_the_library_and_each_once():
    assert set(items.WEEKLY) <= set(ITEMS)
    assert len(set(items.WEEKLY)) == len(items.WEEKLY)


def test_offers_five_answers_or_yes_and_no():
    used = {attribute for item in ITEMS.values() for attribute in item.attributes}

    assert {name: len(items.ANSWERS[name]) for name in used} == {
        "frequency": 5,
        "severity": 5,
        "interference": 5,
        "amount": 5,
        "presence": 2,
    }


def test_names_the_owner():
    assert re.search("National Cancer Institute holds all rights", items.NOTICE)
