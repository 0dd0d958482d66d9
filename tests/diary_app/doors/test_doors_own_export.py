"""Patients take their diary along: a report to read, and everything locked with a passphrase."""

import csv
import io
import zipfile

import pytest
from typer.testing import CliRunner

from db.models import AuditEvent
from diary_app.cli import app as commands
from diary_app.exports.sealed import START, SealError, opened, sealed
from diary_app.services.diary import PatientDiary
from diary_app.services.doors import SignInDesk
from diary_app.services.pin import set_pin
from tests.diary_app.patient_house import save

SECRET = "quiet river four hundred"


def wants_archive(browser, **other):
    return browser.post("/my-diary/archive", **({"passphrase": SECRET, "again": SECRET} | other))


def test_a_patient_takes_all_of_the_diary_along_and_opens_it_elsewhere(doors, tmp_path):
    save(PatientDiary(doors.kit, doors.house.ana), itch_nrs=6, words="=1+1 it itches")
    phone = doors.signed_in(doors.house.ana)
    assert "Take your diary with you" in phone.get("/my-diary").text

    answer = wants_archive(phone)

    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('.zip.age"')
    assert "no-store" in answer.headers["cache-control"]
    assert answer.content.startswith(START)
    assert b"itches" not in answer.content
    locked = tmp_path / "my-diary.zip.age"
    locked.write_bytes(answer.content)
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n")
    folder = tmp_path / "opened"
    told = CliRunner().invoke(
        commands,
        ["open-archive", str(locked), "--to", str(folder), "--passphrase-file", str(secret)],
    )
    assert told.exit_code == 0, told.output
    assert (folder / "my-diary.pdf").read_bytes().startswith(b"%PDF")
    (row,) = csv.DictReader(io.StringIO((folder / "entries.csv").read_text()))
    assert row["itch_nrs"] == "6"
    assert row["temperature_celsius"] == ""  # not asked stays unknown
    assert row["words"] == "'=1+1 it itches"
    assert "no diagnosis" in (folder / "read-me.txt").read_text()
    (noted,) = doors.audit("diary.export")
    assert noted.patient_id == doors.house.ana.patient_id
    assert SECRET not in repr(doors.rows(AuditEvent))


def test_a_patient_takes_plan_and_visits_along_for_any_calendar(doors):
    answer = doors.signed_in(doors.house.ana).get("/my-diary/calendar")

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-plan.ics"'
    assert "no-store" in answer.headers["cache-control"]
    assert b"imatinib 400 mg daily" in answer.content
    assert doors.signed_in(doors.house.ben).get("/my-diary/calendar").status_code == 403
    assert [act.detail["shape"] for act in doors.audit("diary.export")] == ["calendar"]


def test_nothing_of_other_patients_is_in_it(doors):
    save(PatientDiary(doors.kit, doors.house.ana), words="hers")
    save(PatientDiary(doors.kit, doors.house.otto), words="his")

    answer = wants_archive(doors.signed_in(doors.house.ana))

    with zipfile.ZipFile(io.BytesIO(opened(answer.content, SECRET))) as packed:
        entries = packed.read("entries.csv").decode()
    assert "hers" in entries
    assert "his" not in entries


def test_a_passphrase_that_is_short_or_mistyped_is_told_in_one_sentence(doors):
    phone = doors.signed_in(doors.house.ana)

    short = wants_archive(phone, passphrase="short", again="short")
    differs = wants_archive(phone, again=SECRET + "!")

    assert short.status_code == 400
    assert "at least 12 characters" in short.text
    assert differs.status_code == 400
    assert "differ" in differs.text
    assert SECRET not in differs.text
    assert not doors.audit("diary.export")


def test_on_a_phone_with_a_pin_the_pin_is_asked_again(doors):
    phone = doors.signed_in(doors.house.ana)
    visitor = SignInDesk(doors.kit).who(phone.cookies, doors.clock())
    set_pin(doors.kit, visitor, current="", pin="4711", again="4711", now=doors.clock())

    without = phone.post("/my-diary/report", period="quarter")
    wrong = phone.post("/my-diary/report", period="quarter", pin="4712")
    right = phone.post("/my-diary/report", period="quarter", pin="4711")

    assert without.status_code == wrong.status_code == 400
    assert "enter your PIN" in without.text
    assert "not right" in wrong.text
    assert right.content.startswith(b"%PDF")
    assert right.headers["content-type"] == "application/pdf"


def test_staff_have_no_business_here_and_strangers_are_led_to_the_welcome_page(doors):
    assert doors.signed_in(doors.house.ben).get("/my-diary").status_code == 403
    assert doors.browser().get("/my-diary").headers["location"] == "/welcome"


@pytest.mark.parametrize(
    ("content", "secret", "sentence"),
    [
        (b"PK\x03\x04", SECRET, "no sealed archive"),
        (b"age-encryption.org/v1\n-> scrypt", SECRET, "cut off"),
    ],
)
def test_what_is_no_archive_is_told_in_one_sentence(content, secret, sentence):
    with pytest.raises(SealError, match=sentence):
        opened(content, secret)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A locked archive with a file that would land beside its folder."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("../outside.txt", "no")
    locked = tmp_path_factory.mktemp("hostile") / "a.age"
    locked.write_bytes(sealed(kept.getvalue(), SECRET))
    return locked


@pytest.mark.parametrize(
    ("typed", "sentence"), [("wrong one", "not right"), (SECRET, "land elsewhere")]
)
def test_nothing_is_written_without_the_passphrase_or_beside_the_folder(
    hostile, typed, sentence, tmp_path
):
    told = CliRunner().invoke(
        commands, ["open-archive", str(hostile), "--to", str(tmp_path / "new")], input=typed + "\n"
    )

    assert told.exit_code == 2
    assert sentence in told.output
    assert list(tmp_path.iterdir()) == []
