"""Files, pictures, frames and requests that nobody thought of: what the diary makes of them.

    nice -n 19 python -m bench.fuzz --cases 100000 --seconds 3000 --seed 1

Four parts: *files* (vignettes, lists of patients, archives, workbooks, FHIR documents, changed by
hypothesis), *photos* (mutated JPEG, PNG, WebP, HEIC; bombs, SVG, polyglots), *frames* (sent to the
running server over the websocket by a signed-in patient and a signed-in nurse) and *requests* (the
JSON API, by schemathesis). Never: a traceback, a 5xx, a hang, a write that was confirmed and is
not there, half an import, memory without a bound. Exit status 1 when one of these was seen.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.fuzzing import documents, frames, photos
from bench.fuzzing.told import Told, resident_mib
from diary_app.exports.bundle import VisitBundle
from diary_app.services.visit import Visits

# Shares of all cases; files are the cheapest to try.
SHARES = {"frames": 0.2, "photos": 0.28, "requests": 0.02, "files": 0.5}
FILES = {"fhir": 0.04, "workbook": 0.02, "tables": 0.04, "list": 0.15, "vignettes": 0.75}
# Of this process, over what it held after its first thousand cases.
MOST_GROWTH_MIB = 400
VIGNETTES = Path(__file__).parents[1] / "tests/grading/vignettes_dev.json"


def files(folder: Path, count: int, number: int, deadline: float) -> Told:
    """Try files that somebody else wrote."""
    known = json.loads(VIGNETTES.read_text())
    vignettes = known["vignettes"] if isinstance(known, dict) else known
    counts = {kind: round(count * share) for kind, share in FILES.items()}
    return documents.run(folder, diary(folder), vignettes, counts, number, deadline)


def diary(folder: Path) -> VisitBundle:
    """Return a diary with something of everything that can be imported, without pictures."""
    from tests.diary_app.care_house import kit_for  # noqa: PLC0415  the house of the tests
    from tests.diary_app.test_fhir import PERIOD, live  # noqa: PLC0415
    from tests.people import build_house  # noqa: PLC0415

    house = build_house(folder)
    live(house, kit_for(house, folder))
    whole = Visits(kit_for(house, folder), house.dora).whole(house.ana.actor_id, *PERIOD)
    house.database.close()
    return replace(whole, photos=())


def requests(folder: Path, count: int, number: int, _deadline: float) -> Told:
    """Try the JSON API."""
    from bench.api_fuzz import fuzz  # noqa: PLC0415
    from tests.diary_app.doors.fuzzed import fuzzed  # noqa: PLC0415

    told = Told()
    with fuzzed(folder) as (url, token, known):
        each = max(1, count // 20)
        for (operation, status), times in fuzz(
            url, token, known, examples=each, number=number
        ).items():
            told.outcomes[f"request {operation}", str(status)] += times
    return told


def main() -> int:
    """Try it all and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=3000, help="When to stop at the latest.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(SHARES))
    chosen = parser.parse_args()
    parts = [part for part in chosen.only.split(",") if part in SHARES]
    whole = sum(SHARES[part] for part in parts)
    begun, told = time.monotonic(), Told()
    deadline = begun + chosen.seconds
    for part in parts:
        count = round(chosen.cases * SHARES[part] / whole)
        before, start = resident_mib(), time.monotonic()
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            match part:
                case "files":
                    found = files(folder, count, chosen.seed, deadline)
                case "photos":
                    found = photos.run(count, chosen.seed, deadline)
                case "frames":
                    found = asyncio.run(frames.run(folder, count, chosen.seed, deadline))
                case _:
                    found = requests(folder, count, chosen.seed, deadline)
        grown = resident_mib() - before
        if grown > MOST_GROWTH_MIB:
            found.fault(part, f"the memory grew by {grown:.0f} MiB")
        print(
            f"{part}: {found.cases} cases in {time.monotonic() - start:.0f} s,"
            f" {len(found.faults)} faults, memory {before:.0f} -> {before + grown:.0f} MiB",
            flush=True,
        )
        told.join(found)
    for (kind, outcome), times in sorted(told.outcomes.items()):
        print(f"  {kind:34} {outcome:34} {times:7}")
    for line, times in told.logged.most_common(30):
        print(f"  logged {times} times: {line}")
    for line in told.faults[:40]:
        print(line)
    print(f"{told.cases} cases in {time.monotonic() - begun:.0f} s, {len(told.faults)} faults.")
    return 1 if told.faults else 0


if __name__ == "__main__":
    sys.exit(main())
