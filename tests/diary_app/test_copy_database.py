"""A diary moves from SQLite to PostgreSQL: all of it, once, also when it is killed half way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from PIL import Image
from sqlalchemy import text
from sqlmodel import Session, select

from db.belongings import WITHOUT_CLINIC, tables
from db.copying import copy
from db.engine import Database, open_database
from db.errors import CopyError
from db.keys import load_or_create_master_key
from db.models import Entry, Handover, Photo
from db.photos import clean_photo
from db.photos.vault import PhotoVault
from db.stores import audit, diary
from db.walls import clinic_columns
from diary_app.commands.copying import copy_database
from diary_app.installation import SetUpError, open_installation
from diary_app.settings import Settings
from tests import postgres
from tests.db.full_house import build_full_house
from tests.people import NOW, House, postgres_template

ENTRIES = 1600  # more than a batch


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("diary")


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[House]:
    """A SQLite file with a row in every table, many entries, a correction and photos."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.people.ENGINE", "sqlite")
        built = build_full_house(folder).house
    key = load_or_create_master_key(folder / "master.key")
    out = BytesIO()
    Image.new("RGB", (64, 48), (200, 120, 110)).save(out, "JPEG")
    clean = clean_photo(out.getvalue())
    with built.database.writing() as session:
        rows = [
            built.entry(at=NOW - timedelta(minutes=n), note=f"Tag {n}: Ausschlag, 5 % \u2713")
            for n in range(ENTRIES)
        ]
        session.add_all(rows)
        session.flush()
        # Made on a phone whose clock is years behind: its id sorts before all others.
        session.add(
            built.entry(
                id=UUID(int=7), first_id=rows[-1].id, replaces_id=rows[-1].id, version=2,
                temperature_value=38.4, temperature_unit="C",
            )
        )  # fmt: skip
        for photo in session.exec(select(Photo).where(Photo.removed_at == None)):  # noqa: E711
            PhotoVault(folder / "photos", key).put(photo.id, clean)
            photo.sha256_kept = clean.sha256_kept
            session.add(photo)
    yield built
    built.database.close()


