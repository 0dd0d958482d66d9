"""The server: pages, API, the Flet app and the worker on one port."""

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI
from rich.console import Console
from rich.progress import Progress

from alerts.grading.body_surface import REGIONS
from alerts.worker import Worker
from db.bulletin import EVERYTHING
from diary_app.api.build import install_errors, routers
from diary_app.api.callers import Callers
from diary_app.api.entrance import arrive, door, keep_phones_signed_in, lookup, shell
from diary_app.api.speaking import Speaking
from diary_app.app import session_main
from diary_app.demo import pages as demo_pages
from diary_app.ground import build, fallback_fonts, live
from diary_app.ground.pack import LIGHT, Package, pack
from diary_app.ground.socket import end_sockets
from diary_app.installation import (
    Installation,
    SetUpError,
    delivery_settings,
    hospital_of,
    open_installation,
    tell_key_trouble,
)
from diary_app.services.kit import SIGNED_OUT, Kit
from diary_app.services.openid import OpenId
from diary_app.services.visit import Visits
from diary_app.settings import Settings
from diary_app.text import said


def system_clock() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def build_app(
    opened: Installation,
    clock: Callable[[], datetime] = system_clock,
    *,
    package: Package | None = None,
) -> tuple[FastAPI, Kit]:
    """Return the server of an installation, and the kit that it works with.

    Args:
        opened: Its database, key and photos.
        clock: The present instant; another one only in tests.
        package: The packed web client; None to pack it now.
    """
    settings = opened.settings
    worker: Worker | None = opened.worker(clock, live.publish) if settings.worker else None
    wake = worker.wake if worker else lambda: None
    kit = opened.kit(clock, wake_worker=wake, publish=publish)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(build.lifespan(app))
            opened.hear(wake, heard)
            if worker is not None:
                worker.start()
                stack.callback(worker.stop)
            yield

    app = FastAPI(
        title="Symptom diary",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    install_errors(app)
    hospital = hospital_of(settings)
    for router in routers(
        kit,
        end_sockets=end_sockets,
        visits=Visits,
        demo_hints=lambda: demo_pages.hints(kit),
        regions=lambda: {region.key: said(region.label) for region in REGIONS},
        worker_expected=True,
        openid=None if hospital is None else OpenId(hospital, settings.origin),
    ):
        app.include_router(router)
    if settings.demo:
        app.include_router(demo_pages.router(kit, settings.data_dir / "outbox"))
    keep_phones_signed_in(app, Callers(kit))
    find = lookup(kit)
    build.mount(
        app,
        main=session_main(kit),
        lookup=find,
        glance=lambda cookies: find(cookies, active=False),
        shell=shell(kit),
        door=door(kit),
        cache_dir=settings.web_cache_dir,
        package=package,
        public_origin=settings.public_url or None,
        arrive=arrive,
        fonts_dir=fallback_fonts.FOLDER,
    )
    app.add_middleware(Speaking, kit=kit)
    return app, kit


def publish(topic: str) -> None:
    """Wake the screens of this process, or close those of a sign-in that ended."""
    if topic.startswith(SIGNED_OUT):
        end_sockets(topic.removeprefix(SIGNED_OUT))
    else:
        live.publish(topic)


def heard(topic: str) -> None:
    """Wake the screens that another process has news for."""
    if topic == EVERYTHING:
        live.publish_all()
    else:
        publish(topic)


def packed(settings: Settings, console: Console) -> Package:
    """Pack the web client, with progress; at once when it is packed already."""
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("Packing the app for slow phones (once)", total=None)
        return pack(
            settings.web_cache_dir,
            lambda done, total: bar.update(task, completed=done, total=total),
            # The demo is on this machine alone, where bytes cost nothing.
            quality=LIGHT if settings.demo else settings.web_quality,
        )


def require_free_port(settings: Settings) -> None:
    """Pass, or say that the address is taken before minutes of packing are spent.

    Raises:
        SetUpError: Another program listens there, or the address is not this machine's.
    """
    try:
        with socket.create_server((settings.host, settings.port)):
            pass
    except OSError as error:
        raise SetUpError(
            f"Port {settings.port} on {settings.host} cannot be used "
            f"({os.strerror(error.errno or 0)}); choose another one with --port."
        ) from error


def require_way_to_send(settings: Settings) -> None:
    """Pass, or say why no alert could be sent, before minutes of packing are spent.

    Raises:
        SetUpError: Something is missing; the sentence says which.
    """
    if settings.worker:
        delivery_settings(settings)


def serve(settings: Settings, *, before: Callable[[Kit], None] | None = None) -> None:
    """Serve until Ctrl-C.

    Args:
        settings: The installation; it must be there.
        before: Called when everything is ready, before the port opens.

    Raises:
        SetUpError: The installation is not there or cannot send.
    """
    require_free_port(settings)
    opened = open_installation(settings, without_key=True)
    tell_key_trouble(opened)
    try:
        require_way_to_send(settings)
        app, kit = build_app(opened, package=packed(settings, Console(stderr=True)))
        if before is not None:
            before(kit)
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,  # addresses hold one-time tokens
            ws_max_size=1024 * 1024,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    finally:
        opened.close()
