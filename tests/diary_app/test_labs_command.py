"""`diary labs` says what is wrong line by line, and keeps all values or none."""

from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from db.keys import load_or_create_master_key
from db.models import Alert, LabResult
from diary_app.cli import app
from tests.people import House

HEADER = "patient,date,test,value,unit,lower,upper,sampled,last_dose"
GOOD = [
    "P-001,2026-03-01,anc,150,/uL,,,,",
    'P-001,2026-03-01,alt,"161,5",U/L,,43,,',
    "P-001,2026-03-01,imatinib_trough,1100,ng/mL,,,08:00,2026-02-28 20:00",
]


@pytest.fixture
def run(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    load_or_create_master_key(tmp_path / "master.key")
    monkeypatch.setenv("DIARY_DATA_DIR", str(tmp_path))

    def run(*lines: str, by: str = "ben@north.example", header: str = HEADER, more=()):
        file = tmp_path / "labs.csv"
        file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        words = ["labs", str(file), "--by", by, "--clinic", "North clinic", *more]
        return CliRunner().invoke(app, words)

    return run


def rows(house: House, table: type) -> list:
    with house.database.reading() as session:
        return list(session.exec(select(table)))


def test_keeps_every_value_and_raises_the_alert(house: House, run):
    done = run(*GOOD)

    assert done.exit_code == 0, done.output
    assert "3 values kept for 1 patients; alerts for 1 of them." in done.output
    kept = {row.name: (row.value, row.unit, row.entered_by) for row in rows(house, LabResult)}
    assert kept["anc"] == (150, "/uL", house.ben.actor_id)
    assert kept["alt"][0] == 161.5
    assert [alert.level for alert in rows(house, Alert)] == ["urgent"]


def test_a_dry_run_keeps_nothing(house: House, run):
    done = run(*GOOD, more=["--dry-run"])

    assert done.exit_code == 0
    assert "3 lines can be used; nothing was kept (dry run)." in done.output
    assert rows(house, LabResult) == []


def test_every_wrong_line_is_named_and_nothing_is_kept(house: House, run):
    done = run(
        GOOD[0],
        "P-001,2026-03-01,anc,2100,10^9/L,,,,",
        "P-999,2026-03-01,alt,30,U/L,,,,",
        "P-001,1.3.2026,glucose,5,mmol/L,,,,",
    )
    flat = " ".join(done.output.split())

    assert done.exit_code == 2
    assert "Line 3: ANC 2100 in 10^9/L is not possible. Do you mean 2.1 x10^9/L" in flat
    assert "Line 4: No patient of this clinic has this code." in flat
    assert "Line 5: Type the day as YYYY-MM-DD" in flat
    assert "Line 5: There is no laboratory value of this name." in flat
    assert "3 of 4 lines cannot be used; nothing was kept." in flat
    assert rows(house, LabResult) == rows(house, Alert) == []


@pytest.mark.parametrize(
    ("by", "header", "sentence"),
    [
        ("cleo@south.example", HEADER, "No nurse or clinician of this clinic has this e-mail."),
        ("ada@north.example", HEADER, "No nurse or clinician of this clinic has this e-mail."),
        ("ben@north.example", "patient,date,test,value", "lacks the columns unit."),
    ],
)
def test_says_in_a_sentence_who_or_what_is_missing(house: House, run, by, header, sentence):
    done = run(*GOOD, by=by, header=header)

    assert done.exit_code == 2
    assert sentence in " ".join(done.output.split())
    assert rows(house, LabResult) == []
