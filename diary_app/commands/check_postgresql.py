"""What `diary check` tries of PostgreSQL alone: the login's rights, the backups' programs."""

import re
import subprocess
from collections.abc import Iterator

from db.backup import program
from db.engine import Database, server_version
from db.errors import StorageError
from db.walls import may_make_databases
from diary_app.commands.check_line import Line, failed, fine

PATIENCE = 10.0  # seconds


def postgresql_lines(database: Database) -> Iterator[Line]:
    """Yield what was found of the login and the programs."""
    what = "Database login"
    with database.engine.connect() as connection:
        may_make = may_make_databases(connection)
    if may_make:
        yield fine(what, "It owns the tables and may make the scratch database of a backup.")
    else:
        yield failed(
            what,
            "It may make no scratch database: no backup can be brought back and compared.",
            "ALTER ROLE ... CREATEDB, as docs/operations.md says.",
        )
    yield from _programs(server_version(database))


def _programs(server: int) -> Iterator[Line]:
    what = "Backup programs"
    for name in ("pg_dump", "pg_restore"):
        try:
            version = _version(name)
        except (StorageError, OSError, subprocess.TimeoutExpired):
            version = 0
        if version < server:
            is_there = f"is of version {version}" if version else "is not there"
            yield failed(
                what,
                f"{name} {is_there}, the server is of version {server}: no backup can be made.",
                f"Install PostgreSQL's client of that version, such as postgresql-client-{server}.",
            )
            return
    yield fine(what, f"pg_dump and pg_restore fit the server (version {server}).")


def _version(name: str) -> int:
    said = subprocess.run(  # noqa: S603 - a program of PostgreSQL, a fixed word
        [program(name), "--version"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    ).stdout
    found = re.search(r"\b(\d+)(?:\.\d+)*", said)
    return int(found[1]) if found else 0
