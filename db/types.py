"""Column types and identifiers that every table shares."""

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy import JSON, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from db.errors import NaiveTimeError


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive times, stores UTC, gives back aware UTC.

    SQLite drops an offset without converting it (12:00+05:00 comes back as a naive 12:00), so
    the conversion happens here, once, for every engine.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC; raises NaiveTimeError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveTimeError("An instant needs its time zone, got a naive time.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored instant, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Ticks(TypeDecorator[frozenset[str]]):
    """Reads a list of words, kept as JSON, as a set; the same few lists come again and again."""

    impl = Text
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[str] | None:
        """Return the words; None = not asked. PostgreSQL's driver has parsed them already."""
        if value is None:
            return None
        return _ticks(value) if isinstance(value, str) else frozenset(value)


@lru_cache(maxsize=4096)
def _ticks(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


# Python None is SQL NULL ("not asked"), never the JSON word null.
Json = JSON(none_as_null=True)


def new_id() -> UUID:
    """Return a new UUIDv7: unique, and sorted by the time it was made."""
    return UUID(bytes=uuid6.uuid7().bytes)
