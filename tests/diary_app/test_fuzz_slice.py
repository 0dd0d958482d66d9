"""A slice of bench/fuzz.py: files, photos and frames that nobody thought of."""

import asyncio
import json
import time
from pathlib import Path

from bench import fuzz
from bench.fuzzing import documents, frames, photos

LATER = time.monotonic() + 3600


def test_no_file_made_of_another_ends_in_a_traceback_or_half_an_import(tmp_path: Path) -> None:
    vignettes = json.loads(fuzz.VIGNETTES.read_text(encoding="utf-8"))["vignettes"]
    counts = {"vignettes": 60, "list": 20, "tables": 8, "workbook": 4, "fhir": 10}

    told = documents.run(tmp_path, fuzz.diary(tmp_path), vignettes, counts, 20261126, LATER)

    assert told.faults == []
    assert told.cases == sum(counts.values())
    assert {kind for kind, outcome in told.outcomes if outcome in ("kept", "graded")} >= {
        "vignettes",
        "fhir",
    }


def test_no_bytes_that_were_a_photo_end_in_anything_but_a_photo_or_a_sentence() -> None:
    outcomes = [photos.judge(content) for content in photos.cases(20261126, 120)]

    assert set(outcomes) == {"kept", "refused"}


def test_no_frames_of_signed_in_people_stop_the_server_or_lose_a_write(tmp_path: Path) -> None:
    told = asyncio.run(frames.run(tmp_path, 260, 20261126, LATER))

    assert told.faults == []
    assert told.outcomes["frame", "sent"] > 100
    assert told.outcomes["frame", "the socket was closed"] > 5
