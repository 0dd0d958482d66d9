"""An installation with something of everything that the master key seals, and who opens it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pyotp
from sqlalchemy import text
from sqlmodel import select

from alerts.letters import Address, seal_address
from db.engine import Database, migrate, open_database
from db.errors import TamperedError
from db.keyring import attach
from db.keys import MasterKey, load_master_key, write_durably
from db.models import ContactWay, Photo, User
from db.photos import clean_photo
from db.photos.vault import PhotoVault
from db.resealing import reseal, standing
from db.stores import diary
from diary_app.installation import Installation
from diary_app.services import totp
from diary_app.services.sign_in import sign_in_staff
from tests.commands import Done, run_command
from tests.db.full_house import filled
from tests.db.test_sealing import jpeg
from tests.diary_app.doors.house import PASSWORD, QUICK, SECRET
from tests.people import NOW, House, fill

FORMER = MasterKey(bytes(range(32)))
WORDS = "My eyelids are swollen shut since Tuesday"
WARD = "ward@north.example"
AGAIN = "run `diary keys renew-master` again"


def furnish(url: str, folder: Path) -> House:
    """Fill a database with tables and the folder of its photos, sealed with `FORMER`."""
    database = open_database(url)
    with database.writing() as session:
        house = House(database=database, **fill(session))
    filled(house)
    ring = attach(database, FORMER)
    vault, clean = PhotoVault(folder / "photos", FORMER, ring), clean_photo(jpeg())
    with database.writing() as session:
        for user in session.exec(select(User)):
            user.password_hash = QUICK.hash(PASSWORD)
            user.totp_sealed = totp.sealed(FORMER, user.id, SECRET)
            session.add(user)
        for way in session.exec(select(ContactWay)):
            way.kind = "email"
            way.address_sealed = seal_address(FORMER, way.id, Address(WARD))
            session.add(way)
        for photo in session.exec(select(Photo)):
            vault.put(photo.id, clean, photo.clinic_id)
            photo.sha256_kept = clean.sha256_kept
            session.add(photo)
        diary.add_entry(session, house.ana, house.entry(words=WORDS), NOW)
    for clinic in standing(database, ring, vault):
        reseal(database, ring, vault, clinic.clinic_id, NOW)
    return house


def sealed_values(database: Database) -> list[tuple[bytes, bytes, bytes]]:
    """Every value that a master key seals: purpose, place and value, as docs/keys.md has them."""
    with database.reading() as session:
        connection = session.connection()

        def rows(columns: str, table: str) -> list:
            return connection.execute(text(f'SELECT {columns} FROM "{table}"')).all()

        keys = rows("clinic_id, version, wrapped", "data_key")
        codes = rows("id, totp_sealed", "user")
        addresses = rows("id, address_sealed", "contact_way")
    return [
        *(
            (b"data key", UUID(str(clinic)).bytes + version.to_bytes(4, "big"), bytes(value))
            for clinic, version, value in keys
        ),
        *((b"totp", UUID(str(row_id)).bytes, bytes(value)) for row_id, value in codes if value),
        *((b"contact way", UUID(str(row_id)).bytes, bytes(value)) for row_id, value in addresses),
    ]


def how_many_open(database: Database, key: MasterKey) -> tuple[int, int]:
    """How many of those values a key opens, and how many there are."""
    values = sealed_values(database)
    opened = 0
    for purpose, place, value in values:
        try:
            key.open(purpose, value, place)
        except TamperedError:
            continue
        opened += 1
    return opened, len(values)


def is_key_of(url: str, key: MasterKey) -> bool:
    """Whether a key opens all of a diary; some of it is never right."""
    database = open_database(url)
    opened, there = how_many_open(database, key)
    database.close()
    assert there > 10
    assert opened in {0, there}
    return opened == there


def signs_in(opened: Installation, house: House) -> bool:
    """Ben signs in with his password and what his authenticator app shows."""
    kit = opened.kit(lambda: NOW)
    made = sign_in_staff(
        kit,
        email="ben@north.example",
        password=PASSWORD,
        code=pyotp.TOTP(SECRET).at(NOW),
        address="192.0.2.1",
        device="test",
        now=NOW,
    )
    return bool(made.token)


def sqlite_house(folder: Path) -> House:
    """One on SQLite in a new folder, its key in the default file; nobody has it open."""
    folder.mkdir(mode=0o700)
    empty = open_database(url(folder))
    migrate(empty)
    empty.close()
    write_durably(folder / "master.key", FORMER.secret)
    house = furnish(url(folder), folder)
    house.database.close()
    return house


def copied(pattern: Path, folder: Path) -> Path:
    """Another one like it."""
    return Path(shutil.copytree(pattern, folder))


def key_service(folder: Path) -> str:
    """A stand-in for a key service, as docs/keys.md has it; returns its command."""
    secret, script = folder / "service.secret", folder / "service.sh"
    secret.write_text("only the service knows")
    script.write_text(
        "#!/bin/sh\nset -e\n"
        'case "$1" in\n'
        f"wrap)   openssl enc -aes-256-cbc -pbkdf2 -salt -pass file:{secret} ;;\n"
        f"unwrap) openssl enc -d -aes-256-cbc -pbkdf2 -pass file:{secret} ;;\n"
        "esac\n"
    )
    script.chmod(0o700)
    return str(script)


def url(data: Path) -> str:
    return f"sqlite:///{data / 'diary.db'}"


def renew(data: Path, *words: str, before: Callable[[], None] | None = None, **more: str) -> Done:
    """Run the command on a data folder."""
    settings = {"DIARY_DATA_DIR": str(data), **more}
    all_words = ["keys", "renew-master", *words]
    return run_command(all_words, settings=settings, before=before or (lambda: None))


def said(done: Done) -> str:
    words = (done.stdout + done.stderr).decode()
    assert "Traceback" not in words, words
    return " ".join(words.split())


def formers(data: Path) -> list[Path]:
    return sorted(data.glob("master.key*.until-*"))


@contextmanager
def worker(data: Path) -> Iterator["subprocess.Popen[str]"]:
    """`diary worker`, in a process of its own."""
    with started(data, "diary_app", "worker") as running:
        assert "is running" in running.stdout.readline()
        yield running


@contextmanager
def started(data: Path, *words: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DIARY_")}
    settings = {"DIARY_DATA_DIR": str(data), "DIARY_MAIL_WAY": "file", **more}
    with subprocess.Popen(
        [sys.executable, "-u", "-m", *words],
        env=clean | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        try:
            yield running
        finally:
            running.kill()


class Case:
    """An installation whose key comes from one of the three sources, and its administrator."""

    def __init__(self, source: str, data: Path) -> None:
        self.source, self.data = source, data
        self.more: dict[str, str] = {}
        self.words: list[str] = []
        self.file = data / "master.key"
        if source == "environment":
            self.file.unlink()
            self.more = {"DIARY_KEY": FORMER.secret.hex()}
            self.words = ["--to", str(self.file)]
        if source == "service":
            self.more = {"DIARY_KEY_COMMAND": key_service(data.parent)}
            wrapped = run_command(
                ["keys", "wrap"], settings={"DIARY_DATA_DIR": str(data), **self.more}
            )
            assert wrapped.returncode == 0, said(wrapped)
            self.file.unlink()
            self.file = data / "master.key.wrapped"

    def run(self, *, before: Callable[[], None] | None = None) -> Done:
        return renew(self.data, *self.words, before=before, **self.more)

    def loaded(self, file: Path) -> MasterKey:
        if self.source != "service":
            return load_master_key(file)
        unwrapped = subprocess.run(
            [self.more["DIARY_KEY_COMMAND"], "unwrap"],
            input=file.read_bytes(), capture_output=True, check=True,
        )  # fmt: skip
        return MasterKey(unwrapped.stdout)

    def key(self) -> MasterKey:
        """What the next start goes by."""
        if self.source == "environment":
            return MasterKey(bytes.fromhex(self.more["DIARY_KEY"]))
        return self.loaded(self.file)

    def opens_all(self, key: MasterKey) -> bool:
        return is_key_of(url(self.data), key)

    def what_is_there(self) -> str:
        """Say how far it came; one key opens everything, and the start says what to do."""
        waiting = self.file.with_name(f"{self.file.name}.new")
        if waiting.exists():
            counts = self.opens_all(self.loaded(waiting))
            assert counts != self.opens_all(self.key())
            if self.source != "environment":
                assert AGAIN in self.start()
            return "waits and counts" if counts else "waits and does not count"
        if self.opens_all(self.key()) and self.key().secret == FORMER.secret:
            assert self.start() == ""
            return "nothing begun"
        assert self.opens_all(self.loaded(self.file))
        return "in place"

    def start(self) -> str:
        """What a start of the diary says on standard error."""
        done = run_command(
            ["keys", "status"], settings={"DIARY_DATA_DIR": str(self.data), **self.more}
        )
        assert b"Traceback" not in done.stderr
        return done.stderr.decode()

    def finish(self) -> None:
        """The administrator runs the command again, and does what it says."""
        again = self.run()
        if self.source == "environment":
            if again.returncode != 0:
                assert "is there already, and a key is never overwritten" in said(again)
                assert again.returncode == 2
            self.more = {"DIARY_KEY": load_master_key(self.file).secret.hex()}
        else:
            assert again.returncode == 0, said(again)

    def former_is_kept(self) -> bool:
        if self.source == "environment":
            return formers(self.data) == []  # it is where it came from
        kept = [self.loaded(file).secret for file in formers(self.data)]
        return FORMER.secret in kept
