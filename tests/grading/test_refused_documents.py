"""What is wrong with a document is named in one sentence; what the schema allows is graded."""

import json
import math
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.errors import VignetteError
from alerts.grading import terms
from alerts.grading.course import AncValue, Context, DoseEvent, Entry, Labs, SteroidEvent, Uln
from alerts.grading.vignette import grade_document
from diary_app.commands.grading import UnreadableFileError, graded_vignettes
from tests.grading.diaries import contexts, courses

NEVER_VALID = [[[{}]], {"\n": 1}, math.inf, math.nan, -(10**400)]
ENTRY_FIELDS = sorted(
    ({each.name for each in fields(Entry)} - {"day", "minute_of_day"})
    | {"time", "temperature_c", "temperature_input.value"}
    | {"temperature_input.unit", "temperature_input.site"}
    | {f"labs.{each.name}" for each in fields(Labs)}
)
EVENTS = {"anc_history": AncValue, "dose_events": DoseEvent, "steroid_events": SteroidEvent}
CONTEXT_FIELDS = sorted(
    {each.name for each in fields(Context)}
    | {f"uln.{each.name}" for each in fields(Uln)}
    | {f"baseline_grades.{symptom}" for symptom in terms.GRADED}
    | {f"{name}.{each.name}" for name, kind in EVENTS.items() for each in fields(kind)}
)
WHOLE = {
    "temperature_input": {"value": 36.6, "unit": "C", "site": "oral"},
    "anc_history": {"day": 0, "value": 2},
    "dose_events": {"day": 0, "type": "start"},
    "steroid_events": {"day": 0, "type": "stop"},
}


def written(told: Any) -> dict[str, Any]:
    """Return an entry or a context as an author writes it, what is unknown as null."""

    def plain(value: Any) -> Any:
        if isinstance(value, frozenset):
            return sorted(value)
        if isinstance(value, tuple):
            return [plain(each) for each in value]
        return asdict(value) if is_dataclass(value) else value

    document = {each.name: plain(getattr(told, each.name)) for each in fields(told)}
    if isinstance(told, Entry):
        minute = document.pop("minute_of_day")
        document["time"] = None if minute is None else f"{minute // 60:02}:{minute % 60:02}"
    return document


def spoil(part: dict[str, Any], field: str, value: object) -> None:
    """Put the value into the field; of a list of events, into its only one."""
    name, _, inner = field.partition(".")
    if not inner:
        part[name] = value
    elif name in EVENTS:
        part[name] = [{**WHOLE[name], inner: value}]
    else:
        part[name] = {**WHOLE.get(name, {}), inner: value}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(contexts, courses(3), st.randoms(use_true_random=False))
def test_grades_every_course_the_schema_can_hold_in_whatever_order_it_is_written(
    context: Context, told: list[Entry], chance: Any
):
    entries = [written(each) for each in told]
    chance.shuffle(entries)

    graded = json.loads(
        json.dumps(grade_document({"context": written(context), "entries": entries}))
    )["vignettes"][0]["by_entry"]

    assert [(each["day"], each["time"]) for each in graded] == [
        (each["day"], each["time"]) for each in entries
    ]
    assert all(each["reasons"] for each in graded)
    assert {key for each in graded for key in each["grades"]} <= terms.GRADED


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    contexts,
    courses(3),
    st.integers(0, 3),
    st.sampled_from(ENTRY_FIELDS + CONTEXT_FIELDS),
    st.sampled_from(NEVER_VALID),
)
def test_names_the_one_field_that_is_wrong(
    context: Context, told: list[Entry], place: int, field: str, value: object
):
    entries = [written(each) for each in [*told, Entry(day=9)]]
    place = min(place, len(entries) - 1)
    document = {"id": "W", "context": written(context), "entries": entries}
    where = f"Vignette W, entry {place + 1} (day {entries[place]['day']})"
    if field in CONTEXT_FIELDS:
        where = "Vignette W, context"
        spoil(document["context"], field, value)
    else:
        spoil(entries[place], field, value)

    with pytest.raises(VignetteError) as caught:
        grade_document(document)

    sentence = str(caught.value)
    assert sentence.startswith(f"{where}: {field}")
    assert sentence.isprintable()
    assert len(sentence) < 300


