"""What one look of the worker costs when a clinic has 1,000, 10,000 and 100,000 patients.

    python -m bench.sweep --patients 1000 10000 100000

Every patient has entries of two days, graded; 1 % have an alert, a message and a reminder that are
due, 2 % a sleeping alert, 10 % an old closed one. Timed are the questions that each round asks
(median of rounds) and, once a day, those of the summary and the books. Then every statement of a
round with its query plan, and what an idle worker uses. Times are milliseconds.
"""

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, insert, update
from sqlmodel import Session

from alerts import auditor, digest, reckoning
from alerts.dispatch import Dispatch
from alerts.due import BATCH
from alerts.escalation.policy import DEFAULT_POLICY, policy_to_json
from alerts.reminders import LAY_OUT_BEFORE
from alerts.watcher import Watcher
from alerts.worker import Worker
from db.engine import Database
from db.models import Alert, Assessment, Clinic, DueRow, Entry, Notification, Patient
from db.stores import alerting, assessments, beats, doors, outbox, reminding
from db.types import new_id
from tests.people import NOW, ZONE, House, build_house

DUE_SHARE = 100
CHUNK = 5000
EARLIER = NOW - timedelta(hours=1)  # when nothing was due yet


def fill(house: House, patients: int) -> None:
    """Write the clinic with bulk inserts."""
    policy = policy_to_json(DEFAULT_POLICY)
    with house.database.writing() as session:
        for start in range(0, patients, CHUNK):
            numbers = range(start, min(start + CHUNK, patients))
            rows: dict[type, list[dict[str, Any]]] = {
                table: [] for table in (Patient, DueRow, Entry, Assessment, Alert, Notification)
            }
            for number in numbers:
                _one(rows, house, number, policy)
            for table, made in rows.items():
                if made:
                    session.connection().execute(insert(table), made)
    with house.database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _one(rows: dict[type, list[dict[str, Any]]], house: House, number: int, policy: Any) -> None:
    patient_id = new_id()
    about = {"clinic_id": house.clinic_id, "patient_id": patient_id}
    rows[Patient].append(
        {
            "id": patient_id,
            "clinic_id": house.clinic_id,
            "code": f"B-{number:06d}",
            "name": f"Bench {number}",
            "born_on": NOW.date(),
            "time_zone": ZONE,
            "created_at": NOW - timedelta(days=90),
            "planned_until": NOW + timedelta(days=3),
        }
    )
    due_at = NOW - timedelta(minutes=1) if number % DUE_SHARE == 0 else NOW + timedelta(hours=20)
    rows[DueRow].append(
        about
        | {
            "id": new_id(),
            "kind": "entry",
            "key": "entry",
            "local_day": due_at.date(),
            "due_at": due_at,
            "state": "waiting",
        }
    )
    entry_id = new_id()
    for days in (1, 0):
        entry_id, at = new_id(), NOW - timedelta(days=days, minutes=1)
        rows[Entry].append(
            about
            | {
                "id": entry_id,
                "first_id": entry_id,
                "diary_on": at.date(),
                "local_time": "20:03",
                "time_zone": ZONE,
                "written_at": at,
                "received_at": at,
            }
        )
        rows[Assessment].append(
            about
            | {
                "id": new_id(),
                "entry_id": entry_id,
                "assessed_at": at,
                "outcome": "graded",
                "level": "none",
                "rules_version": "bench",
            }
        )
    if number % 10 == 5:
        _closed(rows, house, about, number, policy)
    if number % DUE_SHARE < 3:
        look = NOW - timedelta(minutes=1) if number % DUE_SHARE == 0 else NOW + timedelta(hours=2)
        alert_id, row_id = new_id(), new_id()
        rows[Alert].append(
            about
            | {
                "id": alert_id,
                "entry_id": entry_id,
                "code": f"B{number:06d}",
                "level": "urgent",
                "state": "open",
                "raised_at": NOW - timedelta(hours=2),
                "level_since": NOW - timedelta(hours=2),
                "policy": policy,
                "next_look_at": look,
                "step_entered_at": NOW - timedelta(hours=2),
            }
        )
        rows[Notification].append(
            {
                "id": row_id,
                "clinic_id": house.clinic_id,
                "alert_id": alert_id,
                "user_id": house.ben.actor_id,
                "message_id": f"<{row_id}@bench>",
                "level": "urgent",
                "state": "pending",
                "created_at": NOW - timedelta(hours=2),
                "next_attempt_at": look,
            }
        )


def _closed(
    rows: dict[type, list[dict[str, Any]]],
    house: House,
    about: dict[str, Any],
    number: int,
    policy: Any,
) -> None:
    """Add an alert of last month that was closed, and its message."""
    at, alert_id, row_id = NOW - timedelta(days=30), new_id(), new_id()
    rows[Alert].append(
        about
        | {
            "id": alert_id,
            "entry_id": None,
            "code": f"C{number:06d}",
            "level": "prompt",
            "state": "closed",
            "raised_at": at,
            "level_since": at,
            "policy": policy,
            "step_entered_at": at,
            "next_look_at": None,
        }
    )
    rows[Notification].append(
        {
            "id": row_id,
            "clinic_id": house.clinic_id,
            "alert_id": alert_id,
            "user_id": house.ben.actor_id,
            "message_id": f"<{row_id}@bench>",
            "level": "prompt",
            "state": "sent",
            "created_at": at,
            "next_attempt_at": at,
        }
    )


