"""`diary keys renew-master`: the master key leaked and is changed; what works, what refuses."""

import time
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from db.engine import Database, open_database
from db.keyring import Keyring
from db.keys import load_master_key
from db.models import AuditEvent, ContactWay, Entry, Photo, User
from db.photos import clean_photo
from db.photos.vault import PhotoVault
from db.stores import audit, diary
from diary_app.installation import open_installation
from diary_app.services.acknowledge_links import link_token, look
from diary_app.services.refusals import LinkError
from diary_app.settings import Settings
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.test_worker import fever
from tests.commands import run_command
from tests.db.test_sealing import jpeg
from tests.diary_app.keyed_house import (
    FORMER,
    WARD,
    WORDS,
    Case,
    copied,
    formers,
    is_key_of,
    renew,
    said,
    sealed_values,
    signs_in,
    sqlite_house,
    started,
    url,
    worker,
)
from tests.ground.serving import free_port
from tests.people import NOW, House

IN_USE = "The diary is in use. Stop every server, worker and command of it"


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, House]:
    """An installation on SQLite that nobody has open, and who is who in it."""
    folder = tmp_path_factory.mktemp("pattern") / "data"
    return folder, sqlite_house(folder)


@pytest.fixture
def data(pattern: tuple[Path, House], tmp_path: Path) -> Path:
    return copied(pattern[0], tmp_path / "data")


@pytest.fixture
def house(pattern: tuple[Path, House]) -> House:
    """Who is who there; its own database is closed."""
    return pattern[1]


# The whole way.


def test_the_leaked_key_opens_nothing_any_more_and_everything_works_with_the_new_one(
    data: Path, house: House
) -> None:
    before = open_database(url(data))
    former_values = [value for _purpose, _place, value in sealed_values(before)]
    before.close()
    assert is_key_of(url(data), FORMER)

    done = renew(data)

    told = said(done)
    assert done.returncode == 0, told
    new = load_master_key(data / "master.key")
    (kept,) = formers(data)
    assert load_master_key(kept).secret == FORMER.secret != new.secret
    assert kept.stat().st_mode & 0o777 == (data / "master.key").stat().st_mode & 0o777 == 0o600
    assert str(kept) in told
    for word in ("older backups open with the former one alone", "`diary backup`",
                 "`diary keys rotate`"):  # fmt: skip
        assert word in told
    assert FORMER.secret.hex() not in told
    assert new.secret.hex() not in told

    assert is_key_of(url(data), new)
    assert not is_key_of(url(data), FORMER)
    content = b"".join(file.read_bytes() for file in data.glob("diary.db*"))
    assert not any(value in content for value in former_values)
    assert all(value in content for _p, _q, value in values_of(data))
    ring = Keyring((leaked := open_database(url(data))).engine, FORMER)
    assert ring.opens_nothing()
    assert photos_that_open(PhotoVault(data / "photos", FORMER, ring), leaked) == 0
    leaked.close()

    opened = open_installation(Settings(data_dir=data, mail_way="file"))
    assert opened.key_trouble == ""
    with opened.database.reading() as session:
        assert WORDS in session.exec(select(Entry.words)).all()
    assert photos_that_open(opened.vault, opened.database) > 1
    assert signs_in(opened, house)
    opened.close()


def values_of(data: Path) -> list[tuple[bytes, bytes, bytes]]:
    database = open_database(url(data))
    found = sealed_values(database)
    database.close()
    return found


def photos_that_open(vault: PhotoVault, database: Database) -> int:
    with database.reading() as session:
        kept = session.exec(select(Photo).where(Photo.removed_at == None)).all()  # noqa: E711
    return sum(vault.verify(photo.id, photo.sha256_kept) for photo in kept)


def test_alerts_go_out_to_addresses_that_were_sealed_before(data: Path, house: House) -> None:
    assert renew(data).returncode == 0
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        opened = open_installation(
            Settings(
                data_dir=data, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none",
                mail_from="diary@north.example",
            )
        )  # fmt: skip
        fever(House(**{**vars(house), "database": opened.database}))
        opened.worker(lambda: NOW).run_once()
        opened.close()
    assert {WARD, "ben@north.example"} <= set(mailbox.recipients)


