"""The whole SQLite file encrypted with SQLCipher: an option, for what data keys leave readable.

Needs the package ``sqlcipher3-wheels``. The key is 32 bytes in a file of its own, used as it is.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL

from db.errors import KeyMissingError
from db.keys import load_master_key, load_or_create_master_key, sync_folder

_PLAIN = b"SQLite format 3\0"
_KEY_FILE = "key_file"


def ciphered_url(file: Path, key_file: Path) -> URL:
    """Return the address of an encrypted file of SQLite."""
    return URL.create("sqlite", database=str(file), query={_KEY_FILE: str(key_file)})


def key_file_of(url: URL) -> Path | None:
    """Return the key file that an address names; None = the file is not encrypted."""
    named = url.query.get(_KEY_FILE)
    return None if named is None else Path(str(named))


def like(file: Path, url: URL) -> URL:
    """Return the address of another file of SQLite, encrypted if and as this one is."""
    key_file = key_file_of(url)
    return (
        URL.create("sqlite", database=str(file))
        if key_file is None
        else ciphered_url(file, key_file)
    )


def make_key(key_file: Path) -> None:
    """Make the key of a new installation unless it is there; raises KeyMissingError."""
    _driver()
    load_or_create_master_key(key_file)


def connect(url: URL) -> Any:
    """Return a connection to a file of SQLite, encrypted or not, that any thread may use.

    Raises:
        KeyMissingError: If its key is missing, or it is encrypted with another one or not at all.
    """
    file, key_file = Path(str(url.database)), key_file_of(url)
    if key_file is None:
        plain = sqlite3.connect(file, check_same_thread=False)
        try:
            _require_plain(plain, file)
        except KeyMissingError:
            plain.close()
            raise
        return plain
    driver = _driver()
    connection = driver.connect(str(file), check_same_thread=False)
    try:
        secret = load_master_key(key_file).secret.hex()
        connection.execute(f"PRAGMA key = \"x'{secret}'\"")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except (driver.DatabaseError, KeyMissingError) as error:
        connection.close()
        # Not before: see `_require_plain`.
        if file.is_file() and file.read_bytes()[: len(_PLAIN)] == _PLAIN:
            raise KeyMissingError(
                f"{file.name} is not encrypted yet; "
                "stop the diary and run `diary keys encrypt-file`."
            ) from error
        if isinstance(error, KeyMissingError):
            raise
        raise KeyMissingError(
            f"The key in {key_file} does not open {file.name}: it was encrypted with another one."
        ) from error
    return connection


def engine_arguments(url: URL) -> dict[str, Any]:
    """Return what `create_engine` needs besides the address of a file of SQLite."""
    if key_file_of(url) is None:
        if url.database and url.database != ":memory:":
            _require_no_cipher(Path(url.database))
        return {"connect_args": {"check_same_thread": False}}
    return {"module": _driver(), "creator": lambda: connect(url)}


def encrypt(file: Path, key_file: Path) -> int:
    """Encrypt a file of SQLite that nobody uses, and return how many tables it has.

    The encrypted file takes the place of the other one at one instant, after both were compared.

    Raises:
        KeyMissingError: If it is encrypted already, or the key cannot be made; nothing is changed.
    """
    _require_no_cipher(file)
    make_key(key_file)
    driver, secret = _driver(), load_master_key(key_file).secret.hex()
    draft = file.with_name(f"{file.name}.encrypting")
    draft.unlink(missing_ok=True)
    with closing(driver.connect(str(file))) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain.execute(f"ATTACH DATABASE ? AS whole KEY \"x'{secret}'\"", (str(draft),))
        plain.execute("SELECT sqlcipher_export('whole')")
        tables = _counts(plain, "main")
        same = tables == _counts(plain, "whole")
        plain.execute("DETACH DATABASE whole")
    if not same:
        draft.unlink()
        raise KeyMissingError("The encrypted copy differs from the file; nothing was changed.")
    os.chmod(draft, 0o600)
    os.replace(draft, file)
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    sync_folder(file.parent)
    return len(tables)


def _counts(connection: Any, schema: str) -> dict[str, int]:
    names = connection.execute(
        f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"  # noqa: S608
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM {schema}."{name}"').fetchone()[0]  # noqa: S608
        for (name,) in names
    }


def _require_no_cipher(file: Path) -> None:
    if file.is_file():
        with closing(sqlite3.connect(file)) as plain:
            _require_plain(plain, file)


def _require_plain(plain: sqlite3.Connection, file: Path) -> None:
    """Raise where a file is encrypted, as SQLite tells.

    Nobody else may look into it: closing a file ends every lock that this process holds on it
    (POSIX), so that another process may take SQLite's log away while it is still written to
    (SQLite's documentation, "How To Corrupt An SQLite Database File", section 2.2).
    """
    try:
        plain.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            return  # none that can be read: opening it says so
        raise KeyMissingError(
            f"{file.name} is encrypted; set DIARY_SQLITE_KEY_FILE to the file of its key."
        ) from error


def _driver() -> ModuleType:
    try:
        from sqlcipher3 import dbapi2  # noqa: PLC0415
    except ImportError:
        raise KeyMissingError(
            "DIARY_SQLITE_KEY_FILE needs SQLCipher; run `pip install sqlcipher3-wheels`."
        ) from None
    found: ModuleType = dbapi2
    return found
