"""A photo that is safe to keep, and how large a received one may be."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from db.errors import PhotoRefusedError
from db.photos import sentences

Doubt = Literal["small", "dark", "blurred"]
DOUBTS: frozenset[Doubt] = frozenset(get_args(Doubt))

MEGABYTE = 1024 * 1024
LARGEST_RECEIVED_BYTES = 15 * MEGABYTE


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A picture with nothing in it but what can be seen.

    Args:
        sha256_received: 64 hex digits over the bytes as they came; tells a repeated upload.
        sha256_kept: 64 hex digits over ``picture``.
        width: Of ``picture``, in pixels, 1 to 2048, as a viewer sees it.
        height: Of ``picture``, in pixels, 1 to 2048, as a viewer sees it.
        picture: JPEG, longest side at most 2048 pixels, sRGB, upright, no metadata.
        thumbnail: The same as JPEG with its longest side at most 360 pixels.
        received_bytes: Size of the file as it came.
        doubt: What it seems to lack: ``small``, ``dark``, ``blurred``; None = nothing.
        media_type: Of both ``picture`` and ``thumbnail``.
    """

    sha256_received: str
    sha256_kept: str
    width: int
    height: int
    picture: bytes = field(repr=False)
    thumbnail: bytes = field(repr=False)
    received_bytes: int
    doubt: Doubt | None = None
    media_type: Literal["image/jpeg"] = "image/jpeg"


def require_size(received_bytes: int) -> None:
    """Refuse a file by its size alone, before or while it arrives.

    Args:
        received_bytes: What came so far, or what was announced; 0 or more.

    Raises:
        PhotoRefusedError: If there is nothing, or more than 15 MB of 1024 * 1024 bytes.
    """
    if received_bytes == 0:
        raise PhotoRefusedError(sentences.EMPTY)
    if received_bytes > LARGEST_RECEIVED_BYTES:
        raise PhotoRefusedError(
            sentences.TOO_LARGE,
            size=_megabytes(received_bytes),
            largest=_megabytes(LARGEST_RECEIVED_BYTES),
        )


def _megabytes(size: int) -> str:
    # Rounded up: one byte too many must not read as "15 MB, the largest is 15 MB".
    tenths = -(-size * 10 // MEGABYTE)
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"
