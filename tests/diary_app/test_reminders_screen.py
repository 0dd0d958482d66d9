"""Reminders as the patient sets them, what leaves, and what the nurse sees."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from icalendar import Calendar

from db.models import PlanStep
from db.sealed_ways import open_address
from db.stores import ledger, outbox, patient_ways, treatment
from diary_app.api.build import routers
from diary_app.services.roster import Roster
from diary_app.services.visit import Visits
from diary_app.state.faults import AnswerRefusedError
from diary_app.state.reminders import moved
from tests.alerts.test_reminders import look, messages, rows
from tests.diary_app.patient_house import Desk, desk_for, save
from tests.diary_app.test_patient_screens import Phone, on_phone
from tests.people import NOW, House


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    built = desk_for(house, tmp_path)
    built.beat()
    return built


def test_a_patient_sets_times_and_ways_and_sends_a_test(desk: Desk):
    async def story(phone: Phone) -> None:
        await phone.shows("No reminder can reach you yet.")
        await phone.tap("entry-later")
        await phone.shows("19:30")
        await phone.type("way-address", "ana@home")
        await phone.tap("add-way")
        await phone.shows("This is not an e-mail address.")
        await phone.type("way-address", "ana@home.example")
        await phone.tap("add-way")
        await phone.shows("an...@home.example")
        await phone.tap("test")
        await phone.shows("A test is on its way.")

    on_phone(desk, story, route="/help/reminders")
    reminders = desk.diary().reminders
    assert reminders.view().entry.local_time == "19:30"
    assert reminders.view().problem == ""
    assert messages(desk.house) == [("test", "E-mail")]
    with pytest.raises(AnswerRefusedError, match="wait a minute"):
        reminders.test()
    with desk.house.database.reading() as session:
        [way] = patient_ways.ways_of_patient(session, desk.house.ana, desk.house.ana.actor_id)
    assert b"home.example" not in way.address_sealed
    assert open_address(desk.kit.key, way.id, way.address_sealed) == "ana@home.example"


@pytest.mark.parametrize(
    "address",
    ["json://10.0.0.1/", "ntfy://intranet/topic", "file:///etc/passwd", "ntfys://short", ""],
)
def test_push_goes_to_services_of_the_open_internet_alone(desk: Desk, address):
    with pytest.raises(AnswerRefusedError, match="ntfys://"):
        desk.diary().reminders.add_push(address)
    desk.diary().reminders.add_push("ntfys://ana-diary-4711")


def test_the_nurse_sees_that_no_reminder_can_arrive(desk: Desk):
    house, roster = desk.house, Roster(desk.kit, desk.house.ben)
    assert roster.page(house.ana.actor_id).reminder_problem == "no_way"

    desk.diary().reminders.add_email("ana@home.example")
    assert roster.page(house.ana.actor_id).reminder_problem == ""
    desk.diary().reminders.test()
    with house.database.writing() as session:
        until = NOW + timedelta(minutes=2)
        leased = outbox.lease(session, house.worker, NOW, until, owner="worker")
        lost = ledger.Outcome(leased[0].id, "failed_permanent", error="no such user")
        ledger.record(session, house.worker, "worker", [lost], NOW)
    assert roster.page(house.ana.actor_id).reminder_problem == "failed"
    desk.diary().reminders.set_rule("entry", "19:00", is_on=False)
    assert roster.page(house.ana.actor_id).reminder_problem == "off"


def test_another_time_zone_moves_what_waits(desk: Desk):
    look(desk.house, NOW)
    desk.diary().reminders.set_zone("new york")

    with pytest.raises(AnswerRefusedError, match="not known"):
        desk.diary().reminders.set_zone("Atlantis")
    assert desk.diary().reminders.view().zone == "America/New_York"
    # 20:04 in Berlin is 14:04 in New York: today's reminder is still to come there.
    waiting = [row.due_at for row in rows(desk.house, "entry") if row.state == "waiting"]
    assert waiting[0] == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


def fetch(desk: Desk, path: str) -> tuple[int, bytes]:
    app = FastAPI()
    for router in routers(desk.kit, end_sockets=lambda _sign_in: None, visits=Visits):
        app.include_router(router)

    async def get() -> tuple[int, bytes]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.get(path)
        return answer.status_code, answer.content

    return asyncio.run(get())


def test_the_calendar_has_alarms_at_the_patients_hour_and_names_no_medicine(desk: Desk):
    house = desk.house
    step = PlanStep(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        starts_on=NOW.date() + timedelta(days=10),
        imatinib_mg=100,
        every_n_days=2,
        author_id=house.dora.actor_id,
        approved_at=NOW,
    )
    with house.database.writing() as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [step], NOW)
    reminders = desk.diary().reminders
    reminders.set_rule("dose", "08:00", is_on=True)
    path = reminders.open_calendar(discreet=True).url.removeprefix("http://test")
    status, content = fetch(desk, path)

    assert status == 200
    assert reminders.view().calendar_used
    events = Calendar.from_ical(content).walk("VEVENT")
    # 2 March to 30 April: 60 entries; 10 daily doses, then each second of the 50 days left; a step
    # that is in force and the one that begins.
    assert len(events) == 60 + 10 + 25 + 2
    starts = {str(event["uid"]).rsplit("-", 1)[0]: event.decoded("dtstart") for event in events}
    assert starts["entry-2026-03-28"] == datetime(2026, 3, 28, 18, 0, tzinfo=UTC)
    assert starts["entry-2026-03-29"] == datetime(2026, 3, 29, 17, 0, tzinfo=UTC)  # summer time
    reminding = [event for event in events if str(event["uid"]).endswith("@diary")]
    assert all(event.walk("VALARM") for event in reminding)
    assert len(reminding) == 60 + 10 + 25
    assert len({str(event["uid"]) for event in events}) == len(events)
    for word in (b"imatinib", b"mg", b"symptom", b"Ana", b"P-001"):
        assert word not in content

    reminders.set_discreet(False)
    assert b"Take imatinib 400 mg" in fetch(desk, path)[1]
    assert b"New dose: imatinib 100 mg" in fetch(desk, path)[1]


def test_an_old_calendar_address_ends_and_its_token_is_not_kept(desk: Desk):
    reminders = desk.diary().reminders
    old = reminders.open_calendar(discreet=True).url.removeprefix("http://test")
    new = reminders.open_calendar(discreet=True).url.removeprefix("http://test")
    assert (fetch(desk, old)[0], fetch(desk, new)[0]) == (404, 200)
    reminders.end_calendar()

    assert fetch(desk, new)[0] == 404
    assert fetch(desk, "/calendar/unknown.ics")[0] == 404
    token = new.removeprefix("/calendar/").removesuffix(".ics").encode()
    database = Path(str(desk.house.database.engine.url.database))
    desk.house.database.close()
    assert not [file for file in database.parent.glob("diary.db*") if token in file.read_bytes()]


def test_the_morning_after_the_first_screen_asks_again(desk: Desk):
    save(desk.diary(), itch_nrs=8)
    assert desk.diary().today().asked_again is None
    desk.clock.pass_(hours=12)
    asked = desk.diary().today().asked_again
    assert asked is not None
    assert asked.about == NOW.date()

    save(desk.diary(), itch_nrs=1)
    assert desk.diary().today().asked_again is None


def test_times_are_moved_in_half_hours_within_the_day():
    assert [moved("19:00", 30), moved("05:00", -30), moved("22:45", 30)] == [
        "19:30",
        "05:00",
        "23:00",
    ]
