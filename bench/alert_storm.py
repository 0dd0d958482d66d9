"""1,000 urgent alerts at once to one mail server: how soon the first is there, and how soon all.

    python -m bench.alert_storm --alerts 1000

A real SQLite file, the real worker, and a real SMTP peer in another process. The baseline in the
same run is a bare loop that hands as many letters of the same size to the same peer over one
connection and keeps no books. Also how much of a processor an idle worker uses.
"""

import argparse
import multiprocessing
import smtplib
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from sqlmodel import select

from alerts import alarm
from alerts.delivery.register import transport_for
from alerts.dispatch import Dispatch
from alerts.due import LAID_OUT_AT_ONCE
from alerts.settings import DeliverySettings
from alerts.worker import Worker
from bench.alert_latency import patients
from db.models import Notification, Patient
from tests.alerts.mail_server import Mailbox, mail_server
from tests.people import House, build_house

IDLE_SECONDS = 10.0


def clock() -> datetime:
    return datetime.now(UTC)


class Timed(Mailbox):
    """Notes when each letter was accepted, by its Message-ID."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        head = envelope.content.partition(b"Message-ID: ")[2][:80].splitlines()
        self.accepted.append((time.time(), head[0].decode() if head else ""))
        return "250 2.0.0 Ok"


def peer(pipe: Connection) -> None:
    mailbox = Timed()
    mailbox.accepted = []
    with mail_server(mailbox) as port:
        pipe.send(port)
        while pipe.recv() == "accepted":
            pipe.send(list(mailbox.accepted))
            mailbox.accepted.clear()


def accepted(pipe: Connection) -> list[tuple[float, str]]:
    pipe.send("accepted")
    return pipe.recv()


def raise_alerts(house: House, everybody: list[Patient]) -> None:
    """Every patient's alert is raised in one transaction, so that they are due in one moment."""
    with house.database.writing() as session:
        for patient in everybody:
            alarm.raise_alert(
                session, house.worker, patient_id=patient.id, entry_id=None, level="urgent",
                reason_codes=["R4_TEMP_GE_38_3"], now=clock(),
            )  # fmt: skip


def bare_loop(port: int, count: int) -> float:
    letter = b"Subject: x\r\nMessage-ID: <bare@x>\r\n\r\n" + (b"x" * 70 + b"\r\n") * 20
    began = time.time()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="x.example") as server:
        for _ in range(count):
            server.sendmail("a@x.example", ["b@x.example"], letter)
    return time.time() - began


def worker_to(house: House, port: int, tick_seconds: float) -> Worker:
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
    return Worker(
        database=house.database, dispatch=dispatch, changed=lambda _: None, clock=clock,
        tick_seconds=tick_seconds,
    )  # fmt: skip


def unsent(house: House) -> int:
    with house.database.reading() as session:
        return len(session.exec(select(Notification.id).where(Notification.state != "sent")).all())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--alerts", type=int, default=1000)
    count = parser.parse_args().alerts
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=peer, args=(theirs,), daemon=True)
    process.start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        house = build_house(Path(folder))
        worker = worker_to(house, port, 60)
        baseline = bare_loop(port, count)
        everybody = patients(house, count)
        for _ in range(count // LAID_OUT_AT_ONCE + 2):
            worker.run_once()  # the daily summaries go out, the reminders of all are laid out
        worker.start()
        time.sleep(2)
        raise_alerts(house, everybody)
        accepted(ours)
        began = time.time()
        worker.wake()
        while unsent(house):
            Event().wait(0.1)
        recorded = time.time() - began
        arrived = accepted(ours)
        worker.stop()
        worker = worker_to(house, port, Worker.tick_seconds)
        worker.start()
        time.sleep(1)
        used = time.process_time()
        time.sleep(IDLE_SECONDS)
        idle = (time.process_time() - used) / IDLE_SECONDS
        worker.stop()
        house.database.close()
    ours.send("stop")
    process.join()
    first, last = (pick(at for at, _ in arrived) - began for pick in (min, max))
    print(f"bare loop, one connection   {baseline:6.2f} s   1.0 x")
    print(f"first accepted after        {first:6.2f} s")
    print(f"all {count} accepted after    {last:6.2f} s   {last / baseline:.1f} x")
    print(f"all recorded as sent after  {recorded:6.2f} s")
    print(f"accepted {len(arrived)}, different messages {len({one for _, one in arrived})}")
    print(f"idle worker                 {idle * 100:6.2f} % of one processor")


if __name__ == "__main__":
    main()