def sweep(session: Session, house: House, now: datetime) -> int:
    """Ask everything that one round of the worker asks; returns how many alerts are due."""
    viewer = house.worker
    doors.clinics(session)
    assessments.ungraded(session, viewer)
    reminding.to_plan(session, viewer, now + LAY_OUT_BEFORE, 1)
    reminding.due(session, viewer, now, BATCH)
    due = alerting.due_alerts(session, viewer, now)
    digest.is_due(doors.clinic(session, house.clinic_id), now)
    outbox.anything_due(session, viewer, now)
    beats.beats(session, viewer)
    return len(due)


def daily(session: Session, house: House) -> None:
    """Ask what is asked once a day."""
    digest.figures(session, house.worker, NOW)
    clinic = doors.clinic(session, house.clinic_id)
    reckoning.count(session, house.worker, clinic, NOW.date())


def timed(
    house: House,
    ask: Callable[[Session], object],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the median in milliseconds, after one round to warm up.

    Args:
        clock: ``time.process_time`` measures the same on a machine that others use too.
    """
    times = []
    for _ in range(rounds + 1):
        with house.database.reading() as session:
            began = clock()
            ask(session)
            times.append((clock() - began) * 1000)
    return statistics.median(times[1:])


@contextmanager
def listening(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that are executed."""
    heard: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        heard.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def plans(house: House) -> list[dict[str, Any]]:
    """Return each statement of a round and of an audit with its query plan."""
    with listening(house.database) as heard, house.database.reading() as session:
        sweep(session, house, NOW)
        auditor.findings(session, house.worker, NOW, NOW)
        doors.longest_due(session)
    found = []
    with house.database.engine.connect() as connection:
        for statement, parameters in heard:
            if statement.startswith("SELECT"):
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                table = statement.partition("FROM ")[2].split()[0]
                found.append({"from": table, "plan": [row[3] for row in rows]})
    return found


def idle(house: House, seconds: float, tick: float) -> float:
    """Return the share of one CPU that a worker uses which has nothing to do, in percent."""

    def clock() -> datetime:
        return datetime.now(UTC)

    def no_way(_word: str) -> Any:
        raise AssertionError("nothing is due here")

    today = clock()
    with house.database.writing() as session:
        quiet = {"probe_hour": None, "created_at": today, "digest_sent_on": today.date()}
        session.connection().execute(update(Clinic).values(quiet))
    dispatch = Dispatch(house.database, no_way, str, "http://localhost/", clock)
    worker = Worker(house.database, dispatch, lambda _clinic: None, clock, tick)
    worker.watcher = Watcher(house.database)
    worker.start()
    time.sleep(2 * tick)
    before = resource.getrusage(resource.RUSAGE_SELF)
    time.sleep(seconds)
    after = resource.getrusage(resource.RUSAGE_SELF)
    worker.stop()
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return 100 * used / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--idle", type=float, default=60, help="Seconds to watch an idle worker.")
    parser.add_argument("--tick", type=float, default=Worker.tick_seconds)
    asked = parser.parse_args()
    results, plan = [], []
    for patients in asked.patients:
        with tempfile.TemporaryDirectory() as folder:
            house = build_house(Path(folder))
            fill(house, patients)
            with house.database.reading() as session:
                due = sweep(session, house, NOW)
                nothing = sweep(session, house, EARLIER)
            results.append(
                {
                    "patients": patients,
                    "due": due,
                    "round_ms": timed(house, lambda s, h=house: sweep(s, h, NOW), asked.rounds),
                    "round_cpu_ms": timed(
                        house, lambda s, h=house: sweep(s, h, NOW), asked.rounds, time.process_time
                    ),
                    "nothing_due": nothing,
                    "round_nothing_due_ms": timed(
                        house,
                        lambda s, h=house: sweep(s, h, EARLIER),
                        asked.rounds,
                    ),
                    "audit_ms": timed(
                        house,
                        lambda s, h=house: auditor.findings(s, h.worker, NOW, NOW),
                        asked.rounds,
                    ),
                    "health_ms": timed(house, doors.longest_due, asked.rounds),
                    "daily_ms": timed(house, lambda s, h=house: daily(s, h), 1),
                }
            )
            print(json.dumps(results[-1]), flush=True)
            plan = plans(house)
            house.database.close()
    print(json.dumps({"plans": plan}, indent=1))
    if asked.idle:
        with tempfile.TemporaryDirectory() as folder:
            house = build_house(Path(folder))
            used = idle(house, asked.idle, asked.tick)
            house.database.close()
        print(json.dumps({"idle_cpu_percent": round(used, 3), "seconds": asked.idle}))


if __name__ == "__main__":
    main()
