"""Tables of a period: one archive, one workbook, and the same diary read back from either."""

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from diary_app.exports.bundle import VisitBundle
from diary_app.exports.table import archive
from diary_app.exports.workbook import TooLongError, workbook
from diary_app.imports.errors import UnreadableError
from diary_app.imports.tables import read_tables
from diary_app.services.importing import import_diary
from diary_app.services.kit import Kit
from diary_app.services.visit import Visits
from tests.diary_app.care_house import kit_for
from tests.diary_app.test_fhir import comparable, live, south  # noqa: F401  (a fixture)
from tests.diary_app.visit_bundles import DAY_0, bundle, day, entry
from tests.people import NOW, House, build_house

PERIOD = (NOW.date() - timedelta(days=120), NOW.date())
RISKY = (
    "=1+1",
    "+38",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r\n=1",
    "'=1",
    "'",
    '\'"x"',
    "_x000D_",
    "a\r\nb\x0bc",
    '=HYPERLINK("http://x","y")',
    "#N/A",
    "38.50",
    "TRUE",
    "none",
    "2026-11-01",
    "  spaces  ",
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: Any) -> Iterator[tuple[House, Kit]]:
    folder = tmp_path_factory.mktemp("lived")
    house = build_house(folder)
    kit = kit_for(house, folder)
    live(house, kit)
    yield house, kit
    house.database.close()


@pytest.fixture(scope="module")
def told(lived: tuple[House, Kit]) -> VisitBundle:
    house, kit = lived
    return Visits(kit, house.dora).whole(house.ana.actor_id, *PERIOD)


def first_fields(line: object) -> str:
    return repr(list(vars(line).values())[:5])


def alike(made: VisitBundle, *, pictures: bool = True) -> dict[str, Any]:
    """The bundle without what no table holds (thumbnails) and without the order of its lists."""
    photos = tuple(
        replace(
            photo,
            thumbnail=b"",
            picture=photo.picture if pictures else b"",
            is_kept=photo.is_kept and pictures,
        )
        for photo in made.photos
    )
    return {
        each.name: sorted(value, key=first_fields) if isinstance(value, tuple) else value
        for each in fields(made)
        for value in [photos if each.name == "photos" else getattr(made, each.name)]
    }


def test_the_archive_reads_back_as_the_same_diary(told: VisitBundle) -> None:
    assert told.photos
    assert told.findings
    assert told.weeks
    assert len(told.medicines) == 3
    assert len(told.visits) == 2
    assert len(told.questions) == 3
    assert any(line.earlier for line in told.entries)

    assert alike(read_tables(archive(told))) == alike(told)


def test_the_workbook_reads_back_as_the_same_diary_without_pictures(told: VisitBundle) -> None:
    assert alike(read_tables(workbook(told))) == alike(told, pictures=False)


@pytest.mark.parametrize("shape", [archive, workbook])
@pytest.mark.parametrize("text", RISKY)
def test_any_text_stays_text_and_comes_back(shape: Any, text: str) -> None:
    made = bundle(DAY_0, day(6), entries=(entry(1, day(1), words=text, temperature_text=text),))

    read = read_tables(shape(made)).entries[0]

    assert (read.answers["words"], read.answers["temperature_text"]) == (text, text)


def test_no_cell_of_the_workbook_is_a_formula_an_error_or_a_number_in_disguise() -> None:
    entries = tuple(
        entry(number, day(1), words=text, temperature_text=text)
        for number, text in enumerate(RISKY)
    )
    made = replace(bundle(DAY_0, day(6), entries=entries), patient_name="=Bobby")

    book = load_workbook(io.BytesIO(workbook(made)))

    header = [cell.value for cell in book["entries"][1]]
    for row in book["entries"].iter_rows(min_row=2):
        words, typed = (row[header.index(name)] for name in ("words", "temperature_text"))
        assert (words.data_type, typed.data_type) == ("s", "s")
    assert not [
        cell
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type in "fe"
    ]


def test_numbers_and_days_of_the_workbook_are_numbers_and_days() -> None:
    made = bundle(DAY_0, day(6), entries=(entry(1, day(1), itch_nrs=0, rash_present=False),))

    sheet = load_workbook(io.BytesIO(workbook(made)))["entries"]

    row = dict(zip(*([cell.value for cell in line] for line in sheet), strict=True))
    assert row["itch_nrs"] == 0
    assert row["rash_present"] is False
    assert row["diary_on"].date() == day(1)
    assert row["skin_pain_nrs"] is None


