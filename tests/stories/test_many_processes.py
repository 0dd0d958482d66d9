"""Two servers and three workers on one PostgreSQL, killed in turn: nothing is lost or doubled."""

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlmodel import select

from alerts.intake import record_entry
from db.access import Viewer, viewer_for
from db.engine import migrate, open_database
from db.models import Alert, Draft, Entry, Notification
from db.types import new_id
from diary_app.installation import Installation, open_installation
from diary_app.services.doors import open_sign_in
from diary_app.services.kit import Kit
from diary_app.settings import Settings
from tests import postgres
from tests.alerts.mail_server import Mailbox, mail_server
from tests.ground.raw import Raw
from tests.ground.serving import free_port
from tests.people import House, fill, patient_row

PATIENTS = 24
BUSY = 3  # workers


@dataclass
class Ward:
    """The processes of one installation, and what they share."""

    house: House
    opened: Installation
    environment: dict[str, str]
    mailbox: Mailbox
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def kit(self) -> Kit:
        """What a further process works with."""
        return self.opened.kit(lambda: datetime.now(UTC))

    def start(self, name: str) -> None:
        words = ["tests.stories.serve_bare"] if "server" in name else ["diary_app", "worker"]
        port = self.ports.setdefault(name, free_port())
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", *words],
            env=self.environment | {"DIARY_PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running.pop(name).wait()

    async def healthy(self, name: str) -> None:
        async with httpx.AsyncClient() as client, asyncio.timeout(60):
            while True:
                try:
                    await client.get(f"http://127.0.0.1:{self.ports[name]}/healthz")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                else:
                    return

    def token(self, viewer: Viewer) -> str:
        with self.kit.database.writing() as session:
            return open_sign_in(session, viewer, "test", datetime.now(UTC)).token

    def fever(self, patient_id: UUID) -> None:
        """Keep an urgent entry, as a server does, and ring the bells."""
        viewer = viewer_for(
            "patient", clinic_id=self.house.clinic_id, actor_id=patient_id, name="",
            patient_id=patient_id,
        )  # fmt: skip
        now, entry_id = datetime.now(UTC), new_id()
        entry = Entry(
            id=entry_id, first_id=entry_id, clinic_id=self.house.clinic_id, patient_id=patient_id,
            diary_on=now.date(), local_time=f"{now:%H:%M}", time_zone="UTC", written_at=now,
            received_at=now, temperature_value=39.4, temperature_unit="C",
        )  # fmt: skip
        with self.kit.database.writing(self.house.clinic_id) as session:
            record_entry(session, viewer, entry, now)
        self.kit.changed(self.house.clinic_id, patient_id)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    database = open_database(postgres.server().new_database())
    migrate(database)
    with database.writing() as session:
        house = House(database=database, **fill(session))
    database.close()
    mailbox = Mailbox(data_takes_seconds=0.02)
    with mail_server(mailbox) as mail_port, opened(tmp_path, house, mail_port, mailbox) as found:
        yield found


@contextmanager
def opened(folder: Path, house: House, mail_port: int, mailbox: Mailbox) -> Iterator[Ward]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("DIARY_")}
    environment = clean | {
        "DIARY_DATA_DIR": str(folder),
        "DIARY_DATABASE_URL": house.url,
        "DIARY_SMTP_HOST": "127.0.0.1",
        "DIARY_SMTP_PORT": str(mail_port),
        "DIARY_SMTP_SECURITY": "none",
        "DIARY_MAIL_FROM": "diary@north.example",
    }
    settings = Settings(data_dir=folder, database_url=house.url, mail_way="file")
    installation = open_installation(settings, create=True)
    ward = Ward(house, installation, environment, mailbox)
    try:
        yield ward
    finally:
        for name in tuple(ward.running):
            ward.kill(name)
        installation.close()
        house.database.close()


def more_patients(ward: Ward) -> list[UUID]:
    with ward.kit.database.writing() as session:
        clinic_id = ward.house.clinic_id
        rows = [patient_row(clinic_id, f"P-{n:03}", f"Patient {n}") for n in range(2, PATIENTS + 2)]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def wait_for(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not ready():
        assert time.monotonic() < until, "It did not happen in two minutes."
        time.sleep(0.02)


def sent(ward: Ward) -> Counter[str]:
    with ward.kit.database.reading() as session:
        return Counter(row.state for row in session.exec(select(Notification)))


def test_workers_killed_in_turn_send_every_alert_once(ward: Ward) -> None:
    patients = more_patients(ward)
    names = [f"worker {number}" for number in range(BUSY)]
    for name in names:
        ward.start(name)
    ward.fever(patients[0])
    wait_for(lambda: bool(ward.mailbox.received))  # the first of them is at work
    for number, patient_id in enumerate(patients[1:], start=1):
        ward.fever(patient_id)
        if number % 8 == 4:
            wait_for(lambda: "sending" in sent(ward))  # somebody is in the middle of it
            victim = names[number // 8]
            ward.kill(victim)
            ward.start(victim)
    wait_for(lambda: set(sent(ward)) <= {"sent", "delivered", "superseded"})

    with ward.kit.database.reading() as session:
        # At one hour of the day the workers also try the alarm itself out.
        alerts = {
            row.code for row in session.exec(select(Alert)) if row.patient_id in set(patients)
        }
    letters = [letter for letter in ward.mailbox.received if letter["X-Diary-Alert"] in alerts]
    assert len(alerts) == PATIENTS
    assert {letter["X-Diary-Alert"] for letter in letters} == alerts
    # One whose worker was killed after the mail server took it and before that was written down
    # comes again under the same Message-ID; no worker sends what another one sends.
    again = Counter((letter["Message-ID"], letter["To"]) for letter in letters)
    assert sum(times - 1 for times in again.values()) <= BUSY
    by_alert: dict[tuple[str, str], set[str]] = {}
    for letter in letters:
        by_alert.setdefault((letter["X-Diary-Alert"], letter["To"]), set()).add(
            letter["Message-ID"]
        )
    assert all(len(ids) == 1 for ids in by_alert.values())


def test_a_nurse_sees_what_reached_another_server_and_a_patient_goes_on_there(ward: Ward) -> None:
    async def story() -> None:
        for name in ("server 1", "server 2"):
            ward.start(name)
        for name in ("server 1", "server 2"):
            await ward.healthy(name)
        ana, ben = ward.token(ward.house.ana), ward.token(ward.house.ben)
        phone = await Raw(ward.ports["server 1"], ana).open(route="/entry")
        desk = await Raw(ward.ports["server 2"], ben).open(route="/")
        await desk.see("No open alerts")
        await phone.see("not-measured")
        await phone.event(phone.find(key="not-measured")[-1]["_i"])
        await phone.see("Kept at")

        ward.fever(ward.house.ana.actor_id)
        await desk.see("Ana Quiet")

        ward.kill("server 1")
        other = await Raw(ward.ports["server 2"], ana).open(route="/entry")
        await other.see("How bad was your worst itch")
        with ward.kit.database.reading() as session:
            assert len(session.exec(select(Draft)).all()) == 1
        await other.close()
        await desk.close()

    asyncio.run(story())
