"""A clinic to be tortured: its rows, its processes, and the nurse who answers what arrives."""

import multiprocessing
import random
import time
from contextlib import suppress
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID

from sqlmodel import col, func, select

from alerts.acknowledge import close_alert, take
from bench.faults import peer, programs
from bench.faults.dial import Dial
from bench.faults.diary_lines import Reader
from bench.faults.full_disk import forbid_growth
from db.access import viewer_for
from db.models import Alert, Notification, Patient
from diary_app.installation import open_installation
from diary_app.settings import Settings
from tests.people import clinic_row, user_row

SMTP_SECONDS, STALL_SECONDS = 1.0, 1.4
NURSES = ("ben@north.example", "bea@north.example")
WORKERS = ("worker 1", "worker 2")
WRITER = "writer"
UNENDED = ("pending", "sending", "failed_temporary")
TAKEN_EARLY = 0.1  # share of alerts that a nurse takes while others are still being told

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["bench.faults.programs", "bench.faults.peer"])


class Clinic:
    """Owns the processes; every kill and restart goes through it."""

    def __init__(self, data: Path, outside: Path, *, patients: int, seed: int, pause: float):
        self.data, self.outside = data, outside
        self.chance = random.Random(seed)
        self.dial = Dial(outside / "dial")
        self.letters, self.truth = Reader(outside / "peer"), Reader(outside / "truth")
        self.pause, self.died_alone = pause, 0
        self.running: dict[str, BaseProcess] = {}
        self.faults: list[str] = []  # what the peer did, in order
        self._arrived: dict[str, set[str]] = {}
        ours, theirs = PROCESSES.Pipe()
        self.peer = PROCESSES.Process(
            target=peer.run,
            args=(theirs, outside / "peer", outside / "dial", seed, STALL_SECONDS),
            daemon=True,
        )
        self.peer.start()
        theirs.close()  # so that waiting for the port ends when the peer could not start
        self.settings: dict[str, object] = {
            "data_dir": data,
            "smtp_host": "127.0.0.1",
            "smtp_port": ours.recv(),
            "smtp_security": "none",
            "mail_from": "diary@north.example",
            "tick_seconds": 0.3,
        }
        self.opened = open_installation(Settings(_env_file=None, **self.settings), create=True)
        self.database = self.opened.database
        self._fill(patients)

    def _fill(self, patients: int) -> None:
        now = self.dial.now()
        with self.database.writing() as session:
            clinic = clinic_row("North clinic", time_zone="UTC", digest_sent_on=None)
            session.add(clinic)
            session.flush()
            staff = [
                user_row(clinic, "Ben", "nurse"),
                user_row(clinic, "Bea", "nurse"),
                user_row(clinic, "Nora", "nurse"),  # her address is refused for good
                user_row(clinic, "Dora", "clinician"),
                user_row(clinic, "Ada", "administrator"),
            ]
            everybody = [
                Patient(
                    clinic_id=clinic.id,
                    code=f"T-{number:05d}",
                    name=f"Tortured {number}",
                    born_on=now.date() - timedelta(days=25_000),
                    time_zone="UTC",
                    created_at=now,
                )
                for number in range(patients)
            ]
            session.add_all([*staff, *everybody])
            session.flush()
            self.clinic_id: UUID = clinic.id
            self.patients = [patient.id for patient in everybody]
            self.ben = viewer_for(
                "nurse", clinic_id=clinic.id, actor_id=staff[0].id, name=staff[0].name
            )

    def keep_running(self) -> None:
        """Start whatever does not run, as the machine's service manager would."""
        for name in (*WORKERS, WRITER):
            old = self.running.get(name)
            if old is None or not old.is_alive():
                self.died_alone += old is not None
                self.running[name] = self._start(name)

    def _start(self, name: str) -> BaseProcess:
        log = self.outside / "log"
        if name == WRITER:
            target, args = programs.writer, (
                self.data / "diary.db", self.outside / "dial", self.outside / "truth", log,
                self.clinic_id, self.patients, self.pause,
            )  # fmt: skip
        else:
            target, args = (
                programs.worker,
                (self.settings, self.outside / "dial", log, SMTP_SECONDS),
            )
        process = PROCESSES.Process(target=target, args=args, daemon=True)
        process.start()
        return process

    def kill(self, name: str) -> None:
        """SIGKILL; it starts again at the next ``keep_running``."""
        process = self.running.pop(name)
        process.kill()
        process.join()

    def kill_all(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def forbid_growth(self, *, forbidden: bool) -> None:
        for process in self.running.values():
            forbid_growth(process.pid, forbidden=forbidden)

    def look(self) -> None:
        """Read what the peer did since the last look."""
        for line in self.letters.more():
            if line["kind"] == "fault":
                self.faults.append(line["what"])
                continue
            for code in line["codes"]:
                self._arrived.setdefault(code, set()).update(line["to"])

    def answer_letters(self) -> None:
        """A nurse takes and closes alerts that both nurses have heard of, a few even sooner."""
        ready = [
            code
            for code, to in self._arrived.items()
            if to.issuperset(NURSES) or (to & set(NURSES) and self.chance.random() < TAKEN_EARLY)
        ]
        with suppress(Exception), self.database.writing() as session:  # the disk may be full
            open_ones = session.exec(
                select(Alert.id, Alert.code).where(
                    col(Alert.code).in_(ready[:200]), col(Alert.state) != "closed"
                )
            ).all()
            for alert_id, _code in open_ones:
                take(session, self.ben, alert_id, self.dial.now())
                close_alert(session, self.ben, alert_id, "advice", "", self.dial.now())
            session.commit()
            for code in ready[:200]:
                del self._arrived[code]

    def waiting(self) -> int:
        """How many messages have not ended."""
        with self.database.reading() as session:
            query = select(func.count()).where(col(Notification.state).in_(UNENDED))
            return session.exec(query).one()

    def open_alerts(self) -> int:
        with self.database.reading() as session:
            query = select(func.count()).where(col(Alert.state) != "closed")
            return session.exec(query).one()

    def recover(self, seconds: float) -> bool:
        """Let everything end with a kind peer and a right clock; whether it did in this time.

        When little happens the clock is moved on by minutes, so that nobody waits for retries.
        """
        self.dial["may_write"], self.dial["peer_is_kind"], self.dial["clock_ahead"] = 0, 1, 0
        self.keep_running()
        until = time.monotonic() + seconds
        before, quiet_since = -1, time.monotonic()
        while time.monotonic() < until:
            self.keep_running()
            self.look()
            self.answer_letters()
            left = self.waiting() + self.open_alerts()
            if left == 0:
                self.kill_all()  # nobody may begin something new between here and the books
                if self.waiting() + self.open_alerts() == 0:
                    return True
                continue
            if left != before:
                before, quiet_since = left, time.monotonic()
            elif time.monotonic() - quiet_since > 0.4:
                self.dial["clock_ahead"] += 330
                quiet_since = time.monotonic()
            time.sleep(0.1)
        return False

    def close(self) -> None:
        self.kill_all()
        self.peer.kill()
        self.peer.join()
        self.opened.close()
