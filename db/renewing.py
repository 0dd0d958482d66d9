"""Change the master key: everything that is sealed with it is sealed with another, all at once.

One transaction of all clinics, in a database that nobody else has open: a server holds the master
key in memory, and would go on sealing with the former one. The new key lies on the disk before the
transaction ends, and is put in the place of the former one after it. Killed anywhere, the next run
sees in the data keys which of the two counts, and takes back or finishes what was begun.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Table, event, select, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from db import keyring, sealed_ways
from db.access import viewer_for
from db.engine import newest_revision, open_database, revision_of
from db.errors import ConflictError, KeyMissingError, TamperedError, UnreachableError
from db.key_source import KeySource
from db.keys import MasterKey
from db.models import METADATA
from db.photos.vault import PhotoVault
from db.resealing import without_data_key
from db.stores import audit

IN_USE = (
    "The diary is in use. Stop every server, worker and command of it, on all machines, and run "
    "this again: they hold the master key in memory. Nothing was changed."
)
_BUSY_MILLISECONDS = 1000
# Connections of the diary's own login: a program that only measures has another one.
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename = current_user AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Sealed:
    """A column whose values are sealed with the master key itself.

    Attributes:
        name: What its values are, for people; also the word of the audit.
        table: Of the database.
        column: Of the table.
        purpose: What they are sealed for.
        bound: A row -> the place that its value is bound to.
        may_be_lost: A row -> whether nothing depends on its value any more.
    """

    name: str
    table: Table
    column: str
    purpose: bytes
    bound: Callable[[Row[Any]], bytes]
    may_be_lost: Callable[[Row[Any]], bool] = lambda _row: False


@dataclass(frozen=True)
class Piece:
    """A value, opened: its row's id and clinic, the place it is bound to, and what it says."""

    row_id: UUID
    clinic_id: UUID
    bound: bytes
    content: bytes


@dataclass(frozen=True)
class Renewed:
    """What a run did.

    Attributes:
        counts: How many values were sealed anew, by what they are.
        former: Where the former key lies now; None = in no file of the diary's.
        is_finished: An earlier run had sealed all anew; this one put the new key in its place.
    """

    counts: dict[str, int]
    former: Path | None
    is_finished: bool


def _own_id(row: Row[Any]) -> bytes:
    mine: UUID = row.id
    return mine.bytes


_DATA_KEYS = Sealed(
    "data keys",
    METADATA.tables["data_key"],
    "wrapped",
    keyring.PURPOSE,
    lambda row: keyring.bound_to(row.clinic_id, row.version),
)
SEALED = (
    _DATA_KEYS,
    Sealed(
        "secrets of authenticator apps",
        METADATA.tables["user"],
        "totp_sealed",
        sealed_ways.TOTP_PURPOSE,
        _own_id,
    ),
    Sealed(
        "addresses of ways out",
        METADATA.tables["contact_way"],
        "address_sealed",
        sealed_ways.PURPOSE,
        _own_id,
        # One that does not open is switched off and entered again: the row stays for its messages.
        lambda row: row.disabled_at is not None,
    ),
)


def renew_master(
    url: str, photos: Path, former: MasterKey, place: KeySource, now: datetime
) -> Renewed:
    """Make a new master key, seal everything with it, and put it in its place.

    Args:
        url: Of the database.
        photos: The folder of the sealed photos.
        former: The key that opened everything until now.
        place: Where the new key goes; a key that is there is kept beside it.
        now: Kept in the audit, and in the name of the former key's file.

    Raises:
        ConflictError: If the diary is in use, something does not open, or something is sealed with
            no data key; nothing is changed then.
        KeyMissingError: If ``former`` opens nothing, or the new key cannot be kept.
        UnreachableError: If the database does not answer.
    """
    waiting = place.waiting()
    with _alone(url) as session:
        pieces, lost = _opened(session.connection(), _DATA_KEYS, former)
        is_finished = bool(lost) and not pieces
        if is_finished:
            _require_key(session.connection(), waiting)
            counts = {}
        else:
            # The former key opens: whatever waits is of a run that ended before its transaction.
            waiting.file.unlink(missing_ok=True)
            counts = _seal_anew(session, photos, former, waiting, now)
    return Renewed(counts, place.settle(now), is_finished)


