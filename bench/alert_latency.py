"""How long from saving an urgent entry until the mail server has accepted the alert.

    python -m bench.alert_latency --entries 40

A real SQLite file, the real worker and a real SMTP peer on loopback. The baseline in the same run
is one bare SMTP delivery of the same letter; figures are milliseconds and ratios against it.
"""

import argparse
import smtplib
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from alerts.delivery.register import transport_for
from alerts.dispatch import Dispatch
from alerts.intake import record_entry
from alerts.settings import DeliverySettings
from alerts.worker import Worker
from db.models import Patient
from tests.alerts.mail_server import Mailbox, mail_server
from tests.people import House, build_house


def clock() -> datetime:
    return datetime.now(UTC)


def save_fever(house: House, patient: Patient, number: int) -> None:
    now = clock()
    viewer = house.ana.__class__(
        clinic_id=house.clinic_id,
        actor_id=patient.id,
        role="patient",
        name="bench",
        patient_id=patient.id,
        verbs=house.ana.verbs,
    )
    entry = house.entry(
        at=now, patient_id=patient.id, temperature_value=39.0 + number / 1000, temperature_unit="C"
    )
    with house.database.writing() as session:
        record_entry(session, viewer, entry, now)


def patients(house: House, count: int) -> list[Patient]:
    with house.database.writing() as session:
        rows = [
            Patient(
                clinic_id=house.clinic_id,
                code=f"B-{number:04d}",
                name=f"Bench {number}",
                born_on=clock().date(),
                time_zone="UTC",
                created_at=clock(),
            )
            for number in range(count)
        ]
        session.add_all(rows)
        session.flush()
        return rows


def bare(port: int, mailbox: Mailbox) -> float:
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.sendmail("a@x.example", ["b@x.example"], b"Subject: bench\r\n\r\nbench\r\n")
    mailbox.received.clear()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=40)
    count = parser.parse_args().entries
    mailbox = Mailbox()
    with tempfile.TemporaryDirectory() as folder, mail_server(mailbox) as port:
        house = build_house(Path(folder))
        settings = DeliverySettings(
            way="smtp", sender="d@x.example", base_url="https://x.example",
            smtp_host="127.0.0.1", smtp_port=port, smtp_security="none",
        )  # fmt: skip
        dispatch = Dispatch(
            database=house.database,
            transport_for=lambda way: transport_for(way, settings),
            link_for=lambda notification: f"https://x.example/a/{notification.hex}",
            inbox_url="https://x.example/",
            clock=clock,
        )
        worker = Worker(
            database=house.database, dispatch=dispatch, changed=lambda _: None, clock=clock,
            tick_seconds=60,
        )  # fmt: skip
        baseline = statistics.median(bare(port, mailbox) for _ in range(10))
        worker.start()
        time.sleep(2)  # the daily summaries go out first
        taken = []
        for number, patient in enumerate(patients(house, count)):
            mailbox.received.clear()
            began = time.perf_counter()
            save_fever(house, patient, number)
            worker.wake()
            while not mailbox.received:
                threading.Event().wait(0.001)
            taken.append((time.perf_counter() - began) * 1000)
            time.sleep(0.05)
        worker.stop()
        house.database.close()
    taken.sort()
    p50, p99 = statistics.median(taken), taken[min(len(taken) - 1, int(len(taken) * 0.99))]
    print(f"bare SMTP delivery  {baseline:7.1f} ms   1.0 x")
    print(f"saved to accepted   {p50:7.1f} ms   {p50 / baseline:.1f} x   (median of {len(taken)})")
    print(f"                    {p99:7.1f} ms   {p99 / baseline:.1f} x   (99th percentile)")


if __name__ == "__main__":
    main()
