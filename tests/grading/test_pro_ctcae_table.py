"""Composite grades beside the scores of a table, nothing else of the table changed."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.errors import ImpossibleValueError
from alerts.grading.pro_ctcae_table import score_table


def test_adds_the_grades_behind_the_table_in_the_order_of_the_items():
    table = (
        "id,PROCTCAE_28A_SCL,PROCTCAE_9A_SCL,PROCTCAE_9B_SCL,week\n1,3,4,2,first\n2,0,0,4,second\n"
    )

    scored = score_table(table)

    assert scored.text == (
        "id,PROCTCAE_28A_SCL,PROCTCAE_9A_SCL,PROCTCAE_9B_SCL,week,PROCTCAE_9_COMP,PROCTCAE_28_COMP\n"
        "1,3,4,2,first,2,3\n"
        "2,0,0,4,second,0,0\n"
    )
    assert scored.added == ("PROCTCAE_9_COMP", "PROCTCAE_28_COMP")
    assert scored.notes == ()


def test_takes_the_letters_as_the_attributes_in_order_wherever_the_columns_stand():
    scored = score_table("PROCTCAE_17C_SCL,PROCTCAE_17A_SCL,PROCTCAE_17B_SCL\n4,1,2\n")

    # Frequency 1, severity 2, interference 4: grade 3 (frequency 4, 1, 2 would be grade 2).
    assert scored.text.splitlines()[1] == "4,1,2,3"


@pytest.mark.parametrize("missing", ["", " ", ".", "NA", "na", "NaN"])
def test_keeps_missing_missing(missing):
    scored = score_table(f"id,PROCTCAE_9A_SCL,PROCTCAE_9B_SCL\n1,{missing},2\n2,0,{missing}\n")

    assert scored.text.splitlines()[1:] == [f"1,{missing},2,", f"2,0,{missing},"]


def test_keeps_an_unanswered_row_of_a_table_of_one_column():
    scored = score_table("PROCTCAE_28A_SCL\n3\n\n2\n")

    assert [row[1] for row in csv.reader(io.StringIO(scored.text))] == [
        "PROCTCAE_28_COMP",
        "3",
        "",
        "2",
    ]


def test_reads_numbers_as_statistics_programs_write_them():
    assert score_table("PROCTCAE_28A_SCL,n\n3.0,1\n 2 ,1\n").text.splitlines()[1:] == [
        "3.0,1,3",
        " 2 ,1,2",
    ]


@pytest.mark.parametrize("score", ["5", "-1", "1.5", "severe", "3,0", "٣", "1e0", "0x1", "True"])
def test_names_row_and_column_of_an_impossible_score(score):
    with pytest.raises(
        ImpossibleValueError,
        match="Row 3, column PROCTCAE_28A_SCL: a score must be a whole number from 0 to 4",
    ) as refused:
        score_table(f'id,PROCTCAE_28A_SCL\n1,2\n2,"{score}"\n')

    assert refused.value.field == "PROCTCAE_28A_SCL"


def test_says_what_it_cannot_score():
    scored = score_table(
        "PROCTCAE_99A_SCL,PROCTCAE_24A_SCL,PROCTCAE_10A_SCL,PROCTCAE_28A_SCL,PROCTCAE_28B_SCL\n"
        "9,1,2,1,1\n"
    )

    assert scored.added == ("PROCTCAE_28_COMP",)
    assert scored.notes == (
        "Item 10 needs PROCTCAE_10B_SCL as well: no composite grade.",
        "Item 24 asks only yes or no: it has no composite grade.",
        "Item 28 has no question B: that column is left alone.",
        "Item 99 is not in the PRO-CTCAE library 1.0: no composite grade.",
    )


def test_leaves_columns_of_yes_or_no_alone():
    scored = score_table("PROCTCAE_24A_IND,PROCTCAE_28A_SCL\nYes,2\n")

    assert scored.text.splitlines()[1] == "Yes,2,2"


def test_keeps_byte_order_mark_line_ends_quotes_and_delimiter():
    table = '\ufeffname;PROCTCAE_28A_SCL\r\n"a;b ""c""";4\r\n"two\r\nlines";\r\n'

    assert score_table(table).text == (
        '\ufeffname;PROCTCAE_28A_SCL;PROCTCAE_28_COMP\r\n"a;b ""c""";4;3\r\n"two\r\nlines";;\r\n'
    )


