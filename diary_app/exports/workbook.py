"""The tables of a period as one Excel workbook: a sheet each, the data dictionary first.

Every text is stored as text, never as a formula, and reads the same as in the CSV tables, so
that a sheet saved as CSV is safe too. `diary_app.imports.tables` reads the workbook back.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from diary_app.exports.bundle import VisitBundle
from diary_app.exports.table import DICTIONARY, dictionary
from diary_app.exports.table_cells import cell_of, for_workbook
from diary_app.exports.table_facts import Table
from diary_app.exports.table_rows import tables_of
from diary_app.text import _

# Excel's own limits.
MOST_CHARACTERS = 32_767
# An escaped character is as long as this.
_MOST_PER_CHARACTER = 12
_WIDEST, _NARROWEST = 60, 8
_LOOKED_AT = 50


class TooLongError(Exception):
    """A text does not fit into a cell of a workbook; the message is a sentence for people."""


def workbook(bundle: VisitBundle, progress: Callable[[float, str], None] | None = None) -> bytes:
    """Return an .xlsx file; photos are not in it, the table ``photos`` names them.

    Args:
        bundle: The period.
        progress: Called with a share from 0.0 to 1.0 and words for the person waiting.

    Raises:
        TooLongError: A text is longer than Excel allows.
    """
    tables = tables_of(bundle)
    if any(_is_too_long(value) for table in tables.values() for row in table.rows for value in row):
        raise TooLongError(
            _("A text of this diary is too long for a spreadsheet; please take the CSV instead.")
        )
    book = Workbook(write_only=True)
    made_at = bundle.made_at.astimezone(UTC).replace(tzinfo=None)
    book.properties.creator, book.properties.title = "", ""
    book.properties.created = book.properties.modified = made_at
    sheets = {DICTIONARY: dictionary(tables), **tables}
    for number, (name, table) in enumerate(sheets.items()):
        if progress is not None:
            progress(number / len(sheets), _("Writing the sheets"))
        _fill(book.create_sheet(name), table, wraps=name == DICTIONARY)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _fill(sheet: WriteOnlyWorksheet, table: Table, *, wraps: bool) -> None:
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.header):
        shown = [column, *(cell_of(row[place]) for row in table.rows[:_LOOKED_AT])]
        width = max(map(len, shown)) + 2
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = min(max(width, _NARROWEST), _WIDEST)
    last = get_column_letter(len(table.header))
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"
    sheet.append([_bold(sheet, name) for name in table.header])
    for row in table.rows:
        sheet.append([_cell(sheet, value, wraps=wraps) for value in row])


def _bold(sheet: WriteOnlyWorksheet, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: object, *, wraps: bool) -> object:
    # openpyxl writes a plain day as a day.
    if value is None or isinstance(value, bool | int | float) or _is_day(value):
        return value
    held = for_workbook(cell_of(value))
    # It takes only what begins like a formula (guarded already) or an error for one.
    if not wraps and not held.startswith("#"):
        return held
    cell = WriteOnlyCell(sheet, held)
    cell.data_type = "s"
    if wraps:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _is_day(value: object) -> bool:
    """Return whether Excel's calendar has this day."""
    return isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1901


def _is_too_long(value: object) -> bool:
    return isinstance(value, str) and (
        len(value) * _MOST_PER_CHARACTER > MOST_CHARACTERS
        and len(for_workbook(cell_of(value))) > MOST_CHARACTERS
    )
