"""A TCP proxy that can be cut, to lose connections as a phone does, and that counts."""

import asyncio
from contextlib import suppress

_METHODS = (b"GET ", b"HEAD ", b"POST ", b"PUT ")


class Proxy:
    """Passes bytes on to a port of this machine until it is cut.

    Attributes:
        target: The port; another one takes effect with the next connection.
        delay: Seconds that every request waits.
        requests: How many were passed on, those for a websocket too.
        received: Bytes that came back, headers and all.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.delay = 0.0
        self.requests = self.received = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self.open = True

    async def start(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.open:
            writer.transport.abort()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.target)
        pair = {writer, there_writer}
        self._writers |= pair
        await asyncio.gather(self._ask(reader, there_writer), self._answer(there_reader, writer))
        self._writers -= pair

    def cut(self) -> None:
        """Break every connection and refuse new ones until ``mend``."""
        self.open = False
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """Accept connections again."""
        self.open = True

    async def stop(self) -> None:
        self.cut()
        self._server.close()

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                if data.startswith(_METHODS):
                    self.requests += 1
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                self.received += len(data)
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
