"""Rows of the entries' tables become entries again, with what the rules made of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import get_args

from db.models import Entry
from diary_app.exports.bundle import EntryLine, ReasonLine
from diary_app.exports.table_columns import ANSWER_COLUMNS, DOSE_ANSWERS
from diary_app.imports.tables_row import Row


def entry(row: Row, graded: Sequence[Row], reasons: Sequence[Row]) -> EntryLine:
    """Return one version of an entry.

    Args:
        row: Of ``entries`` or ``entries_earlier``.
        graded: Its row of ``grading``.
        reasons: Its rows of ``reasons``.
    """
    (grading,) = graded
    answers = {name: _READERS[name](row, name) for name in ANSWER_COLUMNS}
    grades = {
        column.removeprefix("grade_"): row.maybe_whole(column)
        for column in row.columns
        if column.startswith("grade_")
    }
    return EntryLine(
        id=row.id("entry_id"),
        version=row.whole("version"),
        kind=row.text("kind"),
        author=row.text("author"),
        diary_on=row.day("diary_on"),
        local_time=row.maybe("local_time"),
        received_at=row.moment("received_at"),
        answers=answers,
        temperature_celsius=row.maybe_number("temperature_celsius"),
        extent_percent=row.maybe_number("extent_percent"),
        level=row.maybe("level"),
        grades={symptom: grade for symptom, grade in grades.items() if grade is not None},
        v6_rash_maculopapular=row.maybe_whole("v6_rash_maculopapular"),
        reasons=reason_lines(reasons),
        rules_version=row.maybe("rules_version"),
        day_since_step=row.maybe_whole("day_since_step"),
        first_id=row.maybe_id("first_id"),
        time_zone=row.maybe("time_zone"),
        written_at=row.maybe_moment("written_at"),
        said=answers | {name: row.maybe_number(f"said_{name}") for name in DOSE_ANSWERS},
        assessed_at=grading.maybe_moment("assessed_at"),
        inputs=grading.plain("inputs"),
        recheck_minutes=grading.maybe_whole("recheck_minutes"),
    )


def with_earlier(
    current: Sequence[EntryLine], earlier: Sequence[EntryLine]
) -> tuple[EntryLine, ...]:
    """Return the entries, each with the versions that it replaced."""
    found: dict[object, list[EntryLine]] = {}
    for line in sorted(earlier, key=lambda line: line.version):
        found.setdefault(line.first_id, []).append(line)
    return tuple(
        replace(line, earlier=tuple(found.pop(line.first_id, []))) if line.version > 1 else line
        for line in current
    )


def reason_lines(rows: Sequence[Row]) -> tuple[ReasonLine, ...]:
    """Return reasons in their order."""
    return tuple(
        ReasonLine(
            code=row.text("code"),
            level=row.text("level"),
            sentence=row.text("sentence"),
            source=row.text("source"),
            values=row.plain("values"),
            patient_sentence=row.text("patient_sentence"),
        )
        for row in sorted(rows, key=lambda row: row.whole("position"))
    )


def _reader(name: str) -> Callable[[Row, str], object]:
    """Return how the answer is read, by the type of its column in the database."""
    kinds = set(get_args(Entry.model_fields[name].annotation))
    if bool in kinds:
        return Row.maybe_truth
    if int in kinds:
        return Row.maybe_whole
    if float in kinds:
        return Row.maybe_number
    if list[str] in kinds:
        return Row.maybe_items
    if dict[str, str] in kinds:
        return Row.maybe_pairs
    return Row.maybe if kinds else Row.text


_READERS = {name: _reader(name) for name in ANSWER_COLUMNS}
