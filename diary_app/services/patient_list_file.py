"""A list of patients as a spreadsheet saves or copies it: its lines, by column; no meaning yet."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from diary_app.services.refusals import RefusedError
from diary_app.text import _

MOST_BYTES = 512 * 1024
MOST_LINES = 500
COLUMNS: Mapping[str, Sequence[str]] = {
    "code": ("code", "clinic_code", "patient_code"),
    "name": ("name", "full_name", "patient", "patient_name"),
    "born_on": ("born_on", "birth_date", "birthdate", "date_of_birth", "dob", "born"),
    "phone": ("phone", "telephone", "tel", "mobile"),
    "time_zone": ("time_zone", "timezone"),
    "language": ("language", "lang"),
}
REQUIRED = ("code", "name", "born_on")
_NAMES = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
_SEPARATORS = ("\t", ";", ",")


@dataclass(frozen=True)
class FileLine:
    """One line of the list.

    Attributes:
        number: Of the line in the file, the head is 1.
        cells: Column of `COLUMNS` -> what stands there, without spaces around it.
        problem: A sentence when the line does not fit the head; empty otherwise.
    """

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class ListFile:
    """What was read: the lines that are not empty, and the columns that nobody reads."""

    lines: tuple[FileLine, ...]
    unread: tuple[str, ...]


def read_list(content: bytes) -> ListFile:
    """Read a list with a head; its columns may stand in any order.

    Args:
        content: UTF-8 with tabs, semicolons or commas between the columns.

    Raises:
        RefusedError: If the file as a whole cannot be read; the sentence says why.
    """
    text = _text(content)
    rows = _rows(text)
    if not rows:
        raise RefusedError(_("The list is empty. Its first line names the columns."))
    (_first, head), *others = rows
    columns, unread = _columns(head)
    if len(others) > MOST_LINES:
        raise RefusedError(
            _("The list has {n} lines. Please import at most {most} at a time.").format(
                n=len(others), most=MOST_LINES
            )
        )
    if not others:
        raise RefusedError(_("The list has a head but no patient below it."))
    return ListFile(tuple(_line(number, row, columns) for number, row in others), unread)


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise RefusedError(_("This file is too large for a list of patients."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise RefusedError(
            _("This is not a CSV file in UTF-8. In Excel choose: Save as, CSV UTF-8.")
        )
    return text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    begun = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((begun, [cell.strip() for cell in row]))
            begun = reader.line_num + 1
    except csv.Error:
        raise RefusedError(
            _("Line {n} cannot be read: a quotation mark is not closed or stands alone.").format(
                n=begun
            )
        ) from None
    return rows


def _columns(head: Sequence[str]) -> tuple[list[str | None], tuple[str, ...]]:
    found = [_NAMES.get(_plain(name)) for name in head]
    known = [column for column in found if column is not None]
    missing = [column for column in REQUIRED if column not in known]
    if missing:
        raise RefusedError(
            _("The first line must name the columns code, name and born_on; {names} is missing.")
            .format(names=", ".join(missing))
        )  # fmt: skip
    twice = next((column for column in known if known.count(column) > 1), None)
    if twice is not None:
        raise RefusedError(_("Two columns are named {name}; please keep one.").format(name=twice))
    unread = [name for name, column in zip(head, found, strict=True) if column is None and name]
    return found, tuple(unread)


def _line(number: int, row: Sequence[str], columns: Sequence[str | None]) -> FileLine:
    if len(row) < len(columns) or any(row[len(columns) :]):
        problem = _("This line has {n} columns, but the first line has {all}.").format(
            n=len(row), all=len(columns)
        )
        named = zip(columns, row, strict=False)
        return FileLine(number, {name: cell for name, cell in named if name}, problem)
    return FileLine(number, {name: cell for name, cell in zip(columns, row, strict=False) if name})


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")