def test_every_clinics_chain_says_so_and_carries_no_secret(data: Path) -> None:
    assert renew(data).returncode == 0
    database = open_database(url(data))
    with database.reading() as session:
        clinics = audit.chains(session)
        rows = session.exec(select(AuditEvent).where(AuditEvent.verb == "key.renew")).all()
        assert all(audit.first_broken_link(session, clinic) is None for clinic in clinics)
        north = session.exec(select(User).where(User.name == "Ben")).one().clinic_id
        staff = session.exec(select(User).where(User.clinic_id == north)).all()
        ways = session.exec(select(ContactWay).where(ContactWay.clinic_id == north)).all()
    database.close()
    assert sorted(row.clinic_id for row in rows) == clinics
    assert len(clinics) == 3
    (mine,) = [row for row in rows if row.clinic_id == north]
    assert mine.detail == {
        "data keys": 1,
        "secrets of authenticator apps": len(staff),
        "addresses of ways out": len(ways),
    }


def test_the_commands_for_keys_checks_and_backups_work_afterwards(
    data: Path, tmp_path: Path
) -> None:
    def diary_says(folder: Path, *words: str, status: int = 0, **more: str) -> str:
        done = run_command(words, settings={"DIARY_DATA_DIR": str(folder), **more})
        assert done.returncode == status, said(done)
        return said(done)

    diary_says(data, "backup", "--to", str(tmp_path / "before"))
    assert renew(data).returncode == 0
    (former,) = formers(data)

    assert "NO" not in diary_says(data, "keys", "status")
    assert "whole" in diary_says(data, "verify")
    diary_says(data, "keys", "rotate")
    diary_says(data, "backup", "--to", str(tmp_path / "after"))

    (old,), (new,) = ((tmp_path / name).iterdir() for name in ("before", "after"))
    back = tmp_path / "back"
    by_new = {"DIARY_KEY_FILE": str(data / "master.key")}
    by_former = {"DIARY_KEY_FILE": str(former)}
    assert "another master key" in diary_says(back, "restore", str(old), status=2, **by_new)
    diary_says(back, "restore", str(new), **by_new)
    assert "whole" in diary_says(back, "verify", **by_new)
    earlier = tmp_path / "earlier"
    diary_says(earlier, "restore", str(old), **by_former)
    assert "whole" in diary_says(earlier, "verify", **by_former)


def test_a_link_from_before_says_what_to_do(data: Path, house: House) -> None:
    opened = open_installation(Settings(data_dir=data, mail_way="file"))
    with opened.database.reading() as session:
        message = session.exec(select(AuditEvent.id)).first()
    before = link_token(opened.key, message)
    opened.close()
    assert renew(data).returncode == 0
    opened = open_installation(Settings(data_dir=data, mail_way="file"))
    with pytest.raises(LinkError, match="open the inbox instead"):
        look(opened.kit(lambda: NOW), before)
    opened.close()


# Refused.


def require_nothing_changed(data: Path) -> None:
    assert is_key_of(url(data), FORMER)
    assert load_master_key(data / "master.key").secret == FORMER.secret
    assert formers(data) == list(data.glob("*.new")) == []


def test_refused_while_a_worker_runs_and_at_once_possible_when_it_was_killed(data: Path) -> None:
    with worker(data):
        done = renew(data)
        assert done.returncode == 2
        assert IN_USE in said(done)
        assert list(data.glob("*.new")) == []
    require_nothing_changed(data)
    assert renew(data).returncode == 0


def test_refused_while_a_server_without_a_worker_idles(data: Path) -> None:
    port = free_port()
    with started(data, "tests.stories.serve_bare", DIARY_PORT=str(port)):
        wait_for(port)
        done = renew(data)
        assert done.returncode == 2
        assert IN_USE in said(done)
    require_nothing_changed(data)


