"""One row of a table that a stranger may have written: cells of the right kind, or ValueError."""

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from diary_app.exports.table_cells import items_in, pairs_in, unguarded

Value = TypeVar("Value")
_WHOLE = re.compile(r"-?\d{1,9}(\.0)?")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d+)?([eE][+-]?\d{1,3})?")


class Row:
    """The cells of one row by column; ``asked`` is the last column asked for, for an error.

    Every ``maybe_`` gives None for an empty cell; the others raise ValueError.
    """

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self.number = number
        self.asked = ""
        self._cells = cells

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(self._cells)

    def _cell(self, column: str) -> str:
        self.asked = column
        cell = self._cells[column]
        if "\0" in cell:
            raise ValueError("no text")
        return cell

    def text(self, column: str) -> str:
        """Return a text, empty for an empty cell."""
        return unguarded(self._cell(column))

    def maybe(self, column: str) -> str | None:
        """Return a text; an empty text that was given is a lone apostrophe."""
        cell = self._cell(column)
        return unguarded(cell) if cell else None

    def maybe_whole(self, column: str) -> int | None:
        """Return a whole number."""
        cell = self._cell(column)
        if not cell:
            return None
        if not _WHOLE.fullmatch(cell):
            raise ValueError("no whole number")
        return int(float(cell))

    def maybe_number(self, column: str) -> float | None:
        """Return a finite number."""
        cell = self._cell(column)
        if not cell:
            return None
        if not _NUMBER.fullmatch(cell) or not math.isfinite(float(cell)):
            raise ValueError("no number")
        return float(cell)

    def maybe_truth(self, column: str) -> bool | None:
        """Return yes or no; a spreadsheet may have put them in capitals."""
        cell = self._cell(column).lower()
        return {"": None, "true": True, "false": False}[cell]

    def maybe_moment(self, column: str) -> datetime | None:
        """Return an instant; one without a zone cannot be placed."""
        cell = self._cell(column)
        if not cell:
            return None
        found = datetime.fromisoformat(cell)
        if found.tzinfo is None:
            raise ValueError("no zone")
        return found

    def maybe_day(self, column: str) -> date | None:
        """Return a day."""
        cell = self._cell(column)
        return date.fromisoformat(cell) if cell else None

    def maybe_id(self, column: str) -> UUID | None:
        """Return an identifier."""
        cell = self._cell(column)
        return UUID(cell) if cell else None

    def maybe_items(self, column: str) -> list[str] | None:
        """Return what was ticked; empty list = asked, and nothing was."""
        cell = self._cell(column)
        return items_in(cell) if cell else None

    def maybe_pairs(self, column: str) -> dict[str, str] | None:
        """Return names with their amounts."""
        cell = self._cell(column)
        return pairs_in(cell) if cell else None

    def whole(self, column: str) -> int:
        """Return a whole number that must be there."""
        return needed(self.maybe_whole(column))

    def number_in(self, column: str) -> float:
        """Return a number that must be there."""
        return needed(self.maybe_number(column))

    def moment(self, column: str) -> datetime:
        """Return an instant that must be there."""
        return needed(self.maybe_moment(column))

    def day(self, column: str) -> date:
        """Return a day that must be there."""
        return needed(self.maybe_day(column))

    def id(self, column: str) -> UUID:
        """Return an identifier that must be there."""
        return needed(self.maybe_id(column))

    def grades(self, column: str) -> dict[str, int]:
        """Return grades by symptom."""
        return {name: int(grade) for name, grade in (self.maybe_pairs(column) or {}).items()}

    def plain(self, column: str) -> dict[str, object]:
        """Return an object of JSON; an empty cell is an empty object."""
        cell = self.text(column)
        found = json.loads(cell, parse_constant=_refuse) if cell else {}
        if not isinstance(found, dict):
            raise TypeError("no object")
        return found


def needed(value: Value | None) -> Value:
    """Return a value that is there, or raise ValueError."""
    if value is None:
        raise ValueError("missing")
    return value


def _refuse(name: str) -> float:
    raise ValueError(name)
