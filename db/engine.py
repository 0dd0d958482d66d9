"""Open the database; the only place that makes an engine."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any
from uuid import UUID

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlmodel import Session

from db import cipher
from db.walls import EVERY_CLINIC, SETTING, raise_walls

MIGRATIONS = Path(__file__).parent / "migrations"
# What a database raises that does not answer, or not as it should.
DatabaseFault = SQLAlchemyError
# What a database that is away, or a login that may not, is told with; see `first_words`.
DatabaseRefusal = (OperationalError, ProgrammingError)
BUSY_SECONDS = 10.0
WAIT_SECONDS = 30.0
# Numbers of ours among the advisory locks of a database.
WRITERS = 1_146_046_293
CHANGING_TABLES = 1_146_046_294
_WRITE = "BEGIN IMMEDIATE"


class TransactionLostError(DatabaseFault):
    """The database ended the transaction by itself after a fault: nothing of it was kept."""


@dataclass(frozen=True)
class Database:
    """An open database: ``reading()`` and ``writing()`` give sessions.

    ``writing()`` takes the write lock at its start (BEGIN IMMEDIATE on SQLite), so a transaction
    never fails half way because somebody else wrote in between. It commits at the end and rolls
    back when anything is raised. Whoever leaves it without an exception has what was written: a
    transaction that the database itself gave up raises TransactionLostError at the next statement
    and at the commit, even where the first fault was caught on the way.

    Attributes:
        engine: Makes the connections.
        turn: Who writes next on SQLite. Threads of one process wait for it in a queue; SQLite
            alone lets them sleep and try again, and the unlucky ones sleep for a second.
    """

    engine: Engine
    turn: "RLock | None" = field(default=None, compare=False, repr=False)

    @contextmanager
    def reading(self, clinic: UUID | None = None) -> Iterator[Session]:
        """Yield a session for reading; nothing is committed.

        Args:
            clinic: PostgreSQL shows no row of another clinic then; None = it shows all.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            if self.turn is None:
                session.connection(execution_options={"diary_clinic": clinic})
            yield session

    @contextmanager
    def writing(self, clinic: UUID | None = None) -> Iterator[Session]:
        """Yield a session that holds the write lock and commits at the end.

        Args:
            clinic: Whose rows are written. On PostgreSQL other clinics go on writing meanwhile, and
                none of their rows can be seen or written; None = everybody waits.
        """
        with self._turn_to_write(), Session(self.engine, expire_on_commit=False) as session:
            options = {"diary_immediate": True, "diary_clinic": clinic}
            session.connection(execution_options=options)
            yield session
            session.commit()

    @contextmanager
    def claiming(self, clinic: UUID) -> Iterator[Session]:
        """Yield a session for taking from a queue: it commits at the end.

        On PostgreSQL it waits for no other writer: whoever takes locks the rows it takes and skips
        those that another process holds. On SQLite it is as ``writing()``.
        """
        if self.turn is not None:
            with self.writing(clinic) as session:
                yield session
            return
        with self.reading(clinic) as session:
            yield session
            session.commit()

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """Wait for one's turn; after ``BUSY_SECONDS`` SQLite itself decides, and says so."""
        mine = self.turn is not None and self.turn.acquire(timeout=BUSY_SECONDS)
        try:
            yield
        finally:
            if mine and self.turn is not None:
                self.turn.release()

    def forget(self) -> None:
        """Empty SQLite's log of changes, which still holds what was just erased.

        A reader at work delays that; then it happens at a later checkpoint.
        """
        if self.turn is not None:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as bare:
                bare.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Return the database at this URL; tables are made by `migrate`, not here.

    Args:
        url: Such as ``sqlite:///diary.db`` (or of `db.cipher`), or
            ``postgresql+psycopg://host/name``.

    Raises:
        KeyMissingError: If the file of SQLite is encrypted and the key is not its key.
    """
    address = make_url(url)
    sqlite_file = address.get_backend_name() == "sqlite"
    engine = create_engine(
        address.set(query={}) if sqlite_file else address,
        hide_parameters=True,  # an error text must not carry what a patient said
        **(cipher.engine_arguments(address) if sqlite_file else {}),
    )
    engine.url = address  # whoever opens it once more needs all of it
    if sqlite_file:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "before_cursor_execute", _go_on_sqlite)
        event.listen(engine, "commit", _require_transaction_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "commit", _require_transaction_postgresql)
    return Database(engine, RLock() if sqlite_file else None)


def is_postgresql(url: str) -> bool:
    """Return whether this is the address of a PostgreSQL database that can be opened here."""
    try:
        return make_url(url).get_dialect().name == "postgresql"
    except (ArgumentError, NoSuchModuleError):
        return False


def server_time(database: Database) -> datetime:
    """Return the present instant by the clock of PostgreSQL's machine."""
    with database.engine.connect() as connection:
        told: datetime = connection.scalar(text("SELECT clock_timestamp()"))
    return told


