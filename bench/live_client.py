"""A patient's phone without a browser: speaks Flet's protocol, taps by key, times the answers."""

import asyncio
import time
from typing import Any

import msgpack
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PAGE = {
    "route": "/", "web": True, "pwa": False, "debug": False, "wasm": True, "test": False,
    "multi_view": False, "pyodide": False, "platform_brightness": "light", "width": 412.0,
    "height": 800.0, "platform": "android", "media": {"device_pixel_ratio": 2.6},
}  # fmt: skip
REGISTER, PATCH, EVENT, PROPERTIES, CALL = 1, 2, 3, 4, 5
KEPT, RECEIVED = b"Kept at", b"received by the clinic"
ENTRY = ("not-measured", "itch-0", "rash-no", "danger-none", "imatinib-planned")
LONGEST = 60.0


class Phone:
    """One signed-in patient. Frames are read as late as possible, to keep the clock honest."""

    def __init__(self, port: int, token: str) -> None:
        self._url, self._origin = f"ws://127.0.0.1:{port}/ws", f"http://127.0.0.1:{port}"
        self._headers = {"Cookie": f"diary={token}", "Origin": self._origin}
        self._unread: list[bytes] = []
        self._keys: dict[str, int] = {}
        self._news = asyncio.Event()
        self.arrived: list[tuple[float, bytes]] = []
        self.frames = self.bytes = 0

    async def open(self) -> "Phone":
        """Open the first screen."""
        self._socket: ClientConnection = await connect(
            self._url, additional_headers=self._headers, max_size=None, compression=None
        )
        self._reader = asyncio.create_task(self._read())
        await self._send(REGISTER, {"session_id": None, "page_name": "", "page": PAGE})
        await self.key("begin", "go-on")
        return self

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                assert isinstance(frame, bytes)
                self.arrived.append((time.perf_counter(), frame))
                self._unread.append(frame)
                self.frames += 1
                self.bytes += len(frame)
                if len(frame) < 2000 and b"push_route" in frame:
                    await self._follow(frame)
                self._news.set()
        except ConnectionClosed:
            pass

    async def _follow(self, frame: bytes) -> None:
        _action, call = msgpack.unpackb(frame[1:], strict_map_key=False)
        answer = {k: call[k] for k in ("control_id", "call_id")} | {"result": None, "error": None}
        await self._send(CALL, answer)
        route = call["args"]["route"]
        await self._send(PROPERTIES, {"id": 1, "props": {"route": route}})
        await self._send(EVENT, {"target": 1, "name": "route_change", "data": {"route": route}})

    async def _send(self, action: int, body: Any) -> None:
        await self._socket.send(b"\x00" + msgpack.packb([action, body]))

    async def key(self, *wanted: str) -> str:
        """Wait until one of these controls has been shown; return which."""
        async with asyncio.timeout(LONGEST):
            while True:
                for frame in self._unread:
                    self._learn(msgpack.unpackb(frame[1:], strict_map_key=False,
                                                ext_hook=lambda _code, data: data))  # fmt: skip
                self._unread.clear()
                for key in wanted:
                    if key in self._keys:
                        return key
                self._news.clear()
                await self._news.wait()

    def _learn(self, node: Any) -> None:
        if isinstance(node, dict):
            key = node.get("key")
            if "_i" in node and key is not None:
                self._keys[key.get("value") if isinstance(key, dict) else key] = node["_i"]
            for inner in node.values():
                if isinstance(inner, dict | list):
                    self._learn(inner)
        elif isinstance(node, list):
            for inner in node:
                if isinstance(inner, dict | list):
                    self._learn(inner)

    async def tap(self, key: str, confirmed_by: bytes = KEPT) -> tuple[float, float]:
        """Touch a control; return the seconds to the next screen and to the confirmation."""
        await self.key(key)
        target = self._keys.pop(key)
        self.arrived.clear()
        began = time.perf_counter()
        await self._send(EVENT, {"target": target, "name": "click", "data": None})
        async with asyncio.timeout(LONGEST):
            while True:
                self._news.clear()
                done = [at for at, frame in self.arrived if confirmed_by in frame]
                if done:
                    return self.arrived[0][0] - began, done[0] - began
                await self._news.wait()

    async def close(self) -> None:
        """Leave, as a closed tab does."""
        await self._socket.close()
        await self._reader
