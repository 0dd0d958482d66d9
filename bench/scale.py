"""What a clinic's screens and the worker cost as the whole installation grows, on PostgreSQL.

    python -m bench.scale --patients 1000 10000 --entries 100
    python -m bench.scale --patients 1000 10000 100000 --entries 100   # 10 million entries

Starts a server of its own (fsync on), writes clinics of 1,000 patients with COPY, and at each size
runs the diary's own code for one clinic: inbox, list of patients, a patient's page, an entry that
is graded, a lease of messages, the daily summary, the worker's look when nothing is due.

Prints the median, its ratio to the smallest size, the statements, the pages of 8 kB that PostgreSQL
touched for it (neither depends on how busy the machine is), and what its plans read: the indexes,
and any table of more than 5,000 rows that would be read whole. Exit status 1 when there is such a
table though there are several clinics. 10 million entries need about 20 GB of disk.
"""

import argparse
import json
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import event

from alerts import digest, due
from alerts.intake import record_entry
from bench import scale_rows as rows
from db.access import Viewer, viewer_for, worker_viewer
from db.engine import Database, migrate, open_database
from db.keys import MasterKey
from db.models import Entry, Notification
from db.photos.vault import PhotoVault
from db.stores import alerting, assessments, beats, outbox, people
from db.types import new_id
from diary_app.services.inbox import Inbox
from diary_app.services.kit import Kit
from diary_app.services.roster import Roster
from tests import postgres
from tests.people import NOW

BIG = 5000  # rows; a smaller table is read whole with good reason
HEAVY, SHOWN = 20_000, 900  # pages of one statement, letters of it: shown on stderr
BYTES_PER_ENTRY = 2000  # with its grades and all indexes, and room for building them
SETTINGS = (
    " -c fsync=on -c synchronous_commit=on -c full_page_writes=on -c shared_buffers=2GB"
    " -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=16GB -c work_mem=32MB"
)


@dataclass
class Cost:
    """What one act took at one size.

    Attributes:
        ms: Median of the repeats.
        worst_ms: The slowest of them.
        statements: SQL statements of one run.
        pages: Of 8 kB, that PostgreSQL touched for them.
        indexes: That PostgreSQL plans to use.
        whole: Large tables that it plans to read whole.
    """

    ms: float
    worst_ms: float
    statements: int
    pages: int
    indexes: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)


@dataclass
class Scene:
    """One clinic among all, its people, and the diary's code on the large database."""

    database: Database
    kit: Kit
    clinic_id: UUID
    patients: list[UUID]
    turn: int = 0

    @property
    def nurse(self) -> Viewer:
        """Its nurse."""
        number = self.clinic_id.int & 0xFFFFFFFFFFFF
        return viewer_for(
            "nurse", clinic_id=self.clinic_id, actor_id=rows.nurse_id(number), name="Nurse"
        )

    @property
    def worker(self) -> Viewer:
        """The worker at this clinic."""
        return worker_viewer(self.clinic_id)

    def patient(self) -> UUID:
        """Another patient each time."""
        self.turn += 1
        return self.patients[self.turn % len(self.patients)]

    def inbox(self) -> None:
        """A nurse opens the inbox."""
        assert Inbox(self.kit, self.nurse).page().rows

    def roster(self) -> None:
        """A nurse opens the list of patients."""
        Roster(self.kit, self.nurse).list()

    def page(self) -> None:
        """A nurse opens a patient's last 90 days for the first time."""
        Roster(self.kit, self.nurse).page(self.patient(), days=90)

    def entry(self) -> None:
        """A patient sends an entry; it is kept, graded, and a same-day alert is queued."""
        self._send(temperature_value=37.9, itch_nrs=5)

    def lease(self) -> None:
        """A worker leases the messages that are due."""
        with self.database.claiming(self.clinic_id) as session:
            taken = outbox.lease(
                session, self.worker, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)
            )
        assert taken

    def queue(self) -> None:
        """Five messages become due."""
        with self.database.writing(self.clinic_id) as session:
            for _ in range(5):
                message_id = new_id()
                outbox.add_notification(
                    session, self.worker,
                    Notification(
                        id=message_id, clinic_id=self.clinic_id, user_id=self.nurse.actor_id,
                        kind="digest", message_id=f"<{message_id}@diary>", created_at=NOW,
                        next_attempt_at=NOW,
                    ),
                )  # fmt: skip

    def summary(self) -> None:
        """The worker counts the daily summary."""
        with self.database.reading(self.clinic_id) as session:
            digest.figures(session, self.worker, NOW)

    def quiet(self) -> None:
        """The worker looks at the clinic at a tick, and nothing is due."""
        due.carry_out(self.database, self.clinic_id, NOW)
        with self.database.reading(self.clinic_id) as session:
            assessments.ungraded(session, self.worker, limit=100, everywhere=False)
            alerting.due_alerts(session, self.worker, NOW)
            people.own_clinic(session, self.worker)
            outbox.anything_due(session, self.worker, NOW - timedelta(days=30))
            beats.beats(session, self.worker)

    def _send(self, **answers: Any) -> None:
        patient = self.patient()
        entry_id = new_id()
        viewer = viewer_for(
            "patient", clinic_id=self.clinic_id, actor_id=patient, name="Patient",
            patient_id=patient,
        )  # fmt: skip
        with self.database.writing(self.clinic_id) as session:
            entry = Entry(
                id=entry_id, first_id=entry_id, clinic_id=self.clinic_id, patient_id=patient,
                diary_on=NOW.date(), local_time="19:04", time_zone="UTC", written_at=NOW,
                received_at=NOW, temperature_unit="C", **answers,
            )  # fmt: skip
            record_entry(session, viewer, entry, NOW)


