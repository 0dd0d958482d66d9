"""Data requests, the weekly report and the audit: on screen, as a file, and for whom."""

import asyncio
import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from db.access import program_viewer
from db.errors import AccessDeniedError
from db.models import ApiToken, Notification, Patient, User
from db.stores import audit
from diary_app.services.audit_book import AuditBook, Sought
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.data_requests import DataRequests
from diary_app.services.inbox import Inbox
from diary_app.services.programs import Programs
from diary_app.services.weeks import Weeks
from tests.alerts.test_worker import rows
from tests.db.test_audit import LIFT
from tests.diary_app.care_house import beat, hot_evening, keep_photo_row, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import ENGINE, NOW, House


def test_one_asks_another_erases_and_the_photo_file_is_gone(house: House, tmp_path: Path) -> None:
    beat(house)
    kit = kit_for(house, tmp_path)
    alert_id = hot_evening(house)
    photo_id = keep_photo_row(house, house.ana.actor_id)
    file = tmp_path / "photos" / photo_id.hex[:2] / f"{photo_id}.photo"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"sealed")

    async def ask(screen: Screen) -> None:
        await screen.enter("find-code", "P-001")
        await screen.click("find")
        await screen.until(lambda: screen.shows("Erase P-001"))
        await screen.enter("data-why_erase", "Her letter of 1 March.")
        await screen.enter("data-typed", "P-002")
        await screen.click("ask-erasure")
        await screen.until(lambda: screen.shows("Type the patient's code exactly"))
        await screen.enter("data-typed", "P-001")
        await screen.click("ask-erasure")
        await screen.until(lambda: screen.shows("an alert that nobody closed"))
        close = Inbox(kit, house.ben).close
        await asyncio.to_thread(close, alert_id, "advice", "")
        await screen.click("ask-erasure")
        await screen.until(lambda: screen.shows("You asked for it; somebody else must confirm it."))

    async def erase(screen: Screen) -> None:
        await screen.enter("confirm-code-P-001", "P-001")
        await screen.click("erase-P-001")
        await screen.until(lambda: screen.shows("Erased: "))

    on_screen(house, tmp_path, house.admin, "/patients/data", ask)
    on_screen(house, tmp_path, house.dora, "/patients/data", erase)
    assert not file.exists()
    assert "Ana Quiet" not in {row.name for row in rows(house, Patient)}
    with house.database.reading() as session:
        assert audit.first_broken_link(session, house.clinic_id) is None


def test_whoever_may_confirm_an_erasure_is_told_without_a_word_about_the_patient(
    house: House, tmp_path: Path
) -> None:
    beat(house)
    kit = kit_for(house, tmp_path)
    with house.database.writing() as session:
        for user in session.exec(select(User)):
            user.password_hash = "hash"
            session.add(user)

    assert DataRequests(kit, house.admin).ask_erasure("P-001", "P-001", "Her letter.") == 1

    (mail,) = [row for row in rows(house, Notification) if row.kind == "task"]
    assert mail.user_id == house.dora.actor_id
    said = json.dumps(mail.content)
    assert "waits for a second person" in said
    assert "P-001" not in said
    assert "letter" not in said
    waiting = {
        name: DataRequests(kit, getattr(house, name)).waiting()
        for name in ("ben", "dora", "admin", "cleo")
    }
    assert waiting == {"ben": 0, "dora": 1, "admin": 0, "cleo": 0}

    async def look(screen: Screen) -> None:
        await screen.until(lambda: screen.shows("1 erasure of a patient's data waits for you"))

    on_screen(house, tmp_path, house.dora, "/", look)


def test_a_programs_reads_stand_in_the_audit_under_its_name(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    Programs(kit, house.admin).make("Ward board", ["entries:read"], 30)
    (token,) = rows(house, ApiToken)
    program = program_viewer(
        token.scopes, clinic_id=house.clinic_id, token_id=token.id, name=token.name
    )
    with house.database.writing() as session:
        audit.note(session, program, "diary.read", "entry", NOW, patient_id=house.ana.actor_id)
    (act,) = AuditBook(kit, house.admin).page(Sought(who="ward")).acts
    assert (act.actor, act.role, act.patient_code) == ("Ward board", "program", "P-001")


def test_everything_about_her_is_one_zip_and_an_administrator_gets_none(
    house: House, tmp_path: Path
) -> None:
    hot_evening(house)
    kit, ana = kit_for(house, tmp_path), house.ana.actor_id
    with zipfile.ZipFile(io.BytesIO(DataRequests(kit, house.dora).everything(ana))) as packed:
        names = set(packed.namelist())
        kept = json.loads(packed.read("everything.json"))

    assert {"my-diary.pdf", "everything.json"} <= names
    assert kept["entry"][0]["words"] == "I feel hot."
    with pytest.raises(AccessDeniedError):
        DataRequests(kit, house.admin).everything(ana)


def test_the_audit_is_searched_by_person_and_patient_and_a_changed_row_is_named(
    house: House, tmp_path: Path
) -> None:
    with house.database.writing() as session:
        for viewer, verb in ((house.ben, "patient.read"), (house.dora, "patient.export")):
            audit.note(session, viewer, verb, "patient", NOW, patient_id=house.ana.actor_id)
    book = AuditBook(kit_for(house, tmp_path), house.admin)

    assert [act.verb for act in book.page(Sought(who="dora")).acts] == ["patient.export"]
    assert len(book.page(Sought(patient_code="P-001", first_on="2026-03-02")).acts) == 2
    assert book.page(Sought(last_on="2026-03-01")).acts == ()
    with pytest.raises(UnusableAnswerError, match="YYYY-MM-DD"):
        book.page(Sought(first_on="yesterday"))
    assert (book.check().rows, book.check().broken_at) == (2, None)
    with house.database.writing() as session:
        for lift in LIFT[ENGINE]:
            session.connection().execute(text(lift))
        session.connection().execute(text("UPDATE audit_event SET verb = 'x' WHERE number = 2"))

    async def look(screen: Screen) -> None:
        await screen.click("check-chain")
        await screen.until(lambda: screen.shows("row 2 does not fit"))

    on_screen(house, tmp_path, house.admin, "/admin/audit", look)


def test_the_week_is_shown_to_all_staff_and_its_csv_names_nobody(
    house: House, tmp_path: Path
) -> None:
    beat(house)
    hot_evening(house)

    async def look(screen: Screen) -> None:
        await screen.click("week-after")
        await screen.until(lambda: screen.shows("This week is not over yet."))
        assert screen.shows("none, as it must be")

    on_screen(house, tmp_path, house.admin, "/clinic-week", look)
    first_on, table = Weeks(kit_for(house, tmp_path), house.ben).table(0)
    assert first_on == NOW.date()
    assert "2026-03-02,2026-03-08,alerts,urgent,1" in table
    assert "median_minutes_until_taken,urgent,\r\n" in table  # nobody took it: unknown, not 0
    assert "Ana" not in table
