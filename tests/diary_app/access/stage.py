"""One patient's app on a port, moved from screen to screen without loading it again."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flet as ft
from axe_playwright_python import base as axe_package
from playwright.sync_api import Browser

from diary_app import theme
from diary_app.screens.patient.app import PatientApp
from tests.browser import FletPage
from tests.diary_app.patient_house import Desk
from tests.ground.serving import packed, serving

PHONE = {
    "viewport": {"width": 412, "height": 915},
    "device_scale_factor": 1,
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
}
TARGET = 48
AXE = (Path(axe_package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# The rules that mean something on a picture described by invisible nodes.
TREE_RULES = (
    "aria-command-name", "label", "aria-toggle-field-name", "role-img-alt", "nested-interactive",
    "document-title", "heading-order", "html-has-lang",
)  # fmt: skip

_NAMELESS = re.compile(
    r"^\s*- (?:button|textbox|checkbox|switch|radio|tab|slider|img|link)\b(?! \")"
)
_BOXES = """() => [...document.querySelectorAll(
    'flt-semantics[role=button], flt-semantics[role=checkbox], flt-semantics[role=switch],' +
    'flt-semantics[role=radio], flt-semantics[role=tab], flt-semantics input')]
  .map((node) => {
    let around = node.parentElement;
    while (around && !/scroll|auto/.test(getComputedStyle(around).overflowY)) {
      around = around.parentElement;
    }
    const edge = around ? around.getBoundingClientRect() : {top: -1, bottom: innerHeight + 1};
    return [node.getAttribute('aria-label') || node.textContent || node.tagName,
            node.getBoundingClientRect(), edge];
  })
  .filter(([, box, edge]) => box.width > 0 && box.top > edge.top && box.bottom < edge.bottom)
  .map(([name, box]) => [name, box.left, box.top, box.right, box.bottom])"""
_RIGHT = """() => [...document.querySelectorAll('flt-semantics')]
  .map((node) => [node.getAttribute('aria-label') || node.textContent.slice(0, 60),
                  node.getBoundingClientRect()])
  .filter(([name, box]) => name && (box.right > innerWidth + 1 || box.left < -1))
  .map(([name, box]) => `${name} ${Math.round(box.left)}-${Math.round(box.right)}`)"""


@dataclass
class Stage:
    """The app of one desk under one browser tab."""

    desk: Desk
    address: str
    loop: asyncio.AbstractEventLoop
    pages: list[ft.Page] = field(default_factory=list)

    def open(self, browser: Browser, path: str = "/", **options: Any) -> FletPage:
        """Load the app in a new tab with its accessibility tree."""
        context = browser.new_context(**{**PHONE, **options})
        context.add_cookies([{"name": "diary", "value": "ana", "url": self.address}])
        return FletPage(context.new_page()).goto(f"{self.address}{path}")

    def go(self, path: str) -> None:
        """Move the newest tab to another screen."""
        page = self.pages[-1]
        asyncio.run_coroutine_threadsafe(page.push_route(path), self.loop).result(10)


@contextmanager
def staged(desk: Desk) -> Iterator[Stage]:
    running, stop, found, pages = threading.Event(), threading.Event(), [], []

    def main(page: ft.Page) -> None:
        theme.apply(page)
        page.title = "Symptom diary"
        pages.append(page)
        page.render_views(PatientApp, desk.diary(), 0.0)

    async def serve() -> None:
        async with serving(main, Path(), package=packed()) as port:
            found.append(Stage(desk, f"http://127.0.0.1:{port}", asyncio.get_running_loop(), pages))
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


def nameless(screen: FletPage) -> list[str]:
    """Return the lines of the tree that are controls or pictures without a name."""
    return [line for line in screen.text().splitlines() if _NAMELESS.match(line)]


def too_small(screen: FletPage) -> list[str]:
    """Return the controls in sight that are smaller than a thumb needs."""
    return [
        f"{name} {round(right - left)}x{round(bottom - top)}"
        for name, left, top, right, bottom in screen.page.evaluate(_BOXES)
        if min(right - left, bottom - top) < TARGET - 0.5
    ]


def cut_off(screen: FletPage) -> list[str]:
    """Return what reaches beyond the sides of the screen."""
    return list(screen.page.evaluate(_RIGHT))


def axe(screen: FletPage, *rules: str) -> list[str]:
    """Return what axe-core finds; without rules, all of WCAG 2.2 A and AA."""
    page = screen.page
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    only = (
        {"type": "rule", "values": list(rules)}
        if rules
        else {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    found = page.evaluate("(only) => axe.run(document, {runOnly: only})", only)
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
    ]


_LISTEN = """() => {
  window.said = [];
  for (const region of document.querySelectorAll('[aria-live]')) {
    new MutationObserver(() => { if (region.textContent.trim()) said.push(region.textContent); })
      .observe(region, {childList: true, characterData: true, subtree: true});
  }
}"""


def listen(screen: FletPage) -> None:
    """Begin to note what a screen reader would be told."""
    screen.page.evaluate(_LISTEN)


def hear(screen: FletPage, words: str) -> None:
    """Wait until a screen reader was told these words, after what was heard before."""
    for _ in range(200):
        told = screen.page.evaluate("() => window.said")
        found = next((place for place, each in enumerate(told) if words in each), None)
        if found is not None:
            screen.page.evaluate("(count) => { window.said.splice(0, count); }", found + 1)
            return
        screen.page.wait_for_timeout(50)
    raise AssertionError(f"A screen reader is not told {words!r}, but {told!r}:\n{screen.text()}")
