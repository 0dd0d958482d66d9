"""What `diary check` tries inside: folders, key, database, walls, worker, backups, disks."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts import night_backup
from db.backup import kept_backups, made_at
from db.engine import (
    Database,
    DatabaseFault,
    newest_revision,
    open_database,
    revision_of,
    server_time,
)
from db.errors import StorageError
from db.stores import doors
from db.walls import missing_walls, strange_tables, walls_hold
from diary_app.commands.check_line import Line, failed, fine, warned
from diary_app.commands.check_postgresql import postgresql_lines
from diary_app.services.watch import LATE_AFTER, WORKER
from diary_app.settings import Settings

A_DAY = timedelta(days=1)
SKEW = timedelta(seconds=5)
FULL, NEARLY_FULL = 1 << 30, 5 << 30  # bytes that are free


def inside_lines(chosen: Settings, at: datetime) -> Iterator[Line]:
    """Yield what was found in the folders, the key and the database."""
    yield _folder("Data folder", chosen.data_dir)
    yield _key(chosen)
    yield from _database(chosen, at)
    yield from _disks(chosen)


def _folder(what: str, folder: Path) -> Line:
    if not folder.is_dir():
        return failed(what, f"{folder} is not there.", "Run `diary init`, or set DIARY_DATA_DIR.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return failed(
            what, f"{folder} cannot be written.", "Give it to the user that runs the diary (chown)."
        )
    mode = stat.S_IMODE(folder.stat().st_mode)
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        return failed(
            what, f"{folder} is open to other users (mode {mode:o}).", f"chmod 700 {folder}"
        )
    return fine(what, f"{folder}, for its own user alone.")


def _key(chosen: Settings) -> Line:
    source = chosen.key_source
    if source.is_cut_off():
        return failed(
            "Master key",
            "A change of it was cut off.",
            "Stop the diary and run `diary keys renew-master` again.",
        )
    try:
        source.load()
    except StorageError as error:
        return failed("Master key", str(error), "Without it photos and backups do not open.")
    if (
        not (source.text or source.command)
        and chosen.backup_dir is not None
        and chosen.backup_dir.resolve() in source.file.resolve().parents
    ):
        return failed(
            "Master key",
            "It lies in the folder of the backups.",
            "Whoever takes that folder could open them; set DIARY_KEY_FILE to another place.",
        )
    alone = "" if source.text or source.command else ", for its own user alone"
    return fine("Master key", f"{source.told()}: whole{alone}.")


def _database(chosen: Settings, at: datetime) -> Iterator[Line]:
    if not chosen.database_url and not (chosen.data_dir / "diary.db").exists():
        yield failed("Database", "There is none in the data folder.", "Run `diary init`.")
        return
    database = open_database(chosen.url)
    try:
        if others := _strange(database):
            yield failed(
                "Database login",
                f"{others} tables belong to another login: it can neither read nor change them.",
                "Bring the backup back as this login, or ALTER TABLE ... OWNER TO it.",
            )
            return
        revision = revision_of(database)
        yield fine("Database", f"{database.engine.dialect.name} answers.")
        if revision is None:
            yield failed("Tables", "There are none yet.", "Run `diary init`.")
            return
        if revision != newest_revision():
            yield failed(
                "Tables",
                f"They are of revision {revision}, this version needs {newest_revision()}.",
                "Start the server of this version once; it makes a checked backup first.",
            )
            return
        yield fine("Tables", f"They are those of this version ({revision}).")
        yield _walls(database)
        if database.engine.dialect.name == "postgresql":
            yield from postgresql_lines(database)
            yield from _clock_of(database)
        with database.reading() as session:
            beats = doors.beats(session)
        yield _worker(beats[WORKER][0] if WORKER in beats else None, at)
        backup = beats.get(night_backup.DUTY)
        yield from _backups(chosen, None if backup is None else bool(backup[1]["whole"]), at)
    except (DatabaseFault, StorageError) as error:
        yield failed(
            "Database",
            f"It does not answer ({type(error).__name__}).",
            "See whether it runs, and whether DIARY_DATABASE_URL names it and its password.",
        )
    finally:
        database.close()


def _strange(database: Database) -> int:
    if database.engine.dialect.name == "sqlite":
        return 0
    with database.engine.connect() as connection:
        return strange_tables(connection)


def _walls(database: Database) -> Line:
    with database.engine.connect() as connection:
        missing = missing_walls(connection)
        bound = connection.dialect.name == "sqlite" or walls_hold(connection)
    if missing:
        return failed(
            "Walls",
            f"These are missing: {', '.join(missing)}.",
            "Somebody took them away: find out who, then restore a backup from before.",
        )
    if not bound:
        return failed(
            "Walls",
            "This login is a superuser or exempt from row-level security: no wall binds it.",
            "Make a login of its own for the diary, as docs/operations.md says.",
        )
    return fine("Walls", "What was said can only be added to, and no clinic sees another one's.")


def _clock_of(database: Database) -> Iterator[Line]:
    before = datetime.now(UTC)  # noqa: TID251 - the two clocks are read side by side
    there = server_time(database)
    apart = abs(there - before)
    if apart > SKEW:
        yield failed(
            "Clock",
            f"The database's clock is {apart.total_seconds():.0f} seconds away from this one.",
            "Let both machines follow a time server.",
        )
    else:
        yield fine("Clock", "The database's clock is the same.")


def _worker(last: datetime | None, at: datetime) -> Line:
    if last is None:
        return failed("Worker", "It has never run.", "Start `diary serve` or `diary worker`.")
    if last - at > SKEW:
        return failed(
            "Worker", "It last ran in the future.", "The clock went back; set it by a time server."
        )
    if at - last > LATE_AFTER:
        return failed(
            "Worker",
            f"It last ran {_span(at - last)} ago: no alert is sent now.",
            "Start `diary serve` or `diary worker`, and see its log.",
        )
    return fine("Worker", f"It ran {_span(at - last)} ago.")


def _backups(chosen: Settings, whole: bool | None, at: datetime) -> Iterator[Line]:
    folder = chosen.backup_dir
    if folder is None:
        yield warned("Backups", "None are made.", "Set DIARY_BACKUP_DIR to a folder elsewhere.")
        return
    yield _folder("Backup folder", folder)
    if not folder.is_dir():
        return
    if folder.stat().st_dev == chosen.data_dir.stat().st_dev:
        yield warned(
            "Backup folder",
            "It is on the same disk as the diary.",
            "One broken disk takes both; choose another disk, or copy the files away.",
        )
    files = kept_backups(folder)
    if not files:
        yield failed("Newest backup", "There is none.", "Run `diary backup`.")
        return
    age = at - made_at(files[-1])
    if age > A_DAY + timedelta(hours=1):
        yield failed(
            "Newest backup",
            f"It is {_span(age)} old.",
            "Run `diary backup`; then see why the worker made none last night.",
        )
    elif whole is False:
        yield failed(
            "Newest backup", "The nightly one was not whole.", "Run `diary backup` and read it."
        )
    elif whole is None:
        yield warned(
            "Newest backup",
            f"It is {_span(age)} old; the worker checked none yet.",
            "Look again tomorrow.",
        )
    else:
        yield fine("Newest backup", f"It is {_span(age)} old, was brought back and is whole.")


def _disks(chosen: Settings) -> Iterator[Line]:
    folders = {"Disk of the data": chosen.data_dir, "Disk of the backups": chosen.backup_dir}
    for what, folder in folders.items():
        if folder is None or not folder.is_dir():
            continue
        free = shutil.disk_usage(folder).free
        found = f"{free / (1 << 30):.1f} GB are free."
        if free < FULL:
            yield failed(what, found, "Make room now: entries cannot be kept on a full disk.")
        elif free < NEARLY_FULL:
            yield warned(what, found, "Make room soon.")
        else:
            yield fine(what, found)


def _span(span: timedelta) -> str:
    seconds = span.total_seconds()
    if seconds < 120:
        return f"{max(seconds, 0):.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"
