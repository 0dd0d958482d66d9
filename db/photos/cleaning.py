"""Received bytes in, a harmless and nameless picture out."""

import hashlib
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL.ExifTags import Base
from PIL.Image import Image, Resampling, Transpose
from PIL.Image import new as new_picture
from PIL.JpegImagePlugin import JpegImageFile

from db.errors import PhotoRefusedError
from db.photos import sentences
from db.photos.color import on_white
from db.photos.doubts import doubt_of
from db.photos.formats import open_picture, require_pixels
from db.photos.photo import LARGEST_RECEIVED_BYTES, CleanPhoto, require_size

PICTURE_SIDE = 2048
THUMBNAIL_SIDE = 360
JPEG_QUALITY = 88

# Exif 3.0, section 4.6.5.1.6: how a picture lies, and what sets it upright.
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}

# One decoding at a time in this process: each may need hundreds of megabytes, and the filter for
# warnings below belongs to the whole process.
_one_at_a_time = threading.Lock()


def clean_photo(received: bytes | Path) -> CleanPhoto:
    """Return what can be seen in a received file, and nothing else of it.

    Place, time, camera, comments, color profile, further frames and whatever was appended are gone,
    because the pixels are decoded and written anew. Transparent parts become white.

    Decoders of hostile bytes can crash or fill the memory: a server calls `clean_photo_apart`.

    Args:
        received: A JPEG, PNG, WebP or HEIC file, whatever its name says; at most 15 MB.

    Raises:
        PhotoRefusedError: If it is anything else, too large, or damaged.
    """
    content = received if isinstance(received, bytes) else _read(received)
    require_size(len(content))
    with _one_at_a_time, _damaged_metadata_ignored():
        try:
            upright = _decode(content)
            picture, thumbnail = _jpeg(upright), _jpeg(_fit(upright, THUMBNAIL_SIDE))
            doubt = doubt_of(upright)
        except PhotoRefusedError:
            raise
        except MemoryError as error:
            raise PhotoRefusedError(sentences.TOO_MANY_PIXELS) from error
        # Hostile bytes make the readers raise nearly every kind of error; the answer is the same.
        except Exception as error:
            raise PhotoRefusedError(sentences.DAMAGED) from error
    return CleanPhoto(
        sha256_received=hashlib.sha256(content).hexdigest(),
        sha256_kept=hashlib.sha256(picture).hexdigest(),
        width=upright.width,
        height=upright.height,
        picture=picture,
        thumbnail=thumbnail,
        received_bytes=len(content),
        doubt=doubt,
    )


def _read(path: Path) -> bytes:
    """Return the file's content, at most one byte more than the diary takes."""
    try:
        require_size(path.stat().st_size)
        with path.open("rb") as file:
            return file.read(LARGEST_RECEIVED_BYTES + 1)
    except OSError as error:
        raise PhotoRefusedError(sentences.NOT_ARRIVED) from error


def _decode(content: bytes) -> Image:
    """Return the first frame upright, in sRGB, at most 2048 pixels long, without its `info`."""
    image = open_picture(content)
    if isinstance(image, JpegImageFile):
        # Lets the decoder leave out detail that shrinking would throw away.
        image.draft(None, _fitting(image.size, PICTURE_SIDE))
    image.load()
    require_pixels(*image.size)
    turn = _turn(image)
    profile = image.info.get("icc_profile")
    visible = on_white(image, profile, _fitting(image.size, PICTURE_SIDE))
    if turn is not None:
        visible = visible.transpose(turn)
    clean = new_picture("RGB", visible.size)
    clean.paste(visible)
    return clean


def _turn(image: Image) -> Transpose | None:
    """Return what sets the picture upright; None if it lies right, or nobody can say."""
    try:
        # pillow-heif turns a HEIF picture as its container says and resets its Exif, so that
        # nothing is turned twice here.
        orientation: object = image.getexif().get(Base.Orientation)
        return _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    # Damaged Exif raises nearly anything, and the picture itself may be whole.
    except Exception:
        return None


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Return the size with its longest side at most ``side``, at least 1 by 1, never enlarged."""
    longest = max(size)
    if longest <= side:
        return size
    width, height = (max(1, round(length * side / longest)) for length in size)
    return width, height


def _fit(image: Image, side: int) -> Image:
    return image.resize(_fitting(image.size, side), Resampling.LANCZOS, reducing_gap=3.0)


def _jpeg(image: Image) -> bytes:
    """Return the pixels as JPEG; full color resolution, as a rash is told by its redness."""
    kept = BytesIO()
    image.save(kept, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4", progressive=True)
    return kept.getvalue()


@contextmanager
def _damaged_metadata_ignored() -> Iterator[None]:
    """Silence the readers' warnings about metadata, which is thrown away in any case.

    Pillow's own warning of too many pixels cannot occur: `formats` refuses them before.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
        yield
