"""How long the care team waits for a patient's page with years of daily entries.

Run from the folder of the repository: ``python -m bench.patient_page``. The page is read from a
real database, drawn, and packed for the wire as for a browser; the baseline is the same page of
the last 14 days in the same run, so the ratio holds on any machine. ``--days`` chooses another
length. Exit status 1 when the page or the whole diary took a second or more.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID

import flet as ft

from bench.replay import NOW, empty_demo
from db.access import Viewer
from db.engine import Database
from db.keys import load_or_create_master_key
from db.models import LabResult
from db.photos import PhotoVault
from db.stores import people, treatment
from db.types import new_id
from diary_app.commands.cohort import make_cohort
from diary_app.figures.wording import day_words
from diary_app.ground import live
from diary_app.ground.signed_in import SignedIn
from diary_app.screens.care_team.app import CareTeamApp
from diary_app.services.desk import desk_for
from diary_app.services.kit import Kit
from tests.ground.screen import Screen

LIMIT_SECONDS = 1.0
ROUNDS = 5
CLINICIAN = SignedIn("sign-in-of-the-bench", "staff", None, "en", "Europe/Berlin")


@contextmanager
def clinic(days: int) -> Iterator[tuple[Kit, Viewer, UUID]]:
    """Yield a clinic whose one patient wrote every day, with a blood count every fortnight."""
    with tempfile.TemporaryDirectory() as folder:
        database, viewer = empty_demo(Path(folder))
        make_cohort(1, 7, days, NOW.date(), database=database)
        key = load_or_create_master_key(Path(folder) / "master.key")
        kit = Kit(
            database=database, key=key, vault=PhotoVault(Path(folder) / "photos", key),
            clock=lambda: NOW, wake_worker=lambda: None, publish=live.publish,
            origin="http://bench",
        )  # fmt: skip
        patient_id = kept_labs(database, viewer, days)
        yield kit, viewer, patient_id
        database.close()


def kept_labs(database: Database, viewer: Viewer, days: int) -> UUID:
    """Keep two laboratory values and a trough a fortnight; return the patient."""
    with database.writing() as session:
        (patient,) = people.patients(session, viewer)
        for ago in range(0, days, 14):
            taken_on = (NOW - timedelta(days=ago)).date()
            for name, value, unit, upper in (
                ("alt", 30.0 + ago % 60, "U/L", 43.0),
                ("anc", 1.2 + ago % 5, "e9/L", None),
                ("imatinib_trough", 800.0 + ago % 700, "ng/mL", None),
            ):
                row = LabResult(
                    id=new_id(), clinic_id=viewer.clinic_id, patient_id=patient.id,
                    taken_on=taken_on, name=name, value=value, unit=unit, upper_limit=upper,
                    lower_limit=1.5 if name == "anc" else None, entered_by=viewer.actor_id,
                    entered_at=datetime.combine(taken_on, datetime.min.time(), UTC),
                )  # fmt: skip
                treatment.add_lab(session, viewer, row, NOW)
        return patient.id


async def chosen(screen: Screen, period: str, days: int) -> float:
    """Return seconds from the tap on a period until its figure lies on the wire."""
    first_on = day_words(NOW.date() - timedelta(days=days - 1))
    begun = perf_counter()
    await screen.fire(screen.key("period"), "change", selected=[period])
    await screen.until(lambda: _tells(screen, first_on), seconds=60)
    return perf_counter() - begun


def _tells(screen: Screen, first_on: str) -> bool:
    return any(first_on in (shown.label or "") for shown in screen.find(ft.Semantics, image=True))


async def measured(kit: Kit, viewer: Viewer, patient_id: UUID, days: int) -> dict[str, float]:
    """Return seconds of the stages of one visit to the page, and kilobytes of the whole period."""
    desk = desk_for(kit, viewer)
    begun = perf_counter()
    screen = Screen(
        CareTeamApp, desk, signed_in=CLINICIAN, route=f"/patients/{patient_id}", views=True,
        width=1280.0,
    )  # fmt: skip
    await screen.until(
        lambda: _tells(screen, day_words(NOW.date() - timedelta(days=89))), seconds=60
    )
    found = {"open": perf_counter() - begun}
    found["14 days"] = await chosen(screen, "14", 14)
    sent = len(screen.connection.wire)
    found["all"] = await chosen(screen, "all", days)
    found["kB"] = (len(screen.connection.wire) - sent) / 1000
    begun = perf_counter()
    await asyncio.to_thread(desk.roster.page, patient_id, again=True)
    found["reading all"] = perf_counter() - begun
    assert screen.apologies() == []
    await screen.close()
    return found


def main() -> None:
    """Print seconds and ratios; exit 1 when all of the diary takes a second or longer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=1095)
    days = parser.parse_args().days
    with clinic(days) as (kit, viewer, patient_id):
        rounds = [asyncio.run(measured(kit, viewer, patient_id, days)) for _round in range(ROUNDS)]
    first, later = rounds[0], rounds[1:]
    base = min(found["14 days"] for found in later)
    print(f"{days} days of entries; seconds in this process, drawn and packed for the wire")
    print(f"{'':36} {'first':>8} {'again':>8} {'x 14 days':>10}")
    for name, words in (
        ("14 days", "14 days, the baseline"),
        ("open", "opening the page, three months"),
        ("all", "the whole diary"),
        ("reading all", "of it: reading from the database"),
    ):
        again = min(found[name] for found in later)
        print(f"{words:36} {first[name]:8.3f} {again:8.3f} {again / base:10.1f}")
    print(f"{'kB on the wire, the whole diary':36} {first['kB']:8.0f}")
    slowest = max(first["open"], first["all"])
    if slowest >= LIMIT_SECONDS:
        sys.exit(f"{slowest:.2f} s is longer than {LIMIT_SECONDS:.0f} s.")


if __name__ == "__main__":
    main()
