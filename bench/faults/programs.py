"""The programs that get killed: the worker of an installation, and whoever writes entries."""

import os
import sys
import threading
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from alerts.delivery.register import transport_for
from alerts.intake import record_entry
from bench.faults.dial import Dial
from bench.faults.diary_lines import Lines, Reader
from db.access import viewer_for
from db.engine import open_database
from db.models import Entry
from db.types import new_id
from diary_app.installation import delivery_settings, open_installation
from diary_app.settings import Settings

# Every tenth answers so that nobody is told, three that somebody is told today, six at once.
QUIET, TODAY, URGENT = "quiet", "today", "urgent"
ANSWERS = {
    QUIET: {"temperature_value": 36.6, "temperature_unit": "C"},
    # Itch grade 3 is a same-day call; 39.4 C is grade 2 fever, which is urgent.
    TODAY: {
        "itch_nrs": 9,
        "itch_extent": "widespread",
        "itch_pattern": "constant",
        "sleep_loss": "major",
    },
    URGENT: {"temperature_value": 39.4, "temperature_unit": "C"},
}


def meant(number: int) -> str:
    """What the entry of this patient says."""
    return (QUIET, TODAY, TODAY, TODAY, *[URGENT] * 6)[number % 10]


def _talk_to(log: Path) -> None:
    with log.open("a") as opened:
        os.dup2(opened.fileno(), sys.stdout.fileno())
        os.dup2(opened.fileno(), sys.stderr.fileno())


def worker(settings: dict[str, object], dial: Path, log: Path, smtp_seconds: float) -> None:
    """Run the worker of the installation, by the run's clock and with a short wait for mail."""
    _talk_to(log)
    opened = open_installation(Settings(_env_file=None, **settings))
    delivery = replace(delivery_settings(opened.settings), smtp_timeout_seconds=smtp_seconds)
    running = opened.worker(Dial(dial).now)
    running.dispatch.transport_for = lambda way: transport_for(way, delivery)
    running.start()
    threading.Event().wait()


def writer(
    database_file: Path, dial_file: Path, truth: Path, log: Path,
    clinic: UUID, patients: list[UUID], pause: float,
) -> None:  # fmt: skip
    """Save one entry for each patient; note each one only after it was promised to be kept."""
    _talk_to(log)
    dial, lines, past = Dial(dial_file), Lines(truth), Reader(truth)
    database = open_database(f"sqlite:///{database_file}")
    begun = [line["number"] for line in past.more()]
    for number in range(max(begun, default=-1) + 1, len(patients)):
        while not dial["may_write"]:
            time.sleep(0.02)
        saved = False
        while not saved:
            entry = _entry(clinic, patients[number], meant(number), dial.now())
            lines.note(kind="begun", number=number)
            viewer = viewer_for(
                "patient", clinic_id=clinic, actor_id=entry.patient_id, name="x",
                patient_id=entry.patient_id,
            )  # fmt: skip
            entry_id = str(entry.id)
            try:
                with database.writing() as session:
                    record_entry(session, viewer, entry, dial.now())
            except Exception as error:
                lines.note(kind="refused", number=number, why=type(error).__name__)
                time.sleep(0.1)
            else:
                lines.note(safe=True, kind="promised", number=number, entry=entry_id)
                saved = True
        time.sleep(pause)
    threading.Event().wait()


def _entry(clinic: UUID, patient: UUID, what: str, now: datetime) -> Entry:
    entry_id = new_id()
    return Entry(
        id=entry_id,
        first_id=entry_id,
        clinic_id=clinic,
        patient_id=patient,
        diary_on=now.date(),
        local_time=f"{now:%H:%M}",
        time_zone="UTC",
        written_at=now,
        received_at=now,
        **ANSWERS[what],
    )
