"""Columns whose words are sealed: what stands in the database opens only in its own place.

A column says `SealedText("entry.words")`, or `SealedJson("alert_event.detail", "text")` for the
words under one name of a JSON object; whoever reads and writes rows notices nothing. What a row
says of itself travels with each value that is read, so that a value which was copied from another
clinic, table, column or row does not open.

A database without a ring (`use_ring`) keeps and gives back what it is given, sealed or not.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Dialect, String, Text, cast, type_coerce
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from db.errors import ImpossibleValueError, KeyMissingError
from db.types import Json

UNREADABLE = "Cannot be read without the key."
_SEALED = re.compile(r"~sealed~(\d+)~([A-Za-z0-9+/]{38,}={0,2})")
_MARK = "\x1e"
_ID_LENGTHS = {"sqlite": 32, "postgresql": 36}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value stands.

    Attributes:
        clinic: 32 hex digits of the clinic's id.
        column: Table and column, such as ``entry.words``.
        row: 32 hex digits of the row's id.
    """

    clinic: str
    column: str
    row: str

    def bytes(self) -> bytes:
        """Return what a value is bound to."""
        return f"{self.clinic}\0{self.column}\0{self.row}".encode()


class UnreadableCopyError(KeyMissingError, DontWrapMixin):
    """Words that do not open were about to be kept elsewhere, where they never could."""


class Ring(Protocol):
    """The data keys of an installation's clinics."""

    def seal(self, place: Place, version: int, words: bytes) -> str:
        """Return the words sealed with a version of the clinic's key, in base64."""

    def open(self, place: Place, version: int, sealed: str) -> bytes | None:
        """Return the words; None when the key is not there or they belong elsewhere."""


class Placed(str):
    """Words that know where they are about to stand.

    Attributes:
        place: Where.
        version: Of the clinic's data key; None = it cannot be opened: they are kept as they are.
    """

    __slots__ = ("place", "version")
    place: Place
    version: int | None


class PlacedJson(dict[str, Any]):
    """A JSON object that knows where it is about to stand; see `Placed`."""

    __slots__ = ("place", "version")
    place: Place
    version: int | None


class Unreadable(str):
    """Stands where words are that do not open: a sentence that says so, never nothing.

    Attributes:
        place: Where they stand.
        sealed: What is kept there.
    """

    __slots__ = ("place", "sealed")
    place: Place
    sealed: str


# Kept on the dialect: in a table of ours the keys, which know their engine, would keep it for ever.
_RING = "diary_ring"


def use_ring(dialect: Dialect, ring: Ring) -> None:
    """Seal and open with these keys in the database of this dialect object, from now on."""
    vars(dialect)[_RING] = ring


def ring_of(dialect: Dialect) -> Ring | None:
    """Return the keys in use; None = nothing is sealed or opened."""
    ring: Ring | None = vars(dialect).get(_RING)
    return ring


def sealed_beginning(version: int) -> str:
    """Return how everything begins that is sealed with this version of a data key."""
    return f"~sealed~{version}~"


SEALED_BEGINNING = "~sealed~"


class SealedText(TypeDecorator[str]):
    """Text that is sealed; an empty one is kept empty.

    Args:
        place: Table and column, such as ``entry.words``. Never changed later: values are bound
            to it.
    """

    impl = String
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is kept."""
        ring = ring_of(dialect)
        if ring is None or not value:
            return value
        return _sealed(ring, value, value if isinstance(value, Placed) else None)

    def column_expression(self, column: ColumnElement[str]) -> ColumnElement[str]:
        """Let each value come with the ids of its row and clinic."""
        return type_coerce(_with_place(type_coerce(column, String), column), self)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the words, or the sentence that they do not open."""
        if value is None:
            return None
        kept, place = _parted(value, self.place, dialect)
        ring = ring_of(dialect)
        return kept if ring is None or place is None else _opened(ring, kept, place)


class SealedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object in which the words under one name, at any depth, are sealed.

    Everything else stays readable without a key: alerts go on with it.

    Args:
        place: Table and column, such as ``draft.content``.
        name: Under which the words are.
    """

    impl = Json
    cache_ok = True

    def __init__(self, place: str, name: str) -> None:
        super().__init__()
        self.place = place
        self.name = name

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return the type of the column: words of JSON, None as SQL's NULL."""
        return dialect.type_descriptor(Json)

    def process_bind_param(
        self, value: dict[str, Any] | None, dialect: Dialect
    ) -> dict[str, Any] | None:
        """Return what is kept."""
        ring = ring_of(dialect)
        if ring is None or value is None:
            return value
        placed = value if isinstance(value, PlacedJson) else None
        kept: dict[str, Any] = _each(value, self.name, lambda words: _sealed(ring, words, placed))
        return kept

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Let each value come with the ids of its row and clinic."""
        return type_coerce(_with_place(cast(column, Text), column), self)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return what reads a value: text of JSON, with the ids of its row after it."""
        read = dialect._json_deserializer or json.loads
        place_name, name = self.place, self.name

        def process(value: Any) -> Any:
            if value is None or isinstance(value, dict):
                return value
            kept, place = _parted(value, place_name, dialect)
            found: Any = read(kept)
            ring = ring_of(dialect)
            if ring is None or place is None or SEALED_BEGINNING not in kept:
                return found
            return _each(found, name, lambda words: _opened(ring, words, place))

        return process


def _with_place(kept: ColumnElement[Any], column: ColumnElement[Any]) -> ColumnElement[Any]:
    table = getattr(column, "table", None)
    if table is None:
        raise ImpossibleValueError("A sealed column can only be read from its table.")
    ids = cast(table.c.id, String).op("||")(cast(table.c.clinic_id, String))
    return kept.op("||")(_MARK).op("||")(ids)


def _parted(value: str, column: str, dialect: Dialect) -> tuple[str, Place | None]:
    length = _ID_LENGTHS[dialect.name]
    at = len(value) - 2 * length - 1
    if at < 0 or value[at] != _MARK:
        return value, None
    row, clinic = value[at + 1 : at + 1 + length], value[at + 1 + length :]
    return value[:at], Place(clinic.replace("-", ""), column, row.replace("-", ""))


def _sealed(ring: Ring, words: str, placed: Placed | PlacedJson | None) -> str:
    if not words:
        return words
    if isinstance(words, Unreadable):
        if placed is not None and words.place == placed.place:
            return words.sealed
        raise UnreadableCopyError(
            "Words that cannot be read without the key cannot be copied; put the key back first."
        )
    if placed is None:
        raise ImpossibleValueError("Words that are sealed need to know their place (db.keyring).")
    if placed.version is None:
        return str(words)
    sealed = ring.seal(placed.place, placed.version, words.encode())
    return sealed_beginning(placed.version) + sealed


def _opened(ring: Ring, kept: str, place: Place) -> str:
    found = _SEALED.fullmatch(kept) if kept.startswith(SEALED_BEGINNING) else None
    if found is None:
        return kept
    words = ring.open(place, int(found[1]), found[2])
    if words is not None:
        return words.decode()
    sign = Unreadable(UNREADABLE)
    sign.place, sign.sealed = place, kept
    return sign


def _each(value: Any, name: str, change: Callable[[str], str]) -> Any:
    """Return the JSON value with every text under this name changed."""
    if isinstance(value, dict):
        return {
            key: change(each)
            if key == name and isinstance(each, str)
            else _each(each, name, change)
            for key, each in value.items()
        }
    return [_each(each, name, change) for each in value] if isinstance(value, list) else value
