"""A Flet client without a browser: speaks the wire protocol, keeps all it was sent."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgpack
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PAGE = {
    "route": "/",
    "web": True,
    "pwa": False,
    "debug": False,
    "wasm": True,
    "test": False,
    "multi_view": False,
    "pyodide": False,
    "platform_brightness": "light",
    "width": 412.0,
    "height": 800.0,
    "platform": "android",
    "media": {"device_pixel_ratio": 2.6, "padding": {"top": 24.0}},
}


class Raw:
    """One client; ``origin=None`` sends no Origin header."""

    def __init__(self, port: int, cookie: str = "", origin: str | None = "same") -> None:
        self.url = f"ws://127.0.0.1:{port}/ws"
        self.headers = {"Cookie": f"diary={cookie}"} if cookie else {}
        if origin is not None:
            self.headers["Origin"] = f"http://127.0.0.1:{port}" if origin == "same" else origin
        self.inbox: list[list[Any]] = []
        self.pulses: list[int] = []
        self.news = asyncio.Event()
        self.code: int | None = None

    async def open(
        self, session_id: str | None = None, register: bool = True, **page: Any
    ) -> "Raw":
        """Connect and, unless told otherwise, register; the answer is in the inbox then."""
        self.ws: ClientConnection = await connect(
            self.url, additional_headers=self.headers, max_size=None
        )
        self.reader = asyncio.create_task(self._read())
        if register:
            body = {"session_id": session_id, "page_name": "", "page": {**PAGE, **page}}
            await self.send(1, body)
            await self.wait(lambda: self.actions(1))
        return self

    async def _read(self) -> None:
        try:
            async for frame in self.ws:
                assert isinstance(frame, bytes)
                if frame.startswith(b"\x7f"):
                    self.pulses.append(int.from_bytes(frame[1:5], "big"))
                    self.news.set()
                    continue
                self.inbox.append(
                    msgpack.unpackb(
                        frame[1:], strict_map_key=False, ext_hook=lambda _code, data: data
                    )
                )
                self.news.set()
        except ConnectionClosed:
            pass
        self.code = self.ws.close_code
        self.news.set()

    def actions(self, action: int) -> list[Any]:
        return [body for kind, body in self.inbox if kind == action]

    @property
    def session_id(self) -> str:
        return str(self.actions(1)[-1]["session_id"])

    async def wait(self, ready: Callable[[], Any], timeout: float = 5.0) -> None:
        """Wait until something is true of what has been received."""

        async def until() -> None:
            while not ready():
                self.news.clear()
                await self.news.wait()

        await asyncio.wait_for(until(), timeout)

    async def see(self, text: str) -> None:
        """Wait until a text has been sent to this client."""
        await self.wait(lambda: text in repr(self.inbox))

    async def closed(self) -> int | None:
        """Wait until the server has closed the socket; return the code."""
        await self.wait(lambda: self.code is not None)
        return self.code

    def find(self, **properties: Any) -> list[dict[str, Any]]:
        """Return all controls ever received with these properties, oldest first."""
        found: list[dict[str, Any]] = []

        def walk(node: Any) -> None:
            if isinstance(node, dict):
                if "_i" in node and all(node.get(k) == v for k, v in properties.items()):
                    found.append(node)
                for inner in node.values():
                    walk(inner)
            elif isinstance(node, list | tuple):
                for inner in node:
                    walk(inner)

        walk(self.inbox)
        return found

    async def send(self, action: int, body: Any) -> None:
        await self.ws.send(b"\x00" + msgpack.packb([action, body]))

    async def event(self, control: int, name: str = "click", data: Any = None) -> None:
        await self.send(3, {"target": control, "name": name, "data": data})

    async def set(self, control: int, **properties: Any) -> None:
        await self.send(4, {"id": control, "props": properties})

    async def click(self, content: str) -> None:
        await self.event(self.find(content=content)[-1]["_i"])

    async def click_when_seen(self, content: str, text: str) -> None:
        await self.see(text)
        await self.click(content)

    async def settle(self) -> None:
        """Wait until the server has handled all that was sent: it answers pings in order."""
        pong = await self.ws.ping()
        await pong
        await asyncio.sleep(0.05)

    async def close(self) -> None:
        await self.ws.close()
        await self.reader
