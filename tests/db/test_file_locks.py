"""No file of a running diary loses its locks, or its log of changes is taken away under it."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from db.backup import back_up
from db.cipher import ciphered_url, make_key
from db.engine import Database, migrate, open_database
from db.keys import MasterKey
from tests.people import NOW

KEY = MasterKey(bytes(range(32)))
# Whoever closes a file last takes its log away, if SQLite sees no lock of anybody else.
COME_AND_GO = """
import sys
from sqlalchemy import text
from db.engine import open_database
database = open_database(sys.argv[1])
with database.writing() as session:
    session.connection().execute(text("UPDATE installation_note SET words = 'theirs'"))
database.close()
"""


@pytest.fixture(params=["plain", "encrypted"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    file, key_file = tmp_path / "diary.db", tmp_path / "sqlite.key"
    if request.param == "plain":
        return f"sqlite:///{file}"
    make_key(key_file)
    return ciphered_url(file, key_file).render_as_string(hide_password=False)


def note(database: Database) -> str:
    with database.reading() as session:
        return session.connection().execute(text("SELECT words FROM installation_note")).scalar()


def test_a_backup_and_a_second_process_leave_the_log_of_changes_in_its_place(
    address: str, tmp_path: Path
):
    database = open_database(address)
    migrate(database)
    with database.writing() as session:
        session.connection().execute(text("CREATE TABLE installation_note (words TEXT)"))
        session.connection().execute(text("INSERT INTO installation_note VALUES ('ours')"))
    with database.reading() as one, database.reading() as other:  # the pool opens two
        one.connection(), other.connection()
    log = tmp_path / "diary.db-wal"
    before = log.stat().st_ino

    back_up(database, tmp_path / "photos", KEY, tmp_path / "safe", NOW)
    open_database(address).close()
    subprocess.run([sys.executable, "-c", COME_AND_GO, address], check=True)

    assert log.exists()
    assert log.stat().st_ino == before
    assert note(database) == "theirs"
    database.close()
