"""A clinic under fire, run as a process of its own so that it can be killed.

Writes urgent entries one after the other while the worker sends their alerts, and prints the id of
each entry once it is committed. Started again, it goes on where it was.
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from alerts.delivery.register import transport_for
from alerts.dispatch import Dispatch
from alerts.intake import record_entry
from alerts.settings import DeliverySettings
from alerts.worker import Worker
from db.access import viewer_for
from db.engine import Database, open_database
from db.models import Entry
from db.types import new_id


def main(url: str, port: int, later: timedelta, patients: list[UUID], clinic: UUID) -> None:
    def clock() -> datetime:
        return datetime.now(UTC) + later

    database = open_database(url)
    settings = DeliverySettings(
        way="smtp",
        sender="diary@north.example",
        base_url="https://diary.example",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
    )
    worker = Worker(
        database=database,
        dispatch=Dispatch(
            database=database,
            transport_for=lambda way: transport_for(way, settings),
            link_for=lambda notification: f"https://diary.example/a/{notification.hex}",
            inbox_url="https://diary.example/",
            clock=clock,
        ),
        changed=lambda _clinic: None,
        clock=clock,
        tick_seconds=0.2,
    )
    worker.start()
    print("ready", flush=True)
    for patient in patients:
        entry_id = fever(database, clinic, patient, clock())
        worker.wake()
        print(f"committed {entry_id}", flush=True)
    while True:
        time.sleep(1)


def fever(database: Database, clinic: UUID, patient: UUID, now: datetime) -> UUID:
    entry_id = new_id()
    viewer = viewer_for("patient", clinic_id=clinic, actor_id=patient, name="x", patient_id=patient)
    with database.writing() as session:
        entry = Entry(
            id=entry_id,
            first_id=entry_id,
            clinic_id=clinic,
            patient_id=patient,
            diary_on=now.date(),
            local_time=f"{now:%H:%M}",
            time_zone="UTC",
            written_at=now,
            received_at=now,
            temperature_value=39.4,
            temperature_unit="C",
        )
        record_entry(session, viewer, entry, now)
    return entry_id


if __name__ == "__main__":
    main(
        sys.argv[1],
        int(sys.argv[2]),
        timedelta(minutes=int(sys.argv[3])),
        [UUID(part) for part in sys.argv[5].split(",") if part],
        UUID(sys.argv[4]),
    )
