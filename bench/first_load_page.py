"""One page load in the system's Chromium, on a slow network and a slow phone, seen from outside.

Bytes and requests are counted by a TCP proxy between browser and server: everything, also the
websocket, the headers and what the service worker fetches. Times come from the browser: the first
contentful paint, and the moment when the screen looks as it does at the end (screencast frames).
"""

import asyncio
import base64
import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page

from tests.browser import SHARP_PHONE

# The loader then takes what it takes on an iPhone: JavaScript and the complete CanvasKit.
AS_SAFARI = (
    "Object.defineProperty(Navigator.prototype, 'vendor', { get: () => 'Apple Computer, Inc.' })"
)
_FIRST_FRAME = (
    "addEventListener('flutter-first-frame', () => { window.firstFrame = performance.now(); })"
)
_METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ")
_QUIET_SECONDS = 4.0
_LIKE_THE_LAST = 1.5  # of 255, mean over all pixels


@dataclass(frozen=True)
class Network:
    """What lies between phone and server.

    Attributes:
        name: As people say it.
        megabits: Down, in Mbit/s; 0 = not slowed.
        latency_ms: Added to every request.
        cpu: How many times slower the phone's processor is.
    """

    name: str
    megabits: float
    latency_ms: float
    cpu: float

    @property
    def conditions(self) -> dict[str, object]:
        """As Chromium wants them."""
        rate = self.megabits * 1e6 / 8 if self.megabits else -1
        up = rate / 2 if self.megabits else -1
        return {
            "offline": False, "latency": self.latency_ms,
            "downloadThroughput": rate, "uploadThroughput": up,
        }  # fmt: skip


@dataclass(frozen=True)
class Load:
    """What one load cost. Seconds from the start of the navigation; bytes over the wire.

    Attributes:
        requests: Of all kinds, also the websocket's.
        received: Bytes from the server, headers and all.
        first_paint: Until the first words or pictures.
        engine: Until the engine's first frame, which takes the waiting page away.
        shown: Until the screen is complete.
    """

    requests: int
    received: int
    first_paint: float
    engine: float
    shown: float


class Meter:
    """Passes a port on and counts what passes; runs in its own thread."""

    def __init__(self, target: int) -> None:
        self.requests = self.received = 0
        self._target, self._ready = target, threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])
        self._ready.set()
        await server.serve_forever()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(
            self._copy(reader, there_writer, up=True), self._copy(there_reader, writer, up=False)
        )

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool
    ) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                self.requests += up and data.startswith(_METHODS)
                self.received += 0 if up else len(data)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()


class Film:
    """The frames that the browser drew, with their instants."""

    def __init__(self, network: CDPSession) -> None:
        self.frames: list[tuple[float, bytes]] = []
        self._session = network
        network.on("Page.screencastFrame", self._keep)
        network.send(
            "Page.startScreencast",
            {"format": "jpeg", "quality": 40, "maxWidth": 206, "maxHeight": 420},
        )

    def _keep(self, event: dict[str, Any]) -> None:
        self._session.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})
        self.frames.append((event["metadata"]["timestamp"], base64.b64decode(event["data"])))

    def complete_at(self) -> float:
        """Return the instant from which on the screen stayed as it is at the end."""
        pictures = [(at, _gray(frame)) for at, frame in self.frames]
        end = pictures[-1][1]
        complete = pictures[-1][0]
        for at, picture in reversed(pictures):
            if ImageStat.Stat(ImageChops.difference(picture, end)).mean[0] > _LIKE_THE_LAST:
                break
            complete = at
        return complete


def _gray(frame: bytes) -> Image.Image:
    return Image.open(io.BytesIO(frame)).convert("L").resize((103, 210))


@contextmanager
def phone(browser: Browser, network: Network, *, as_safari: bool) -> Iterator[BrowserContext]:
    """Give a phone that has never been here; its service workers are as slow as its pages."""
    context = browser.new_context(**SHARP_PHONE, color_scheme="light")
    context.add_init_script(_FIRST_FRAME)
    if as_safari:
        context.add_init_script(AS_SAFARI)
    root = browser.new_browser_cdp_session()

    def slow_down(event: dict[str, Any]) -> None:
        if event["targetInfo"]["type"] != "service_worker" or not network.megabits:
            return
        with suppress(Error):  # gone already
            _slow_worker(root, event["targetInfo"]["targetId"], network)

    root.on("Target.targetCreated", slow_down)
    root.send("Target.setDiscoverTargets", {"discover": True})
    try:
        yield context
    finally:
        root.detach()
        context.close()


def _slow_worker(root: CDPSession, target: str, network: Network) -> None:
    attached = root.send("Target.attachToTarget", {"targetId": target, "flatten": False})
    for number, (method, params) in enumerate(
        (("Network.enable", {}), ("Network.emulateNetworkConditions", network.conditions))
    ):
        message = json.dumps({"id": number, "method": method, "params": params})
        root.send(
            "Target.sendMessageToTarget", {"sessionId": attached["sessionId"], "message": message}
        )


def load(context: BrowserContext, meter: Meter, network: Network) -> Load:
    """Open the app in a new tab and wait until it has come to rest."""
    page = context.new_page()
    slow = context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", network.conditions)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": network.cpu})
    film = Film(slow)
    requests, received = meter.requests, meter.received
    page.goto(f"http://127.0.0.1:{meter.port}/", wait_until="commit", timeout=120_000)
    until = time.monotonic() + 400
    while not page.evaluate("window.firstFrame || 0"):
        if time.monotonic() > until:
            raise TimeoutError("The engine drew nothing in 400 seconds.")
        page.wait_for_timeout(250)
    _come_to_rest(page, film, meter)
    began, painted, engine = page.evaluate(
        "[performance.timeOrigin / 1000,"
        " performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000,"
        " firstFrame / 1000]"
    )
    shown = film.complete_at() - began
    page.close()
    return Load(meter.requests - requests, meter.received - received, painted, engine, shown)


def _come_to_rest(page: Page, film: Film, meter: Meter) -> None:
    """Wait until neither the picture nor the wire has moved for a while."""
    seen, since = (-1, -1), time.monotonic()
    until = since + 120
    while time.monotonic() - since < _QUIET_SECONDS and time.monotonic() < until:
        page.wait_for_timeout(200)
        now = (len(film.frames), meter.received // 2000)
        if now != seen:
            seen, since = now, time.monotonic()
