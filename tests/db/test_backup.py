"""A backup is whole, sealed, and comes back as it was; anything else is said in one sentence."""

import json
import os
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pyrage
import pytest
from PIL import Image
from sqlalchemy import text
from sqlmodel import select

from db.backup import (
    back_up,
    check,
    kept_backups,
    made_at,
    prune,
    restore,
)
from db.backup_key import backup_identity
from db.engine import migrate, open_database
from db.errors import BackupError
from db.keys import MasterKey
from db.models import Photo
from db.photos import clean_photo
from db.photos.vault import PhotoVault
from db.stores import audit, diary, doors
from tests.db.full_house import FullHouse, build_full_house
from tests.people import ENGINE, NOW, empty_database

KEY = MasterKey(bytes(range(32)))


def jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 48), (200, 120, 110)).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def full(tmp_path: Path) -> Iterator[FullHouse]:
    """A clinic with a row in every table and its photos in their folder."""
    found = build_full_house(tmp_path)
    clean, vault = clean_photo(jpeg()), PhotoVault(tmp_path / "photos", KEY)
    with found.house.database.writing() as session:
        for photo in session.exec(select(Photo)):
            vault.put(photo.id, clean)
            photo.sha256_kept = clean.sha256_kept
            session.add(photo)
    yield found
    found.house.database.close()


def kept(full: FullHouse, tmp_path: Path) -> Path:
    return back_up(full.house.database, tmp_path / "photos", KEY, tmp_path / "safe", NOW)


def test_comes_back_with_every_row(full: FullHouse, tmp_path: Path) -> None:
    file = kept(full, tmp_path)
    contents = restore(file, KEY, tmp_path / "new", url=(url := empty_database(tmp_path)))
    restored = open_database(
        url if ENGINE == "postgresql" else f"sqlite:///{tmp_path}/new/diary.db"
    )
    tables = ("entry", "audit_event", "patient", "notification", "assessment")
    with restored.reading() as session, full.house.database.reading() as before:
        for table in tables:
            query = text(f"SELECT count(*) FROM {table}")
            count = before.connection().scalar(query)
            assert session.connection().scalar(query) == count == contents.counts[table]
        assert audit.first_broken_link(session, full.house.clinic_id) is None
        mine = diary.entries(session, full.house.ana, full.house.ana.actor_id)
        assert mine == diary.entries(before, full.house.ana, full.house.ana.actor_id)
    restored.close()


def test_is_checked_by_bringing_it_back_and_leaves_nothing_lying_about(
    full: FullHouse, tmp_path: Path
) -> None:
    file = kept(full, tmp_path)
    contents = check(file, KEY, full.house.database, tmp_path)

    assert file.name == "20260302T190400Z.diary-backup"
    assert contents.counts["entry"] > 0
    assert [each.name for each in (tmp_path / "safe").iterdir()] == [file.name]


def test_what_a_killed_backup_left_unsealed_goes_with_the_next_one(
    full: FullHouse, tmp_path: Path
) -> None:
    for name, age in (("old", 2), ("fresh", 0)):
        left = tmp_path / f".backup-scratch-{name}"
        left.mkdir()
        (left / "diary.db").write_text("rows of patients")
        at = (NOW - timedelta(days=age)).timestamp()
        os.utime(left, (at, at))

    kept(full, tmp_path)

    # A fresh one may be that of a backup that is being made just now.
    assert [each.name for each in tmp_path.glob(".backup-*")] == [".backup-scratch-fresh"]
    assert [each.name for each in (tmp_path / "safe").iterdir()] == [
        "20260302T190400Z.diary-backup"
    ]


def test_nobody_reads_it_without_the_key(full: FullHouse, tmp_path: Path) -> None:
    file = kept(full, tmp_path)
    content = file.read_bytes()

    assert b"Ana Quiet" not in content
    assert content.startswith(b"age-encryption.org/v1\n")
    with pytest.raises(BackupError, match="another master key"):
        check(file, MasterKey(bytes(32)), full.house.database, tmp_path)


