"""Once a day: what served its purpose is swept away, and how much of it is kept in the books."""

from datetime import datetime, timedelta
from uuid import UUID

from db.access import worker_viewer
from db.engine import Database
from db.stores import beats, leftovers

DUTY = "sweep"
EVERY = timedelta(days=1)


def sweep_if_due(database: Database, clinic_id: UUID, now: datetime) -> bool:
    """Sweep one clinic's leftovers when a day has passed; returns whether it was due."""
    viewer = worker_viewer(clinic_id)
    with database.reading(clinic_id) as session:
        last = beats.beats(session, viewer).get(DUTY)
    if last is not None and now - last.at < EVERY:
        return False
    with database.writing(clinic_id) as session:
        swept = leftovers.sweep(session, viewer, now)
        beats.note(session, viewer, DUTY, now, swept)
    return True
