"""How long a replay of a whole clinic takes, database included, and how much memory it needs.

Run from the folder of the repository: ``python -m bench.replay``. The baseline reads the same rows
one by one without grading them, in the same run, so the ratio holds on any machine. Memory is the
peak of this process and of the largest of the others; ``--patients`` with other numbers shows that
it does not grow. ``--processes 1`` replays in this process alone.
"""

import argparse
import resource
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from rich.progress import Progress

from alerts.grading.rules import DEFAULT_RULES
from db.access import Viewer, viewer_for, worker_viewer
from db.engine import Database, migrate, open_database
from db.models import Clinic, User
from db.stores import diary, doors, people
from diary_app.commands.cohort import make_cohort
from diary_app.services.replay import replay

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TRIED = replace(DEFAULT_RULES, version="bench", high_fever_celsius=38.0, fever_celsius=37.8)


def empty_demo(folder: Path) -> tuple[Database, Viewer]:
    """Return a database with one clinic of synthetic patients, and its clinician."""
    database = open_database(f"sqlite:///{folder / 'diary.db'}")
    migrate(database)
    clinic = Clinic(
        name="Bench", time_zone="Europe/Berlin", phone="", emergency_number="112", policy={},
        is_demo=True, created_at=NOW,
    )  # fmt: skip
    user = User(
        clinic_id=clinic.id, email="b@bench.example", name="B", role="clinician", created_at=NOW
    )
    machine = viewer_for("administrator", clinic_id=clinic.id, actor_id=clinic.id, name="bench")
    with database.writing() as session:
        doors.add_clinic(session, clinic)
        people.add_staff(session, machine, user, NOW)
    return database, viewer_for("clinician", clinic_id=clinic.id, actor_id=user.id, name="B")


def read_all(database: Database, viewer: Viewer) -> int:
    """Read every entry without grading it; the baseline."""
    worker, code, rows = worker_viewer(viewer.clinic_id), "", 0
    while True:
        with database.reading() as session:
            some = people.some_after(session, worker, code, 1)
            if not some:
                return rows
            code, patient_id = some[0]
            rows += len(diary.told(session, worker, patient_id, last_on=NOW.date()))


def peak_mb(whose: int = resource.RUSAGE_SELF) -> float:
    """Return the peak memory of this process so far, or of the largest child that has ended."""
    peak = resource.getrusage(whose).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Print the time of a replay, of reading alone, their ratio, and the peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--processes", type=int, default=None)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Progress(transient=True) as bar:
        database, viewer = empty_demo(Path(folder))
        task = bar.add_task("Cohort", total=chosen.patients)
        make_cohort(
            chosen.patients, 1, chosen.days, NOW.date(), database=database,
            progress=lambda done, _all: bar.update(task, completed=done),
        )  # fmt: skip
        made_mb = peak_mb()
        begun = perf_counter()
        rows = read_all(database, viewer)
        reading = perf_counter() - begun
        task = bar.add_task("Replay", total=chosen.patients)
        begun = perf_counter()
        found = replay(
            database, viewer, TRIED, NOW.date() - timedelta(days=chosen.days - 1), NOW.date(), NOW,
            lambda done, _all: bar.update(task, completed=done), chosen.processes,
        )  # fmt: skip
        replaying = perf_counter() - begun
        database.close()
    print(f"{chosen.patients} patients, {chosen.days} days, {rows} entries")
    print(f"reading alone   {reading:7.1f} s")
    print(f"replay          {replaying:7.1f} s, {rows / replaying:.0f} entries/s")
    print(f"ratio           {replaying / reading:7.1f}")
    print(f"peak memory     {peak_mb():7.0f} MB ({made_mb:.0f} MB before the replay)")
    print(f"largest child   {peak_mb(resource.RUSAGE_CHILDREN):7.0f} MB")
    print(found.sensitivity.sentence)
    for level in ("urgent", "prompt"):
        was, now = (found.rate(level, after=after) for after in (False, True))
        print(f"{level:7} {was:.4f} -> {now:.4f} per patient-week")


if __name__ == "__main__":
    main()
