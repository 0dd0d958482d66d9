"""`diary check` on a real installation: what it finds, what to do, and the exit status."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from alerts.night_backup import NightBackup
from db.access import worker_viewer
from db.stores import beats, doors, outbox
from diary_app.cli import app
from diary_app.commands.check import all_lines
from diary_app.installation import Installation, open_installation
from diary_app.services.people import create_clinic
from diary_app.settings import Settings
from tests.alerts.mail_server import Mailbox, mail_server

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def settings_in(folder: Path, port: int) -> Settings:
    return Settings(
        data_dir=folder / "data",
        backup_dir=folder / "backups",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        port=1,
    )


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a backup of this night and a worker that ran four seconds ago."""
    folder = tmp_path_factory.mktemp("pattern")
    chosen = settings_in(folder, 25)
    chosen.backup_dir.mkdir(mode=0o700)
    opened = open_installation(chosen, create=True)
    kit = opened.kit(lambda: NOW)
    create_clinic(kit, "North", "UTC", "1", "112", "a@b.example", "Ada", NOW)
    with opened.database.reading() as session:
        clinic = doors.clinics(session)[0].id
    photos = chosen.data_dir / "photos"
    night = NightBackup(opened.database, opened.key, photos, chosen.backup_dir)
    night.run(clinic, NOW - timedelta(hours=7))
    beat(opened, NOW - timedelta(seconds=4))
    opened.close()
    return folder


@pytest.fixture
def installed(pattern: Path, tmp_path: Path) -> Iterator[Installation]:
    """A copy of it, with a mail server."""
    folder = shutil.copytree(pattern, tmp_path / "own")
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        opened = open_installation(settings_in(folder, port))
        yield opened
        opened.close()
    assert mailbox.received == []  # a check sends nothing


def beat(opened: Installation, at: datetime) -> None:
    with opened.database.writing() as session:
        viewer = worker_viewer(doors.clinics(session)[0].id)
        outbox.beat(session, viewer, "worker", at)


def found(opened: Installation, **changes: object) -> dict[str, list[tuple[str, str]]]:
    chosen = opened.settings.model_copy(update=changes)
    kept: dict[str, list[tuple[str, str]]] = {}
    for line in all_lines(chosen, NOW):
        assert line.to_do or line.state == "ok", line
        kept.setdefault(line.what, []).append((line.state, line.found))
    return kept


def test_what_works_is_told_line_by_line(installed: Installation) -> None:
    lines = found(installed)
    for what in ("Data folder", "Master key", "Database", "Tables", "Walls", "Worker",
                 "Newest backup", "Mail server"):  # fmt: skip
        assert lines[what][0][0] == "ok", (what, lines[what])
    assert lines["Worker"] == [("ok", "It ran 4 seconds ago.")]
    assert lines["Newest backup"][0][1].startswith("It is 7 hours old, was brought back")
    # One disk for both, nobody outside who watches, and no server on that port.
    assert ("warn", "It is on the same disk as the diary.") in lines["Backup folder"]
    assert lines["Monitor outside"][0][0] == "warn"
    assert lines["Public address"][-1][0] == "FAIL"


def test_a_dead_worker_an_old_backup_and_an_open_folder_fail(installed: Installation) -> None:
    beat(installed, NOW - timedelta(minutes=10))
    os.chmod(installed.settings.data_dir, 0o755)
    [newest] = installed.settings.backup_dir.glob("*.diary-backup")
    newest.rename(newest.with_name("20260228T010000Z.diary-backup"))
    lines = found(installed)
    assert lines["Worker"] == [("FAIL", "It last ran 10 minutes ago: no alert is sent now.")]
    assert lines["Data folder"][0][0] == "FAIL"
    assert lines["Newest backup"] == [("FAIL", "It is 55 hours old.")]


def test_a_key_is_tried_where_it_comes_from(installed: Installation) -> None:
    file = installed.settings.data_dir / "master.key"
    inside = file.read_bytes().hex()
    file.unlink()
    from_environment = found(installed, key=inside)["Master key"]
    broken = found(installed, key="beef")["Master key"]
    gone = found(installed)["Master key"]

    assert from_environment == [("ok", "the environment (DIARY_KEY): whole.")]
    assert broken[0][0] == gone[0][0] == "FAIL"
    assert inside not in str(from_environment + broken)


def test_a_wall_that_somebody_took_away_is_named(installed: Installation) -> None:
    with installed.database.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER entry_no_delete"))
    assert found(installed)["Walls"] == [("FAIL", "These are missing: entry_no_delete.")]


def test_a_backup_that_was_not_whole_and_tables_of_another_version_fail(
    installed: Installation,
) -> None:
    with installed.database.writing() as session:
        viewer = worker_viewer(doors.clinics(session)[0].id)
        beats.note(session, viewer, "backup", NOW, {"whole": False})
    assert found(installed)["Newest backup"] == [("FAIL", "The nightly one was not whole.")]
    with installed.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert found(installed)["Tables"][0][0] == "FAIL"


def test_a_mail_server_that_is_away_and_plain_http_fail(installed: Installation) -> None:
    lines = found(installed, smtp_port=1, public_url="http://diary.invalid")
    assert lines["Mail server"] == [("FAIL", "The mail server cannot be reached.")]
    state, sentence = lines["Public address"][0]
    assert state == "FAIL"
    assert "is not https" in sentence


def test_the_command_ends_with_a_status_and_speaks_json(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = installed.settings
    for name in ("data_dir", "backup_dir", "smtp_host", "smtp_port", "smtp_security"):
        monkeypatch.setenv(f"DIARY_{name.upper()}", str(getattr(chosen, name)))
    monkeypatch.chdir(chosen.data_dir)
    ended = CliRunner().invoke(app, ["check", "--json", "--quick"])
    lines = json.loads(ended.output)
    # By the real clock the worker of 2026 is late.
    assert ended.exit_code == 1
    assert {line["what"] for line in lines if line["state"] == "FAIL"} >= {"Worker"}
    monkeypatch.setenv("DIARY_DATA_DIR", str(chosen.data_dir / "nothing"))
    ended = CliRunner().invoke(app, ["check", "--quick"])
    assert ended.exit_code == 1
    assert "Run `diary init`" in ended.output
