"""What docs/operations.md says of PostgreSQL, done with its real programs and a password."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from db.access import worker_viewer
from db.backup import program
from db.errors import BackupError
from db.stores import doors, outbox
from diary_app.commands.check import all_lines
from diary_app.installation import Installation, open_installation
from diary_app.services.people import create_clinic
from diary_app.settings import Settings
from tests import postgres
from tests.commands import run_command
from tests.deploy.proxies import needed

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
# Whatever a hospital's generator puts in: in an address these are written otherwise.
PASSWORD = "a@b:c/d%e f"


@pytest.fixture
def programs() -> None:
    try:
        program("pg_restore")
    except BackupError:
        pytest.skip("Not tried here: PostgreSQL's program pg_restore is not installed.")


@pytest.fixture
def installed(tmp_path: Path, programs: None) -> Iterator[Installation]:
    """A clinic on PostgreSQL whose worker, another process, ran four seconds ago."""
    opened = open_installation(
        settings(tmp_path, postgres.server().new_login(PASSWORD)), create=True
    )
    create_clinic(opened.kit(lambda: NOW), "North", "UTC", "1", "112", "a@b.example", "Ada", NOW)
    with opened.database.writing() as session:
        viewer = worker_viewer(doors.clinics(session)[0].id)
        outbox.beat(session, viewer, "worker", NOW - timedelta(seconds=4))
    yield opened
    opened.close()


def settings(folder: Path, url: str) -> Settings:
    return Settings(
        data_dir=folder / "data", backup_dir=folder / "backups", database_url=url, port=1
    )


def found(chosen: Settings) -> dict[str, tuple[str, str]]:
    lines = list(all_lines(chosen, NOW, quick=True))
    assert all(line.to_do for line in lines if line.state != "ok")
    return {line.what: (line.state, line.found) for line in lines}


def environment(chosen: Settings) -> dict[str, str]:
    names = ("data_dir", "backup_dir", "database_url")
    return {f"DIARY_{name.upper()}": str(getattr(chosen, name)) for name in names}


def diary(chosen: Settings, *words: str) -> str:
    done = run_command(words, settings=environment(chosen), cwd=chosen.data_dir)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_a_sound_installation_is_told_line_by_line(installed: Installation) -> None:
    lines = found(installed.settings)
    for what in ("Database", "Tables", "Walls", "Database login", "Backup programs", "Clock"):
        assert lines[what][0] == "ok", (what, lines[what])
    assert lines["Database"][1] == "postgresql answers."
    assert lines["Worker"] == ("ok", "It ran 4 seconds ago.")


def test_a_login_that_may_not_make_the_scratch_database_is_told(installed: Installation) -> None:
    url = installed.settings.database_url
    postgres.server().as_superuser(url, f"ALTER ROLE {url.rpartition('/')[2]} NOCREATEDB")
    state, sentence = found(installed.settings)["Database login"]
    assert state == "FAIL"
    assert "no backup can be brought back and compared" in sentence


def test_a_login_that_no_wall_binds_is_told(installed: Installation) -> None:
    url = installed.settings.database_url
    postgres.server().as_superuser(url, f"ALTER ROLE {url.rpartition('/')[2]} BYPASSRLS")
    state, sentence = found(installed.settings)["Walls"]
    assert state == "FAIL"
    assert "no wall binds it" in sentence


def test_tables_of_another_login_are_told(installed: Installation) -> None:
    url = installed.settings.database_url
    postgres.server().as_superuser(url, "ALTER TABLE alembic_version OWNER TO postgres")
    assert found(installed.settings)["Database login"] == (
        "FAIL",
        "1 tables belong to another login: it can neither read nor change them.",
    )
    done = run_command(["verify"], settings=environment(installed.settings))
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == (
        "The database does not do its part: permission denied for table alembic_version; "
        "see `diary check`.\n"
    )


def test_an_old_pg_dump_is_told(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    state, sentence = found(installed.settings)["Backup programs"]
    assert state == "FAIL"
    assert sentence.startswith("pg_dump is of version 9, the server is of version ")


def test_an_empty_database_and_none_are_told(tmp_path: Path, programs: None) -> None:
    url = postgres.server().new_login(PASSWORD)
    assert found(settings(tmp_path, url))["Tables"] == ("FAIL", "There are none yet.")
    wrong = url.replace("@127", "x@127")
    state, sentence = found(settings(tmp_path, wrong))["Database"]
    assert (state, sentence) == ("FAIL", "It does not answer (OperationalError).")


def test_the_document_brings_a_backup_back(installed: Installation, tmp_path: Path) -> None:
    """Its own lines, with the names of this test in them."""
    needed("age")
    chosen, back = installed.settings, tmp_path / "back"
    assert "whole" in diary(chosen, "backup")
    [kept] = chosen.backup_dir.glob("*.diary-backup")
    back.mkdir()
    (back / "key.txt").write_text(diary(chosen, "backup-key"))
    new = postgres.server().another_database(chosen.database_url)
    words = DOCUMENT.read_text().replace("\\\n", " ")
    unseal = re.search(r"^ +(age -d -i key\.txt )\S+( \| tar -x)$", words, re.MULTILINE)
    load = re.search(r"^ +(PGOPTIONS=.* pg_restore .*--dbname=)\S+( diary\.pgdump)$", words, re.MULTILINE)  # fmt: skip  # noqa: E501
    login = re.sub(r":[^/@]+@", "@", new.replace("+psycopg", ""))
    programs = str(Path(program("pg_restore")).parent)
    for command in (
        f"{unseal[1]}{shlex.quote(str(kept))}{unseal[2]}", f"{load[1]}{login}{load[2]}",
    ):  # fmt: skip
        done = subprocess.run(
            ["sh", "-c", command], cwd=back, capture_output=True, text=True, check=False,
            env=os.environ | {"PATH": f"{os.environ['PATH']}:{programs}", "PGPASSWORD": PASSWORD},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    restored = chosen.model_copy(update={"database_url": new})
    assert "whole" in diary(restored, "verify")
    assert found(restored)["Walls"][0] == "ok"
    opened = open_installation(restored)
    with opened.database.reading() as session:
        assert session.connection().scalar(text("SELECT name FROM clinic")) == "North"
    opened.close()
