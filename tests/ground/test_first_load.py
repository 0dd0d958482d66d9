"""The first seconds and the next visits in a real browser: bytes, words, versions, installing."""

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI, Request
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.responses import HTMLResponse

from tests.browser import FLAGS, PHONE, FletPage, browsing, chromium
from tests.ground.diary import main
from tests.ground.proxy import Proxy
from tests.ground.serving import ANA, SignIns, packed_for_phones, serving

NEWER = "b" * 12
KEPT = """async () => {
  const stores = {};
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    stores[name] = kept.map((request) => new URL(request.url).pathname);
  }
  return stores;
}"""


class Clinic:
    """A server and, for the day of an update, a newer one; a proxy leads to one of them."""

    def __init__(self) -> None:
        self.sign_ins = SignIns()
        self.proxy = Proxy(0)
        self.ports: list[int] = []
        self.url = ""
        self.loop: asyncio.AbstractEventLoop | None = None

    def update(self) -> None:
        """Put the newer server in the place of the older one, as a restart does."""
        assert self.loop is not None
        self.proxy.target = self.ports[1]
        self.loop.call_soon_threadsafe(self.proxy.cut)
        self.loop.call_soon_threadsafe(self.proxy.mend)


@pytest.fixture
def clinic() -> Iterator[Clinic]:
    running, stop, made = threading.Event(), threading.Event(), Clinic()

    def door(request: Request) -> str | None:
        return None if made.sign_ins(request.cookies) else "/sign-in"

    def more_routes(app: FastAPI) -> None:
        @app.get("/sign-in")
        def sign_in() -> HTMLResponse:
            return HTMLResponse("<h1>Please sign in</h1>")

    async def serve() -> None:
        options: dict[str, Any] = {
            "sign_ins": made.sign_ins, "door": door, "more_routes": more_routes,
        }  # fmt: skip
        now, newer = packed_for_phones(), replace(packed_for_phones(), version=NEWER)
        async with (
            serving(main, Path(), package=now, **options) as first,
            serving(main, Path(), package=newer, **options) as second,
        ):
            made.ports = [first, second]
            made.proxy.target, made.loop = first, asyncio.get_running_loop()
            made.url = f"http://127.0.0.1:{await made.proxy.start()}/"
            running.set()
            await asyncio.to_thread(stop.wait)
            await made.proxy.stop()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert running.wait(300)
    yield made
    stop.set()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as started:
        yield started


@pytest.fixture
def phone(browser: Browser, clinic: Clinic) -> Iterator[BrowserContext]:
    """A phone on which Ana is signed in and that has never been here."""
    context = browser.new_context(**PHONE)
    context.add_cookies([{"name": "diary", "value": "ana", "url": clinic.url}])
    yield context
    context.close()


def keep_shell(page: Page, version: str, start_page: bool | None = None) -> None:
    """Wait until the browser keeps the engine of this version, of no other, and the start page."""
    engine = f"/_v/{version}/main.dart.wasm"
    for _ in range(300):
        # A request under way when a former version's store goes leaves an empty one for a while.
        stores = {name: kept for name, kept in page.evaluate(KEPT).items() if kept}
        kept = stores.get(f"diary-_v-{version}-", [])
        if engine in kept and len(stores) == 1 and start_page in {None, "/" in kept}:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"The browser keeps {stores}")


def test_loads_little_first_and_next_to_nothing_again(
    phone: BrowserContext, clinic: Clinic
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    page = phone.new_page()
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if m.type == "error" else None)

    flet = FletPage(page).goto(clinic.url)
    flet.see("s-ana counts 0")
    keep_shell(page, packed_for_phones().version)

    assert 3_300_000 < clinic.proxy.received < 3_430_000  # the engine alone has 3.34 MB
    assert clinic.proxy.requests <= 12
    here = urlsplit(clinic.url).netloc
    foreign = {url for url in asked if urlsplit(url).netloc not in {here, ""}}
    assert all("rive" in url for url in foreign)  # Flet's client asks, the policy refuses
    assert all("rive" in text and "violates" in text for text in refused), refused
    assert flet.errors == []

    asked.clear()
    page.goto("about:blank")
    for again in ("next visit", "reload", "new tab"):
        before = clinic.proxy.received
        page = phone.new_page() if again == "new tab" else page
        page.reload() if again == "reload" else page.goto(clinic.url)
        FletPage(page).ready().see("s-ana counts 0")
        page.wait_for_timeout(300)
        assert clinic.proxy.received - before < 30_000, again
    # Flutter's loader would wait for a worker of its own.
    assert [url for url in asked if "flutter_service_worker" in url] == []


