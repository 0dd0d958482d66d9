"""The server under load: the real one, with two doors more for the bench.

    python -m bench.live_server DATA_DIR PORT SESSION_SECONDS

``/bench/facts`` tells what lives in the process; ``/bench/echo`` is a bare websocket for the
baseline. The web client is not packed: no browser comes.
"""

import asyncio
import gc
import sys
import threading
from collections import Counter
from pathlib import Path

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.messaging.session import Session
from flet_web.fastapi import app_manager

from diary_app.ground import connection, live, signed_in
from diary_app.ground.guarded import open_sockets
from diary_app.ground.pack import Package
from diary_app.installation import open_installation
from diary_app.server import build_app
from diary_app.settings import Settings

NO_FILES = Package("0" * 12, {})


def rss_kb() -> int:
    """Return the resident memory of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    raise LookupError("This system does not tell the memory of a process.")


def facts() -> dict[str, int]:
    """Return what lives in this process now."""
    gc.collect()
    kinds: Counter[str] = Counter()
    for thing in gc.get_objects():
        for kind in (Session, Component, BaseControl, asyncio.Task):
            if isinstance(thing, kind):
                kinds[kind.__name__] += 1
    return {
        "rss_kb": rss_kb(),
        "sessions": len(app_manager._FletAppManager__sessions),
        "session objects": kinds["Session"],
        "components": kinds["Component"],
        "controls": kinds["BaseControl"],
        "tasks": len(asyncio.all_tasks()),
        "sockets": len(open_sockets()),
        "owners": len(signed_in._owners),
        "subscriptions": sum(map(len, live._subscriptions.values())),
        "threads": threading.active_count(),
        "objects": len(gc.get_objects()),
        "blocks": sys.getallocatedblocks(),
    }


def with_bench_doors(app: FastAPI) -> None:
    """Add the two doors in front of all others."""

    async def told() -> dict[str, int]:
        return facts()

    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        try:
            while True:
                await websocket.send_bytes(await websocket.receive_bytes())
        except WebSocketDisconnect:
            pass

    app.add_api_route("/bench/facts", told)
    app.add_api_websocket_route("/bench/echo", echo)
    app.router.routes[:0] = [app.router.routes.pop(), app.router.routes.pop()]


def main(folder: str, port: str, seconds: str) -> None:
    """Serve until killed."""
    connection.SESSION_SECONDS["patient"] = int(seconds)
    opened = open_installation(
        Settings(data_dir=Path(folder), port=int(port), mail_way="file", worker=True)
    )
    app, _kit = build_app(opened, package=NO_FILES)
    with_bench_doors(app)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False,
                ws_max_size=1024 * 1024)  # fmt: skip
    assert live.bound_loop() is None


if __name__ == "__main__":
    main(*sys.argv[1:])
