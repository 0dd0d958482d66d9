"""`diary grade` as a program: the answer on stdout alone, or one sentence on stderr."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from alerts.errors import VignetteError
from diary_app.commands.grading import graded_vignettes
from tests.commands import Done, run_command


def grade(*arguments: str, stdin: bytes = b"") -> Done:
    return run_command(["grade", *arguments], stdin=stdin)


def vignette(**entry: object) -> bytes:
    good = {"id": "A1", "context": {}, "entries": [{"day": 0, "itch_nrs": 2}]}
    return json.dumps(
        [good, {"id": "B7", "context": {}, "entries": [{"day": 0}, {"day": 1, **entry}]}]
    ).encode()


def test_grades_vignettes_from_standard_input():
    done = subprocess.run(
        [sys.executable, "-m", "diary_app", "grade", "-"],
        input=vignette(temperature_input={"value": 38.6, "unit": "C"}),
        capture_output=True,
        check=False,
        timeout=60,
    )

    graded = json.loads(done.stdout)["vignettes"]
    assert (done.returncode, done.stderr) == (0, b"")
    assert [each["escalation"] for each in graded] == ["digest", "urgent"]


def test_explains_every_entry_when_asked_and_not_otherwise():
    file = vignette(temperature_input={"value": 38.6, "unit": "C", "site": "oral"})

    plain = json.loads(grade("-", stdin=file).stdout)["vignettes"][1]["by_entry"]
    told = json.loads(grade("--explain", "-", stdin=file).stdout)["vignettes"][1]["by_entry"]

    assert [{**each, "explained": None} for each in plain] == [
        {**each, "explained": None} for each in told
    ]
    assert all("explained" not in each for each in plain)
    (reason,) = told[1]["explained"]["reasons"]
    assert reason["code"] == "R4_TEMP_GE_38_3"
    assert reason["patient"] == "You have a fever: 38.6 °C. Phone your care team now."
    assert reason["source"].startswith("IDSA 2011")
    assert reason["values"]["limit_celsius"] == 38.3
    (lower,) = told[1]["explained"]["counterfactuals"]["down"]
    assert lower == {
        "level": "digest",
        "sentence": "Would be on the weekly list at 37.9 °C.",
        "changes": [{"field": "temperature_input", "from": 38.6, "to": 37.9}],
    }


@pytest.mark.parametrize(
    ("entry", "field"),
    [({"itch_nrs": 11}, "itch_nrs"), ({"red_flags": ["boredom"]}, "red_flags")],
)
def test_names_vignette_entry_and_field_of_what_it_cannot_read(
    entry: dict[str, object], field: str
):
    done = grade("-", stdin=vignette(**entry))

    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert told.count("\n") == 1
    assert "Vignette B7, entry 2" in told
    assert field in told


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b'"itch_nrs": 9, "itch_nrs": 0', "itch_nrs must be a whole number from 0 to 10, got two"),
        (b'"red_flags": ["blisters"], "red_flags": []', "red_flags must be a list, got two values"),
        (b'"labs": {"alt": 900, "alt": 9}', "labs.alt must be a number from 0 to 1000000, got two"),
        (b'"itch_nrs": 1' + b"0" * 5000, "itch_nrs must be a whole number from 0 to 10, got inf"),
        (b'"bsa_percent": NaN', "bsa_percent must be a number from 0 to 100, got nan"),
    ],
    ids=["itch twice", "flags twice", "ALT twice", "endless number", "no number"],
)
def test_takes_no_value_for_a_field_that_has_none_or_two(
    tmp_path: Path, written: bytes, words: str
):
    file = tmp_path / "vignettes.json"
    file.write_bytes(b'{"id": "B7", "entries": [{"day": 0}, {"day": 1, ' + written + b"}]}")

    with pytest.raises(VignetteError) as caught:
        graded_vignettes(str(file))

    assert str(caught.value).startswith(f"Vignette B7, entry 2 (day 1): {words}")


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31m", "\ud800", "x" * 5000])
def test_names_a_vignette_with_an_odd_name_in_one_short_line(tmp_path: Path, name: str):
    file = tmp_path / "vignettes.json"
    file.write_text(json.dumps({"id": name, "entries": [{"day": 0, "itch_nrs": 11}]}))

    with pytest.raises(VignetteError) as caught:
        graded_vignettes(str(file))

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"\xff\xfe", b"9" * 5000, b"[" * 100_000, b'{"vignettes": 3}', b"[null]"],
    ids=["cut off", "empty", "not text", "endless number", "too deep", "no list", "no vignette"],
)
def test_says_in_one_sentence_that_a_file_is_no_vignettes(tmp_path: Path, content: bytes):
    file = tmp_path / "vignettes.json"
    file.write_bytes(content)

    done = grade(str(file))

    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert told.count("\n") == 1
    assert "Traceback" not in told


def test_scores_a_table_and_keeps_its_bytes(tmp_path: Path):
    file = tmp_path / "week.csv"
    file.write_bytes("\ufeffname;PROCTCAE_9A_SCL;PROCTCAE_9B_SCL\r\nZoë;3;2\r\nMax;;2\r\n".encode())

    done = grade("--pro-ctcae", str(file))

    assert (done.returncode, done.stderr) == (0, b"")
    # Frequency 3 with severity 2 is grade 2 (Basch 2021); an answer is missing in the last row.
    assert done.stdout.decode() == (
        "\ufeffname;PROCTCAE_9A_SCL;PROCTCAE_9B_SCL;PROCTCAE_9_COMP\r\nZoë;3;2;2\r\nMax;;2;\r\n"
    )


def test_notes_about_a_table_are_no_part_of_it():
    done = grade("--pro-ctcae", "-", stdin=b"PROCTCAE_1A_SCL,PROCTCAE_9A_SCL\n3,2\n")

    assert done.returncode == 0
    assert done.stdout == b"PROCTCAE_1A_SCL,PROCTCAE_9A_SCL,PROCTCAE_1_COMP\n3,2,3\n"
    assert "9" in done.stderr.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PROCTCAE_1A_SCL\n1\n7\n", ["PROCTCAE_1A_SCL", "3"]),
        (b"PROCTCAE_1A_SCL\n1,2\n", ["Row 2"]),
        (b"name\nAna\n", ["PROCTCAE_9A_SCL"]),
        (b'"PROCTCAE_1A_SCL\n', ["quotation mark"]),
        (b"", ["empty"]),
        (b"\xff", ["UTF-8"]),
    ],
)
def test_prints_nothing_of_a_table_it_cannot_score(
    tmp_path: Path, content: bytes, words: list[str]
):
    file = tmp_path / "scores.csv"
    file.write_bytes(content)

    done = grade("--pro-ctcae", str(file))

    told = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert told.count("\n") == 1
    assert all(word in told for word in words)


@pytest.mark.parametrize("arguments", [["nowhere.json"], ["--pro-ctcae", "nowhere.csv"], ["."]])
def test_says_that_a_file_is_not_there(arguments: list[str]):
    done = grade(*arguments)

    assert (done.returncode, done.stdout) == (2, b"")
    assert "cannot be read" in done.stderr.decode()
