"""A TCP proxy that can be cut, to lose connections as a phone does."""

import asyncio
from contextlib import suppress


class Proxy:
    """Passes bytes on to a port of this machine until it is cut."""

    def __init__(self, target: int) -> None:
        self._target = target
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
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        pair = {writer, there_writer}
        self._writers |= pair
        await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))
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


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
