"""Photo bytes that nobody's camera wrote: mutated files of every format, bombs, polyglots."""

import gzip
import io
import os
import random
import resource
import struct
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw

from bench.fuzzing.told import Told
from db.errors import PhotoRefusedError
from db.photos import clean_photo, clean_photo_apart
from db.photos.apart import MEMORY_BYTES
from db.photos.photo import CleanPhoto

MAGIC = (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBPVP8X",
         b"\x00\x00\x00\x18ftypheic", b"\x00\x00\x00\x1cftypmif1")  # fmt: skip
SVG = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "&#97;"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>&b;</text></svg>'
)
LONGEST_SECONDS = 20.0


def seeds() -> dict[str, bytes]:
    """Return a small whole photo of every format that the diary takes."""
    picture = Image.new("RGB", (96, 64), "#c08070")
    ImageDraw.Draw(picture).ellipse((20, 10, 70, 50), fill="#a03030", outline="black")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SecretMaker"
    made = {}
    for name, form, options in (
        ("jpeg", "JPEG", {"exif": exif}),
        ("progressive", "JPEG", {"progressive": True, "quality": 60}),
        ("png", "PNG", {}),
        ("webp", "WEBP", {}),
        ("lossless", "WEBP", {"lossless": True}),
    ):
        file = io.BytesIO()
        picture.save(file, form, **options)
        made[name] = file.getvalue()
    for name, mode in (("palette", "P"), ("alpha", "RGBA"), ("deep", "I;16"), ("bit", "1")):
        file = io.BytesIO()
        turned = picture.convert("I").convert("I;16") if mode == "I;16" else picture.convert(mode)
        turned.save(file, "PNG")
        made[name] = file.getvalue()
    heif = io.BytesIO()
    pillow_heif.from_pillow(picture).save(heif)
    return made | {"heic": heif.getvalue()}


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, rows: bytes, *, mode: int = 2, bits: int = 8) -> bytes:
    """Return a PNG that claims a size, whatever its rows hold."""
    head = struct.pack(">IIBBBBB", width, height, bits, mode, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def bombs() -> dict[str, bytes]:
    """Return the classic attacks on a place that takes pictures."""
    whole = seeds()
    text = b"\x89PNG\r\n\x1a\n" + whole["png"][8:33]
    text += chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9))
    return {
        "png that claims 50,000 by 50,000": png(50_000, 50_000, bytes(1000)),
        "png of 6,000 by 6,000 in few bytes": png(6000, 6000, bytes(6000 * 18001)),
        "png of 16 bits and four channels": png(4000, 4000, bytes(4000 * 32001), mode=6, bits=16),
        "png with a text that unpacks to 200 MB": text + whole["png"][33:],
        "png that is 2^31 wide": png(2**31 - 1, 1, bytes(10)),
        "svg": SVG,
        "svg packed": gzip.compress(SVG),
        "svg behind a jpeg's first bytes": b"\xff\xd8\xff\xe0" + SVG,
        "gif": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,"
        b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
        "web page": b"<html><script>alert(1)</script></html>",
        "zip": b"PK\x03\x04" + bytes(200),
        "pdf": b"%PDF-1.7\n" + bytes(200),
        "nothing": b"",
        "one byte": b"\xff",
    }


def mutated(rng: random.Random, whole: bytes, other: bytes) -> bytes:
    """Return a file that was a photo: bits, blocks, sizes and ends changed."""
    content = bytearray(whole)
    for _ in range(rng.choice((1, 1, 2, 4, 16, 64))):
        at = rng.randrange(len(content) or 1)
        match rng.randrange(9):
            case 0 | 1:
                if content:
                    content[at % len(content)] ^= 1 << rng.randrange(8)
            case 2:
                content[at : at + 4] = struct.pack(
                    rng.choice((">I", "<I")),
                    rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 50_000, 65_535)),
                )
            case 3:
                del content[at : at + rng.randrange(1, 200)]
            case 4:
                content[at:at] = rng.randbytes(rng.randrange(1, 64))
            case 5:
                del content[at:]
            case 6:
                start = rng.randrange(len(other))
                content[at:at] = other[start : start + rng.randrange(1, 300)]
            case 7:
                content[at : at + 16] = bytes(16)
            case 8:
                content += rng.choice((SVG, b"PK\x03\x04" + bytes(30), rng.randbytes(50)))
    return bytes(content)


