"""An archive of CSV tables, or a workbook of the same, becomes the bundle it was made from."""

import csv
import io
import struct
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeVar
from zipfile import BadZipFile, ZipFile

from diary_app.exports.bundle import EntryLine, PhotoLine, VisitBundle
from diary_app.exports.table_cells import cell_of
from diary_app.exports.table_columns import LATER, TABLES, WEEKLY
from diary_app.imports import tables_care as care
from diary_app.imports import tables_entries as entries
from diary_app.imports import tables_facts as facts
from diary_app.imports.errors import MOST_BYTES, MOST_ROWS, UnreadableError
from diary_app.imports.most import MOST_CELLS, MOST_TABLE_BYTES, bounded, too_much
from diary_app.imports.tables_row import Row
from diary_app.text import _

Line = TypeVar("Line")
Rows = Mapping[str, list[Row]]
_WRONG = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
_DAMAGED = (
    BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    zlib.error,
    struct.error,
)
# Made from the other tables; nothing is read from them.
_DERIVED = frozenset({"entries_long"})
# An entry has several rows in a table of reasons.
_MOST_ROWS = 20 * MOST_ROWS
_MOST_FILES = 2 * MOST_ROWS
_LONGEST_CELL = 1_000_000


def read_tables(content: bytes) -> VisitBundle:
    """Return the diary of an archive (.zip) or a workbook (.xlsx) of `diary_app.exports`.

    A workbook has no photos in it: they come back as not kept.

    Raises:
        UnreadableError: It is neither, or a cell cannot be read; the sentence says which.
    """
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            listed = packed.infolist()
            if len(listed) > _MOST_FILES or sum(one.file_size for one in listed) > MOST_BYTES:
                raise too_much()
            if any(one.file_size > MOST_TABLE_BYTES for one in listed if _is_table(one.filename)):
                raise too_much()
            names = {one.filename for one in listed}
            if "xl/workbook.xml" in names:
                return _bundle(_sheets(content), lambda _path: None)
            read = packed.read
            rows = {name: _csv_rows(name, names, read) for name in TABLES if name not in _DERIVED}
            return _bundle(rows, lambda path: read(path) if path in names else None)
    # The reader of archives raises nearly anything for a damaged list of what is in it.
    except (*_DAMAGED, *_WRONG):
        raise UnreadableError(_("This archive is damaged, locked or no archive at all.")) from None


def _csv_rows(name: str, names: set[str], read: Callable[[str], bytes]) -> list[Row]:
    if f"{name}.csv" not in names:
        return _rows(name, [])
    csv.field_size_limit(_LONGEST_CELL)
    try:
        text = read(f"{name}.csv").decode("utf-8-sig")
        if text.count(",") + text.count("\n") + text.count("\r") > MOST_CELLS:
            raise too_much()
        listed = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableError(
            _("The table {table} is no CSV in UTF-8 that can be read.").format(table=name)
        ) from None
    return _rows(name, listed)


def _sheets(content: bytes) -> dict[str, list[Row]]:
    from openpyxl import load_workbook  # noqa: PLC0415  (only for a workbook)

    try:
        book = load_workbook(io.BytesIO(content), read_only=True)
        found = {
            name: [
                [_told(value) for value in row]
                for row in bounded(book[name].iter_rows(values_only=True))
            ]
            for name in TABLES
            if name not in _DERIVED and name in book.sheetnames
        }
    except UnreadableError:
        raise
    except Exception:
        raise UnreadableError(_("This workbook cannot be read.")) from None
    return {
        name: _rows(name, _padded(found.get(name, []))) for name in TABLES if name not in _DERIVED
    }


def _is_table(name: str) -> bool:
    return name.endswith((".csv", ".xml"))


def _padded(rows: list[list[str]]) -> list[list[str]]:
    """Return rows of the width of the first: a workbook leaves out empty cells at the end."""
    width = len(rows[0]) if rows else 0
    if len(rows) * width > MOST_CELLS:
        raise too_much()
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _told(value: object) -> str:
    """Return the cell as it stands in a CSV table."""
    match value:
        case datetime():
            return value.date().isoformat()
        case date() | bool() | int() | float():
            return cell_of(value)
        case _:
            return "" if value is None else str(value)


def _rows(name: str, listed: list[list[str]]) -> list[Row]:
    if not listed and name in (*WEEKLY, *LATER):
        return []
    if not listed:
        raise _missing(name)
    if len(listed) > _MOST_ROWS:
        raise too_much()
    header, *rows = listed
    if len(set(header)) < len(header):
        raise UnreadableError(_("The table {table} has a column twice.").format(table=name))
    found = []
    for number, row in enumerate(rows, start=2):
        if not any(row):
            continue
        if len(row) != len(header):
            raise _unreadable(name, number, "")
        found.append(Row(number, dict(zip(header, row, strict=True))))
    return found


def _bundle(rows: Rows, picture: Callable[[str], bytes | None]) -> VisitBundle:
    def each(name: str, read: Callable[[Row], Line]) -> tuple[Line, ...]:
        return tuple(_read(name, row, read) for row in rows[name])

    if len(rows["patient"]) != 1:
        raise UnreadableError(_("The table patient must have exactly one row."))
    (who,) = rows["patient"]
    reasons = _grouped("reasons", rows, lambda row: (row.text("finding"), row.text("entry_id")))
    graded = _grouped("grading", rows, lambda row: row.text("entry_id"))
    events = _grouped("alert_events", rows, lambda row: row.text("alert_code"))
    scores = _grouped("proctcae_long", rows, lambda row: row.text("week"))

    def entry(row: Row) -> EntryLine:
        named = row.text("entry_id")
        return entries.entry(row, graded.get(named, []), reasons.get(("", named), []))

    def photo(row: Row) -> PhotoLine:
        return care.photo(row, picture(row.text("file")))

    made = _read("patient", who, care.frame)
    return VisitBundle(
        **made,
        person=_read("patient", who, care.person) if who.maybe("language") else None,
        plan=each("plan", care.step),
        former_plan=each("plan_former", care.step),
        entries=entries.with_earlier(each("entries", entry), each("entries_earlier", entry)),
        labs=each("labs", care.lab),
        alerts=each("alerts", lambda row: care.alert(row, events.get(row.text("code"), []))),
        photos=each("photos", photo),
        weeks=each("proctcae", lambda row: care.week(row, scores.get(row.text("week"), []))),
        doses=each("doses", care.dose),
        dose_words=each("doses_said", care.dose),
        medicines=each("medicines", facts.medicine),
        visits=each("visits", facts.visit),
        questions=each("visit_questions", facts.question),
        findings=each(
            "findings",
            lambda row: care.finding(
                row, reasons.get((row.text("finding"), row.text("entry_id")), [])
            ),
        ),
    )


Key = TypeVar("Key")


def _grouped(name: str, rows: Rows, key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in rows[name]:
        found.setdefault(_read(name, row, key), []).append(row)
    return found


def _read(name: str, row: Row, read: Callable[[Row], Line]) -> Line:
    try:
        return read(row)
    except _WRONG:
        raise _unreadable(name, row.number, row.asked) from None


def _missing(name: str) -> UnreadableError:
    return UnreadableError(
        _("The table {table} is missing in this file; please export it again.").format(table=name)
    )


def _unreadable(name: str, number: int, column: str) -> UnreadableError:
    if column:
        return UnreadableError(
            _("Row {row} of the table {table} cannot be read (column {column}).").format(
                row=number, table=name, column=column
            )
        )
    return UnreadableError(
        _("Row {row} of the table {table} cannot be read.").format(row=number, table=name)
    )
