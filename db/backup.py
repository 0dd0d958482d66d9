"""Backups: one sealed file with the database as it was at one instant and every photo it names.

What is in it is checked by bringing it back into a scratch place: the same rows in every table,
every clinic's audit chain whole and ending where it ended, every photo the one that was kept.
"""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pyrage
from sqlalchemy import (
    URL,
    Connection,
    Uuid,
    column,
    func,
    inspect,
    make_url,
    select,
    table,
    text,
)

from db import cipher
from db.backup_key import backup_identity
from db.engine import Database, open_database
from db.errors import BackupError
from db.keyring import Keyring
from db.keys import MasterKey, sync_folder
from db.photos.vault import PhotoVault
from db.stores import audit
from db.types import UtcDateTime

SUFFIX = ".diary-backup"
FORMAT = 1
_AN_HOUR = timedelta(hours=1)
_SCRATCH, _SURELY_ENDED = ".backup-scratch-", 86_400  # seconds
_MANIFEST, _PHOTOS = "manifest.json", "photos"
_ROWS = {"sqlite": "diary.db", "postgresql": "diary.pgdump"}


@dataclass(frozen=True)
class Contents:
    """What a backup holds.

    Attributes:
        made_at: ISO 8601, UTC.
        engine: sqlite or postgresql.
        revision: Of the tables.
        counts: Rows by table.
        chains: The number and the hash of each clinic's last audit row, by the clinic's id.
        photos: How many are kept.
        key: Fingerprint of the master key that seals the photos.
    """

    made_at: str
    engine: str
    revision: str
    counts: dict[str, int]
    chains: dict[str, tuple[int, str]]
    photos: int
    key: str
    format: int = FORMAT


def back_up(database: Database, photos: Path, key: MasterKey, folder: Path, now: datetime) -> Path:
    """Write one backup and return its file; patients may go on writing meanwhile.

    Args:
        photos: The folder of the sealed photos, in the data folder: only there, beside the
            database, does a copy lie unsealed while the backup is made.
        folder: Where the backup goes; made when missing. Best on another disk.
        now: Names the file.

    Raises:
        BackupError: It cannot be written; nothing is left behind then.
    """
    name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    sealed = folder / f".{name}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep(photos.parent, now)
        with tempfile.TemporaryDirectory(dir=photos.parent, prefix=_SCRATCH) as made:
            scratch = Path(made)
            rows = scratch / _ROWS[database.engine.dialect.name]
            _copy_rows(database, rows)
            with _opened(rows, database.engine.url) as copy:
                contents = _contents(copy, key, now)
            scratch.joinpath(_MANIFEST).write_text(json.dumps(asdict(contents), indent=1))
            whole = scratch / "whole.tar"
            with tarfile.open(whole, "w") as tar:
                for part in (_MANIFEST, rows.name):
                    tar.add(scratch / part, part)
                if photos.is_dir():
                    tar.add(photos, _PHOTOS)
            _seal(whole, sealed, key)
            os.replace(sealed, folder / name)
            sync_folder(folder)
    except OSError as error:
        sealed.unlink(missing_ok=True)
        raise BackupError(
            f"The backup could not be written to {folder} ({error.strerror}); "
            "choose a folder with room on a disk that answers."
        ) from error
    return folder / name


def check(
    file: Path, key: MasterKey, like: Database, data_dir: Path, *, inside: bool = True
) -> Contents:
    """Bring a backup back into a scratch place, compare, and throw the scratch place away.

    Args:
        inside: Also follow every audit chain and read every photo; without it what comes back is
            only held against what was put in.
        data_dir: The scratch place is made there, where the rows lie unsealed anyway.
        like: The database that runs now: a dump of PostgreSQL comes back on the same server.

    Raises:
        BackupError: It cannot be brought back as it was; the sentence says what is wrong.
    """
    with _unpacked(file, key, data_dir) as (folder, contents):
        rows = folder / _ROWS[contents.engine]
        with _opened(rows, like.engine.url) as copy:
            found = _contents(copy, key, datetime.fromisoformat(contents.made_at))
            if found != contents:
                raise BackupError(f"The backup {file.name} does not hold the rows it was made of.")
            if inside:
                vault = PhotoVault(folder / _PHOTOS, key, Keyring(copy.engine, key))
                _check_inside(copy, vault, file)
    return contents


