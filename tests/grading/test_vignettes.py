import json
from pathlib import Path

import pytest

from alerts.grading.vignette import grade_document

VIGNETTES = json.loads(Path(__file__).with_name("vignettes_dev.json").read_text())["vignettes"]
BY_ID = {vignette["id"]: vignette for vignette in VIGNETTES}
ENTRIES = [
    pytest.param(vignette, place, id=f"{vignette['id']}-{place + 1}")
    for vignette in VIGNETTES
    for place in range(len(vignette["entries"]))
]


@pytest.mark.parametrize(("vignette", "place"), ENTRIES)
def test_grades_the_entry_as_specified(vignette, place):
    expected = vignette["expected"]["by_entry"][place]

    found = grade_document(vignette)["vignettes"][0]["by_entry"][place]

    assert found["grades"] == expected["grades"]
    assert found["escalation"] == expected["escalation"]
    assert found.get("v6_rash_maculopapular") == expected.get("v6_rash_maculopapular")
    assert set(expected["reasons"]) <= set(found["reasons"])
    assert (found["day"], found["time"]) == (expected["day"], expected["time"])


@pytest.mark.parametrize("vignette", VIGNETTES, ids=BY_ID)
def test_sums_up_the_course_as_specified(vignette):
    expected = vignette["expected"]

    found = grade_document([vignette])["vignettes"][0]

    assert found["grade_by_symptom"] == expected["grade_by_symptom"]
    assert found["escalation"] == expected["escalation"]
    assert set(expected["reasons"]) <= set(found["reasons"])
    assert len(found["reasons"]) == len(set(found["reasons"]))


def test_adds_no_reason_that_would_be_a_surprise():
    extra = {
        (vignette["id"], code)
        for vignette in VIGNETTES
        for entry, expected in zip(
            grade_document(vignette)["vignettes"][0]["by_entry"],
            vignette["expected"]["by_entry"],
            strict=True,
        )
        for code in set(entry["reasons"]) - set(expected["reasons"])
    }

    assert extra == {("D28", "NO_CRITERIA_MET")}