def diary_command(folder: Path, *words: str) -> subprocess.Popen[str]:
    settings = {"DIARY_DATA_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "diary_app", *words],
        env={**{k: v for k, v in os.environ.items() if not k.startswith("DIARY_")}, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def plain(url: str) -> str:
    return url.replace("+psycopg", "")


def count(session: Session, table: str) -> int:
    return int(session.connection().scalar(text(f'SELECT count(*) FROM "{table}"')) or 0)


def silent(_doing: str, _table: str, _done: int, _of: int) -> None:
    """Tell nobody."""


HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$;
CREATE TRIGGER hold BEFORE INSERT ON entry FOR EACH ROW WHEN (NEW.id = '{id}')
EXECUTE FUNCTION hold()
"""


def copied_entries(connection: psycopg.Connection) -> int:
    """How many entries are in the copy by its own books."""
    if connection.execute("SELECT to_regclass('diary_copy')").fetchone() == (None,):
        return 0
    row = connection.execute("SELECT places FROM diary_copy").fetchone()
    assert row is not None
    return int(json.loads(row[0]).get("entry", [0])[0])


def test_killed_in_the_middle_it_goes_on_where_it_was(house: House, folder: Path) -> None:
    url = postgres.server().new_database(postgres_template())
    with house.database.reading() as session:
        ids = sorted(session.exec(select(Entry.id).where(Entry.version == 1)))

    with psycopg.connect(plain(url), autocommit=True) as beside:
        # The copy has to wait at an entry of its second batch; there it is killed.
        beside.execute(HOLD.format(id=ids[1200]).encode())
        beside.execute("SELECT pg_advisory_lock(4711)")
        with diary_command(folder, "copy-database", "--to", url) as first:
            until = time.monotonic() + 60
            while not copied_entries(beside) and time.monotonic() < until:
                time.sleep(0.05)
            first.send_signal(signal.SIGKILL)
            why = first.communicate()[1]
        half = copied_entries(beside)
        beside.execute("SELECT pg_advisory_unlock(4711)")
        beside.execute("DROP TRIGGER hold ON entry")

        with pytest.raises(SetUpError, match="The copy into this database is not finished"):
            open_installation(Settings(data_dir=folder, database_url=url))
        with diary_command(folder, "copy-database", "--to", url, "--json") as second:
            told, refused = second.communicate(timeout=120)

        assert 0 < half < ENTRIES, why
        assert second.returncode == 0, refused
        answer = json.loads(told)
        assert beside.execute("SELECT to_regclass('diary_copy')").fetchone() == (None,)
    assert answer["resumed"] is True
    assert f"Copying entry: {half} of" in refused  # said where it went on
    with opened(url) as target, target.reading() as copied, house.database.reading() as kept:
        for table in answer["tables"]:
            assert count(copied, table) == count(kept, table) == answer["tables"][table]["rows"]
        mine = diary.entries(copied, house.ana, house.ana.actor_id)
        assert mine == diary.entries(kept, house.ana, house.ana.actor_id)
        assert len(mine) > ENTRIES - 1
        for clinic_id in audit.chains(kept):
            assert audit.first_broken_link(copied, clinic_id) is None
            assert audit.last_link(copied, clinic_id) == audit.last_link(kept, clinic_id)

    # Once more: the copy is a diary now, and stays as it is.
    with opened(url) as target, pytest.raises(CopyError, match="is not empty and holds no unfin"):
        copy(house.database, target, None, silent)


def test_one_clinic_moves_without_any_row_of_the_others(house: House) -> None:
    with opened(postgres.server().new_database(postgres_template())) as target:
        done = copy(house.database, target, house.clinic_id, silent)

        with target.reading() as copied, house.database.reading() as kept:
            assert count(copied, "clinic") == 1
            assert count(copied, "patient") == len(
                [each for each in kept.connection().scalars(text("SELECT clinic_id FROM patient"))
                 if each == house.clinic_id.hex]
            )  # fmt: skip
            offers = [each.to_clinic_id for each in kept.exec(select(Handover))]
            assert done.left_behind == len([to for to in offers if to != house.clinic_id]) > 0
            assert audit.first_broken_link(copied, house.clinic_id) is None


def test_every_table_says_what_of_it_goes_with_one_clinic() -> None:
    assert {table.name for table in tables()} - set(clinic_columns()) == WITHOUT_CLINIC


def test_what_was_written_meanwhile_is_said_and_copied_the_next_time(house: House) -> None:
    with opened(postgres.server().new_database(postgres_template())) as target:

        def write_once(doing: str, table: str, _done: int, _of: int) -> None:
            if (doing, table) == ("compare", "clinic"):
                with house.database.writing() as session:
                    audit.note(session, house.dora, "patient.list", "clinic", NOW)

        with pytest.raises(CopyError, match="was written to while it was copied"):
            copy(house.database, target, None, write_once)
        copy(house.database, target, None, silent)

        with target.reading() as copied, house.database.reading() as kept:
            link = audit.last_link(kept, house.clinic_id)
            assert audit.last_link(copied, house.clinic_id) == link


def test_a_changed_row_is_found_by_its_hash(house: House) -> None:
    with opened(postgres.server().new_database(postgres_template())) as target:

        def change(doing: str, table: str, _done: int, _of: int) -> None:
            if (doing, table) == ("compare", "clinic"):
                with target.writing() as session:
                    session.connection().execute(
                        text("UPDATE patient SET name = 'Ana Quite' WHERE name = 'Ana Quiet'")
                    )

        with pytest.raises(CopyError, match="The copy differs in the table patient"):
            copy(house.database, target, None, change)


def test_the_unfinished_copy_of_another_clinic_is_not_touched(house: House) -> None:
    with opened(postgres.server().new_database(postgres_template())) as target:

        def stop(doing: str, table: str, _done: int, _of: int) -> None:
            if (doing, table) == ("copy", "alert"):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            copy(house.database, target, house.clinic_id, stop)
        with pytest.raises(CopyError, match="the unfinished copy of another diary or clinic"):
            copy(house.database, target, house.cleo.clinic_id, silent)
        with pytest.raises(CopyError, match="the unfinished copy of another diary or clinic"):
            copy(house.database, target, None, silent)
        with target.reading() as copied:
            assert count(copied, "clinic") == 1


def test_says_in_one_sentence_what_it_cannot_copy_to(
    folder: Path, house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as wrong:
        copy_database(to="sqlite:///other.db")
    assert wrong.value.code == 2
    assert capsys.readouterr().err.startswith("--to is no address of PostgreSQL")

    with (
        opened("postgresql+psycopg://diary@127.0.0.1:9/diary") as nowhere,
        pytest.raises(CopyError, match="The database to copy to does not answer"),
    ):
        copy(house.database, nowhere, None, silent)
