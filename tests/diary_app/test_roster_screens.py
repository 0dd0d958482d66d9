"""The list of patients, the import and the moves, drawn without a browser on a real database."""

import asyncio
from pathlib import Path

import flet as ft

from db.models import Consent
from db.stores import consents, people
from db.stores import moves as changes
from diary_app.ground import live
from diary_app.services.kit import clinic_topic
from diary_app.services.moves import Moves
from tests.diary_app.care_house import hot_evening, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import NOW, House

LIST = "code,name,born_on\nP-002,Eva Nova,1960-02-29\nP-003,Jon Ruiz,{born}\n"


def test_the_list_is_searched_sorted_and_narrowed(house: House, tmp_path: Path) -> None:
    hot_evening(house)

    async def story(screen: Screen) -> None:
        assert screen.shows("Open: urgent")
        assert screen.shows("No comparison")
        await screen.click("sort-trend")
        assert screen.shows("1 of 1 patients")
        await screen.enter("search", "nobody")
        await screen.until(lambda: screen.shows("0 of 1 patients"))
        await screen.enter("search", "quiet p-001")
        await screen.until(lambda: screen.shows("1 of 1 patients"))
        await screen.fire(screen.key("show"), "change", selected=["silent"])
        await screen.until(lambda: screen.shows("0 of 1 patients"))

    on_screen(house, tmp_path, house.ben, "/patients", story)


def test_the_nurse_sees_at_the_list_that_a_patient_said_no(house: House, tmp_path: Path) -> None:
    row = Consent(
        clinic_id=house.clinic_id, patient_id=house.ana.actor_id, version="2026-11",
        text_sha256="0" * 64, language="en", answer="refused", agreed_at=NOW,
    )  # fmt: skip
    with house.database.writing() as session:
        consents.give(session, house.ana, row, NOW)

    async def story(screen: Screen) -> None:
        await screen.until(lambda: screen.shows("1 patient said no."))

    on_screen(house, tmp_path, house.ben, "/patients", story)


def test_a_bad_line_is_shown_and_nobody_can_be_added(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.enter("list-text", LIST.format(born="5.11.1948"))
        await screen.click("check-list")
        await screen.until(lambda: screen.shows("Line 3: P-003, Jon Ruiz, 5.11.1948"))
        assert screen.shows("Cannot be added: Type the birth date as YYYY-MM-DD")
        assert "keep-list" not in screen.keys()  # noqa: SIM118
        await screen.enter("list-text", LIST.format(born="1948-11-05"))
        assert not screen.shows("Line 3")
        await screen.click("check-list")
        await screen.until(lambda: screen.shows("Add 2 patients"))
        await screen.click("keep-list")
        await screen.until(lambda: screen.shows("2 patients were added."))

    on_screen(house, tmp_path, house.ben, "/patients/list", story)
    with house.database.reading() as session:
        assert len(people.patients(session, house.ben)) == 3


def test_follow_up_ends_after_a_second_look_and_can_go_on(house: House, tmp_path: Path) -> None:
    async def story(screen: Screen) -> None:
        await screen.click("leave")
        await screen.until(lambda: "end" in screen.keys())  # noqa: SIM118
        await screen.click("end")
        await screen.until(lambda: screen.shows("Choose first why follow-up ends."))
        (reasons,) = screen.find(ft.DropdownM2, key="end-reason")
        await screen.fire(reasons, "change", value="finished")
        await screen.click("end")
        await screen.until(lambda: screen.shows("End the follow-up of Ana Quiet?"))
        await screen.click("confirm")
        await screen.until(lambda: "push_route" in str(screen.connection.calls))

    on_screen(house, tmp_path, house.ben, f"/patients/{house.ana.actor_id}", story)

    async def back(screen: Screen) -> None:
        assert screen.shows("Treatment or follow-up is finished")
        await screen.click("resume-P-001")
        await screen.until(lambda: screen.shows("Follow Ana Quiet again?"))
        await screen.click("confirm")
        await screen.until(lambda: screen.shows("Nobody has left the list."))

    on_screen(house, tmp_path, house.ben, "/patients/moves", back)
    with house.database.reading() as session:
        assert people.patient(session, house.ben, house.ana.actor_id).active
        assert changes.resumed_at(session, house.ben, house.ana.actor_id) is None


def test_an_offer_appears_at_the_other_clinic_and_is_taken_over(
    house: House, tmp_path: Path
) -> None:
    moves = Moves(kit_for(house, tmp_path, publish=live.publish), house.ben)

    async def story(screen: Screen) -> None:
        assert not screen.shows("Another clinic offers you 1 patient.")
        await asyncio.to_thread(moves.offer, house.ana.actor_id, house.cleo.clinic_id)
        live.publish(clinic_topic(house.cleo.clinic_id))
        await screen.until(lambda: screen.shows("Another clinic offers you 1 patient."))

    on_screen(house, tmp_path, house.cleo, "/patients", story)

    async def take(screen: Screen) -> None:
        assert screen.shows("Ana Quiet")
        await screen.enter("new-code", "S-007")
        await screen.click("accept")
        await screen.until(lambda: screen.shows("Take over Ana Quiet?"))
        await screen.click("confirm")
        await screen.until(lambda: "push_route" in str(screen.connection.calls))

    on_screen(house, tmp_path, house.cleo, "/patients/moves", take)
    with house.database.reading() as session:
        codes = [row.code for row in people.patients(session, house.cleo)]
    assert codes == ["P-001", "S-007"]
