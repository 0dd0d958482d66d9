"""A served clinic with something of everything, for requests that nobody thought of."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from alerts.intake import record_entry
from diary_app.services.visit import Visits
from tests.diary_app.doors.api import token_of
from tests.diary_app.doors.house import build_doors, served
from tests.people import NOW, build_house


@contextmanager
def fuzzed(folder: Path) -> Iterator[tuple[str, str, dict[str, UUID]]]:
    """Yield the address, a token of every scope, and ids of rows by the parameter's name."""
    house = build_house(folder)
    doors = build_doors(house, folder, visits=Visits, calls_a_minute=1_000_000)
    with house.database.writing() as session:
        entry = house.entry(
            at=NOW - timedelta(hours=1), temperature_value=38.6, temperature_unit="C", itch_nrs=4
        )
        made = record_entry(session, house.ana, entry, NOW)
    assert made.alert_id is not None
    known = {
        "patient_id": house.ana.actor_id,
        "entry_id": entry.id,
        "alert_id": made.alert_id,
    }
    try:
        with served(doors) as url:
            yield url, token_of(doors), known
    finally:
        doors.close()
        house.database.close()