def wait_for(port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz")
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("The server did not start.")


def test_a_file_that_is_encrypted_as_a_whole_is_taken_alone_too(data: Path, tmp_path: Path) -> None:
    whole = {"DIARY_SQLITE_KEY_FILE": str(tmp_path / "sqlite.key")}
    settings = {"DIARY_DATA_DIR": str(data), **whole}
    assert run_command(["keys", "encrypt-file"], settings=settings).returncode == 0
    chosen = Settings(data_dir=data, sqlite_key_file=tmp_path / "sqlite.key", mail_way="file")
    opened = open_installation(chosen)
    refused = renew(data, **whole)
    assert refused.returncode == 2
    assert IN_USE in said(refused)
    opened.close()
    assert is_key_of(chosen.url, FORMER)

    assert renew(data, **whole).returncode == 0

    assert is_key_of(chosen.url, load_master_key(data / "master.key"))
    assert not is_key_of(chosen.url, FORMER)


def test_refused_with_a_missing_key_another_key_and_no_diary(data: Path, tmp_path: Path) -> None:
    other = renew(data, "--to", str(tmp_path / "new.key"), DIARY_KEY="00" * 32)
    assert other.returncode == 2
    assert "another one than this diary's data were sealed with" in said(other)
    assert not list(tmp_path.glob("new.key*"))
    require_nothing_changed(data)

    (data / "master.key").rename(tmp_path / "kept.key")
    missing = renew(data)
    assert missing.returncode == 2
    assert "master.key is missing; put it back" in said(missing)
    assert list(data.glob("master.key*")) == []
    assert is_key_of(url(data), FORMER)

    nothing = renew(tmp_path / "elsewhere", DIARY_KEY=FORMER.secret.hex())
    assert nothing.returncode == 2
    assert "no diary in" in said(nothing)
    assert not (tmp_path / "elsewhere").exists()


def test_refused_when_something_does_not_open_and_says_how_many(data: Path, house: House) -> None:
    database = open_database(url(data))
    with database.writing() as session:
        session.get(User, house.ben.actor_id).totp_sealed = b"\x01" + bytes(60)
        session.get(User, house.dora.actor_id).totp_sealed = b"\x01" + bytes(60)
        way = session.exec(select(ContactWay)).first()
        way.address_sealed, way.disabled_at = b"\x01" + bytes(60), None
        way_id = way.id
    database.close()
    done = renew(data)
    assert done.returncode == 2
    assert "These do not open: 2 secrets of authenticator apps, 1 addresses of ways out." in said(
        done
    )
    assert load_master_key(data / "master.key").secret == FORMER.secret
    assert list(data.glob("*.new")) == []

    # Switched off, as the screen says: nothing depends on it any more.
    with database.writing() as session:
        session.get(User, house.ben.actor_id).totp_sealed = None
        session.get(User, house.dora.actor_id).totp_sealed = None
        session.get(ContactWay, way_id).disabled_at = NOW
    database.close()
    assert renew(data).returncode == 0


def test_refused_while_texts_and_photos_have_no_data_key(data: Path, house: House) -> None:
    database = open_database(url(data))
    with database.writing() as session:  # as a former version of the diary kept them
        diary.add_entry(session, house.ana, house.entry(words="It itches"), NOW)
        photo = session.exec(select(Photo).where(Photo.removed_at == None)).first()  # noqa: E711
    ring = Keyring(database.engine, FORMER)
    picture = PhotoVault(data / "photos", FORMER, ring)
    picture.remove(photo.id)
    PhotoVault(data / "photos", FORMER).put(photo.id, clean_photo(jpeg()))
    database.close()

    done = renew(data)
    assert done.returncode == 2
    assert "1 texts and 1 photos are sealed with no data key yet; run `diary keys encrypt`" in said(
        done
    )
    require_nothing_changed(data)
    sealed = run_command(["keys", "encrypt"], settings={"DIARY_DATA_DIR": str(data)})
    assert sealed.returncode == 0, said(sealed)
    assert renew(data).returncode == 0


def test_the_words_of_the_command_fit_the_source_of_the_key(data: Path, tmp_path: Path) -> None:
    from_environment = {"DIARY_KEY": FORMER.secret.hex()}
    assert "name a file for the new one with --to" in said(renew(data, **from_environment))
    assert "--to is for a key from DIARY_KEY" in said(renew(data, "--to", str(tmp_path / "k")))
    taken = tmp_path / "taken"
    taken.write_bytes(bytes(32))
    assert "never overwritten" in said(renew(data, "--to", str(taken), **from_environment))
    assert taken.read_bytes() == bytes(32)
    require_nothing_changed(data)


def test_a_service_that_gives_another_key_back_changes_nothing(
    data: Path,
    tmp_path: Path,
) -> None:
    case = Case("service", data)
    liar = tmp_path / "liar.sh"
    honest = case.more["DIARY_KEY_COMMAND"]
    liar.write_text(
        f'#!/bin/sh\ncase "$1" in wrap) head -c 40 /dev/zero ;; *) {honest} "$1" ;; esac\n'
    )
    liar.chmod(0o700)
    done = renew(data, DIARY_KEY_COMMAND=str(liar))
    assert done.returncode == 2
    assert list(data.glob("*.new")) == formers(data) == []
    assert case.opens_all(FORMER)
    assert case.opens_all(case.key())