def test_any_tool_that_knows_age_opens_it_with_the_written_key(
    full: FullHouse, tmp_path: Path
) -> None:
    written = str(backup_identity(KEY))
    assert written.startswith("AGE-SECRET-KEY-1")
    identity = pyrage.x25519.Identity.from_str(written)
    with tarfile.open(
        fileobj=BytesIO(pyrage.decrypt(kept(full, tmp_path).read_bytes(), [identity]))
    ) as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        assert json.load(manifest)["engine"] == ENGINE


@pytest.mark.parametrize("cut", [1, 200, 20_000])
def test_one_that_was_cut_off_is_refused(full: FullHouse, tmp_path: Path, cut: int) -> None:
    file = kept(full, tmp_path)
    file.write_bytes(file.read_bytes()[:-cut])

    with pytest.raises(BackupError, match="does not open"):
        check(file, KEY, full.house.database, tmp_path)
    with pytest.raises(BackupError, match="does not open"):
        restore(file, KEY, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_photo_that_was_lost_is_found(full: FullHouse, tmp_path: Path) -> None:
    with full.house.database.reading() as session:
        photo = doors.kept_photos(session)[0]
    PhotoVault(tmp_path / "photos", KEY).remove(photo.id)

    with pytest.raises(BackupError, match="1 photos are missing or changed"):
        check(kept(full, tmp_path), KEY, full.house.database, tmp_path)


def test_never_writes_over_a_diary(full: FullHouse, tmp_path: Path) -> None:
    file = kept(full, tmp_path)
    there = tmp_path / "there"
    (there / "photos").mkdir(parents=True)

    with pytest.raises(BackupError, match="nothing was changed"):
        restore(file, KEY, there, url=empty_database(tmp_path))
    assert [each.name for each in there.iterdir()] == ["photos"]


def test_the_policy_keeps_days_weeks_and_months(tmp_path: Path) -> None:
    made = [NOW - timedelta(days=age) for age in range(400)]
    for at in made:
        (tmp_path / f"{at:%Y%m%dT%H%M%SZ}.diary-backup").touch()

    prune(tmp_path, days=7, weeks=5, months=12)

    ages = sorted(
        (NOW.replace(microsecond=0) - made_at(file)).days for file in kept_backups(tmp_path)
    )
    # Monday 2 March 2026: seven days, then the Sundays of the four weeks before, then month ends.
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert {1, 8, 15, 22} <= set(ages)
    assert len(ages) <= 7 + 5 + 12
    assert max(ages) > 300


def test_without_photos_or_rows_it_still_comes_back(tmp_path: Path) -> None:
    database = open_database(empty_database(tmp_path))
    migrate(database)
    file = back_up(database, tmp_path / "none", KEY, tmp_path / "safe", NOW)

    assert check(file, KEY, database, tmp_path).counts["patient"] == 0
    database.close()


def test_what_comes_back_is_for_its_own_user_alone(full: FullHouse, tmp_path: Path) -> None:
    file = kept(full, tmp_path)
    restore(file, KEY, tmp_path / "new", url=empty_database(tmp_path))
    files = [path for path in (tmp_path / "new").rglob("*") if path.is_file()]
    assert len(files) >= 2
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


@pytest.mark.parametrize("name", ["../outside", "/tmp/../outside", "photos/../../outside"])
def test_a_backup_writes_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    """Whoever has the key for sealing alone cannot make a backup that writes elsewhere."""
    whole, sealed = tmp_path / "whole.tar", tmp_path / "20260302T190400Z.diary-backup"
    with tarfile.open(whole, "w") as tar:
        member = tarfile.TarInfo(name)
        member.size = 3
        tar.addfile(member, BytesIO(b"bad"))
    sealed.write_bytes(pyrage.encrypt(whole.read_bytes(), [backup_identity(KEY).to_public()]))
    with pytest.raises(BackupError, match="does not open"):
        restore(sealed, KEY, tmp_path / "data" / "deep")
    assert [path for path in tmp_path.rglob("*") if path.name == "outside"] == []
