"""The `diary` command says what is wrong in one sentence and with status 2."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands import run_command

DEV = Path(__file__).parents[1] / "grading" / "vignettes_dev.json"


@dataclass(frozen=True)
class Told:
    returncode: int
    stdout: str
    stderr: str


def diary(folder: Path, *words: str, stdin: str = "", **settings: str):
    done = run_command(
        words,
        stdin=stdin.encode(),
        settings={"DIARY_DATA_DIR": str(folder / "data")} | settings,
        cwd=folder,
    )
    return Told(done.returncode, done.stdout.decode(), done.stderr.decode())


SET_UP = (
    "init", "--clinic", "North Clinic", "--phone", "1", "--admin-name", "Ada",
    "--admin-email", "ada@north.example", "--time-zone", "Europe/Berlin",
)  # fmt: skip


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty clinic, which no refused command changes."""
    folder = tmp_path_factory.mktemp("clinic")
    assert diary(folder, *SET_UP).returncode == 0
    return folder


@pytest.mark.parametrize(
    ("words", "settings", "sentence"),
    [
        (["verify"], {}, "There is no diary in"),
        (["verify"], {"DIARY_PORRT": "1"}, "There is no setting DIARY_PORRT"),
        (["verify"], {"DIARY_PORT": "abc"}, "DIARY_PORT: "),
        (["verify"], {"DIARY_PUBLIC_URL": "diary.example"}, "DIARY_PUBLIC_URL must begin"),
        (["serve"], {"DIARY_PORT": "0"}, "There is no diary in"),
        (["demo", "--host", "0.0.0.0"], {}, "listens on this machine alone"),
        (["grade", "nowhere.json"], {}, "cannot be read: No such file"),
        (["export", "P-001", "--to", "visit.doc"], {}, "must end in .pdf"),
        (["import", "nowhere.json"], {}, "cannot be read: No such file"),
        (["regrade", "--from", "2026-03-01", "--to", "soon"], {}, "'soon' is not a day"),
    ],
)
def test_says_in_one_sentence_what_is_wrong(tmp_path: Path, words, settings, sentence):
    done = diary(tmp_path, *words, **settings)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_sets_up_an_empty_clinic_and_prints_the_first_link(tmp_path: Path):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("DIARY_")}
    done = subprocess.run(
        [sys.executable, "-m", "diary_app", *SET_UP],
        env=clean | {"DIARY_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
        # The package is installed beside the tests, so any folder will do.
    )

    assert "/staff/join/" in done.stdout
    assert (tmp_path / "data" / "diary.db").exists()
    assert (tmp_path / "data" / "master.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["invite", "P-999"], "No patient of this clinic has the code P-999"),
        (["invite", "P-999", "--clinic", "Elsewhere"], "There is no such clinic"),
        (
            ["user", "--name", "B", "--email", "b@x.example", "--role", "boss"],
            "must be nurse, clinician or administrator",
        ),
        (["export", "P-1", "--to", "a.pdf", "--from", "May"], "No patient"),
    ],
)
def test_says_what_is_wrong_in_a_clinic_that_is_set_up(clinic: Path, words, sentence):
    done = diary(clinic, *words, DIARY_PORT="0")

    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_says_that_no_mail_server_is_set_before_it_packs_for_minutes(clinic: Path):
    packed = clinic / "web"
    done = diary(clinic, "serve", DIARY_PORT="0", DIARY_WEB_CACHE_DIR=str(packed))

    assert done.returncode == 2
    assert "no mail server is set" in done.stderr
    assert not packed.exists()


def test_says_that_the_port_is_taken(clinic: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = diary(clinic, "serve", "--port", port, DIARY_MAIL_WAY="file")

    assert done.returncode == 2
    assert f"Port {port}" in done.stderr


def test_grades_a_document_from_standard_input(tmp_path: Path):
    done = diary(tmp_path, "grade", "-", stdin=DEV.read_text(encoding="utf-8"))

    graded = json.loads(done.stdout)["vignettes"]
    expected = json.loads(DEV.read_text(encoding="utf-8"))["vignettes"]
    assert [each["id"] for each in graded] == [each["id"] for each in expected]
    assert [each["escalation"] for each in graded] == [
        each["expected"]["escalation"] for each in expected
    ]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (
            '[{"id":"X","entries":[{"day":0,"itch_nrs":11}]}]',
            "Vignette X, entry 1 (day 0): itch_nrs",
        ),
        ('[{"id":"X","entries":[{"itch_nrs":1}]}]', "Vignette X, entry 1"),
        ("{not json", "is not JSON"),
        ("3", ""),
    ],
)
def test_refuses_a_document_whole_and_prints_nothing_of_it(tmp_path: Path, document, sentence):
    done = diary(tmp_path, "grade", "-", stdin=document)

    assert done.returncode == 2
    assert done.stdout == ""
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