@pytest.mark.parametrize(
    ("own_id", "called"),
    [("a\nb", r"'a\nb'"), ("\x1b[31m", r"'\x1b[31m'"), ("a" * 99, f"'{'a' * 36}..."), (" ", "' '")],
)
def test_keeps_a_strange_id_and_names_it_in_one_short_line(own_id: str, called: str):
    entry = {"day": 0, "itch_nrs": 11}

    with pytest.raises(VignetteError) as caught:
        grade_document({"id": own_id, "entries": [entry]})

    assert str(caught.value).startswith(f"Vignette {called}, entry 1 (day 0): itch_nrs")
    assert grade_document({"id": own_id, "entries": []})["vignettes"][0]["id"] == own_id


def test_tells_vignettes_of_one_name_apart_by_their_number():
    good, bad = ({"id": "A", "entries": [{"day": 0, "itch_nrs": itch}]} for itch in (3, 30))

    with pytest.raises(VignetteError, match=r"^Vignette A \(number 2\), entry 1 \(day 0\): itch"):
        grade_document([good, bad])
    assert [each["id"] for each in grade_document([good, good])["vignettes"]] == ["A", "A"]


@pytest.mark.parametrize("reading", [{}, {"value": None, "unit": "C"}, {"value": None}])
def test_takes_an_empty_reading_for_none(reading: dict[str, object]):
    entry = {"day": 0, "temperature_input": reading, "temperature_c": 39.1}

    found = grade_document({"entries": [entry]})["vignettes"][0]

    assert found["grade_by_symptom"] == {"fever": 2}


@pytest.mark.parametrize("symptom", sorted(terms.GRADED))
def test_knows_the_usual_grade_of_every_symptom(symptom: str):
    document = {"context": {"baseline_grades": {symptom: 1}}, "entries": [{"day": 0}]}

    assert grade_document(document)["vignettes"][0]["escalation"] == "none"


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ('"red_flags": ["blisters"], "red_flags": []', "red_flags must be a list"),
        ('"itch_nrs": 9, "itch_nrs": 0', "itch_nrs must be a whole number from 0 to 10"),
        ('"labs": {"alt": 900, "alt": 20}', "labs.alt must be a number from 0 to 1000000"),
    ],
)
def test_never_chooses_between_two_answers_to_one_question(
    tmp_path: Path, inside: str, sentence: str
):
    file = tmp_path / "twice.json"
    file.write_text(f'{{"entries": [{{"day": 3, {inside}}}]}}')

    with pytest.raises(VignetteError) as caught:
        graded_vignettes(str(file))

    assert str(caught.value) == f"Vignette 1, entry 1 (day 3): {sentence}, got two values."


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400", "9" * 9999, f"-{'9' * 9999}"])
def test_names_the_field_of_a_number_no_computer_holds(tmp_path: Path, number: str):
    file = tmp_path / "number.json"
    file.write_text(f'{{"entries": [{{"day": 3, "bsa_percent": {number}}}]}}')

    with pytest.raises(VignetteError, match=r"entry 1 \(day 3\): bsa_percent must be a number"):
        graded_vignettes(str(file))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"entries": [\n{"day": 0}', "is not JSON at line 2"),
        (b'{"entries": []} {}', "is not JSON at line 1"),
        (b"", "is not JSON at line 1"),
        (b"[" * 100_000, "is nested too deeply"),
        ('{"entries": [],\n"title": "Zoë"}'.encode("latin-1"), "line 2 is not UTF-8 text"),
        ('{"entries": []}'.encode("utf-16"), "line 1 is not UTF-8 text"),
        ('{"entries": []}'.encode("utf-16-le"), "is not JSON at line 1"),
    ],
)
def test_says_why_a_file_is_no_document(tmp_path: Path, content: bytes, words: str):
    file = tmp_path / "no.json"
    file.write_bytes(content)

    with pytest.raises(UnreadableFileError) as caught:
        graded_vignettes(str(file))

    assert str(caught.value).endswith(f"{words}.")


def test_reads_a_file_with_a_byte_order_mark(tmp_path: Path):
    file = tmp_path / "mark.json"
    file.write_bytes(b'\xef\xbb\xbf{"id": "M", "entries": [{"day": -3}]}')

    assert json.loads(graded_vignettes(str(file)))["vignettes"][0]["id"] == "M"
