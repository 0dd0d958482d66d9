"""The whole ground in a real browser: reconnect, sign-out, photos."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flet as ft
import pytest
from fastapi import FastAPI, Request
from playwright.sync_api import Browser, BrowserContext
from starlette.responses import HTMLResponse

from diary_app.ground.controls import Sem, open_same_window
from diary_app.ground.picker import Chosen, PhotoPicker, Sending
from diary_app.ground.socket import end_sockets
from tests.browser import DESKTOP, PHONE, FletPage, browsing
from tests.ground.diary import Diary
from tests.ground.proxy import Proxy
from tests.ground.serving import ANA, SignIns, packed, serving

UPLOADED: dict[str, bytes] = {}


@ft.component
def Photos() -> ft.Control:
    said, set_said = ft.use_state("no photo yet")
    sent, set_sent = ft.use_state(0)

    def done(chosen: Chosen, problem: str | None, _again: object) -> None:
        set_said(f"{chosen.name}: {problem or 'sent'}")
        set_sent(lambda count: count + (problem is None))

    def ticket(name: str, size: int) -> str | None:
        return f"/upload/{size}" if name.endswith(".jpg") else None

    picker = PhotoPicker("Add photos", Sending(ticket, lambda *_: None, done))
    return ft.Column([ft.Text(said), ft.Text(f"{sent} photos sent"), picker])


@ft.component
def Corner() -> ft.Control:
    taps, set_taps = ft.use_state(0)

    async def leave() -> None:
        await open_same_window("/sign-in")

    area = Sem(
        label="Left arm",
        button=True,
        container=True,
        on_click=lambda: set_taps(taps + 1),
        content=ft.Container(width=60, height=60, bgcolor=ft.Colors.PRIMARY),
    )
    return ft.Column([ft.Text(f"tapped {taps}"), area, ft.Button("Leave", on_click=leave)])


@ft.component
def Inputs() -> list[ft.View]:
    agreed, set_agreed = ft.use_state(False)
    loud, set_loud = ft.use_state(False)
    arm, set_arm = ft.use_state("left")
    asking, set_asking = ft.use_state(False)
    tab, set_tab = ft.use_state(0)
    meal, set_meal = ft.use_state("rice")
    sizes, set_sizes = ft.use_state(["small"])
    ft.use_dialog(
        ft.AlertDialog(
            title=ft.Text("Sure?"),
            actions=[ft.TextButton("Yes", on_click=lambda: set_asking(False))],
            on_dismiss=lambda: set_asking(False),
        )
        if asking
        else None
    )
    bar = ft.NavigationBar(
        selected_index=tab,
        destinations=[
            ft.NavigationBarDestination(ft.Icons.ADD, label="Today"),
            ft.NavigationBarDestination(ft.Icons.SEARCH, label="History"),
        ],
        on_change=lambda e: set_tab(e.control.selected_index),
    )
    controls = [
        ft.Text(f"agreed {agreed}, loud {loud}, {arm} arm, {meal}, {sizes}"),
        ft.Text(f"tab {tab}, asking {asking}"),
        ft.Checkbox("Agree", value=agreed, on_change=lambda e: set_agreed(e.control.value)),
        ft.Switch(label="Loud", value=loud, on_change=lambda e: set_loud(e.control.value)),
        ft.RadioGroup(
            ft.Row([ft.Radio("Left", value="left"), ft.Radio("Right", value="right")]),
            value=arm,
            on_change=lambda e: set_arm(e.control.value),
        ),
        ft.DropdownM2(
            label="Meal",
            value=meal,
            options=[
                ft.dropdownm2.Option(key="rice", content=ft.Text("Rice")),
                ft.dropdownm2.Option(key="soup", content=ft.Text("Soup")),
            ],
            on_change=lambda e: set_meal(e.control.value),
        ),
        ft.SegmentedButton(
            segments=[ft.Segment("small", label="Small"), ft.Segment("big", label="Big")],
            selected=sizes,
            on_change=lambda e: set_sizes(e.control.selected),
        ),
        ft.Button("Ask", on_click=lambda: set_asking(True)),
    ]
    return [ft.View(controls=controls, navigation_bar=bar)]


@ft.component
def Views() -> ft.Control:
    return ft.Router(
        [
            ft.Route(path="/", component=Home, children=[ft.Route(path="more", component=More)]),
        ],
        manage_views=True,
    )


@ft.component
def Home() -> ft.View:
    return ft.View(
        route=ft.use_view_path(),
        controls=[ft.Button("go", on_click=lambda: ft.context.page.navigate("/more"))],
    )


@ft.component
def More() -> ft.View:
    count, set_count = ft.use_state(0)
    return ft.View(
        route=ft.use_view_path(),
        appbar=ft.AppBar(title=ft.Text("More")),
        controls=[
            ft.Text(f"counted {count}"),
            ft.Button("count", on_click=lambda: set_count(lambda n: n + 1)),
        ],
    )


def main(page: ft.Page) -> None:
    """Show what the first route asks for."""
    shown: dict[str, Callable[..., Any]] = {"/photos": Photos, "/corner": Corner}
    if page.route == "/inputs":
        page.render_views(Inputs)
    elif page.route.startswith("/views"):
        page.route = "/"
        page.render_views(Views)
    elif page.route in shown:
        page.render(shown[page.route])
    else:
        page.render(Diary, "s-ana")


@dataclass
class Site:
    """A server behind a proxy, in its own thread."""

    sign_ins: SignIns = field(default_factory=SignIns)
    url: str = ""
    loop: asyncio.AbstractEventLoop | None = None
    proxy: Proxy | None = None

    def call(self, step: Callable[[], object]) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(step)


def _more_routes(app: FastAPI) -> None:
    @app.put("/upload/{size}")
    async def upload(size: int, request: Request) -> dict[str, int]:
        UPLOADED[str(size)] = await request.body()
        return {"size": size}

    @app.get("/sign-in")
    def sign_in() -> HTMLResponse:
        return HTMLResponse("<h1>Please sign in</h1>")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    running, stop, site = threading.Event(), threading.Event(), Site()

    def door(request: Request) -> str | None:
        return None if site.sign_ins(request.cookies) else "/sign-in"

    async def serve() -> None:
        async with serving(
            main,
            Path(),
            package=packed(),
            sign_ins=site.sign_ins,
            door=door,
            more_routes=_more_routes,
        ) as port:
            site.proxy, site.loop = Proxy(port), asyncio.get_running_loop()
            site.url = f"http://127.0.0.1:{await site.proxy.start()}"
            running.set()
            await asyncio.to_thread(stop.wait)
            await site.proxy.stop()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert running.wait(300)
    yield site
    stop.set()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as started:
        yield started


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A phone on which Ana is signed in."""
    made = browser.new_context(**PHONE, timezone_id="Asia/Seoul")
    made.add_cookies([{"name": "diary", "value": "ana", "url": site.url}])
    site.sign_ins.by_cookie["ana"] = ANA
    yield made
    made.close()


