import csv
from dataclasses import replace
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from db.models.diary import Entry
from diary_app.exports.bundle import VisitBundle
from diary_app.exports.table import archive, table_csv
from diary_app.exports.table_cells import guarded, unguarded
from diary_app.exports.table_columns import ANSWER_COLUMNS, TABLES, WEEKLY
from tests.diary_app.visit_bundles import DAY_0, bundle, day, empty, entry, hwang, photo, step

NOT_ANSWERS = {
    "id",
    "clinic_id",
    "patient_id",
    "first_id",
    "version",
    "replaces_id",
    "kind",
    "author",
    "diary_on",
    "local_time",
    "time_zone",
    "written_at",
    "received_at",
}

# Of a clinic that asks no weekly questions.
USUAL = tuple(name for name in TABLES if name not in WEEKLY)


def entries_csv(made: VisitBundle) -> str:
    return table_csv(made, "entries")


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def one(**answers: object) -> dict[str, str]:
    return rows(entries_csv(bundle(DAY_0, day(6), entries=(entry(1, day(1), **answers),))))[0]


def test_every_answer_column_of_the_database_is_exported_by_its_name():
    in_database = [column.name for column in Entry.__table__.columns]

    assert [name for name in in_database if name not in NOT_ANSWERS] == list(ANSWER_COLUMNS)


def test_the_published_course_comes_back_from_the_table():
    found = rows(entries_csv(hwang()))

    crisis = next(row for row in found if row["diary_on"] == "2009-04-12")
    assert len(found) == 11
    assert crisis["patient_code"] == "P-0042"
    assert crisis["temperature_text"] == "38,6"
    assert float(crisis["temperature_celsius"]) == 38.6
    assert crisis["extent_percent"] == "31"
    assert crisis["level"] == "urgent"
    assert crisis["grade_rash"] == "3"
    assert crisis["grade_mucositis"] == "0"
    assert crisis["v6_rash_maculopapular"] == "3"
    assert crisis["morphology"].split(";") == ["macules_papules", "scaling_dry"]
    assert crisis["reason_codes"].split(";")[0] == "R1_VISUAL_DISTURBANCE"
    assert crisis["rules_version"] == "2026.1"


def test_not_asked_is_empty_and_zero_is_zero():
    row = one(itch_nrs=0, imatinib_mg_taken=0.0)

    assert row["itch_nrs"] == "0"
    assert row["imatinib_mg_taken"] == "0"
    assert row["skin_pain_nrs"] == ""
    assert row["prednisolone_mg_taken"] == ""
    assert row["grade_rash"] == ""


def test_an_asked_and_empty_list_is_none_and_a_list_not_asked_is_empty():
    row = one(red_flags=[], morphology=None, regions={})

    assert row["red_flags"] == "none"
    assert row["morphology"] == ""
    assert row["regions"] == "none"


def test_no_is_false_and_not_asked_is_empty():
    row = one(wants_contact=False)

    assert row["wants_contact"] == "false"
    assert row["rash_present"] == ""


def test_regions_are_written_with_their_amount():
    assert one(regions={"chest": "half", "neck": "all"})["regions"] == "chest=half;neck=all"


def test_an_ungraded_entry_has_no_grade_level_or_reason():
    ungraded = replace(entry(1, day(1)), level=None, rules_version=None)

    row = rows(entries_csv(bundle(DAY_0, day(6), entries=(ungraded,))))[0]

    assert (row["level"], row["rules_version"], row["reason_codes"]) == ("", "", "")


def test_a_grade_unknown_to_the_columns_gets_its_own_column():
    made = bundle(DAY_0, day(6), entries=(entry(1, day(1), grades={"hiccups": 1}),))

    assert rows(entries_csv(made))[0]["grade_hiccups"] == "1"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+38", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1", '=HYPERLINK("http://x","y")'],
)
def test_words_that_a_spreadsheet_could_run_are_guarded_and_come_back(text):
    cell = one(words=text)["words"]

    assert cell[0] == "'"
    assert unguarded(cell) == text


@pytest.mark.parametrize("text", ["itching", "100 -> 200", 'said "no", twice', "a\r\nb", "가려움"])
def test_other_words_come_back_unchanged(text):
    assert one(words=text)["words"] == text
    assert guarded(text) == text


def test_a_negative_number_is_not_guarded():
    assert one(weight_gain_3d_kg=-1.5)["weight_gain_3d_kg"] == "-1.5"


def test_lines_end_in_crlf_and_every_row_is_as_wide_as_the_header():
    text = entries_csv(hwang())

    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == 12
    assert len({len(row) for row in csv.reader(StringIO(text, newline=""))}) == 1


def test_plan_labs_alerts_and_photos_have_one_row_each():
    made = hwang()

    plan, labs, alerts = (rows(table_csv(made, name)) for name in ("plan", "labs", "alerts"))

    assert [row["imatinib_mg"] for row in plan] == ["400", "0", "100", "100", "200", "0"]
    assert plan[0]["prednisolone_mg"] == ""
    assert plan[2]["prednisolone_mg"] == "0"
    assert plan[2]["every_n_days"] == "2"
    anc = next(row for row in labs if row["name"] == "anc")
    assert (anc["value"], anc["lower_limit"], anc["upper_limit"]) == ("0.15", "1.5", "")
    assert [row["outcome"] for row in alerts] == ["sent_to_emergency", "dose_held", ""]
    assert alerts[0]["raised_at"] == "2009-04-12T09:00:00Z"
    assert [row["region"] for row in rows(table_csv(made, "photos"))] == ["face_front", ""]


def test_free_text_of_the_plan_is_guarded():
    made = bundle(DAY_0, day(6), plan=(step(DAY_0, 100, reason="=cmd"),))

    assert rows(table_csv(made, "plan"))[0]["reason"] == "'=cmd"


def test_the_archive_holds_tables_dictionary_and_photos():
    made = hwang()

    with ZipFile(BytesIO(archive(made))) as packed:
        names = packed.namelist()
        entries = packed.read("entries.csv")
        first_photo = packed.read(f"photos/{made.photos[0].id}.jpg")

    assert names[: len(USUAL) + 1] == [*(f"{name}.csv" for name in USUAL), "data-dictionary.csv"]
    assert len(names) == len(USUAL) + 3
    assert entries.decode("utf-8") == entries_csv(made)
    assert first_photo == made.photos[0].picture
    assert not [name for name in names if "Example" in name or "P-0042" in name]


def test_the_dictionary_explains_every_column_of_every_table():
    with ZipFile(BytesIO(archive(hwang()))) as packed:
        explained = {(row["file"], row["column"]) for row in _dictionary(packed)}
        for name in (f"{table}.csv" for table in USUAL):
            for column in next(csv.reader(StringIO(packed.read(name).decode()))):
                assert (name, column) in explained
        assert all(row["meaning"] for row in _dictionary(packed))


def test_the_same_bundle_gives_the_same_archive():
    made = replace(empty(), photos=(photo(1, day(1), None, ""),))

    assert archive(made) == archive(made)


def _dictionary(packed: ZipFile) -> list[dict[str, str]]:
    return rows(packed.read("data-dictionary.csv").decode())