def test_not_asked_none_and_zero_stay_apart() -> None:
    made = bundle(
        DAY_0,
        day(6),
        entries=(
            entry(1, day(1), itch_nrs=0, red_flags=[], regions={}, morphology=None, adl="none"),
        ),
    )

    answers = read_tables(archive(made)).entries[0].answers

    assert (answers["itch_nrs"], answers["skin_pain_nrs"]) == (0, None)
    assert (answers["red_flags"], answers["regions"], answers["morphology"]) == ([], {}, None)
    assert (answers["adl"], answers["mouth"]) == ("none", None)


def test_an_empty_clinic_has_the_same_diary_after_the_import(
    told: VisitBundle,
    south: tuple[Kit, House],  # noqa: F811
) -> None:
    kit, house = south

    done = import_diary(kit, house.admin, read_tables(archive(told)), NOW, source="tables")

    again = Visits(kit, house.dora).whole(done.patient_id, *PERIOD)
    assert comparable(again) == comparable(told)


@pytest.mark.parametrize(
    ("table", "old", "new", "sentence"),
    [
        ("entries", b"2009-01-13", b"yesterday", "Row 2 of the table entries cannot be read"),
        ("entries", b",itch_nrs,", b",itch_nrz,", "column itch_nrs"),
        ("plan", b"patient_code", b"\xff", "The table plan is no CSV"),
        ("patient", b"P-0042", b"\0", "Row 2 of the table patient"),
    ],
)
def test_a_wrong_cell_is_named(table: str, old: bytes, new: bytes, sentence: str) -> None:
    made = archive(bundle(DAY_0, day(6), entries=(entry(1, day(1), itch_nrs=4),)))

    with pytest.raises(UnreadableError, match=sentence):
        read_tables(with_table(made, table, lambda text: text.replace(old, new)))


def test_a_table_that_is_missing_is_named() -> None:
    made = archive(bundle(DAY_0, day(6)))

    with pytest.raises(UnreadableError, match="The table alerts is missing"):
        read_tables(with_table(made, "alerts", lambda _text: None))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_archive_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_tables(content)


def test_a_text_longer_than_a_cell_is_refused_rather_than_cut() -> None:
    with pytest.raises(TooLongError):
        workbook(bundle(DAY_0, day(6), entries=(entry(1, day(1), words="x" * 40_000),)))


def with_table(packed: bytes, name: str, change: Any) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(kept, "w") as new:
        for one in old.namelist():
            content = old.read(one)
            if one == f"{name}.csv":
                content = change(content)
            if content is not None:
                new.writestr(one, content)
    return kept.getvalue()


def repacked(content: bytes, ending: str, changed: bytes) -> bytes:
    """The archive with the one file of this name exchanged, packed as small as it goes."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as read,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as write,
    ):
        for name in read.namelist():
            write.writestr(name, changed if name.endswith(ending) else read.read(name))
    return packed.getvalue()


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b"%b</sheetData></worksheet>"
)
FAR = b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>'
LAUGHS = b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
BOMBS = {
    "rows": (archive, "entries.csv", b"a\n" * (40 * 1024**2)),
    "one long row": (archive, "entries.csv", b"," * (40 * 1024**2)),
    "a far cell of a sheet": (
        workbook, "sheet3.xml", SHEET % (FAR % (1, 1) + FAR % (90_000, 90_000)),
    ),
    "wide rows": (workbook, "sheet3.xml", SHEET % b"".join(FAR % (n, n) for n in range(1, 500))),
    "entities in entities": (
        workbook, "sheet3.xml",
        b'<!DOCTYPE x [<!ENTITY a0 "haha">' + LAUGHS + b"]>"
        + SHEET % b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>',
    ),
    "a file of the server": (
        workbook, "sheet3.xml",
        b'<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/hostname">]>'
        + SHEET % b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_an_archive_that_unpacks_to_far_more_than_a_diary_is_refused_unread(bomb: str) -> None:
    shape, name, inside = BOMBS[bomb]
    made = bundle(DAY_0, day(6), entries=(entry(1, day(1)),))
    packed = repacked(shape(made), name, inside)
    assert len(packed) < 200_000

    tracemalloc.start()
    with pytest.raises(UnreadableError, match=r"more than any diary|cannot be read"):
        read_tables(packed)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 250 * 1024**2
