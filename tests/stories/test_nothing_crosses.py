"""Four people on one server, on the wire: nobody is sent a word of somebody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import uvicorn

from alerts.intake import record_entry
from db.access import Viewer
from diary_app.installation import open_installation
from diary_app.server import build_app, system_clock
from diary_app.services.doors import COOKIE, open_sign_in
from diary_app.services.kit import Kit
from diary_app.settings import Settings
from tests.ground.raw import Raw
from tests.ground.serving import NO_FILES, free_port
from tests.people import House


@dataclass
class Wire:
    """A running server and the way to it for each person."""

    kit: Kit
    port: int
    tokens: dict[str, str]

    async def open(self, who: str, route: str = "/") -> Raw:
        return await Raw(self.port, self.tokens[who]).open(route=route)

    async def get(self, who: str, path: str) -> httpx.Response:
        async with httpx.AsyncClient(cookies={COOKIE: self.tokens[who]}) as client:
            return await client.get(f"http://127.0.0.1:{self.port}{path}")


@asynccontextmanager
async def wire(
    house: House, folder: Path, *, worker: bool = True, public_url: str = ""
) -> AsyncIterator[Wire]:
    settings = Settings(
        data_dir=folder, database_url=house.url, mail_way="file", port=free_port(), worker=worker,
        public_url=public_url,
    )  # fmt: skip
    opened = open_installation(settings, create=True)
    app, kit = build_app(opened, package=NO_FILES)
    people: dict[str, Viewer] = {
        "ana": house.ana, "otto": house.otto, "ben": house.ben, "cleo": house.cleo,
    }  # fmt: skip
    with kit.database.writing() as session:
        tokens = {
            name: open_sign_in(session, viewer, "test", system_clock()).token
            for name, viewer in people.items()
        }
    config = uvicorn.Config(app, port=settings.port, log_level="critical", access_log=False)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield Wire(kit, settings.port, tokens)
    finally:
        server.should_exit = True
        await running
        opened.close()


def fever_of_ana(house: House, kit: Kit) -> tuple[UUID, UUID]:
    """Ana's entry comes in while everybody looks at their screens."""
    now = kit.clock()
    entry = house.entry(
        at=now, temperature_text="38,61", temperature_value=38.61, temperature_unit="C"
    )
    with kit.database.writing() as session:
        made = record_entry(session, house.ana, entry, now)
    kit.changed(house.clinic_id, house.ana.actor_id)
    assert made.alert_id is not None
    return entry.id, made.alert_id


def heard(client: Raw) -> str:
    return repr(client.inbox)


def test_an_entry_reaches_its_nurse_and_nobody_else_on_the_wire(house: House, tmp_path: Path):
    async def story() -> None:
        async with wire(house, tmp_path) as server:
            ana, otto = await server.open("ana"), await server.open("otto")
            ben, cleo = await server.open("ben"), await server.open("cleo")
            await ana.see("Hello, Ana")
            await otto.see("Hello, Otto")
            await ben.see("No open alerts")
            await cleo.see("No open alerts")

            fever_of_ana(house, server.kit)
            await ben.see("38.61")
            await ana.see("Call the clinic now")
            await otto.settle()
            await cleo.settle()

            for stranger in (otto, cleo):
                for word in ("Ana", "38.61", "38,61", "P-001, born"):
                    assert word not in heard(stranger)
            assert "Otto" not in heard(ana) + heard(ben)
            for client in (ana, otto, ben, cleo):
                await client.close()

    asyncio.run(story())


def test_another_clinics_nurse_and_another_patient_find_nothing_under_a_known_id(
    house: House, tmp_path: Path
):
    async def story() -> None:
        async with wire(house, tmp_path) as server:
            entry_id, alert_id = fever_of_ana(house, server.kit)
            patient_id = house.ana.actor_id
            paths = {
                "cleo": (f"/alerts/{alert_id}", f"/patients/{patient_id}", "/patients"),
                "otto": (f"/history/{entry_id}", f"/entry/sent/{entry_id}", f"/alerts/{alert_id}"),
            }
            for who, routes in paths.items():
                for route in routes:
                    client = await server.open(who, route)
                    await client.settle()
                    await asyncio.sleep(0.4)
                    for word in ("Ana", "38.61", "38,61"):
                        assert word not in heard(client), route
                    await client.close()
            for who in ("cleo", "otto"):
                for path in (
                    f"/exports/{patient_id}/report?from=2026-01-01&to=2026-12-31",
                    f"/exports/{patient_id}/archive?from=2026-01-01&to=2026-12-31",
                    f"/api/v1/entries?patient_id={patient_id}",
                    "/api/v1/alerts",
                ):
                    answer = await server.get(who, path)
                    assert answer.status_code < 500
                    assert "Ana" not in answer.text
                    assert "38.61" not in answer.text
                    assert not answer.content.startswith((b"%PDF", b"PK"))

    asyncio.run(story())


def test_a_patients_session_cannot_be_resumed_by_a_nurse_or_another_patient(
    house: House, tmp_path: Path
):
    async def story() -> None:
        async with wire(house, tmp_path) as server:
            ana = await server.open("ana")
            await ana.see("Hello, Ana")
            for who in ("otto", "ben", "cleo"):
                thief = await Raw(server.port, server.tokens[who]).open(session_id=ana.session_id)
                await thief.settle()
                assert thief.session_id != ana.session_id
                assert "Hello, Ana" not in heard(thief)
                await thief.close()
            await ana.close()

    asyncio.run(story())
