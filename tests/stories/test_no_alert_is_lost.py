"""SIGKILL at any moment loses no entry and no alert."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import select

from db.models import Alert, Entry, Notification, Patient
from tests.alerts.mail_server import Mailbox, mail_server
from tests.people import NOW, House

KILLS = 6
PATIENTS = 40


def more_patients(house: House) -> list[UUID]:
    with house.database.writing() as session:
        rows = [
            Patient(
                clinic_id=house.clinic_id,
                code=f"B-{number:03d}",
                name=f"Burst {number}",
                born_on=NOW.date() - timedelta(days=25_000),
                time_zone="UTC",
                created_at=NOW,
            )
            for number in range(PATIENTS)
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def run_until_killed(
    house: House, port: int, *, later: int, patients: list[UUID], seconds: float
) -> set[UUID]:
    """Run the clinic, kill it hard after some seconds, and return what it said it had kept."""
    process = subprocess.Popen(
        [
            sys.executable, "-m", "tests.stories.burst", house.url, str(port), str(later),
            str(house.clinic_id), ",".join(map(str, patients)),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    said = process.communicate()[0]
    return {UUID(line.split()[1]) for line in said.splitlines() if line.startswith("committed")}


def test_sigkill_during_a_burst_of_urgent_entries_loses_nothing(house: House):
    chance = random.Random(20260302)
    waiting = more_patients(house)
    mailbox = Mailbox(data_takes_seconds=0.01)
    promised: set[UUID] = set()
    with mail_server(mailbox) as port:
        for kill in range(KILLS):
            promised |= run_until_killed(
                house,
                port,
                later=3 * kill,
                patients=waiting,
                seconds=chance.uniform(0.05, 0.6),
            )
            with house.database.reading() as session:
                kept = {entry.patient_id for entry in session.exec(select(Entry))}
            waiting = [patient for patient in waiting if patient not in kept]
        # Leases of whatever was being sent when the process died run out within seconds.
        clinic = subprocess.Popen(
            [
                sys.executable, "-m", "tests.stories.burst", house.url, str(port),
                str(3 * KILLS), str(house.clinic_id), ",".join(map(str, waiting)),
            ],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_until_all_sent(house, PATIENTS)
        finally:
            clinic.kill()
            clinic.wait()

    with house.database.reading() as session:
        entries = {entry.id for entry in session.exec(select(Entry))}
        codes = {alert.code for alert in session.exec(select(Alert))}
    assert promised <= entries
    assert len(entries) == len(codes) == PATIENTS
    arrived = {letter["X-Diary-Alert"] for letter in mailbox.received}
    assert codes <= arrived
    # A repeat after a crash is the same message, not another one.
    ids = {letter["Message-ID"] for letter in mailbox.received if letter["X-Diary-Alert"]}
    with house.database.reading() as session:
        assert ids <= {row.message_id for row in session.exec(select(Notification))}


def wait_until_all_sent(house: House, alerts: int) -> None:
    deadline = datetime.now(UTC) + timedelta(seconds=60)
    while datetime.now(UTC) < deadline:
        with house.database.reading() as session:
            sent = {
                row.alert_id
                for row in session.exec(select(Notification))
                if row.state == "sent" and row.alert_id is not None
            }
        if len(sent) == alerts:
            return
        time.sleep(0.1)
    raise AssertionError(f"{len(sent)} of {alerts} alerts were sent within a minute")