def test_tells_the_server_the_time_zone_of_the_device(context: BrowserContext, site: Site) -> None:
    FletPage(context.new_page()).goto(site.url + "/")

    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    assert cookies["tz"] == "Asia%2FSeoul"


def test_passes_on_what_people_enter(context: BrowserContext, site: Site) -> None:
    flet = FletPage(context.new_page()).goto(site.url + "/inputs")

    flet.click("Agree", "checkbox")
    flet.click("Loud", "switch")
    flet.click("Right", "radio")
    flet.click("Big", exact=False)
    flet.click("History", "tab", exact=False)
    flet.see("agreed True, loud True, right arm, rice, ['big']")
    flet.see("tab 1, asking False")
    flet.click("Meal", exact=False)
    flet.click("Soup", "menuitem", exact=False)
    flet.see("right arm, soup")
    flet.click("Ask")
    flet.see("Sure?")
    flet.page.keyboard.press("Escape")
    flet.see("tab 1, asking False")
    flet.see("Sure?", absent=True)


def test_lives_on_after_the_connection_was_cut(context: BrowserContext, site: Site) -> None:
    flet = FletPage(context.new_page()).goto(site.url + "/views")
    flet.click("go")
    flet.click("count")
    flet.see("counted 1")
    assert site.proxy is not None

    site.call(site.proxy.cut)
    flet.page.wait_for_timeout(300)
    site.call(site.proxy.mend)
    flet.click("count")

    flet.see("counted 2")
    assert flet.page.locator("#connection a").count() == 0


