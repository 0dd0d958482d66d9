"""A table of PRO-CTCAE scores, to the same table with composite grades beside them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.errors import ImpossibleValueError
from alerts.grading.pro_ctcae import composite_grade
from alerts.grading.pro_ctcae_items import ITEMS, PRESENCE

SCORE_COLUMN = re.compile(r"PROCTCAE_(\d{1,4})([A-Z])_SCL", re.ASCII | re.IGNORECASE)
GRADE_COLUMN = re.compile(r"PROCTCAE_(\d{1,4})_COMP", re.ASCII | re.IGNORECASE)
SCORES: Mapping[str, int] = {f"{score}{tail}": score for score in range(5) for tail in ("", ".0")}
MISSING = frozenset({"", ".", "NA", "NAN"})
DELIMITERS = ",;\t"
BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class ScoredTable:
    """A table with its composite grades.

    Attributes:
        text: The table as it came, the new columns behind it in the order of the items.
        added: Names of the composite columns that were added.
        notes: One sentence per item that could not be scored, for the person who asked.
    """

    text: str
    added: tuple[str, ...]
    notes: tuple[str, ...]


def score_table(text: str) -> ScoredTable:
    """Return the table with a column ``PROCTCAE_##_COMP`` for every item that can be scored.

    Columns are named as in the R package ProAE: ``PROCTCAE_9A_SCL``, the letters A, B and C
    being the attributes of the item in order. A grade is empty when an answer is missing: an
    empty cell, ``NA``, ``NaN`` or a point.

    Args:
        text: CSV with a header; commas, semicolons or tabs; with or without a byte order mark.

    Raises:
        ImpossibleValueError: If there is no column of scores, a score is none of 0 to 4, a row
            does not fit the header or a grade already in the table differs; the sentence names
            row and column, blank rows before the header counted.
    """
    rows, layout = _read(text)
    header = [name.strip() for name in rows[0]]
    first = layout.header + 1
    found = _score_columns(header)
    if not found:
        raise ImpossibleValueError(
            "The first row must name columns of scores such as PROCTCAE_9A_SCL.", "header"
        )
    notes: list[str] = []
    added: list[str] = []
    for number, columns in sorted(found.items()):
        problem = _problem(number, columns)
        if problem is not None:
            notes.append(problem)
            continue
        asked = "ABC"[: len(ITEMS[number].attributes)]
        notes += [
            f"Item {number} has no question {letter}: that column is left alone."
            for letter in sorted(set(columns) - set(asked))
        ]
        places = [columns[letter] for letter in asked]
        grades = _grades(number, places, rows, header, first)
        written = header[places[0]].upper()
        name = written.removesuffix(f"{asked[0]}_SCL") + "_COMP"
        held = [place for place, each in enumerate(header) if _scored_item(each) == number]
        for place in held:
            _compare(header[place].upper(), place, grades, rows, first)
        if held:
            continue
        added.append(name)
        rows[0].append(name)
        for row, grade in zip(rows[1:], grades, strict=True):
            if row:
                row.append("" if grade is None else str(grade))
    return ScoredTable(_written(rows, layout), tuple(added), tuple(notes))


@dataclass(frozen=True, slots=True)
class _Layout:
    header: int
    delimiter: str
    line_end: str
    bom: bool


def _read(text: str) -> tuple[list[list[str]], _Layout]:
    bom = text.startswith(BOM)
    body = text.removeprefix(BOM)
    first = next((line for line in body.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda mark: (_scores_in(first, mark), first.count(mark)))
    line_end = "\r\n" if "\r\n" in body else "\n" if "\n" in body or "\r" not in body else "\r"
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
        rows = list(reader)
    except csv.Error as error:
        raise ImpossibleValueError(
            f"The table cannot be read as CSV at line {reader.line_num}; look for a quotation mark "
            "that is not closed.",
            "text",
        ) from error
    told = [number for number, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if not told:
        raise ImpossibleValueError("The table is empty; it needs a header and rows.", "text")
    rows = rows[told[0] :]
    if len(rows[0]) == 1:
        # A table of one column writes an unanswered question as an empty line.
        rows = [row or [""] for row in rows]
    else:
        rows = [[] if len(row) == 1 and not row[0].strip() else row for row in rows]
    for number, row in enumerate(rows, start=told[0] + 1):
        if row and len(row) != len(rows[0]):
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            raise ImpossibleValueError(
                f"Row {number} has {cells}, the header has {len(rows[0])}.", "text"
            )
    return rows, _Layout(told[0], delimiter, line_end, bom)


def _scores_in(header: str, delimiter: str) -> int:
    names = next(csv.reader([header], delimiter=delimiter), [])
    return sum(SCORE_COLUMN.fullmatch(name.strip()) is not None for name in names)


def _written(rows: Sequence[Sequence[str]], layout: _Layout) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=layout.delimiter, lineterminator=layout.line_end)
    writer.writerows([[] for _ in range(layout.header)])
    writer.writerows(rows)
    return (BOM if layout.bom else "") + out.getvalue()


def _score_columns(header: Sequence[str]) -> dict[int, dict[str, int]]:
    """Return the place of each score by item number and by letter."""
    found: dict[int, dict[str, int]] = {}
    for place, name in enumerate(header):
        match = SCORE_COLUMN.fullmatch(name)
        if match is None:
            continue
        columns = found.setdefault(int(match[1]), {})
        letter = match[2].upper()
        if letter in columns:
            raise ImpossibleValueError(f"The column {name.upper()} is there twice.", name.upper())
        columns[letter] = place
    return found


def _scored_item(name: str) -> int | None:
    match = GRADE_COLUMN.fullmatch(name)
    return None if match is None else int(match[1])


def _problem(number: int, columns: Mapping[str, int]) -> str | None:
    item = ITEMS.get(number)
    if item is None:
        return f"Item {number} is not in the PRO-CTCAE library 1.0: no composite grade."
    if item.attributes == (PRESENCE,):
        return f"Item {number} asks only yes or no: it has no composite grade."
    needed = set("ABC"[: len(item.attributes)])
    missing = sorted(needed - set(columns))
    if missing:
        names = " and ".join(f"PROCTCAE_{number}{letter}_SCL" for letter in missing)
        return f"Item {number} needs {names} as well: no composite grade."
    return None


def _grades(
    number: int,
    places: Sequence[int],
    rows: Sequence[Sequence[str]],
    header: Sequence[str],
    first: int,
) -> list[int | None]:
    attributes = ITEMS[number].attributes
    grades: list[int | None] = []
    for row_number, row in enumerate(rows[1:], start=first + 1):
        scores = [_score(row[place], row_number, header[place]) for place in places if row]
        grades.append(composite_grade(attributes, scores) if row else None)
    return grades


def _score(cell: str, row_number: int, column: str) -> int | None:
    told = cell.strip()
    if told.upper() in MISSING:
        return None
    if told not in SCORES:
        raise ImpossibleValueError(
            f"Row {row_number}, column {column}: a score must be a whole number from 0 to 4, or "
            "empty when there is none.",
            column,
        )
    return SCORES[told]


def _compare(
    name: str,
    place: int,
    grades: Sequence[int | None],
    rows: Sequence[Sequence[str]],
    first: int,
) -> None:
    for row_number, (row, grade) in enumerate(zip(rows[1:], grades, strict=True), start=first + 1):
        if row and _score(row[place], row_number, name) != grade:
            raise ImpossibleValueError(
                f"Row {row_number}, column {name}: the table already holds another grade than the "
                "published one; remove the column to have it scored.",
                name,
            )