def restore(file: Path, key: MasterKey, data_dir: Path, *, url: str = "") -> Contents:
    """Bring a backup back for good.

    Args:
        data_dir: Where the photos go, and the database of SQLite; both must not be there yet.
        url: An empty database of PostgreSQL for a backup of one.

    Raises:
        BackupError: It does not open, or something is there already; nothing is changed then.
    """
    with _unpacked(file, key, data_dir) as (folder, contents):
        rows, photos = folder / _ROWS[contents.engine], data_dir / _PHOTOS
        kept = data_dir / "diary.db"
        if photos.exists() or (contents.engine == "sqlite" and kept.exists()):
            raise BackupError(f"There is a diary in {data_dir} already; nothing was changed.")
        if contents.engine == "sqlite":
            shutil.move(rows, kept)
        else:
            _load(rows, make_url(url))
        if (folder / _PHOTOS).is_dir():
            shutil.move(folder / _PHOTOS, photos)
        sync_folder(data_dir)
    return contents


def kept_backups(folder: Path) -> list[Path]:
    """Return the backups in a folder, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def made_at(file: Path) -> datetime:
    """Return when a backup was made, from its name."""
    return datetime.strptime(file.name.removesuffix(SUFFIX), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def is_of_now(file: Path, database: Database, now: datetime) -> bool:
    """Return whether a backup is of this hour and the audit has no younger row."""
    event = table("audit_event", column("at", UtcDateTime))
    with database.engine.connect() as connection:
        last: datetime | None = connection.scalar(select(func.max(event.c.at)))
    made = made_at(file)
    return timedelta(0) <= now - made < _AN_HOUR and (last is None or last <= made)


def prune(folder: Path, *, days: int = 7, weeks: int = 5, months: int = 12) -> list[Path]:
    """Delete the backups that the policy does not keep, and return them.

    Kept are the newest of each of the last ``days`` days, ``weeks`` weeks and ``months`` months
    that have one; the newest of all is always kept.
    """
    files = kept_backups(folder)
    kept = set(files[-1:])
    for amount, period in ((days, "%Y-%m-%d"), (weeks, "%G-%V"), (months, "%Y-%m")):
        newest = {made_at(file).strftime(period): file for file in files}
        kept |= {newest[name] for name in sorted(newest)[-amount:]}
    gone = [file for file in files if file not in kept]
    for file in gone:
        file.unlink()
    return gone


def _sweep(data_dir: Path, now: datetime) -> None:
    """Delete what a backup that was killed left unsealed, once it is surely no longer made."""
    for left in data_dir.glob(f"{_SCRATCH}*"):
        if now.timestamp() - left.stat().st_mtime > _SURELY_ENDED:
            shutil.rmtree(left, ignore_errors=True)


def _contents(copy: Database, key: MasterKey, now: datetime) -> Contents:
    # Of the tables that are there: a former version of the diary had others.
    with copy.engine.connect() as tables:
        counts = {
            name: int(tables.scalar(select(func.count()).select_from(table(name))) or 0)
            for name in sorted(inspect(tables).get_table_names())
        }
        revision = str(tables.scalar(text("SELECT version_num FROM alembic_version")))
        photos = len(_kept_photos(tables))
    with copy.reading() as session:
        chains = {str(each): audit.last_link(session, each) for each in audit.chains(session)}
    made = now.astimezone(UTC).isoformat()
    engine = copy.engine.dialect.name
    return Contents(made, engine, revision, counts, chains, photos, key.fingerprint())


def _check_inside(copy: Database, vault: PhotoVault, file: Path) -> None:
    with copy.reading() as session:
        for clinic_id in audit.chains(session):
            broken = audit.first_broken_link(session, clinic_id)
            if broken is not None:
                raise BackupError(
                    f"In the backup {file.name} an audit chain is broken at row {broken}."
                )
        photos = _kept_photos(session.connection())
    lost = [photo_id for photo_id, digest in photos if not vault.verify(photo_id, digest)]
    if lost:
        raise BackupError(f"In the backup {file.name} {len(lost)} photos are missing or changed.")


def _kept_photos(connection: Connection) -> list[tuple[UUID, str]]:
    photo = table("photo", column("id", Uuid), column("sha256_kept"), column("removed_at"))
    query = select(photo.c.id, photo.c.sha256_kept).where(photo.c.removed_at.is_(None))
    return [(row.id, row.sha256_kept) for row in connection.execute(query)]


def _copy_rows(database: Database, target: Path) -> None:
    url = database.engine.url
    if database.engine.dialect.name == "sqlite":
        with (
            closing(cipher.connect(url)) as source,
            closing(cipher.connect(cipher.like(target, url))) as copy,
        ):
            source.backup(copy)
        return
    _program("pg_dump", url, "--format=custom", "--enable-row-security", f"--file={target}")


@contextmanager
def _opened(rows: Path, url: URL) -> Iterator[Database]:
    """Open copied rows: a file of SQLite as it is, a dump in a scratch database."""
    if rows.name == _ROWS["sqlite"]:
        copy = open_database(cipher.like(rows, url).render_as_string(hide_password=False))
        try:
            yield copy
        finally:
            copy.close()
        return
    name = f"diary_check_{uuid4().hex}"
    server = open_database(url.render_as_string(hide_password=False))
    try:
        with server.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
            try:
                scratch = url.set(database=name)
                _load(rows, scratch)
                copy = open_database(scratch.render_as_string(hide_password=False))
                try:
                    yield copy
                finally:
                    copy.close()
            finally:
                alone.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        server.close()


def _load(dump: Path, url: URL) -> None:
    options = ("--no-owner", "--exit-on-error", "--single-transaction", "--enable-row-security")
    _program("pg_restore", url, *options, str(dump))


def program(name: str) -> str:
    """Return where one of PostgreSQL's programs is: on the path, else the newest of the system's.

    Raises:
        BackupError: It is not installed.
    """
    found = shutil.which(name)
    if found is not None:
        return found
    newest = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda file: int(file.parts[-3])
    )
    if not newest:
        raise BackupError(f"The program {name} is not here; install PostgreSQL's client.")
    return str(newest[-1])


def _program(name: str, url: URL, *words: str) -> None:
    """Run one of PostgreSQL's programs against a database; the password goes by environment."""
    # Not `url.set`: there None means "as it was".
    plain = url._replace(drivername="postgresql", password=None).render_as_string()
    secret = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, no words of people
        [program(name), f"--dbname={plain}", *words],
        env={**os.environ, **secret, "PGOPTIONS": "-c diary.clinic=*"},
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupError(f"{name} failed; PostgreSQL's own log says why.")