def cases(number: int, count: int) -> Iterator[bytes]:
    """Yield made-up files, the same for the same seed."""
    rng = random.Random(f"photos {number}")
    whole = list(seeds().values())
    for _ in range(count):
        kind = rng.randrange(20)
        if kind == 0:
            yield rng.choice(MAGIC) + rng.randbytes(rng.randrange(0, 4000))
        elif kind == 1:
            yield rng.randbytes(rng.randrange(0, 2000))
        else:
            yield mutated(rng, rng.choice(whole), rng.choice(whole))


def judge(content: bytes) -> str:
    """Return what came of one file; "FAULT ..." for what must not be."""
    begun = time.monotonic()
    try:
        clean = clean_photo(content)
    except PhotoRefusedError:
        outcome = "refused"
    except BaseException as error:
        return f"FAULT raised {type(error).__name__}"
    else:
        outcome = wrong_in(clean, content) or "kept"
    spent = time.monotonic() - begun
    return f"FAULT took {spent:.0f} s" if spent > LONGEST_SECONDS else outcome


def wrong_in(clean: CleanPhoto, received: bytes) -> str:
    """Return what is wrong with a kept picture; empty when nothing is."""
    for jpeg in (clean.picture, clean.thumbnail):
        if not (jpeg.startswith(b"\xff\xd8") and jpeg.endswith(b"\xff\xd9")):
            return "FAULT kept what is no JPEG"
        if any(word in jpeg for word in (b"<svg", b"SecretMaker", b"PK\x03\x04" + bytes(8))):
            return "FAULT kept what was hidden in it"
    if max(clean.width, clean.height) > 2048 or clean.received_bytes != len(received):
        return "FAULT kept a wrong size"
    return ""


def apart(files: list[bytes]) -> list[str]:
    """Judge files in a child with the decoder's own limits; a crash is the child's alone.

    A child that died is begun anew after the file that killed it, and that file goes through
    the way that the server uses, which must answer with a sentence.
    """
    outcomes: list[str] = []
    while len(outcomes) < len(files):
        before = len(outcomes)
        outcomes += _in_child(files[before:])
        if len(outcomes) < len(files):
            outcomes.append(f"{_as_the_server(files[len(outcomes)])}, decoder died alone")
    return outcomes


def _in_child(files: list[bytes]) -> list[str]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        pillow_heif.options.DECODE_THREADS = 1
        with os.fdopen(writing, "w", buffering=1) as out:
            for content in files:
                print(judge(content), file=out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        lines = told.read().splitlines()
    os.waitpid(child, 0)
    return lines


def _as_the_server(content: bytes) -> str:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            clean_photo_apart(Path(file.name))
        except PhotoRefusedError:
            return "refused"
        except BaseException as error:
            return f"FAULT the server raised {type(error).__name__}"
    return "kept"


def run(count: int, number: int, deadline: float) -> Told:
    """Try bombs as the server does, then files in batches."""
    told = Told()
    for name, content in bombs().items():
        outcome = _as_the_server(content)
        told.fault("bomb", f"{name}: {outcome}") if "FAULT" in outcome else told.note(
            "bomb", outcome
        )
    batch: list[bytes] = []
    left = count - told.cases
    for content in cases(number, left):
        batch.append(content)
        left -= 1
        if len(batch) == 250 or not left:
            for file, outcome in zip(batch, apart(batch), strict=True):
                if "FAULT" in outcome:
                    told.fault("photo", f"{outcome} for {file[:40].hex()}... ({len(file)} bytes)")
                else:
                    told.note("photo", outcome)
            batch = []
            if time.monotonic() > deadline:
                break
    return told
