"""Bytes coming in: stored up to a limit, and read a little further so that the answer arrives."""

from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

from db.photos import LARGEST_RECEIVED_BYTES

_MEGABYTE = 1024 * 1024
STORED_AT_MOST = LARGEST_RECEIVED_BYTES + _MEGABYTE
# A browser that is still sending when the answer comes shows a broken connection instead of the
# sentence, so what is too large is read on and thrown away, up to here.
READ_AT_MOST = 64 * _MEGABYTE


class TooMuchError(Exception):
    """More bytes came than are read."""


async def store(stream: AsyncIterator[bytes], target: Path) -> int:
    """Write a body to a file, at most 16 MB of it, and return how many bytes came.

    Raises:
        OSError: If the disk refuses.
    """
    size = 0
    with target.open("wb") as file:
        async for chunk in stream:
            size += len(chunk)
            if size <= STORED_AT_MOST:
                file.write(chunk)
            if size > READ_AT_MOST:
                break
    return size


async def bounded(stream: AsyncIterator[bytes], most: int) -> AsyncGenerator[bytes, None]:
    """Yield a body's chunks up to a limit; past it read on for a while, then raise.

    Raises:
        TooMuchError: If more than ``most`` bytes came.
    """
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size <= most:
            yield chunk
        elif size > 2 * most:
            break
    if size > most:
        raise TooMuchError