def _seal(whole: Path, sealed: Path, key: MasterKey) -> None:
    recipient = backup_identity(key).to_public()
    with whole.open("rb") as reader, sealed.open("xb") as writer:
        pyrage.encrypt_io(reader, writer, [recipient])
        writer.flush()
        os.fsync(writer.fileno())


def _unseal(file: Path, whole: Path, key: MasterKey) -> None:
    with file.open("rb") as reader, whole.open("xb") as writer:
        try:
            pyrage.decrypt_io(reader, writer, [backup_identity(key)])
        except OSError as error:  # what is changed or cut off further in is told as one
            if error.errno is None:
                raise ValueError("not whole") from error
            raise


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Write files and folders into this folder, and nothing elsewhere.

    By hand: `filter="data"` of the library is missing in Python 3.11.0 to 3.11.3 (PEP 706).
    """
    for member in tar:
        place = folder / member.name
        if ".." in place.parts or not place.is_relative_to(folder):
            raise ValueError("not made by the diary")
        if member.isdir():
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            continue
        content = tar.extractfile(member) if member.isfile() else None
        if content is None:
            raise ValueError("not made by the diary")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(place, "xb", opener=_for_its_user_alone) as writer:
            shutil.copyfileobj(content, writer)


def _for_its_user_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def _unpacked(file: Path, key: MasterKey, data_dir: Path) -> Iterator[tuple[Path, Contents]]:
    """Yield a temporary folder in the data folder with what is in a backup."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=data_dir, prefix=_SCRATCH) as made:
            folder = Path(made)
            whole = folder / "whole.tar"
            _unseal(file, whole, key)
            with tarfile.open(whole) as tar:
                _unpack(tar, folder)
            whole.unlink()
            found = json.loads(folder.joinpath(_MANIFEST).read_text())
            found["chains"] = {name: (at[0], at[1]) for name, at in found["chains"].items()}
            yield folder, Contents(**found)
    except FileNotFoundError as error:
        raise BackupError(f"There is no backup {file}.") from error
    except (pyrage.DecryptError, tarfile.TarError, ValueError, TypeError, KeyError) as error:
        raise BackupError(
            f"The backup {file.name} does not open: it was changed or cut off, or it was made "
            "with another master key."
        ) from error
