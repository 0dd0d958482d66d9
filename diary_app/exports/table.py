"""A patient's period as CSV tables (RFC 4180) in one archive with photos.

An empty cell = not asked or not answered, never 0; an asked list with nothing ticked is ``none``.
`diary_app.imports.tables` reads the archive back without a loss.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from alerts.grading.pro_ctcae_wording import OWNER
from diary_app.exports.bundle import VisitBundle
from diary_app.exports.table_cells import cell_of
from diary_app.exports.table_facts import Table
from diary_app.exports.table_meanings import meaning_of, rules_of_reading
from diary_app.exports.table_rows import photo_path, tables_of

DICTIONARY = "data-dictionary"


def table_csv(bundle: VisitBundle, name: str) -> str:
    """Return one table of ``table_columns.TABLES``; lines end in CRLF."""
    return _csv(tables_of(bundle)[name])


def archive(bundle: VisitBundle) -> bytes:
    """Return a ZIP of all tables, their data dictionary and the photos; names hold ids alone.

    The same bundle gives the same bytes.
    """
    tables = tables_of(bundle)
    kept = BytesIO()
    with ZipFile(kept, "w") as packed:
        for name, table in {**tables, DICTIONARY: dictionary(tables, ".csv")}.items():
            place = member(f"{name}.csv", bundle.made_at)
            packed.writestr(place, _csv(table).encode(), ZIP_DEFLATED)
        for photo in bundle.photos:
            place = member(photo_path(photo), bundle.made_at)
            packed.writestr(place, photo.picture, ZIP_STORED)
    return kept.getvalue()


def dictionary(tables: dict[str, Table], ending: str = "") -> Table:
    """Return what every column of the tables means, with sentences on how to read at the top."""
    rules = rules_of_reading()
    if "proctcae" in tables:
        rules.append(OWNER)
    rows: list[Sequence[object]] = [(None, None, words, *[None] * 4) for words in rules]
    for name, table in tables.items():
        for column in table.header:
            says = meaning_of(column)
            told = (says.words, says.unit, says.range, says.coding, says.empty)
            rows.append((name + ending, column, *(words or None for words in told)))
    return Table(("file", "column", "meaning", "unit", "range", "coding", "empty"), rows)


def member(name: str, made_at: datetime) -> ZipInfo:
    """Return the place of one file in an archive, dated by the instant of the bundle."""
    at = made_at.astimezone(UTC)
    member = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    member.external_attr = 0o600 << 16
    return member


def _csv(table: Table) -> str:
    return _lines([table.header, *table.rows])


def _lines(rows: Iterable[Sequence[object]]) -> str:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([cell_of(value) for value in row] for row in rows)
    return text.getvalue()
