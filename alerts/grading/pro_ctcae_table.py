"""A table of PRO-CTCAE scores, to the same table with composite grades beside them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.errors import ImpossibleValueError
from alerts.grading.pro_ctcae import composite_grade
from alerts.grading.pro_ctcae_items import ITEMS, PRESENCE

SCORE_COLUMN = re.compile(r"PROCTCAE_(\d{1,4})([A-Z])_SCL", re.ASCII | re.IGNORECASE)
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
            row and column, the header being row 1.
    """
    rows, layout = _read(text)
    header = [name.strip() for name in rows[0]]
    found = _score_columns(header)
    if not found:
        raise ImpossibleValueError(
            "The first row must name columns of scores such as PROCTCAE_9A_SCL.", "header"
        )
    notes: list[str] = []
    added: list[str] = []
    for number, columns in sorted(found.items(), key=lambda pair: int(pair[0])):
        problem = _problem(int(number), columns)
        if problem is not None:
            notes.append(problem)
            continue
        asked = "ABC"[: len(ITEMS[int(number)].attributes)]
        notes += [
            f"Item {number} has no question {letter}: that column is left alone."
            for letter in sorted(set(columns) - set(asked))
        ]
        places = [columns[letter] for letter in asked]
        grades = _grades(int(number), places, rows, header)
        name = f"PROCTCAE_{number}_COMP"
        upper = [each.upper() for each in header]
        if name in upper:
            _compare(name, upper.index(name), grades, rows)
            continue
        added.append(name)
        rows[0].append(name)
        for row, grade in zip(rows[1:], grades, strict=True):
            if row:
                row.append("" if grade is None else str(grade))
    return ScoredTable(_written(rows, layout), tuple(added), tuple(notes))


@dataclass(frozen=True, slots=True)
class _Layout:
    delimiter: str
    line_end: str
    bom: bool


def _read(text: str) -> tuple[list[list[str]], _Layout]:
    bom = text.startswith(BOM)
    body = text.removeprefix(BOM)
    first = next((line for line in body.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    line_end = "\r\n" if "\r\n" in body else "\n" if "\n" in body or "\r" not in body else "\r"
    try:
        rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ImpossibleValueError(
            "The table cannot be read as CSV; look for a quotation mark that is not closed.", "text"
        ) from error
    while rows and not any(cell.strip() for cell in rows[0]):
        rows.pop(0)
    if not rows:
        raise ImpossibleValueError("The table is empty; it needs a header and rows.", "text")
    if len(rows[0]) == 1:
        # A table of one column writes an unanswered question as an empty line.
        rows = [row or [""] for row in rows]
    for number, row in enumerate(rows, start=1):
        if row and len(row) != len(rows[0]):
            raise ImpossibleValueError(
                f"Row {number} has {len(row)} cells, the header has {len(rows[0])}.", "text"
            )
    return rows, _Layout(delimiter, line_end, bom)


def _written(rows: Sequence[Sequence[str]], layout: _Layout) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=layout.delimiter, lineterminator=layout.line_end)
    writer.writerows(rows)
    return (BOM if layout.bom else "") + out.getvalue()


def _score_columns(header: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return the place of each score by item number, as written, and by letter."""
    repeated = [name for name, times in Counter(header).items() if name and times > 1]
    found: dict[str, dict[str, int]] = {}
    for place, name in enumerate(header):
        match = SCORE_COLUMN.fullmatch(name)
        if match is None:
            continue
        columns = found.setdefault(match[1], {})
        letter = match[2].upper()
        if name in repeated or letter in columns:
            raise ImpossibleValueError(f"The column {name.upper()} is there twice.", name.upper())
        columns[letter] = place
    return found


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
    number: int, places: Sequence[int], rows: Sequence[Sequence[str]], header: Sequence[str]
) -> list[int | None]:
    attributes = ITEMS[number].attributes
    grades: list[int | None] = []
    for row_number, row in enumerate(rows[1:], start=2):
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
    name: str, place: int, grades: Sequence[int | None], rows: Sequence[Sequence[str]]
) -> None:
    for row_number, (row, grade) in enumerate(zip(rows[1:], grades, strict=True), start=2):
        if row and _score(row[place], row_number, name) != grade:
            raise ImpossibleValueError(
                f"Row {row_number}, column {name}: the table already holds another grade than the "
                "published one; remove the column to have it scored.",
                name,
            )
