"""Ways out and tasks on the care team's screens, drawn without a browser on a real database."""

import asyncio
from pathlib import Path

import pytest

from alerts.letters import open_address
from db.errors import NotFoundError
from db.models import ContactWay, Notification, Task
from db.stores import ledger, outbox, tasks, ways
from diary_app.ground import live
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import clinic_topic
from diary_app.services.ways import Ways
from tests.alerts.test_worker import rows
from tests.diary_app.care_house import beat, kit_for
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import NOW, House


def take(house: House) -> None:
    """The newest queued message is taken by its way out."""
    with house.database.writing() as session:
        (row,) = outbox.lease(session, house.worker, NOW, NOW)
        end = ledger.Outcome(row.id, "sent", receipt="250 2.0.0 Ok: queued as 4F2A")
        ledger.record(session, house.worker, "", [end], NOW)


def test_a_nurse_adds_her_mobile_tests_it_and_sees_it_arrive(house: House, tmp_path: Path) -> None:
    beat(house)

    async def story(screen: Screen) -> None:
        assert screen.shows("ben@north.example")
        await screen.click("add-apprise")
        await screen.enter("way-label", "Mobile")
        await screen.enter("way-address", "my phone")
        await screen.click("way-add")
        await screen.until(lambda: screen.shows("Please enter the service's address"))
        await screen.enter("way-address", "ntfy://s3cret-topic")
        await screen.click("way-add")
        await screen.until(lambda: screen.shows("ntfy://..."))
        assert not screen.shows("s3cret-topic")
        await screen.click("test-Mobile")
        await screen.until(lambda: screen.shows("Last test: Waiting to be sent"))
        await asyncio.to_thread(take, house)

        live.publish(clinic_topic(house.clinic_id))
        await screen.until(lambda: screen.shows("Receipt: 250 2.0.0 Ok: queued as 4F2A"))
        await screen.click("arrived-Mobile")
        await screen.until(lambda: screen.shows("Seen to arrive"))
        await screen.click("switch-Mobile")
        await screen.until(lambda: screen.shows("Switched off"))

    on_screen(house, tmp_path, house.ben, "/ways", story)
    (way,) = rows(house, ContactWay)
    assert b"s3cret" not in way.address_sealed
    assert open_address(kit_for(house, tmp_path).key, way).to == "ntfy://s3cret-topic"
    assert way.disabled_at is not None
    assert rows(house, Notification)[0].way_id == way.id


def test_an_administrator_adds_a_webhook_and_sees_its_key_once(
    house: House, tmp_path: Path
) -> None:
    beat(house)

    async def story(screen: Screen) -> None:
        await screen.until(lambda: screen.shows("Every step of every alert"))
        await screen.click("add-webhook")
        await screen.enter("way-label", "Ward board")
        await screen.enter("way-address", "http://board.clinic.example/hook")
        await screen.click("way-add")
        await screen.until(lambda: screen.shows("begins with https://"))
        await screen.enter("way-address", "https://board.clinic.example/hook?k=t0ken")
        await screen.click("way-add")
        await screen.until(lambda: screen.shows("Copy the signing key now"))
        assert screen.shows("board.clinic.example")
        assert not screen.shows("t0ken")

    on_screen(house, tmp_path, house.admin, "/admin/ways", story)
    (way,) = rows(house, ContactWay)
    assert (way.user_id, way.kind) == (None, "webhook")
    assert len(open_address(kit_for(house, tmp_path).key, way).secret) >= 32


@pytest.mark.parametrize("route", ["/", "/admin"])
def test_a_task_stays_on_the_screen_until_it_is_done(
    house: House, tmp_path: Path, route: str
) -> None:
    beat(house)
    with house.database.writing() as session:
        tasks.add_task(
            session, house.worker, "undeliverable", house.admin.actor_id, "Phone Ben.", NOW
        )
    viewer, words = (
        (house.ben, "Task for Ada: Phone Ben.")
        if route == "/"
        else (house.admin, "Task for you: Phone Ben.")
    )

    async def story(screen: Screen) -> None:
        assert screen.shows(words)
        await screen.click("task-done-0")
        await screen.until(lambda: not screen.shows("Phone Ben."))

    on_screen(house, tmp_path, viewer, route, story)
    (task,) = rows(house, Task)
    assert (task.done_by, task.done_at) == (viewer.actor_id, NOW)


@pytest.mark.parametrize(
    ("kind", "label", "address", "field"),
    [
        ("email", "Ward", "ward at north", "address"),
        ("email", "", "ward@north.example", "label"),
        ("email", "x" * 41, "ward@north.example", "label"),
        ("url", "Mobile", "syslog://", "address"),
        ("url", "Mobile", "ntfy://" + "x" * 2000, "address"),
        ("webhook", "Board", "https://user:word@board.example/", "address"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    house: House, tmp_path: Path, kind: str, label: str, address: str, field: str
) -> None:
    office = Ways(kit_for(house, tmp_path), house.admin)
    add = {"email": office.add_email, "url": office.add_url, "webhook": office.add_webhook}[kind]

    with pytest.raises(UnusableAnswerError) as caught:
        add(label, address)

    assert caught.value.field == field
    assert rows(house, ContactWay) == []


def test_nobody_touches_a_colleagues_way(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    Ways(kit, house.ben).add_email("Ward", "ward@north.example")
    (way,) = rows(house, ContactWay)

    for stranger in (house.dora, house.admin, house.cleo):
        for act in (Ways(kit, stranger).test, Ways(kit, stranger).confirm):
            with pytest.raises(NotFoundError):
                act(way.id)
    with house.database.reading() as session:
        assert ways.own_ways(session, house.dora) == []