ACTS: dict[str, tuple[str, int]] = {
    "inbox": ("inbox opened", 9),
    "roster": ("list of patients opened", 5),
    "page": ("patient's page opened, 90 days", 9),
    "entry": ("entry kept, graded, told", 25),
    "lease": ("messages leased", 9),
    "summary": ("daily summary counted", 5),
    "quiet": ("worker's look, nothing due", 15),
}


def main() -> int:
    """Measure; returns 1 when a large table is read whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--patients", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--entries", type=int, default=100, help="of each patient, one a day")
    parser.add_argument("--clinic", type=int, default=1000, help="patients of a clinic")
    parser.add_argument("--json", type=Path, help="also write all figures here")
    chosen = parser.parse_args()
    sizes = sorted(chosen.patients)
    room = shutil.disk_usage("/tmp").free
    if sizes[-1] * chosen.entries * BYTES_PER_ENTRY > room * 0.8:
        print("There is not enough room on this disk for so many entries.", file=sys.stderr)
        return 2
    programs = postgres.binaries()
    if programs is None:
        print("Install PostgreSQL's server programs, such as postgresql-15.", file=sys.stderr)
        return 2
    server = postgres.Server(programs, SETTINGS)
    try:
        return measure(server, sizes, chosen.entries, chosen.clinic, chosen.json)
    finally:
        server.stop()


def measure(
    server: postgres.Server, sizes: list[int], days: int, clinic: int, to: Path | None
) -> int:
    """Grow the database from size to size and measure at each."""
    url = server.new_database()
    above = url.replace("+psycopg", "").replace("diary@", "postgres@")
    database = open_database(url)
    migrate(database)
    made = rows.seeds(rows.seed(database), above)
    found: dict[int, dict[str, Cost]] = {}
    there, built = 0, {}
    for size in sizes:
        began = time.monotonic()
        rows.add(above, made, there, size, clinic, days)
        there = size
        built[size] = time.monotonic() - began
        with psycopg.connect(above) as connection:
            held = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert held is not None
        print(
            f"{size:,} patients, {size * days:,} entries: {built[size]:.0f} s to build, "
            f"{held[0] / 1e9:.1f} GB",
            flush=True,
        )
        found[size] = _costs(database, size, clinic)
    database.close()
    _print(found)
    if to is not None:
        plain = {
            size: {act: asdict(cost) for act, cost in acts.items()} for size, acts in found.items()
        }
        to.write_text(json.dumps({"build_seconds": built, "costs": plain}, indent=1))
    # With one clinic all rows are its own: reading a table whole is no mistake then.
    several = [acts for size, acts in found.items() if size > clinic]
    return int(any(cost.whole for acts in several for cost in acts.values()))


def _costs(database: Database, size: int, clinic: int) -> dict[str, Cost]:
    number = (size // clinic) // 2  # a clinic in the middle
    chance = random.Random(size)
    own = range(number * clinic, min(size, (number + 1) * clinic))
    patients = [UUID(rows.patient_id(each)) for each in chance.sample(own, len(own))]
    key = MasterKey(bytes(range(32)))
    kit = Kit(
        database=database, key=key, vault=PhotoVault(Path("/nowhere"), key), clock=lambda: NOW,
        wake_worker=lambda: None, publish=lambda _topic: None, origin="http://localhost",
    )  # fmt: skip
    scene = Scene(database, kit, rows.clinic_id(number), patients)
    found = {}
    for name, (_words, repeats) in ACTS.items():
        act: Callable[[], None] = getattr(scene, name)
        before = scene.queue if name == "lease" else lambda: None
        before()
        with _listening(database) as said:
            act()
        pages, indexes, whole = _plans(database, scene.clinic_id, said)
        taken = []
        for _ in range(repeats):
            before()
            began = time.perf_counter()
            act()
            taken.append((time.perf_counter() - began) * 1000)
        found[name] = Cost(statistics.median(taken), max(taken), len(said), pages, indexes, whole)
    return found


@contextmanager
def _listening(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Yield the statements that are run meanwhile, with their parameters."""
    said: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        if (
            statement.lstrip().startswith(("SELECT", "UPDATE", "WITH"))
            and "set_config" not in statement
        ):
            said.append((statement, parameters[0] if many else parameters))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def _plans(
    database: Database, clinic_id: UUID, said: list[tuple[str, Any]]
) -> tuple[int, list[str], list[str]]:
    """Return pages touched, the indexes in the plans, and the large tables read whole."""
    pages = 0
    indexes: set[str] = set()
    whole: set[str] = set()

    def walk(node: dict[str, Any]) -> None:
        indexes.update(filter(None, [node.get("Index Name")]))
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in big:
            whole.add(node["Relation Name"])
        for below in node.get("Plans", ()):
            walk(below)

    with database.reading(clinic_id) as session:
        connection = session.connection()
        big = set(
            connection.exec_driver_sql(
                f"SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > {BIG}"
            ).scalars()
        )
        for words, parameters in said:
            plan = connection.exec_driver_sql(
                f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {words}", parameters
            ).scalar()[0]["Plan"]
            touched = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            pages += touched
            if touched > HEAVY:
                print(
                    f"  {touched:,} pages for: {' '.join(words.split())[-SHOWN:]}", file=sys.stderr
                )
            walk(plan)
    return pages, sorted(indexes), sorted(whole)  # a change that was explained is rolled back


def _print(found: dict[int, dict[str, Cost]]) -> None:
    sizes = list(found)
    head = " | ".join(f"{size:,}" for size in sizes)
    for title, of in (
        ("Median ms with so many patients", lambda cost: cost.ms),
        ("Statements", lambda cost: cost.statements),
        ("Pages touched", lambda cost: cost.pages),
    ):
        print(f"\n| {title} | {head} | ratio |")
        print("|---|" + "---:|" * (len(sizes) + 1))
        for name, (words, _repeats) in ACTS.items():
            values = [of(found[size][name]) for size in sizes]
            shown = " | ".join(f"{value:,.0f}" for value in values)
            print(f"| {words} | {shown} | {values[-1] / max(values[0], 1e-9):.2f} |")
    print()
    for name, (words, _repeats) in ACTS.items():
        last = found[sizes[-1]][name]
        print(f"{words}: {', '.join(last.indexes)}")
        if last.whole:
            print(f"  READS WHOLE: {', '.join(last.whole)}")


if __name__ == "__main__":
    sys.exit(main())
