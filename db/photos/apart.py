"""Decoding in a process of its own, which may crash, hang or fill its memory alone."""

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

from db.errors import PhotoRefusedError
from db.photos import sentences
from db.photos.parcel import LARGEST_PARCEL_BYTES, unpack
from db.photos.photo import CleanPhoto, require_size

MEMORY_BYTES = 1536 * 1024 * 1024

_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]); "
    "from db.photos.decoder import decode_one; decode_one(int(sys.argv[2]), int(sys.argv[3]))"
)

# Two decoders at once: a burst of uploads waits its turn instead of filling the machine's memory.
_places = threading.BoundedSemaphore(2)

logger = logging.getLogger(__name__)


def clean_photo_apart(
    path: Path, *, seconds: float = 30, memory_bytes: int = MEMORY_BYTES
) -> CleanPhoto:
    """Return what `clean_photo` returns, decoded in a fresh process with limits.

    Blocks for about half a second, longer while two others decode: call it from a thread.

    Args:
        path: The received file; it stays where it is.
        seconds: Time the process gets, start included; more than 0.
        memory_bytes: Address space it gets, where the platform can limit it.

    Raises:
        PhotoRefusedError: As `clean_photo`, and if the process crashes or takes too long.
    """
    with _places:
        try:
            require_size(path.stat().st_size)
            parcel, status = _run(path, seconds, memory_bytes)
        except subprocess.TimeoutExpired as error:
            logger.warning("A photo took longer than %s s to decode.", seconds)
            raise PhotoRefusedError(sentences.TOO_SLOW) from error
        except OSError as error:
            logger.warning("A received photo could not be decoded: error %s.", error.errno)
            raise PhotoRefusedError(sentences.NOT_ARRIVED) from error
    outcome = unpack(parcel)
    if outcome is None:
        logger.error("The photo decoder stopped with status %s.", status)
        raise PhotoRefusedError(sentences.DAMAGED)
    if isinstance(outcome, PhotoRefusedError):
        raise outcome
    return outcome


def _run(path: Path, seconds: float, memory_bytes: int) -> tuple[bytes, int]:
    """Return what the process wrote, at most one parcel, and its exit status.

    Raises:
        subprocess.TimeoutExpired: If it had to be killed.
        OSError: If the file cannot be opened or no process can be started.
    """
    command = [sys.executable, "-c", _START]
    command += [json.dumps(sys.path), str(max(1, round(seconds))), str(memory_bytes)]
    with (
        path.open("rb") as photo,
        subprocess.Popen(  # noqa: S603  our own interpreter, our own code
            command, stdin=photo, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process,
    ):
        too_slow = threading.Event()

        def stop() -> None:
            too_slow.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            parcel = process.stdout.read(LARGEST_PARCEL_BYTES + 1) if process.stdout else b""
        finally:
            timer.cancel()
            process.kill()
    if too_slow.is_set():
        raise subprocess.TimeoutExpired("decoder", seconds)
    return parcel, process.returncode
