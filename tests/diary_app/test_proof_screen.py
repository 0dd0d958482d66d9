"""An open screen asks who is there before it puts anything in force."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import flet as ft

from db.models import ApiToken, User
from db.stores import doors
from diary_app.services import totp
from diary_app.services.doors import open_sign_in
from tests.alerts.test_worker import rows
from tests.diary_app.care_house import beat, kit_for
from tests.diary_app.doors.house import SECRET
from tests.diary_app.test_care_screens import on_screen
from tests.ground.screen import Screen
from tests.people import NOW, House


def test_a_token_waits_for_a_code_and_nothing_typed_is_lost(house: House, tmp_path: Path) -> None:
    beat(house)
    kit = kit_for(house, tmp_path)
    with house.database.writing() as session:
        opened = open_sign_in(session, house.admin, "Chrome", NOW - timedelta(minutes=30))
        admin = session.get(User, house.admin.actor_id)
        assert admin is not None
        admin.totp_sealed = totp.sealed(kit.key, admin.id, SECRET)
        session.add(admin)
    viewer = replace(house.admin, sign_in_id=opened.sign_in_id)

    async def story(screen: Screen) -> None:
        await screen.click("add-token")
        await screen.enter("token-name", "Ward board")
        await screen.fire(screen.key("scope-alerts:read"), "change", True)
        first = asyncio.create_task(screen.click("token-make"))
        await screen.until(lambda: screen.shows("Is it you?"))
        await screen.click("proof-back")
        await asyncio.wait_for(first, 5)
        [closed] = screen.find(ft.AlertDialog, open=False)
        await screen.fire(closed, "dismiss")
        await screen.until(lambda: screen.shows("For this, please show again that it is you."))
        assert rows(house, ApiToken) == []

        second = asyncio.create_task(screen.click("token-make"))
        await screen.until(lambda: screen.find(ft.TextField, key="proof-code") != [])
        await screen.enter("proof-code", "000000")
        await screen.click("proof")
        await screen.until(lambda: screen.shows("This code is not right"))
        await screen.enter("proof-code", totp.code_of(SECRET, totp.step_at(NOW)))
        await screen.click("proof")
        await asyncio.wait_for(second, 5)
        await screen.until(lambda: screen.shows("Copy the token now"))

    on_screen(house, tmp_path, viewer, "/admin/programs", story)
    assert [token.name for token in rows(house, ApiToken)] == ["Ward board"]
    with house.database.reading() as session:
        kept = doors.sign_in(session, UUID(str(opened.sign_in_id)))
    assert kept is not None
    assert kept.verified_at == NOW