def test_says_what_is_not_kept_without_a_connection_and_keeps_it_when_it_is_back(
    context: BrowserContext, site: Site
) -> None:
    flet = FletPage(context.new_page()).goto(site.url + "/")
    flet.fill("Words", "itch")
    flet.see("wrote itch")
    strip = flet.page.get_by_role("status")
    assert site.proxy is not None

    site.call(site.proxy.cut)
    flet.page.keyboard.type("y")
    flet.click("more")
    flet.click("more")
    strip.get_by_text("No connection: not kept since").wait_for()
    for name, address in (
        ("Emergency: call 911", "tel:911"),
        ("555-0100", "tel:555-0100"),
        ("Report on the simple page", "/now"),
    ):
        link = strip.get_by_role("link", name=name)
        assert link.get_attribute("href") == address
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 48
    seen = flet.page.locator("flutter-view canvas").first.bounding_box()
    here = strip.bounding_box()
    assert seen is not None
    assert here is not None
    assert seen["y"] + seen["height"] <= here["y"] + 1
    assert "counts 0, saw 0, wrote itch" in flet.text()
    site.call(site.proxy.mend)

    flet.see("counts 2, saw 1, wrote itchy")
    strip.get_by_text("Connected again").wait_for()
    flet.click("more")
    flet.see("counts 3")


def test_goes_to_the_door_at_once_when_the_sign_in_ends(
    context: BrowserContext, site: Site
) -> None:
    flet = FletPage(context.new_page()).goto(site.url + "/")
    flet.see("s-ana counts 0")

    del site.sign_ins.by_cookie["ana"]
    end_sockets("s-ana")

    flet.page.wait_for_url("**/sign-in", timeout=10_000)
    assert "Please sign in" in flet.page.content()


def test_shows_whom_to_call_without_a_connection(browser: Browser, site: Site) -> None:
    context = browser.new_context(**DESKTOP)
    context.add_cookies([{"name": "diary", "value": "ana", "url": site.url}])
    site.sign_ins.by_cookie["ana"] = ANA
    page = context.new_page()
    page.goto(site.url + "/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    assert site.proxy is not None

    site.call(site.proxy.cut)
    page.reload()

    assert "555-0100" in page.content()
    assert "Nothing you saved is lost" in page.content()
    site.call(site.proxy.mend)
    context.close()


def test_sends_chosen_photos_and_says_which_were_not(context: BrowserContext, site: Site) -> None:
    flet = FletPage(context.new_page()).goto(site.url + "/photos")
    photo = {"name": "rash.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8" + b"p" * 999}
    note = {"name": "note.gif", "mimeType": "image/gif", "buffer": b"GIF89a"}

    flet.pick("Add photos", photo)
    flet.see("rash.jpg: sent")
    flet.pick("Add photos", note)
    flet.see("note.gif: This photo cannot be added. Please choose another.")

    assert UPLOADED["1001"] == photo["buffer"]


def test_several_photos_of_one_name_all_arrive_whole(context: BrowserContext, site: Site) -> None:
    flet = FletPage(context.new_page()).goto(site.url + "/photos")
    photos = [
        {"name": name, "mimeType": "image/jpeg", "buffer": bytes([65 + n]) * (2001 + n)}
        for n, name in enumerate(("image.jpg", "image.jpg", "arm.jpg", "image.jpg"))
    ]

    flet.pick("Add photos", *photos)
    flet.see("4 photos sent")

    assert [UPLOADED.get(str(2001 + n)) for n in range(4)] == [each["buffer"] for each in photos]


def test_taps_what_a_screen_reader_finds_and_leaves_in_the_same_tab(
    context: BrowserContext, site: Site
) -> None:
    flet = FletPage(context.new_page()).goto(site.url + "/corner")

    flet.click("Left arm")
    flet.see("tapped 1")
    flet.click("Leave")

    flet.page.wait_for_url("**/sign-in")
    assert len(context.pages) == 1
