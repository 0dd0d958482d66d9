"""Backups as an administrator meets them: the command, the night, the migration, the way back."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command, op
from alembic.config import Config
from sqlalchemy import text

from alerts.delivery.digest_message import digest_message
from alerts.night_backup import NightBackup
from db import engine as tables
from db.backup import kept_backups
from db.engine import MIGRATIONS, Database, newest_revision, open_database, revision_of
from db.errors import BackupError
from db.keys import MasterKey, load_or_create_master_key
from db.stores import beats
from diary_app import installation
from diary_app.installation import open_installation
from diary_app.services.health import health
from diary_app.settings import Settings
from tests.commands import run_command
from tests.diary_app.patient_house import Desk, desk_for, save
from tests.people import NOW, House

KEY = MasterKey(bytes(range(32)))


def diary(folder: Path, *words: str, status: int = 0) -> str:
    """Run the `diary` command on a data folder and return what it said."""
    done = run_command(words, settings={"DIARY_DATA_DIR": str(folder)})
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == status, said
    assert "Traceback" not in said
    return " ".join(said.split())


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    words = ("--clinic", "North", "--phone", "+49 30 1", "--admin-name", "Ada")
    diary(folder, "init", *words, "--admin-email", "ada@north.example")
    return folder


def test_an_administrator_backs_up_and_brings_back(clinic: Path, tmp_path: Path) -> None:
    said = diary(clinic, "backup", "--to", str(tmp_path / "safe"))
    assert "Brought back and compared" in said
    (file,) = kept_backups(tmp_path / "safe")

    refused = diary(clinic, "restore", str(file), status=1)
    assert "Nothing was changed" in refused
    again = diary(clinic, "restore", str(file), "--overwrite", status=1)
    assert "--really 'North'" in again
    restored = diary(clinic, "restore", str(file), "--overwrite", "--really", "North")
    assert "Restored as of" in restored
    assert "whole" in diary(clinic, "verify")
    (aside,) = clinic.glob("replaced-*")
    assert (aside / "diary.db").exists()  # told twice, and still nothing is gone


def test_a_backup_of_another_installation_is_refused_in_one_sentence(
    clinic: Path, tmp_path: Path
) -> None:
    diary(clinic, "backup", "--to", str(tmp_path / "safe"))
    (file,) = kept_backups(tmp_path / "safe")
    other = tmp_path / "other"
    load_or_create_master_key(other / "master.key")

    assert "another master key" in diary(other, "restore", str(file), status=2)
    assert not (other / "diary.db").exists()


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return desk_for(house, tmp_path)


def night_of(desk: Desk, tmp_path: Path) -> NightBackup:
    return NightBackup(desk.house.database, desk.kit.key, tmp_path / "photos", tmp_path / "safe")


def test_every_night_one_is_made_checked_and_told(desk: Desk, tmp_path: Path) -> None:
    save(desk.diary(), itch_nrs=4)
    night = night_of(desk, tmp_path)
    evening = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)

    assert night.is_due(evening)  # there was never one
    assert night.run(desk.house.clinic_id, evening)["whole"]
    assert not night.is_due(evening + timedelta(minutes=45))
    assert night.is_due(evening + timedelta(hours=2))  # the next night

    with desk.house.database.reading() as session:
        last = beats.beats(session, desk.house.worker)["backup"]
    assert last.detail["rows"] > 0
    assert "no backup" not in " ".join(health(desk.kit, evening, worker_expected=True).reasons)
    late = health(desk.kit, evening + timedelta(hours=31), worker_expected=True).reasons
    assert "There was no backup for 1860 minutes." in late


def test_of_several_workers_one_makes_the_backup_of_the_night(desk: Desk, tmp_path: Path) -> None:
    two = datetime(2026, 3, 2, 2, tzinfo=UTC)
    workers = [night_of(desk, tmp_path) for _number in range(3)]

    for number, night in enumerate(workers):
        night.look(desk.house.clinic_id, two + timedelta(seconds=number))
    for night in workers:
        night.wait(60)

    assert len(kept_backups(tmp_path / "safe")) == 1
    # Whoever began it may have died: an hour later somebody else does.
    (kept,) = kept_backups(tmp_path / "safe")
    kept.unlink()
    workers[2].look(desk.house.clinic_id, two + timedelta(minutes=61))
    workers[2].wait(60)
    assert len(kept_backups(tmp_path / "safe")) == 1


def test_a_backup_that_fails_turns_the_health_red_and_is_told_in_the_summary(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "safe").write_text("a file where the folder should be")
    found = night_of(desk, tmp_path).run(desk.house.clinic_id, NOW)

    assert not found["whole"]
    reasons = health(desk.kit, NOW, worker_expected=True).reasons
    assert "The last backup was not whole." in reasons
    mail = digest_message(
        to="ben@north.example",
        message_id="<1@diary>",
        clinic_name="North",
        content={"backup": {"at": "2026-03-03 02:00", "whole": False, "sentence": "No room."}},
        as_of="08:00",
        worker_last_ran_at="08:00",
        link="https://diary.example",
        now=NOW,
    )
    assert "BACKUP NOT WHOLE, 2026-03-03 02:00: No room." in mail.text


def go_back(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def settings_of(folder: Path) -> Settings:
    return Settings(data_dir=folder, mail_way="file")


def test_before_the_tables_change_a_checked_backup_is_kept(clinic: Path) -> None:
    database = open_database(f"sqlite:///{clinic / 'diary.db'}")
    go_back(database, "b7a40d5c913e")
    database.close()

    open_installation(settings_of(clinic)).close()

    (file,) = kept_backups(clinic / "backups" / f"before-{newest_revision()}")
    assert file.stat().st_size > 1000
    open_installation(settings_of(clinic)).close()
    assert len(kept_backups(file.parent)) == 1  # nothing changed, so no other one


def test_without_a_checked_backup_no_start_changes_the_tables(
    clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(f"sqlite:///{clinic / 'diary.db'}")
    go_back(database, "b7a40d5c913e")

    def broken(*_words: object, **_more: object) -> None:
        raise BackupError("The backup does not hold the rows it was made of.")

    monkeypatch.setattr(installation, "check", broken)
    for _start in range(2):  # systemd starts it again two seconds later
        with pytest.raises(installation.SetUpError, match="does not hold"):
            open_installation(settings_of(clinic))
        assert revision_of(database) == "b7a40d5c913e"

    monkeypatch.undo()
    open_installation(settings_of(clinic)).close()
    assert revision_of(database) == newest_revision()
    database.close()


def test_the_next_upgrade_after_a_way_back_keeps_a_backup_of_its_own(clinic: Path) -> None:
    folder = clinic / "backups" / f"before-{newest_revision()}"
    folder.mkdir(parents=True)
    # That of the first upgrade, ten minutes ago; the clinic was written to since.
    first = datetime.now(UTC) - timedelta(minutes=10)
    (folder / f"{first:%Y%m%dT%H%M%SZ}.diary-backup").write_bytes(b"of the first upgrade")
    database = open_database(f"sqlite:///{clinic / 'diary.db'}")
    go_back(database, "b7a40d5c913e")
    database.close()

    open_installation(settings_of(clinic)).close()

    assert len(kept_backups(folder)) == 2


def test_a_start_that_is_tried_again_and_again_fills_no_disk(
    clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(f"sqlite:///{clinic / 'diary.db'}")
    go_back(database, "b7a40d5c913e")
    folder = clinic / "backups" / f"before-{newest_revision()}"

    def dies(*_words: object) -> None:
        raise OSError("no room")

    time.sleep(1)  # backups are named by the second
    monkeypatch.setattr(installation, "migrate", dies)
    for _start in range(3):
        with pytest.raises(installation.SetUpError, match="no room"):
            open_installation(settings_of(clinic))
    assert len(kept_backups(folder)) == 1
    database.close()


def test_what_was_wrong_before_stops_no_new_version(clinic: Path) -> None:
    database = open_database(f"sqlite:///{clinic / 'diary.db'}")
    go_back(database, "b7a40d5c913e")
    with database.engine.begin() as connection:
        broken = "UPDATE audit_event SET verb = 'other' WHERE number = 1"
        connection.execute(text("DROP TRIGGER audit_event_no_update"))
        assert connection.execute(text(broken)).rowcount == 1
    open_installation(settings_of(clinic)).close()
    assert revision_of(database) == newest_revision()
    database.close()


def test_a_migration_that_dies_in_the_middle_leaves_the_old_state(
    clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(f"sqlite:///{clinic / 'diary.db'}")
    go_back(database, "b7a40d5c913e")
    before, rows = schema(database), users(database)
    add_column = op.add_column

    def dies_at_the_third() -> Callable[..., None]:
        calls: list[int] = []

        def dying(*words: object, **more: object) -> None:
            calls.append(1)
            if len(calls) == 3:
                raise OSError("the machine went down")
            add_column(*words, **more)

        return dying

    monkeypatch.setattr(op, "add_column", dies_at_the_third())
    with pytest.raises(OSError, match="went down"):
        tables.migrate(database)
    monkeypatch.undo()

    assert revision_of(database) == "b7a40d5c913e"
    assert schema(database) == before
    assert users(database) == rows
    tables.migrate(database)
    assert revision_of(database) == newest_revision()
    database.close()


def schema(database: Database) -> list[tuple[str, str]]:
    with database.engine.connect() as connection:
        query = text("SELECT name, sql FROM sqlite_master ORDER BY name")
        return [(row.name, row.sql) for row in connection.execute(query)]


def users(database: Database) -> list[tuple[str, str]]:
    with database.engine.connect() as connection:
        query = text('SELECT id, name FROM "user"')
        return [(row.id, row.name) for row in connection.execute(query)]
