"""Drives a Flet page in the system's Chromium through its accessibility tree."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, TimeoutError, sync_playwright

# One pixel a point and little motion: software draws all of it here, and sharp pixels alone take
# three times as long.
PHONE: dict[str, Any] = {
    "viewport": {"width": 412, "height": 839},
    "device_scale_factor": 1,
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
}
SHARP_PHONE = {**PHONE, "device_scale_factor": 2.625}
DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "reduced_motion": "reduce",
}

_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-quic",
    "--disable-component-update",
    "--disable-sync",
]
_DESCRIBE_SCREEN = """() => {
  const placeholder = document.querySelector('flt-semantics-placeholder');
  const box = placeholder.getBoundingClientRect();
  placeholder.dispatchEvent(new MouseEvent('click', {bubbles: true, composed: true,
    clientX: box.x + box.width / 2, clientY: box.y + box.height / 2}));
}"""

# Flutter hears what is typed only a few frames after the focus, then empties what was typed before.
# It sets `autocorrect` at that moment.
_FOCUS = """field => {
  if (document.activeElement !== field) field.setAttribute('autocorrect', 'soon');
  field.focus();
}"""
_LISTENS = "field => field.getAttribute('autocorrect') !== 'soon'"
_TWO_FRAMES = """() => new Promise(
  done => requestAnimationFrame(() => requestAnimationFrame(done)))"""


def chromium() -> str:
    """Return where the system keeps its Chromium."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    assert found is not None, f"Install one of {', '.join(_NAMES)} to run the browser tests."
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start the system's Chromium and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def settled(page: Page, after: bytes | None = None, seconds: float = 30) -> bytes:
    """Wait until three pictures in a row are the same, for screens without a tree to read.

    A screen that waits for something moves, so it is not the same yet.

    Args:
        after: The picture before something was done, which must go first.
    """
    until, seen, same = time.monotonic() + seconds, b"", 0
    while same < 2:
        assert time.monotonic() < until, "The screen did not change, or goes on changing."
        page.wait_for_timeout(300)
        now = page.screenshot()
        same, seen = (same + 1 if now == seen != after else 0), now
    return seen


class FletPage:
    """One browser tab with a Flet app.

    Names are accessible names, compared as a whole unless said otherwise.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def goto(self, url: str) -> "FletPage":
        """Load the app and wait for its first screen and its accessibility tree."""
        self.page.goto(url)
        return self.ready()

    def ready(self) -> "FletPage":
        """Wait for the first screen and its accessibility tree."""
        page = self.page
        page.wait_for_selector("#loading", state="detached", timeout=60_000)
        tree = "flt-semantics-host flt-semantics"
        if not page.locator(tree).count():
            page.wait_for_selector("flt-semantics-placeholder", state="attached")
            page.evaluate(_DESCRIBE_SCREEN)
        page.wait_for_selector(tree, state="attached")
        return self

    def node(self, name: str, role: str = "button", exact: bool = True) -> Locator:
        """Return the first node with this role and name."""
        return self.page.get_by_role(role, name=name, exact=exact).first  # type: ignore[arg-type]

    def by_id(self, identifier: str) -> Locator:
        """Return the node with this ``ft.Semantics(identifier=...)``."""
        return self.page.locator(f'[flt-semantics-identifier="{identifier}"]')

    def click(self, name: str, role: str = "button", exact: bool = True) -> None:
        """Press a control as a screen reader does; works for every control."""
        self.node(name, role, exact).dispatch_event("click", timeout=30_000)

    def tap(self, name: str, role: str = "button", exact: bool = True) -> None:
        """Touch the middle of a control with a finger; needs a touch screen."""
        box = self.node(name, role, exact).bounding_box()
        assert box is not None, f"{name} is not on the screen"
        self.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def fill(self, name: str, value: str) -> None:
        """Type into the text field whose label contains this name."""
        field = self.node(name, "textbox", exact=False)
        for _ in range(3):
            field.evaluate(_FOCUS)
            with suppress(TimeoutError):
                self.page.wait_for_function(_LISTENS, arg=field.element_handle(), timeout=10_000)
                field.fill(value)
                self.page.evaluate(_TWO_FRAMES)
                if field.input_value() == value:
                    return
        raise AssertionError(f"{name} does not keep {value!r}, it has {field.input_value()!r}")

    def pick(self, button: str, *files: str | Path | dict[str, Any]) -> None:
        """Choose files in the file chooser that this button opens."""
        with self.page.expect_file_chooser() as chooser:
            self.click(button)
        chooser.value.set_files(list(files))  # type: ignore[arg-type]

    def text(self) -> str:
        """Return roles, names and states of all on the screen, one per line."""
        return self.page.locator("body").aria_snapshot()

    def see(self, words: str, *, absent: bool = False, seconds: float = 30.0) -> None:
        """Wait until the screen shows these words, or no longer shows them."""
        until = time.monotonic() + seconds
        while (_flat(words) in _flat(self.text())) == absent:
            if time.monotonic() > until:
                state = "still shows" if absent else "does not show"
                raise AssertionError(f"The screen {state} {words!r}:\n{self.text()}")
            self.page.wait_for_timeout(100)

    def shot(self, path: str | Path) -> None:
        """Keep a picture of the screen once it has come to rest."""
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=path)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace('\\"', '"'))
