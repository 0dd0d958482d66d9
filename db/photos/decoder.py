"""The decoding process: one photo in by standard input, one parcel out by standard output."""

import sys
from contextlib import suppress

import pillow_heif

from db.errors import PhotoRefusedError
from db.photos.cleaning import clean_photo
from db.photos.parcel import pack
from db.photos.photo import LARGEST_RECEIVED_BYTES, CleanPhoto


def decode_one(seconds: int, memory_bytes: int) -> None:
    """Read one photo, write its parcel, within limits that the system enforces.

    Args:
        seconds: Processor time this process may use, 1 or more.
        memory_bytes: Address space this process may have.
    """
    _limit(seconds, memory_bytes)
    # Every thread reserves address space of its own, which the limit counts.
    pillow_heif.options.DECODE_THREADS = 1
    outcome: CleanPhoto | PhotoRefusedError
    try:
        outcome = clean_photo(sys.stdin.buffer.read(LARGEST_RECEIVED_BYTES + 1))
    except PhotoRefusedError as refused:
        outcome = refused
    sys.stdout.buffer.write(pack(outcome))
    sys.stdout.buffer.flush()


def _limit(seconds: int, memory_bytes: int) -> None:
    """Set what the platform offers; Windows offers none of it, macOS not all."""
    try:
        import resource  # noqa: PLC0415  not on Windows
    except ImportError:
        return
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: seconds,
        # No crash dump may hold a patient's picture, and nothing is to be written anywhere.
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
    }
    for kind, wanted in limits.items():
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
