"""`diary keys rotate` is killed in the middle while others write; the next run ends it whole."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import text
from sqlmodel import select

from db.engine import Database, migrate, open_database
from db.keyring import attach
from db.keys import MasterKey, write_durably
from db.models import Entry
from db.stores import diary
from tests.commands import run_command
from tests.people import NOW, House, fill

KEY = MasterKey(bytes(range(32)))
ENTRIES = 2400  # twelve transactions of the command


def diary_of(folder: Path) -> House:
    """A patient who wrote for years."""
    write_durably(folder / "master.key", KEY.secret)
    database = open_database(f"sqlite:///{folder / 'diary.db'}")
    migrate(database)
    attach(database, KEY)
    with database.writing() as session:
        house = House(database=database, **fill(session))
        session.add_all(house.entry(words=f"Old words {number}") for number in range(ENTRIES))
    return house


class Writer:
    """A server's patient: keeps one entry after the other, and knows what was promised."""

    def __init__(self, house: House) -> None:
        self.house, self.promised = house, []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._ended.wait(0.01):
            words = f"New words {len(self.promised)}"
            with self.house.database.writing(self.house.clinic_id) as session:
                diary.add_entry(session, self.house.ana, self.house.entry(words=words), NOW)
            self.promised.append(words)


def sealed_with(database: Database) -> dict[str, int]:
    """How many entries' words begin with which mark, read as they lie in the file."""
    query = "SELECT substr(words, 1, 10), count(*) FROM entry WHERE words <> '' GROUP BY 1"
    with database.reading() as session:
        return dict(session.connection().execute(text(query)).all())


def test_killed_in_the_middle_while_a_server_writes_nothing_is_lost_or_left(
    tmp_path: Path,
) -> None:
    house = diary_of(tmp_path)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DIARY_")}
    settings = {"DIARY_DATA_DIR": str(tmp_path)}
    with (
        Writer(house) as writer,
        subprocess.Popen(
            [sys.executable, "-u", "-m", "diary_app", "keys", "rotate"],
            env=clean | settings, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as rotating,
    ):  # fmt: skip
        written_before = wait_for_the_middle(house.database, writer, rotating)
        rotating.kill()
        assert rotating.wait() == -signal.SIGKILL
        middle, written_by_then = sealed_with(house.database), len(writer.promised)
        time.sleep(0.5)
    assert middle["~sealed~1~"] > 0
    assert middle["~sealed~2~"] > 400
    assert len(writer.promised) > written_by_then >= written_before > 0

    done = run_command(["keys", "encrypt"], settings=settings)

    assert done.returncode == 0, done.stderr
    assert b"do not open" not in done.stderr
    assert set(sealed_with(house.database)) == {"~sealed~2~"}
    with house.database.reading() as session:
        read = sorted(session.exec(select(Entry.words).where(Entry.words != "")).all())
    assert read == sorted([f"Old words {number}" for number in range(ENTRIES)] + writer.promised)
    assert run_command(["keys", "status"], settings=settings).returncode == 0
    house.database.close()


def wait_for_the_middle(
    database: Database, writer: Writer, rotating: "subprocess.Popen[bytes]"
) -> int:
    """Return how much was written when more than two transactions of the command were done."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert rotating.poll() is None, "It ended before it could be killed."
        if sealed_with(database).get("~sealed~2~", 0) > 400:
            return len(writer.promised)
        time.sleep(0.005)
    raise AssertionError("It did not begin.")