def _require_key(connection: Connection, waiting: KeySource) -> None:
    """Pass when the key that waits is the one that counts."""
    if not waiting.file.exists():
        raise KeyMissingError(
            "The master key is another one than this diary's data were sealed with; put the right "
            "one in its place. If a change of it was cut off, name the same file again with --to."
        )
    pieces, _lost = _opened(connection, _DATA_KEYS, waiting.load())
    if not pieces:
        raise KeyMissingError(
            f"Neither the master key nor the one in {waiting.file} opens this diary; put the right "
            "one in its place."
        )


def _seal_anew(
    session: Session, photos: Path, former: MasterKey, waiting: KeySource, now: datetime
) -> dict[str, int]:
    connection = session.connection()
    _require_data_keys(connection, photos)
    opened = {each.name: _opened(connection, each, former) for each in SEALED}
    lost = ", ".join(f"{count} {name}" for name, (_pieces, count) in opened.items() if count)
    if lost:
        raise ConflictError(
            f"These do not open: {lost}. Bring them back first, from a backup, or by entering them "
            "again in the app. Nothing was changed."
        )
    key = waiting.load_or_create()
    for each in SEALED:
        for piece in opened[each.name][0]:
            sealed = key.seal(each.purpose, piece.content, piece.bound)
            mine = each.table.c.id == piece.row_id
            connection.execute(each.table.update().where(mine).values({each.column: sealed}))
    for clinic_id in connection.scalars(select(METADATA.tables["clinic"].c.id)).all():
        machine = viewer_for(
            "administrator", clinic_id=clinic_id, actor_id=clinic_id, name="command line"
        )
        detail = {
            name: sum(piece.clinic_id == clinic_id for piece in pieces)
            for name, (pieces, _count) in opened.items()
        }
        audit.note(session, machine, "key.renew", "clinic", now, detail=detail)
    return {name: len(pieces) for name, (pieces, _count) in opened.items()}


def _opened(connection: Connection, each: Sealed, key: MasterKey) -> tuple[list[Piece], int]:
    """Return the values that a key opens, and how many it does not open though it should."""
    pieces, lost = [], 0
    for row in connection.execute(select(each.table).where(each.table.c[each.column].is_not(None))):
        bound = each.bound(row)
        try:
            content = key.open(each.purpose, getattr(row, each.column), bound)
        except TamperedError:
            lost += not each.may_be_lost(row)
        else:
            pieces.append(Piece(row.id, row.clinic_id, bound, content))
    return pieces, lost


def _require_data_keys(connection: Connection, photos: Path) -> None:
    """Pass when every text and photo is sealed with a data key: only those are wrapped anew."""
    texts, pictures = without_data_key(connection, PhotoVault(photos, None))
    if texts or pictures:
        raise ConflictError(
            f"{texts:,} texts and {pictures:,} photos are sealed with no data key yet; run "
            "`diary keys encrypt` first. Nothing was changed."
        )


@contextmanager
def _alone(url: str) -> Iterator[Session]:
    """Yield a session that holds the whole database, which nobody else has open.

    Whoever opens it meanwhile waits for the end, and then reads the data keys as they are by then.
    """
    with ExitStack() as stack:
        database = open_database(url)
        stack.callback(database.close)
        if database.engine.dialect.name == "sqlite":
            event.listen(database.engine, "connect", _take_file, insert=True)
        try:
            revision = revision_of(database)
            session = stack.enter_context(database.writing())
            _require_alone(session.connection())
        except OperationalError as error:
            if "lock" in str(error.orig):  # "is locked", "lock timeout"
                raise ConflictError(IN_USE) from error
            raise UnreachableError("The database does not answer; see whether it runs.") from error
        if revision != newest_revision():
            raise ConflictError(
                "The tables are of another version of the diary; run `diary verify` once, which "
                "brings them up to date, then this again. Nothing was changed."
            )
        yield session


def _take_file(connection: sqlite3.Connection, _record: Any) -> None:
    """Take SQLite's file before anything else is asked; refused while another process has it open.

    Source:
        SQLite's documentation, "PRAGMA locking_mode", and "Write-Ahead Logging", section 8.
    """
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")


def _require_alone(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        return
    # Whoever starts from here on waits before it reads a data key.
    connection.execute(text("LOCK TABLE data_key IN ACCESS EXCLUSIVE MODE"))
    if connection.scalar(_OTHERS):
        raise ConflictError(IN_USE)
