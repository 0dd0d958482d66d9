"""The calendar under a finger, in a real browser of a phone's size."""

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import flet as ft
import pytest

from diary_app.screens.patient.app import PatientApp
from diary_app.theme import apply
from tests.browser import PHONE, FletPage, browsing
from tests.diary_app.patient_house import Desk, desk_for, save
from tests.ground.serving import packed, serving
from tests.people import NOW, House

THUMB = 48


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    built = desk_for(house, tmp_path)
    built.beat()
    return built


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    running, stop, found = threading.Event(), threading.Event(), []

    def main(page: ft.Page) -> None:
        apply(page)
        page.render_views(PatientApp, desk.diary(), 0.0)

    async def serve() -> None:
        async with serving(main, Path(), package=packed()) as port:
            found.append(f"http://127.0.0.1:{port}")
            running.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert running.wait(300)
        yield found[0]
    finally:
        stop.set()
        thread.join()


def test_a_thumb_finds_a_day_of_last_month_and_a_screen_reader_its_name(
    desk: Desk, address: str
) -> None:
    desk.clock.now = NOW - timedelta(days=5)
    save(desk.diary(), itch_nrs=3, adl="none")
    desk.clock.now = NOW
    save(desk.diary(), red_flags=["bleeding"])
    with browsing() as browser:
        context = browser.new_context(**PHONE)
        context.add_cookies([{"name": "diary", "value": "ana", "url": address}])
        flet = FletPage(context.new_page()).goto(f"{address}/history")

        flet.see("Monday, March 2, today: entry, you were told to call at once")
        flet.click("Month before")
        flet.see("February 2026")
        days = flet.page.get_by_role("button", name=re.compile(r"February \d+: "))
        boxes = [box for day in days.all() if (box := day.bounding_box())]
        flet.click("Show days as a list")
        flet.see("Show as a calendar")
        boxes += [box for day in days.all()[:4] if (box := day.bounding_box())]
        flet.tap("Wednesday, February 25: entry saved")
        flet.see("itch 3 of 10")

        assert len(boxes) == 28 + 4
        assert min(min(box["width"], box["height"]) for box in boxes) >= THUMB
        assert flet.errors == []