def server_version(database: Database) -> int:
    """Return the major version of PostgreSQL's server, such as 15."""
    with database.engine.connect() as connection:
        return int(str(connection.scalar(text("SHOW server_version_num")))) // 10_000


def first_words(refusal: OperationalError | ProgrammingError) -> str:
    """Return the first line of a refusal; no words and no values of people are in it."""
    return str(refusal.orig).partition("\n")[0]


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the tables to a revision; safe to call at every start, also of several processes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection, _alone(connection):
        there = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        if revision != "head" or there != newest_revision():
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        if connection.dialect.name == "postgresql" and revision == "head":
            with connection.begin():
                raise_walls(connection)


def revision_of(database: Database) -> str | None:
    """Return the revision of the tables that are there; None when there are none."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str:
    """Return the revision that `migrate` leads to."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return str(ScriptDirectory.from_config(config).get_current_head())


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Let one process after the other change PostgreSQL's tables; on SQLite the file does."""
    if connection.dialect.name != "postgresql":
        yield
        return
    key = {"key": CHANGING_TABLES}
    with connection.begin():
        connection.execute(text("SELECT pg_advisory_lock(:key)"), key)
    try:
        yield
    finally:
        connection.rollback()
        with connection.begin():
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not begin transactions itself, or BEGIN IMMEDIATE could not be ours.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a committed alert survives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is overwritten in the file
        f"busy_timeout={BUSY_SECONDS * 1000:.0f}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_postgresql(connection: Any) -> None:
    """Say whose rows this transaction is about; a writer waits until nobody else writes there.

    Locks of the transaction: whoever writes in one clinic shares the first with other clinics'
    writers, and has the second alone; whoever writes in all has the first alone.
    """
    options = connection.get_execution_options()
    clinic = options.get("diary_clinic")
    connection.exec_driver_sql(
        "SELECT set_config(%s, %s, true)", (SETTING, str(clinic or EVERY_CLINIC))
    )
    if not options.get("diary_immediate", False):
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS:.0f}s'")
    if clinic is None:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, 0)", (WRITERS,))
    else:
        connection.exec_driver_sql(
            "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock(%s)",
            (WRITERS, _number(clinic)),
        )


def _number(clinic: UUID) -> int:
    """Return a lock's number; two clinics with the same one wait for each other, no more."""
    return int.from_bytes(clinic.bytes[-8:], "big", signed=True)


def _begin_sqlite(connection: Any) -> None:
    immediate = connection.get_execution_options().get("diary_immediate", False)
    connection.exec_driver_sql(_WRITE if immediate else "BEGIN")


def _go_on_sqlite(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    """Let no statement be kept alone that belongs to a transaction which is no longer there."""
    if connection.get_execution_options().get("diary_immediate", False) and statement != _WRITE:
        _require_transaction_sqlite(connection)


def _require_transaction_sqlite(connection: Any) -> None:
    """Raise where there is nothing to commit: the driver would say nothing.

    SQLite rolls a whole transaction back by itself when the disk is full or fails (its
    documentation, "Response To Errors Within A Transaction").
    """
    if not connection.connection.dbapi_connection.in_transaction:
        raise TransactionLostError("SQLite gave the transaction up; nothing of it was kept.")


def _require_transaction_postgresql(connection: Any) -> None:
    """Raise where a COMMIT would be answered with ROLLBACK, which the driver takes for success."""
    driven = connection.connection.dbapi_connection
    if driven.info.transaction_status.name == "INERROR":
        driven.rollback()  # nobody else does after a commit, and the next one gets this connection
        raise TransactionLostError("PostgreSQL gave the transaction up; nothing of it was kept.")