def test_reads_tabs_and_names_with_leading_zeros_or_small_letters():
    assert score_table("id\tproctcae_09a_scl\tproctcae_09b_scl\n1\t4\t3\n").text == (
        "id\tproctcae_09a_scl\tproctcae_09b_scl\tPROCTCAE_09_COMP\n1\t4\t3\t3\n"
    )


def test_changes_nothing_in_a_table_already_scored():
    once = score_table("PROCTCAE_28A_SCL,x\n3,\n,\n").text

    again = score_table(once)

    assert again.text == once
    assert again.added == ()


def test_refuses_a_table_that_holds_another_grade():
    with pytest.raises(ImpossibleValueError, match="Row 2, column PROCTCAE_28_COMP"):
        score_table("PROCTCAE_28A_SCL,PROCTCAE_28_COMP\n3,2\n")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("", "The table is empty"),
        (" \n\n", "The table is empty"),
        ("id,itch\n1,2\n", "The first row must name columns of scores"),
        ("PROCTCAE_28A_SCL,PROCTCAE_28A_SCL\n1,2\n", "PROCTCAE_28A_SCL is there twice"),
        ("PROCTCAE_28A_SCL,proctcae_28a_scl\n1,2\n", "PROCTCAE_28A_SCL is there twice"),
        ("id,PROCTCAE_28A_SCL\n1,2,3\n", "Row 2 has 3 cells, the header has 2"),
        ('id,PROCTCAE_28A_SCL\n"1,2\n', "cannot be read as CSV"),
    ],
)
def test_refuses_in_one_sentence_what_is_no_table_of_scores(table, sentence):
    with pytest.raises(ImpossibleValueError, match=sentence) as refused:
        score_table(table)

    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_accepts_a_header_without_rows():
    assert score_table("PROCTCAE_28A_SCL").text == "PROCTCAE_28A_SCL,PROCTCAE_28_COMP\n"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(alphabet='PROCTCAE_28A_SCL,;\t\r\n"013. ', max_size=60))
def test_scores_or_refuses_any_text(text):
    try:
        said = score_table(f"PROCTCAE_28A_SCL,{text}").text
    except ImpossibleValueError as refused:
        said = str(refused)

    assert "PROCTCAE_28_COMP" in said or said.endswith(".")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("\n\nPROCTCAE_28A_SCL,n\n7,1\n", "Row 4, column PROCTCAE_28A_SCL: a score must be"),
        ("\nPROCTCAE_28A_SCL,n\n3\n", "Row 3 has 1 cell, the header has 2."),
        ('PROCTCAE_28A_SCL,n\n3,1\n"2,1\n', "The table cannot be read as CSV at line 3;"),
        (
            "PROCTCAE_28A_SCL,PROCTCAE_028A_SCL\n3,2\n",
            "The column PROCTCAE_028A_SCL is there twice.",
        ),
        (
            "PROCTCAE_28A_SCL,PROCTCAE_28_COMP,PROCTCAE_28_COMP\n3,3,2\n",
            "Row 2, column PROCTCAE_28_COMP: the table already holds another grade",
        ),
        (
            "PROCTCAE_028A_SCL,PROCTCAE_28_COMP\n3,2\n",
            "Row 2, column PROCTCAE_28_COMP: the table already holds another grade",
        ),
    ],
)
def test_names_the_row_as_a_spreadsheet_counts_it(table, words):
    with pytest.raises(ImpossibleValueError) as caught:
        score_table(table)

    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("\n\nPROCTCAE_28A_SCL,n\n3,1\n", ["", "", "PROCTCAE_28A_SCL,n,PROCTCAE_28_COMP", "3,1,3"]),
        ("PROCTCAE_28A_SCL,n\n  \n3,1\n", ["PROCTCAE_28A_SCL,n,PROCTCAE_28_COMP", "", "3,1,3"]),
        (
            "a,b,c;PROCTCAE_28A_SCL\n36,6;3\n",
            ["a,b,c;PROCTCAE_28A_SCL;PROCTCAE_28_COMP", "36,6;3;3"],
        ),
        (
            '"a;b;c",PROCTCAE_28A_SCL\nx,3\n',
            ["a;b;c,PROCTCAE_28A_SCL,PROCTCAE_28_COMP", "x,3,3"],
        ),
    ],
)
def test_finds_the_columns_between_blank_rows_and_other_marks(table, rows):
    assert score_table(table).text.splitlines() == rows
