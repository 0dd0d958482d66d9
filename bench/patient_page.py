"""How long the care team waits for a patient's page with years of daily entries.

Run from the folder of the repository: ``python -m bench.patient_page``. The page is read from a
real database, drawn, and packed for the wire as for a browser; the baseline is the same page of
the last 14 days in the same run, so the ratio holds on any machine. Seconds by the clock grow when
others use the machine; those of the processor do not. ``--days`` chooses another length. Exit
status 1 when the page or the whole diary took the processor a second or more.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from uuid import UUID

from bench.replay import NOW, empty_demo
from db.access import Viewer
from db.engine import Database
from db.keys import load_or_create_master_key
from db.models import LabResult
from db.photos.vault import PhotoVault
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


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock and of this process's processor, and kilobytes sent."""

    clock: float
    processor: float
    kilobytes: float


class Stopwatch:
    """Counts from where it was made until a screen has sent certain words."""

    def __init__(self, screen: Screen | None = None) -> None:
        self._sent = 0 if screen is None else len(screen.connection.wire)
        self._begun, self._processor = perf_counter(), process_time()

    async def until_sent(self, screen: Screen, words: str) -> Spent:
        """Wait for the words on the wire."""
        looked_for, seen = words.encode(), self._sent
        while looked_for not in screen.connection.wire[seen:]:
            seen = max(self._sent, len(screen.connection.wire) - len(looked_for))
            await asyncio.sleep(0.005)
        return self.now(screen)

    def now(self, screen: Screen | None = None) -> Spent:
        """Return what was spent so far."""
        sent = 0 if screen is None else len(screen.connection.wire) - self._sent
        return Spent(perf_counter() - self._begun, process_time() - self._processor, sent / 1000)


async def chosen(screen: Screen, period: str, days: int) -> Spent:
    """Return what it takes from the tap on a period until its figure lies on the wire."""
    watch = Stopwatch(screen)
    await screen.fire(screen.key("period"), "change", selected=[period])
    return await watch.until_sent(screen, _begins(days))


def _begins(days: int) -> str:
    """Return the words that the figure of so many days begins with."""
    return f"From {day_words(NOW.date() - timedelta(days=days - 1))} to"


async def measured(kit: Kit, viewer: Viewer, patient_id: UUID, days: int) -> dict[str, Spent]:
    """Return what the stages of one visit to the page take."""
    desk = desk_for(kit, viewer)
    watch = Stopwatch()
    screen = Screen(
        CareTeamApp, desk, signed_in=CLINICIAN, route=f"/patients/{patient_id}", views=True,
        width=1280.0,
    )  # fmt: skip
    found = {"open": await watch.until_sent(screen, _begins(90))}
    found["14 days"] = await chosen(screen, "14", 14)
    found["all"] = await chosen(screen, "all", days)
    watch = Stopwatch(screen)
    await screen.click("zoom-in")
    found["zoom"] = watch.now(screen)
    watch = Stopwatch(screen)
    await asyncio.to_thread(desk.roster.page, patient_id, again=True)
    found["reading all"] = watch.now()
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
    base = min(found["14 days"].processor for found in later)
    print(f"{days} days of entries; drawn in this process and packed for the wire")
    print(f"{'':36} {'first s':>8} {'again s':>8} {'cpu s':>8} {'x 14 days':>10} {'kB':>6}")
    for name, words in (
        ("14 days", "14 days, the baseline"),
        ("open", "opening the page, three months"),
        ("all", "the whole diary"),
        ("reading all", "of it: reading from the database"),
        ("zoom", "zooming into half of the days"),
    ):
        again = min(found[name].clock for found in later)
        cpu = min(found[name].processor for found in later)
        print(
            f"{words:36} {first[name].clock:8.3f} {again:8.3f} {cpu:8.3f} {cpu / base:10.1f} "
            f"{first[name].kilobytes:6.0f}"
        )
    slowest = max(first[name].processor for name in ("open", "all"))
    print(f"processor of the slowest first opening: {slowest:.2f} s")
    if slowest >= LIMIT_SECONDS:
        sys.exit(f"{slowest:.2f} s is longer than {LIMIT_SECONDS:.0f} s.")


if __name__ == "__main__":
    main()
