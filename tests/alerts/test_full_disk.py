"""A database that gives a transaction up, at any statement: what was promised is kept, or refused.

SQLite rolls the whole transaction back by itself when the disk is full or fails, and from then on
keeps every further statement alone; PostgreSQL answers every further statement with an error and a
COMMIT with a rollback, which its driver takes for success.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from psycopg import errors
from sqlalchemy import event
from sqlmodel import select

from alerts.intake import record_entry
from db.engine import Database, TransactionLostError
from db.models import Alert, Assessment, Entry, Notification
from tests.people import NOW, House

FEVER = {"temperature_value": 39.4, "temperature_unit": "C"}
MORE_THAN_AN_ENTRY_HAS = 200  # statements


@contextmanager
def fault_at(database: Database, number: int) -> Iterator[list[str]]:
    """Let the statement with this number, and its transaction, fail; yields what it was."""
    seen = 0
    hit: list[str] = []

    def strike(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal seen
        seen += 1
        if seen != number:
            return
        hit.append(statement)
        raw = connection.connection.dbapi_connection
        if connection.dialect.name == "sqlite":
            raw.execute("ROLLBACK")
            raise OSError("disk I/O error")
        try:
            raw.execute("SELECT 1 / 0")
        except errors.DivisionByZero as error:
            raise OSError("disk I/O error") from error

    event.listen(database.engine, "before_cursor_execute", strike)
    try:
        yield hit
    finally:
        event.remove(database.engine, "before_cursor_execute", strike)


def kept(database: Database, what: type) -> set[Any]:
    with database.reading() as session:
        return {row.id for row in session.exec(select(what))}


def test_no_entry_is_promised_and_not_kept_whichever_statement_fails(house: House):
    database, promised, refused = house.database, set(), 0
    for number in range(1, MORE_THAN_AN_ENTRY_HAS):
        entry = house.entry(**FEVER)
        before = [kept(database, table) for table in (Alert, Assessment, Notification)]
        with fault_at(database, number) as hit:
            try:
                with database.writing() as session:
                    record_entry(session, house.ana, entry, NOW)
            except Exception:
                refused += 1
                # All or nothing: no row of a refused entry stays behind alone.
                assert entry.id not in kept(database, Entry), hit
                after = [kept(database, table) for table in (Alert, Assessment, Notification)]
                assert after == before, hit
            else:
                promised.add(entry.id)
        assert promised <= kept(database, Entry), hit
        if not hit:
            break

    assert not hit  # the last one had no fault, so every statement was struck once
    assert refused > 5
    assert len(promised) >= 1


def test_a_commit_of_nothing_is_said(house: House):
    entry = house.entry(**FEVER)
    with (
        pytest.raises(TransactionLostError, match="nothing of it was kept"),
        house.database.writing() as session,
    ):
        raw = session.connection().connection.dbapi_connection
        if session.get_bind().dialect.name == "sqlite":
            raw.execute("ROLLBACK")
        else:
            with suppress(errors.DivisionByZero):
                raw.execute("SELECT 1 / 0")

    with house.database.writing() as session:  # the next one is whole again
        session.add(entry)
    assert entry.id in kept(house.database, Entry)
