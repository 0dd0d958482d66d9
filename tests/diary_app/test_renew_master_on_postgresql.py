"""`diary keys renew-master` on PostgreSQL: every clinic behind its walls, and many machines."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, select

from db.engine import migrate, open_database
from db.keys import load_master_key, write_durably
from db.models import AuditEvent, Entry
from db.stores import audit
from diary_app.installation import open_installation
from diary_app.settings import Settings
from tests import postgres
from tests.commands import Done
from tests.diary_app.keyed_house import (
    FORMER,
    WORDS,
    formers,
    furnish,
    is_key_of,
    renew,
    said,
    signs_in,
)
from tests.people import House


@dataclass(frozen=True)
class Installed:
    """A database of the server, and the folder of its key and photos."""

    url: str
    folder: Path
    house: House

    def renew(self, before: Callable[[], None] | None = None) -> Done:
        return renew(self.folder, before=before, DIARY_DATABASE_URL=self.url)

    def key_counts(self) -> bool:
        return is_key_of(self.url, load_master_key(self.folder / "master.key"))


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    address = postgres.server().new_database()
    empty = open_database(address)
    migrate(empty)
    empty.close()
    write_durably(tmp_path / "master.key", FORMER.secret)
    house = furnish(address, tmp_path)
    house.database.close()
    return Installed(address, tmp_path, house)


def test_every_clinic_gets_it_and_the_leaked_key_opens_nothing(installed: Installed) -> None:
    done = installed.renew()

    assert done.returncode == 0, said(done)
    assert installed.key_counts()
    assert not is_key_of(installed.url, FORMER)
    (former,) = formers(installed.folder)
    assert load_master_key(former).secret == FORMER.secret
    opened = open_installation(
        Settings(data_dir=installed.folder, database_url=installed.url, mail_way="file")
    )
    with opened.database.reading() as session:
        chains = audit.chains(session)
        told = session.exec(select(AuditEvent.clinic_id).where(AuditEvent.verb == "key.renew"))
        assert sorted(told.all()) == chains
        assert len(chains) == 3
        assert all(audit.first_broken_link(session, clinic) is None for clinic in chains)
    with opened.database.reading(installed.house.clinic_id) as session:
        assert WORDS in session.exec(select(Entry.words)).all()
    assert signs_in(opened, installed.house)
    opened.close()


def test_refused_while_another_machine_has_it_open(installed: Installed) -> None:
    other = open_database(installed.url)  # a server that idles: one connection, no transaction
    with other.engine.connect():
        pass
    done = installed.renew()
    assert done.returncode == 2
    assert "The diary is in use. Stop every server, worker and command" in said(done)
    other.close()
    assert is_key_of(installed.url, FORMER)
    assert list(installed.folder.glob("*.new")) == formers(installed.folder) == []
    assert installed.renew().returncode == 0


def killed_at_the_commit(*, after: bool) -> Callable[[], None]:
    def lay_trap() -> None:
        real = Session.commit

        def commit(session: Session) -> None:
            if after:
                real(session)
            os.kill(os.getpid(), signal.SIGKILL)

        Session.commit = commit

    return lay_trap


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_the_commit_one_key_counts_and_the_next_run_ends_it(
    installed: Installed, after: bool
) -> None:
    cut = installed.renew(killed_at_the_commit(after=after))
    assert cut.returncode == -signal.SIGKILL
    waiting = load_master_key(installed.folder / "master.key.new")
    assert is_key_of(installed.url, waiting) is after
    assert is_key_of(installed.url, FORMER) is not after

    done = installed.renew()

    assert done.returncode == 0, said(done)
    assert ("The change that was cut off is finished." in said(done)) is after
    assert installed.key_counts()
    assert not is_key_of(installed.url, FORMER)
    assert list(installed.folder.glob("*.new")) == []


def test_whoever_starts_meanwhile_reads_no_data_key_before_its_end(installed: Installed) -> None:
    """Or a server would begin with the former key, and go on sealing with it."""
    stopped = installed.folder / "stopped"

    def stops_before_the_commit() -> None:
        real = Session.commit

        def commit(session: Session) -> None:
            stopped.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGSTOP)
            real(session)

        Session.commit = commit

    ended: list[Done] = []
    running = threading.Thread(
        target=lambda: ended.append(installed.renew(stops_before_the_commit))
    )
    running.start()
    until = time.monotonic() + 60
    while not (stopped.exists() and stopped.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    starting = open_database(installed.url)
    try:
        with starting.reading() as session:
            session.connection().execute(text("SET LOCAL lock_timeout = '500ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                session.connection().execute(text("SELECT wrapped FROM data_key"))
    finally:
        os.kill(int(stopped.read_text()), signal.SIGCONT)
        running.join()
        starting.close()
    (done,) = ended
    assert done.returncode == 0, said(done)
    assert installed.key_counts()
