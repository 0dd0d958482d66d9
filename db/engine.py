"""Open the database; the only place that makes an engine."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlmodel import Session

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10.0


@dataclass(frozen=True)
class Database:
    """An open database: ``reading()`` and ``writing()`` give sessions.

    ``writing()`` takes the write lock at its start (BEGIN IMMEDIATE on SQLite), so a transaction
    never fails half way because somebody else wrote in between. It commits at the end and rolls
    back when anything is raised.

    Attributes:
        engine: Makes the connections.
        turn: Who writes next on SQLite. Threads of one process wait for it in a queue; SQLite
            alone lets them sleep and try again, and the unlucky ones sleep for a second.
    """

    engine: Engine
    turn: "RLock | None" = field(default=None, compare=False, repr=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for reading; nothing is committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session that holds the write lock and commits at the end."""
        with self._turn_to_write(), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"diary_immediate": True})
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

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Return the database at this URL; tables are made by `migrate`, not here.

    Args:
        url: Such as ``sqlite:///diary.db`` or ``postgresql+psycopg://host/name``.
    """
    sqlite_file = make_url(url).get_backend_name() == "sqlite"
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False} if sqlite_file else {},
        hide_parameters=True,  # an error text must not carry what a patient said
    )
    if sqlite_file:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, RLock() if sqlite_file else None)


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the tables to a revision; safe to call at every start."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not begin transactions itself, or BEGIN IMMEDIATE could not be ours.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a committed alert survives a power cut
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000:.0f}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    immediate = connection.get_execution_options().get("diary_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
