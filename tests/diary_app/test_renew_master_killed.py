"""`diary keys renew-master` is killed with SIGKILL, at every step: there is always one key.

The command is a process of its own on real files; it dies before its n-th act on the disk.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session

from db.keys import load_master_key
from tests.commands import run_command
from tests.diary_app.keyed_house import (
    AGAIN,
    FORMER,
    Case,
    copied,
    is_key_of,
    renew,
    said,
    sqlite_house,
    url,
    worker,
)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on SQLite that nobody has open."""
    folder = tmp_path_factory.mktemp("pattern") / "data"
    sqlite_house(folder)
    return folder


def killed_before(step: int) -> Callable[[], None]:
    """Return what lets a process die before its n-th act on the disk, or after the last commit."""
    left = [step]

    def counted() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def act(*words: object, **more: object) -> object:
            counted()
            return real(*words, **more)

        return act

    def lay_traps() -> None:
        for name in ("open", "link", "replace", "unlink", "fsync"):
            setattr(os, name, dying(getattr(os, name)))
        real = Session.commit

        def commit(session: Session) -> None:
            counted()
            real(session)
            counted()

        Session.commit = commit

    return lay_traps


@pytest.mark.parametrize(("source", "every"), [("file", 1), ("service", 2), ("environment", 2)])
def test_killed_at_any_step_there_is_one_key_and_the_next_run_ends_it(
    source: str,
    every: int,
    pattern: Path,
    tmp_path: Path,
) -> None:
    found = set()
    for step in range(1, 60, every):
        data = copied(pattern, tmp_path / f"{step}")
        case = Case(source, data)
        done = case.run(before=killed_before(step))
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, said(done)

        found.add(case.what_is_there())
        case.finish()

        assert case.opens_all(case.key())
        assert not is_key_of(url(data), FORMER)
        assert list(data.glob("*.new")) == list(data.glob(".*.new*")) == []
        assert case.former_is_kept()
    assert step > 10
    assert found == {"nothing begun", "waits and does not count", "waits and counts", "in place"}


def killed_after_the_commit() -> None:
    real = Session.commit

    def commit(session: Session) -> None:
        real(session)
        os.kill(os.getpid(), signal.SIGKILL)

    Session.commit = commit


def test_between_two_runs_a_worker_says_so_and_what_follows(pattern: Path, tmp_path: Path) -> None:
    data = copied(pattern, tmp_path / "data")
    assert renew(data, before=killed_after_the_commit).returncode == -signal.SIGKILL

    with worker(data) as running:
        first = running.stderr.readline()
        refused = renew(data)
        assert refused.returncode == 2
        assert "The diary is in use" in said(refused)
    assert "A change of the master key was cut off; stop the diary and " + AGAIN in first
    assert "Until then alerts go out by e-mail" in first
    refused = run_command(["verify"], settings={"DIARY_DATA_DIR": str(data)})
    assert refused.returncode == 2
    assert AGAIN in said(refused)

    done = renew(data)
    assert "The change that was cut off is finished." in said(done)
    assert is_key_of(url(data), load_master_key(data / "master.key"))


def test_a_key_that_waits_and_cannot_be_read_is_not_thrown_away(
    pattern: Path, tmp_path: Path
) -> None:
    """Thrown away, it would take everything with it: the database is sealed with it already."""
    data = copied(pattern, tmp_path / "data")
    assert renew(data, before=killed_after_the_commit).returncode == -signal.SIGKILL
    waiting = data / "master.key.new"
    waiting.chmod(0o644)
    before = waiting.read_bytes()

    refused = renew(data)

    assert refused.returncode == 2
    assert "Other users of this machine can read the key file" in said(refused)
    assert waiting.read_bytes() == before
    waiting.chmod(0o600)
    assert renew(data).returncode == 0
    assert is_key_of(url(data), load_master_key(data / "master.key"))
