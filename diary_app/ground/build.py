"""Mount the Flet app into the server: its socket, its files, its start and its end."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import flet as ft
from fastapi import FastAPI, Request
from flet_web.fastapi import app_manager

from diary_app.ground import live, patches
from diary_app.ground.connection import end_all_sessions, stop_evicting
from diary_app.ground.faults import apologize, report
from diary_app.ground.headers import SecurityHeaders
from diary_app.ground.host import Host
from diary_app.ground.pack import Package, pack
from diary_app.ground.reconnect import wire
from diary_app.ground.shell import Shell
from diary_app.ground.signed_in import SignedIn, arriving, own
from diary_app.ground.socket import Rhythm, SignInLookup, socket_route

THREADS = 24
# A thread that calculates gives way to the event loop this soon, not after Python's 5 ms each time.
SWITCH_SECONDS = 0.0005
# A walk over all objects of 200 sessions holds everybody up for a second or two. The small walks
# come often enough; the whole one comes by the clock, for what ended sessions leave behind.
COLLECT_AFTER = (50_000, 20, 10_000)
COLLECT_ALL_SECONDS = 600


def mount(
    app: FastAPI,
    *,
    main: Callable[[ft.Page], None],
    lookup: SignInLookup,
    glance: SignInLookup | None = None,
    shell: Callable[[Request], Shell],
    door: Callable[[Request], str | None],
    cache_dir: Path,
    package: Package | None = None,
    public_origin: str | None = None,
    fonts_dir: Path | None = None,
    arrive: Callable[[SignedIn], None] = lambda _person: None,
    rhythm: Rhythm | None = None,
) -> None:
    """Add the Flet app's routes; call it after all other routes, it answers every path left.

    Args:
        app: The server; it must run ``lifespan``.
        main: Draws a new session's first screen; ``signed_in(page)`` tells for whom.
        lookup: Finds the sign-in that the cookies belong to; None when there is none, or it
            has ended or is locked. Called in a thread.
        glance: The same without counting as a sign of life, for sockets that may be idle; None:
            every look counts.
        shell: What the page says before the app has started.
        door: Where to send a request for the app instead; None lets it in.
        cache_dir: Where ``pack`` keeps the packed files; they are packed now when missing.
        package: What ``pack`` returned; None to call it here, without showing progress.
        public_origin: Where browsers find the server when a proxy changes the Host header, such
            as ``"https://diary.example.org"``; None without one.
        fonts_dir: Fonts for letters Roboto lacks; None without.
        arrive: Called for every socket, in the context that all handlers and effects of its
            session inherit: the place to choose the person's language.
        rhythm: Waiting times of the socket; None for the usual ones.

    Raises:
        UnknownFletError: If the installed Flet is another one.
    """
    patches.install()
    https = public_origin is not None and public_origin.startswith("https:")
    app.add_middleware(SecurityHeaders, https=https)
    endpoint = socket_route(owned(main), lookup, public_origin, rhythm or Rhythm(), arrive, glance)
    app.add_api_websocket_route("/ws", endpoint)
    Host(package or pack(cache_dir), shell, door, public_origin, fonts_dir).add_to(app)


def owned(main: Callable[[ft.Page], None]) -> Callable[[ft.Page], None]:
    """Return a ``main`` that first gives the session to the person whose socket opened it."""

    def owned_main(page: ft.Page) -> None:
        person = arriving.get()
        if person is None:
            return
        own(page.session.id, person)
        wire(page)
        try:
            main(page)
        except Exception as error:
            report(f"session {page.session.id[:4]}: the app could not start", error)
            apologize(page.session)

    return owned_main


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Start what Flet needs and bind the live loop; end both when the server stops."""
    loop = asyncio.get_running_loop()
    live.bind_loop(loop)
    # Most of these threads wait for their turn to write; what reads must find a free one.
    loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="diary"))
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    collecting, frozen = gc.get_threshold(), gc.get_freeze_count() > 0
    gc.collect()
    gc.freeze()  # what is loaded by now stays, and need not be walked again
    gc.set_threshold(*COLLECT_AFTER)
    walking = asyncio.create_task(_collect_now_and_then())
    await app_manager.start()
    try:
        yield
    finally:
        walking.cancel()
        gc.set_threshold(*collecting)
        if not frozen:
            gc.unfreeze()
        sys.setswitchinterval(usual)
        live.bind_loop(None)
        await end_all_sessions()
        await stop_evicting()


async def _collect_now_and_then() -> None:
    while True:
        await asyncio.sleep(COLLECT_ALL_SECONDS)
        gc.collect()