def test_says_whom_to_call_and_where_to_report_before_anything_else_arrives(
    browser: Browser, clinic: Clinic
) -> None:
    context = browser.new_context(**PHONE, java_script_enabled=False)
    context.add_cookies([{"name": "diary", "value": "ana", "url": clinic.url}])
    page = context.new_page()

    page.goto(clinic.url)

    assert page.get_by_role("heading", name="Example Clinic").is_visible()
    assert page.get_by_role("link", name="911").get_attribute("href") == "tel:911"
    link = page.get_by_role("link", name="Report fever, a danger sign or a photo now")
    assert link.get_attribute("href") == "/now"
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    assert "Please allow JavaScript" in page.inner_text("main")
    assert page.get_by_text("Your diary is opening").is_hidden()
    assert clinic.proxy.requests == 1
    context.close()


def test_says_after_ten_seconds_that_it_is_still_loading(
    phone: BrowserContext, clinic: Clinic
) -> None:
    page = phone.new_page()
    page.route("**/_v/**", lambda route: route.abort())
    page.goto(clinic.url, wait_until="commit")
    late = page.get_by_text("It is still loading.")
    late.wait_for(state="attached")
    # Held still at an instant, so that no slow machine lets it run on meanwhile.
    seconds = """() => {{
        const late = document.getAnimations().find((a) => a.animationName === 'late');
        late.pause();
        late.currentTime = {} * 1000;
    }}"""

    page.evaluate(seconds.format(9.9))
    assert late.is_hidden()
    page.evaluate(seconds.format(10.1))

    assert late.is_visible()
    again = page.get_by_role("link", name="You need not wait: report on the simple page")
    assert again.get_attribute("href") == "/now"


def test_can_be_installed_under_its_own_name(
    browser: Browser, clinic: Clinic, tmp_path: Path
) -> None:
    # Playwright's usual contexts are private windows, where nothing can be installed.
    context = browser.browser_type.launch_persistent_context(
        str(tmp_path), executable_path=chromium(), args=FLAGS
    )
    context.add_cookies([{"name": "diary", "value": "ana", "url": clinic.url}])
    page = context.new_page()
    page.goto(clinic.url)
    devtools = context.new_cdp_session(page)

    told = devtools.send("Page.getAppManifest")
    problems = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert (told["errors"], problems) == ([], [])
    manifest = json.loads(told["data"])
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == (
        "Symptom diary", "standalone", "/",
    )  # fmt: skip
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == ["/now"]
    assert {(icon["sizes"], icon.get("purpose")) for icon in manifest["icons"]} == {
        ("192x192", None), ("512x512", None), ("192x192", "maskable"), ("512x512", "maskable"),
    }  # fmt: skip
    touch = page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    for icon in (touch, *(icon["src"] for icon in manifest["icons"])):
        assert page.request.get(f"{clinic.url[:-1]}{icon}").ok
    context.close()


def test_replaces_a_former_version_as_a_whole_for_what_changed_alone(
    phone: BrowserContext, clinic: Clinic
) -> None:
    page = phone.new_page()
    FletPage(page).goto(clinic.url)
    keep_shell(page, packed_for_phones().version)

    clinic.update()
    before = clinic.proxy.received
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    FletPage(page).goto(clinic.url).see("s-ana counts 0")

    keep_shell(page, NEWER)
    versions = {path.split("/")[2] for path in asked if path.startswith("/_v/")}
    assert versions == {NEWER}
    assert clinic.proxy.received - before < 40_000  # here no file changed
    page.reload()
    FletPage(page).ready().see("s-ana counts 0")


def test_does_not_leave_people_on_a_kept_page_when_the_server_is_slow(
    phone: BrowserContext, clinic: Clinic
) -> None:
    page = phone.new_page()
    FletPage(page).goto(clinic.url)
    keep_shell(page, packed_for_phones().version)
    FletPage(page).goto(clinic.url)
    keep_shell(page, packed_for_phones().version, start_page=True)
    clinic.proxy.delay = 1.0

    FletPage(page).goto(clinic.url).see("s-ana counts 0")
    del clinic.sign_ins.by_cookie["ana"]
    page.goto(clinic.url, wait_until="commit")

    page.wait_for_url("**/sign-in", timeout=15_000)
    keep_shell(page, packed_for_phones().version, start_page=False)
    assert ANA.sign_in_id not in page.content()
