"""A real server in this process for tests, and the people who sign in to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import flet as ft
import uvicorn
from fastapi import FastAPI, Request

from diary_app.ground.build import lifespan, mount
from diary_app.ground.pack import LIGHT, LOADED, Package, pack
from diary_app.ground.shell import Shell
from diary_app.ground.signed_in import SignedIn
from diary_app.ground.socket import Rhythm
from diary_app.settings import Settings

ANA = SignedIn("s-ana", "patient", "viewer of Ana", "en", "Europe/Madrid")
BEN = SignedIn("s-ben", "staff", "viewer of Ben", "en", "Europe/Madrid")
SHELL = Shell("Example Clinic", "911", "555-0100")


NO_FILES = Package("0" * 12, {})
PACKED = Settings().web_cache_dir


OTHER_BROWSERS = (
    "main.dart.js", "canvaskit/canvaskit", "canvaskit/chromium/", "canvaskit/skwasm_heavy"
)  # fmt: skip


def packed() -> Package:
    """Return the real files, packed lightly where nothing else was asked for."""
    return pack(PACKED, quality=LIGHT)


def packed_for_phones() -> Package:
    """Return them with what Chromium loads packed as for patients; once, this takes a minute."""
    pack(PACKED, loaded=[path for path in LOADED if not path.startswith(OTHER_BROWSERS)])
    return packed()


class SignIns:
    """The sign-ins of a test by the value of the cookie ``diary``."""

    def __init__(self) -> None:
        self.by_cookie: dict[str, SignedIn] = {"ana": ANA, "ben": BEN}

    def __call__(self, cookies: Mapping[str, str]) -> SignedIn | None:
        return self.by_cookie.get(cookies.get("diary", ""))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(
    main: Callable[[ft.Page], None],
    cache_dir: Path,
    package: Package = NO_FILES,
    sign_ins: SignIns | None = None,
    door: Callable[[Request], str | None] = lambda _request: None,
    more_routes: Callable[[FastAPI], None] = lambda _app: None,
    **options: Any,
) -> AsyncIterator[int]:
    """Run a server in this event loop; gives its port."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    more_routes(app)
    mount(
        app,
        main=main,
        lookup=sign_ins or SignIns(),
        shell=lambda _request: SHELL,
        door=door,
        cache_dir=cache_dir,
        package=package,
        **options,
    )

    port = free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="critical", ws_max_size=2**21
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await running


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())  # type: ignore[arg-type]


QUICK = Rhythm(first_frame=0.3, recheck=0.2, recheck_on_event=0.0, quiet=0.0)


if __name__ == "__main__":
    packed_for_phones()
