"""Sessions that have ended leave nothing behind: no task, no topic, no owner, no control."""

import asyncio
import gc
import time
from pathlib import Path

import flet as ft
import pytest
from flet.controls.base_control import BaseControl
from flet.messaging.session import Session

from diary_app.app import session_main
from diary_app.ground import connection, guarded, live, signed_in
from diary_app.ground.signed_in import SignedIn
from diary_app.screens.patient.app import PatientApp
from diary_app.state import draft_keeper
from tests.diary_app.patient_house import QUIET, desk_for, save_only
from tests.ground.raw import Raw
from tests.ground.screen import Screen
from tests.ground.serving import SignIns, run, serving
from tests.people import House


def _left() -> dict[str, int]:
    gc.collect()
    things = gc.get_objects()
    return {
        "sessions": sum(isinstance(thing, Session) for thing in things),
        "controls": sum(isinstance(thing, BaseControl) for thing in things),
        "tasks": len(asyncio.all_tasks()),
        "sockets": len(guarded.open_sockets()),
        "owners": len(signed_in._owners),
        "topics": len(live._subscriptions),
    }


def _drawn() -> int:
    return sum(isinstance(thing, BaseControl) for thing in gc.get_objects())


async def _emptied(idle: int) -> dict[str, int]:
    """End all sessions and wait until no more tasks run than without any."""
    while guarded.open_sockets():
        await asyncio.sleep(0.01)
    await connection.end_all_sessions()
    async with asyncio.timeout(10):
        while len(asyncio.all_tasks()) > idle:
            await asyncio.sleep(0.01)
    return _left()


def test_ten_patients_come_write_and_leave_nothing_behind(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_keeper, "TYPING_PAUSE_SECONDS", 0.05)
    desk = desk_for(house, tmp_path)
    save_only(desk.diary(), **QUIET, at="review")
    sign_ins = SignIns()
    sign_ins.by_cookie["ana"] = SignedIn("s-ana", "patient", house.ana, "en", "Europe/Berlin")

    async def visit(port: int, *, tunnel: bool = False) -> None:
        ana = await Raw(port, "ana").open(route="/entry")
        await ana.see("Please check")
        words = ana.find(key="words")[-1]["_i"]
        await ana.set(words, value="It itches.")
        await ana.event(words, "change", "It itches.")
        await ana.see("Keeping ...")
        if tunnel:
            ana.ws.transport.abort()
        await ana.close()

    async def story() -> None:
        async with serving(session_main(desk.kit), tmp_path, sign_ins=sign_ins) as port:
            idle = len(asyncio.all_tasks())
            await visit(port)
            before = await _emptied(idle)

            await asyncio.gather(*(visit(port, tunnel=number % 2 == 0) for number in range(10)))
            after = await _emptied(idle)

            # Objects of earlier tests in this process may go meanwhile; none may come. A timer
            # that has not run out yet may hold some for a moment.
            until = time.monotonic() + 20
            while any(after[kind] > before[kind] for kind in before) and time.monotonic() < until:
                await asyncio.sleep(0.2)
                after = _left()
            assert {kind: count for kind, count in after.items() if count > before[kind]} == {}

    run(story)


def test_what_was_drawn_goes_at_once_without_a_search_of_the_memory(
    house: House, tmp_path: Path
) -> None:
    desk = desk_for(house, tmp_path)
    save_only(desk.diary(), **QUIET, at="review")

    async def visit() -> None:
        screen = Screen(PatientApp, desk.diary(), 0.0, views=True, route="/entry")
        await screen.until(lambda: bool(screen.find(ft.OutlinedButton, key="back")))
        await screen.click("back")
        await screen.settle(0.3)
        await screen.close()
        screen.connection.sent.clear()

    async def story() -> None:
        await visit()
        gc.collect()
        gc.disable()
        before = _drawn()
        await visit()
        left = _drawn() - before
        gc.enable()
        assert left < 20

    run(story)
