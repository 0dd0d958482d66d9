"""A clinic as its people meet it: the real server process, a real mail server, a real database."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyotp
from sqlmodel import col, select

from db.access import viewer_for
from db.engine import open_database
from db.models import Patient, PlanStep, User
from db.stores import doors, people, treatment
from diary_app.ground.pack import LIGHT
from tests.alerts.mail_server import Mailbox, mail_server
from tests.ground.serving import PACKED
from tests.people import empty_database

PASSWORD = "four green kettles sing"


@dataclass
class RunningClinic:
    """Addresses and files of a clinic under test."""

    folder: Path
    origin: str
    mailbox: Mailbox
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    secrets: dict[str, str] = field(default_factory=dict)

    def diary(self, *words: str) -> str:
        """Run the `diary` command and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "diary_app", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start the server and wait until it is healthy."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "diary_app", "serve"],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "server.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.origin}/healthz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server did not become healthy")

    def kill(self) -> None:
        """End the server with SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def code(self, email: str) -> str:
        """Return the next six-digit code of a person; a code works once, so wait for a new one."""
        totp = pyotp.TOTP(self.secrets[email])
        used = self.secrets.get(f"used {email}")
        while (now := totp.now()) == used:
            time.sleep(0.5)
        self.secrets[f"used {email}"] = now
        return now

    def with_patient(self, name: str, code: str) -> str:
        """Enroll a patient on 200 mg daily and return the invitation link."""
        database = open_database(self.environment["DIARY_DATABASE_URL"])
        now = datetime.now(UTC)
        with database.writing() as session:
            clinic = doors.clinics(session)[0]
            doctor = session.exec(select(User).where(col(User.role) == "clinician")).one()
            viewer = viewer_for(
                "clinician", clinic_id=clinic.id, actor_id=doctor.id, name=doctor.name
            )
            patient = Patient(
                clinic_id=clinic.id,
                code=code,
                name=name,
                born_on=date(1955, 3, 14),
                time_zone=clinic.time_zone,
                created_at=now,
            )
            people.enroll(session, viewer, patient, now)
            step = PlanStep(
                clinic_id=clinic.id,
                patient_id=patient.id,
                starts_on=now.astimezone(ZoneInfo(clinic.time_zone)).date(),
                imatinib_mg=200,
                author_id=doctor.id,
                approved_at=now,
            )
            treatment.change_plan(session, viewer, patient.id, [step], now)
        database.close()
        return link_in(self.diary("invite", code))

    def mail_to(self, address: str, *, seconds: float = 20) -> str:
        """Return the text of the newest mail to an address, waiting for it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for letter in reversed(self.mailbox.received):
                if letter["To"] == address and letter["X-Diary-Alert"]:
                    return letter.get_body(("plain",)).get_content()
            time.sleep(0.05)
        raise AssertionError("no such mail arrived")


def link_in(text: str) -> str:
    """Return the first link in a text."""
    found = re.search(r"https?://\S+", text)
    assert found is not None, text
    return found[0]


@contextmanager
def running_clinic(folder: Path) -> Iterator[RunningClinic]:
    """Set up an empty clinic with `diary init` and run it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    mailbox = Mailbox()
    folder.joinpath("data").mkdir(exist_ok=True)
    with mail_server(mailbox) as mail_port:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("DIARY_")}
        environment = clean | {
            "DIARY_DATA_DIR": str(folder / "data"),
            "DIARY_DATABASE_URL": empty_database(folder),
            "DIARY_WEB_CACHE_DIR": str(PACKED),
            "DIARY_WEB_QUALITY": str(LIGHT),
            "DIARY_PORT": str(port),
            "DIARY_SMTP_HOST": "127.0.0.1",
            "DIARY_SMTP_PORT": str(mail_port),
            "DIARY_SMTP_SECURITY": "none",
            "DIARY_MAIL_FROM": "diary@north.example",
            "PYTHONWARNINGS": "default",
        }
        clinic = RunningClinic(folder, f"http://127.0.0.1:{port}", mailbox, environment)
        try:
            yield clinic
        finally:
            clinic.kill()
