"""A patient reads who looked at the diary, and takes the list along."""

import ast
import csv
import io
import re
from pathlib import Path

from db.access import program_viewer
from db.stores import audit
from db.types import new_id
from diary_app.services.access_log import ACTS, words
from tests.diary_app.doors.house import Doors

ROOT = Path(__file__).parents[3]
# What patients do themselves and what the diary does by itself, which the list leaves out.
NOT_STAFF = {
    "consent.give", "consent.refuse", "language.set", "pin.set", "pin.remove", "reminder.set",
    "time_zone.set", "probe.patient", "books.balance",
}  # fmt: skip


def noted(doors: Doors, viewer, verb: str, patient=None) -> None:
    with doors.kit.database.writing() as session:
        about = (patient or doors.house.ana).actor_id
        audit.note(session, viewer, verb, "patient", doors.clock(), patient_id=about)
    doors.clock.pass_(minutes=1)


def test_the_patient_reads_who_did_what_and_when(doors: Doors) -> None:
    house = doors.house
    noted(doors, house.ben, "patient.read")  # 19:04 UTC, 20:04 in Berlin
    noted(doors, house.dora, "patient.export")
    noted(doors, house.ben, "alert.call")
    noted(doors, house.ana, "diary.export")
    noted(doors, house.worker, "alert.escalate")
    noted(doors, house.cleo, "patient.read", house.otto)
    program = program_viewer(
        ["entries:read"], clinic_id=house.clinic_id, token_id=new_id(), name="Ward board"
    )
    noted(doors, program, "diary.read")

    page = doors.signed_in(house.ana).get("/my-diary/who-looked").text
    found = re.findall(r"<strong>(\d\d:\d\d)</strong> ([^<]+)</p>", page)
    assert "2 Mar 2026" in page
    assert found == [
        ("20:10", "Ward board (another program of the clinic): read your entries"),
        ("20:06", "Ben (nurse): noted a call to you"),
        ("20:05", "Dora (clinician): took a copy of your diary, such as the report for a visit"),
        ("20:04", "Ben (nurse): opened your diary"),
    ]


def test_the_list_can_be_taken_along_and_is_nobody_elses(doors: Doors) -> None:
    noted(doors, doors.house.ben, "patient.read")
    answer = doors.signed_in(doors.house.ana).get("/my-diary/who-looked.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows == [
        {"day": "2026-03-02", "time": "20:04", "name": "Ben", "role": "nurse",
         "what": "opened your diary"}
    ]  # fmt: skip
    assert "Ana" not in answer.headers["content-disposition"]
    assert doors.signed_in(doors.house.ben).get("/my-diary/who-looked").status_code == 403
    assert "Nobody has opened" in doors.signed_in(doors.house.otto).get(
        "/my-diary/who-looked"
    ).text  # fmt: skip


def test_a_long_list_comes_a_page_at_a_time(doors: Doors) -> None:
    for _time in range(101):
        noted(doors, doors.house.ben, "patient.read")
    phone = doors.signed_in(doors.house.ana)
    first = phone.get("/my-diary/who-looked").text
    assert first.count("opened your diary") == 100
    older = re.search(r'href="(/my-diary/who-looked\?below=\d+)"', first).group(1)
    assert phone.get(older).text.count("opened your diary</p>") == 1


def test_every_act_about_a_patient_has_plain_words() -> None:
    verbs = {
        word.value
        for folder in ("db/stores", "diary_app/services", "alerts")
        for path in (ROOT / folder).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "audit.note"
        and any(about.arg == "patient_id" for about in call.keywords)
        for word in ast.walk(call.args[2])
        if isinstance(word, ast.Constant) and "." in str(word.value)[:-1]
    }
    assert len(verbs) > 15
    fallback = words("no.such")
    assert {verb for verb in verbs - NOT_STAFF if words(verb) == fallback} == set()
    assert words("visit.add") == ACTS["visit."]()
