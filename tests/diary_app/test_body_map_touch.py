"""The body map under a real finger, in a browser at the size of a phone."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import flet as ft
import pytest
from playwright.sync_api import FloatRect

from diary_app import theme
from diary_app.screens.patient.app import PatientApp
from tests.browser import PHONE, FletPage, browsing, settled
from tests.diary_app.patient_house import Desk, desk_for
from tests.diary_app.test_body_map_screens import at_the_map
from tests.diary_app.test_patient_screens import kept
from tests.ground.serving import packed, serving
from tests.people import House

TARGET = 48.0


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    built = desk_for(house, tmp_path)
    built.beat()
    return built


@pytest.fixture
def site(desk: Desk) -> Iterator[str]:
    """The patient's app of one desk, served on a free port."""

    def main(page: ft.Page) -> None:
        theme.apply(page)
        page.render_views(PatientApp, desk.diary(), 0.0)

    running, stop, found = threading.Event(), threading.Event(), []

    async def serve() -> None:
        async with serving(main, Path(), package=packed()) as port:
            found.append(f"http://127.0.0.1:{port}")
            running.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert running.wait(300)
    yield found[0]
    stop.set()
    thread.join()


def test_a_finger_shows_the_hand_large_and_marks_it(desk: Desk, site: str) -> None:
    hand = "Hand, left, front: none"
    at_the_map(desk)
    with browsing() as browser:
        context = browser.new_context(**PHONE)
        context.add_cookies([{"name": "diary", "value": "ana", "url": site}])

        # Where things are is read from the tree of a screen reader ...
        reader = FletPage(context.new_page()).goto(f"{site}/entry")
        reader.see(hand)
        whole = box(reader, hand)
        reader.click("Zoom in")
        reader.see("Zoom in Head")
        reader.click("Zoom in Left hand")
        reader.see("Face: none", absent=True)
        large = box(reader, hand)
        assert min(large["width"], large["height"]) >= TARGET
        assert large["height"] > 3 * whole["height"]
        reader.click(hand)
        reader.see("Hand, left, front: how much?")
        settled(reader.page)
        half = box(reader, "About half")
        assert min(half["width"], half["height"]) >= TARGET
        assert reader.errors == []
        reader.page.close()

        # ... and touched on a screen without that tree.
        page = context.new_page()
        page.goto(f"{site}/entry")
        page.wait_for_selector("#loading", state="detached", timeout=60_000)
        picture = settled(page)
        for target in (whole, large, half):
            page.touchscreen.tap(
                target["x"] + target["width"] / 2, target["y"] + target["height"] / 2
            )
            picture = settled(page, after=picture)
        context.close()

    assert kept(desk)["regions"] == {"hand_left_front": "half"}


def box(screen: FletPage, name: str) -> FloatRect:
    found = screen.node(name).bounding_box()
    assert found is not None, f"{name} is not on the screen"
    return found
