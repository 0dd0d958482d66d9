"""The four picture formats the diary reads, told apart by their first bytes, never by a name."""

from collections.abc import Callable
from io import BytesIO

from PIL.Image import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

from db.errors import PhotoRefusedError
from db.photos import sentences

# 80 million: phones of 50 and 64 megapixels pass; decoded, that is 240 MB of red, green and blue.
MOST_PIXELS = 80_000_000

# ISO/IEC 23008-12 (HEIF) Annex B: HEVC-coded images and sequences, and the structural brands.
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

# The readers are named here one by one. `Image.open` would offer the bytes to every format that
# Pillow knows, and each of those is a parser that hostile bytes could reach.
Reader = Callable[[BytesIO], Image]


def open_picture(received: bytes) -> Image:
    """Return the picture that ``received`` announces, its pixels not yet decoded.

    Raises:
        PhotoRefusedError: If it is none of the four formats, or announces too many pixels.
        Exception: Whatever the reader raises at a damaged header.
    """
    reader = _reader(received)
    if reader is None:
        raise PhotoRefusedError(sentences.NOT_A_PHOTO)
    if reader is WebPImageFile:
        require_pixels(*_webp_canvas(received))
    picture = reader(BytesIO(received))
    require_pixels(*picture.size)
    return picture


def require_pixels(width: int, height: int) -> None:
    """Refuse a picture that would need too much memory, whatever its file's size.

    Raises:
        PhotoRefusedError: If there are more than 80 million pixels.
    """
    if width * height > MOST_PIXELS:
        raise PhotoRefusedError(sentences.TOO_MANY_PIXELS)


def _reader(received: bytes) -> Reader | None:
    if received.startswith(b"\xff\xd8\xff"):
        return JpegImageFile
    if received.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile
    if received.startswith(b"RIFF") and received[8:12] == b"WEBP":
        return WebPImageFile
    if received[4:8] == b"ftyp" and received[8:12] in _HEIF_BRANDS:
        reader: Reader = HeifImageFile
        return reader
    return None


def _webp_canvas(received: bytes) -> tuple[int, int]:
    """Return width and height from the header: the WebP reader allocates them as it opens.

    Source:
        RFC 9649, sections 2.5 to 2.7; RFC 6386, section 9.1. Zero by zero if it is none of these,
        which the reader then refuses.
    """
    chunk, header = received[12:16], received[20:30]
    if chunk == b"VP8 " and header[3:6] == b"\x9d\x01\x2a":
        width, height = header[6:8], header[8:10]
        return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
    if chunk == b"VP8L" and header[:1] == b"\x2f":
        bits = int.from_bytes(header[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8X":
        width, height = header[4:7], header[7:10]
        return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    return 0, 0
