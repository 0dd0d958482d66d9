"""How much a table may hold once it is unpacked: far above any diary, far below the memory.

A few hundred kilobytes of archive can unpack to gigabytes of rows, and a sheet of a workbook can
name a cell sixteen thousand columns away.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from diary_app.imports.errors import UnreadableError
from diary_app.text import _

# Ten years of daily entries in the widest table are under 400,000 cells.
MOST_CELLS = 4_000_000
MOST_TABLE_BYTES = 64 * 1024**2


def too_much() -> UnreadableError:
    """Return the refusal of a file that is larger inside than any diary."""
    return UnreadableError(_("This archive holds more than any diary."))


def bounded(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a sheet.

    Raises:
        UnreadableError: The sheet has more than 4 million cells, empty ones among them.
    """
    cells = 0
    for row in rows:
        cells += len(row) + 1
        if cells > MOST_CELLS:
            raise too_much()
        yield row
