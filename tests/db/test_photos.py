"""Photos: what is accepted, what is left of it, and how it is kept."""

import dataclasses
import hashlib
import logging
import os
import stat
import struct
import subprocess
import zlib
from contextlib import suppress
from io import BytesIO
from uuid import UUID

import pillow_heif
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from db.errors import ConflictError, NotFoundError, PhotoRefusedError, TamperedError
from db.keys import MasterKey
from db.photos import CleanPhoto, apart, clean_photo, clean_photo_apart, require_size
from db.photos.parcel import pack, unpack
from db.photos.vault import PhotoVault

MEGABYTE = 1024 * 1024
RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 200, 20), (20, 20, 220), (230, 220, 20)
WHITE = (255, 255, 255)
PHOTO_ID = UUID("9b2e4c1a-7d35-4f60-8a1b-3c5d7e9f0a2b")
OTHER_ID = UUID("9b1f0e2d-3c4b-4a59-9687-7564534231f0")
NOT_A_PHOTO = (
    "This file is not a photo the diary can read. Please choose a JPEG, PNG, WebP or HEIC picture."
)
DAMAGED = (
    "This photo is damaged or did not arrive completely. Please send it again, or choose another."
)
SAVED_AS = {"JPEG": {"quality": 95}, "PNG": {}, "WEBP": {"lossless": True}, "HEIF": {"quality": 90}}


def four_corners(width=96, height=64, mode="RGB"):
    """A picture that looks different however it is turned: red, green / blue, yellow."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(YELLOW, (width // 2, height // 2, width, height))
    return picture.convert(mode)


def corners(picture):
    picture = picture.convert("RGB")
    right, bottom = picture.width - 4, picture.height - 4
    return [picture.getpixel(at) for at in ((3, 3), (right, 3), (3, bottom), (right, bottom))]


def alike(found, expected, tolerance=12):
    return all(
        abs(one - other) <= tolerance
        for pixel, other_pixel in zip(found, expected, strict=True)
        for one, other in zip(pixel, other_pixel, strict=True)
    )


def saved(picture, form, **options):
    file = BytesIO()
    if form == "HEIF":
        pillow_heif.from_pillow(picture).save(file, **(SAVED_AS[form] | options))
    else:
        picture.save(file, form, **(SAVED_AS.get(form, {}) | options))
    return file.getvalue()


def shown(clean):
    picture = Image.open(BytesIO(clean.picture))
    picture.load()
    return picture


def exif_of_a_phone(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretMaker"
    exif[0x0132] = "2026:02:03 21:04:05"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (IFDRational(37), IFDRational(33), IFDRational(59))
    place[3], place[4] = "E", (IFDRational(126), IFDRational(58), IFDRational(41))
    place[29] = "2026:02:03"
    return exif


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width, height):
    return b"\x89PNG\r\n\x1a\n" + png_chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    )


def segments(jpeg):
    """The marker of every segment before the first scan."""
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def icc_profile_with_red_and_green_exchanged():
    """ICC.1:2001-04, section 6.3.1.2: a matrix profile with sRGB's colorants in another order."""

    def fixed(*values):
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    srgb_red, srgb_green, srgb_blue = (
        (0.4361, 0.2225, 0.0139),
        (0.3851, 0.7169, 0.0971),
        (0.1431, 0.0606, 0.7141),
    )
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 2) + b"x\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0\0\0\0",
        b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1.0, 0.8249),
        b"rXYZ": b"XYZ " + bytes(4) + fixed(*srgb_green),
        b"gXYZ": b"XYZ " + bytes(4) + fixed(*srgb_red),
        b"bXYZ": b"XYZ " + bytes(4) + fixed(*srgb_blue),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sI4s4sQI",
        start + len(body), b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ", bytes(12), b"acsp",
        bytes(4), 0, bytes(4), bytes(4), 0, 0,
    ) + fixed(0.9642, 1.0, 0.8249)  # fmt: skip
    return header.ljust(128, b"\0") + table + body


@pytest.fixture(scope="module")
def photo():
    return clean_photo(saved(four_corners(), "JPEG"))


@pytest.fixture
def vault(tmp_path):
    return PhotoVault(tmp_path / "photos", MasterKey(bytes(range(32))))


@pytest.mark.parametrize("form", SAVED_AS)
def test_accepts_jpeg_png_webp_and_heic(form):
    received = saved(four_corners(), form)

    clean = clean_photo(received)

    assert (clean.width, clean.height) == shown(clean).size == (96, 64)
    assert alike(corners(shown(clean)), [RED, GREEN, BLUE, YELLOW])
    assert shown(clean).format == "JPEG"
    assert clean.media_type == "image/jpeg"
    assert clean.received_bytes == len(received)
    assert clean.sha256_received == hashlib.sha256(received).hexdigest()
    assert clean.sha256_kept == hashlib.sha256(clean.picture).hexdigest()


def test_knows_a_photo_by_its_content_and_not_by_its_name(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(saved(four_corners(), "PNG"))

    assert clean_photo(path).width == 96


def test_refuses_a_text_file_that_is_called_a_photo(tmp_path):
    path = tmp_path / "rash.jpg"
    path.write_text("My rash began on Tuesday.\n" * 40)

    with pytest.raises(PhotoRefusedError) as refused:
        clean_photo(path)

    assert str(refused.value) == NOT_A_PHOTO


@pytest.mark.parametrize(
    "received",
    [
        pytest.param(saved(four_corners(), "GIF"), id="gif"),
        pytest.param(saved(four_corners(), "BMP"), id="bmp"),
        pytest.param(saved(four_corners(), "TIFF"), id="tiff"),
        pytest.param(saved(four_corners(), "ICO"), id="ico"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', id="svg"),
        pytest.param(b"%PDF-1.7\n", id="pdf"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="eps"),
        pytest.param(b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", id="video"),
        pytest.param(b"RIFF\x24\0\0\0WAVEfmt ", id="sound"),
        pytest.param(b"\xff", id="one byte"),
    ],
)
def test_refuses_every_other_format(received):
    with pytest.raises(PhotoRefusedError) as refused:
        clean_photo(received)

    assert str(refused.value) == NOT_A_PHOTO


def test_refuses_an_empty_file(tmp_path):
    (tmp_path / "empty.jpg").touch()

    for received in (b"", tmp_path / "empty.jpg"):
        with pytest.raises(PhotoRefusedError, match="This file is empty"):
            clean_photo(received)


def test_says_that_a_file_did_not_arrive(tmp_path):
    for act in (clean_photo, clean_photo_apart):
        with pytest.raises(PhotoRefusedError, match="did not arrive"):
            act(tmp_path / "gone.jpg")


@pytest.mark.parametrize("act", [clean_photo, clean_photo_apart])
def test_refuses_a_file_of_40_mb_with_its_size(tmp_path, act):
    path = tmp_path / "large.jpg"
    path.write_bytes(saved(four_corners(), "JPEG"))
    os.truncate(path, 40 * MEGABYTE)

    with pytest.raises(PhotoRefusedError) as refused:
        act(path)

    assert str(refused.value) == (
        "This photo is 40 MB. The largest the diary can take is 15 MB. "
        "Take it again with a lower resolution, or choose another."
    )


def test_takes_15_mb_and_not_a_byte_more():
    received = saved(four_corners(), "JPEG").ljust(15 * MEGABYTE, b"\0")

    assert clean_photo(received).received_bytes == 15 * MEGABYTE
    with pytest.raises(PhotoRefusedError, match=r"is 15\.1 MB\. The largest .* is 15 MB"):
        clean_photo(received + b"\0")


def test_a_refusal_by_size_can_be_translated():
    with pytest.raises(PhotoRefusedError) as refused:
        require_size(22 * MEGABYTE + MEGABYTE // 2)

    assert refused.value.values == {"size": "22.5", "largest": "15"}
    assert refused.value.sentence.startswith("This photo is {size} MB.")
    assert refused.value.sentence.format(**refused.value.values) == str(refused.value)


@pytest.mark.parametrize("form", SAVED_AS)
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_refuses_a_truncated_photo(form, part):
    received = saved(Image.effect_noise((200, 200), 80).convert("RGB"), form)

    with pytest.raises(PhotoRefusedError) as refused:
        clean_photo(received[: int(len(received) * part)])

    assert str(refused.value) == DAMAGED


def jpeg_header(width, height):
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\0\x02\x11\0\x03\x11\0"
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame


def webp_extended_header(width, height):
    body = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + body


def webp_lossless_header(width, height):
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + bytes(5)
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8L" + struct.pack("<I", 10) + body


def webp_lossy_header(width, height):
    body = b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8 " + struct.pack("<I", 10) + body


@pytest.mark.parametrize(
    "received",
    [
        pytest.param(png_header(50_000, 50_000) + png_chunk(b"IDAT", b""), id="png"),
        pytest.param(
            png_header(2**31 - 1, 2**31 - 1) + png_chunk(b"IDAT", b""), id="png at its end"
        ),
        pytest.param(png_header(10_001, 8_000) + png_chunk(b"IDAT", b""), id="png just above"),
        pytest.param(jpeg_header(65_500, 65_500) + b"\xff\xda\0\x02", id="jpeg"),
        pytest.param(webp_extended_header(2**24, 255), id="webp extended"),
        pytest.param(webp_lossless_header(16_384, 16_384), id="webp lossless"),
        pytest.param(webp_lossy_header(16_383, 16_383), id="webp lossy"),
    ],
)
def test_refuses_a_decompression_bomb_by_its_header_alone(received):
    with pytest.raises(PhotoRefusedError, match="more picture points"):
        clean_photo(received)


def test_refuses_a_heic_that_announces_too_many_pixels():
    received = saved(four_corners(), "HEIF")
    size = b"ispe" + bytes(4)
    where = received.index(size) + len(size)
    bomb = received[:where] + struct.pack(">II", 30_000, 30_000) + received[where + 8 :]

    with pytest.raises(PhotoRefusedError, match="more picture points"):
        clean_photo(bomb)


def test_refuses_text_chunks_that_unpack_to_far_more_than_they_are():
    text = png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(80 * MEGABYTE), 9))
    received = saved(four_corners(), "PNG")

    with pytest.raises(PhotoRefusedError):
        clean_photo(received[:33] + text + received[33:])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_sets_every_orientation_upright(orientation, form):
    # Exif 3.0, section 4.6.5.1.6: at which side of what is seen lie row 0 and column 0 of what
    # is stored. The way from a stored pixel to the place where it is seen:
    width, height = 48, 32
    seen = {
        1: lambda row, column: (column, row),
        2: lambda row, column: (width - 1 - column, row),
        3: lambda row, column: (width - 1 - column, height - 1 - row),
        4: lambda row, column: (column, height - 1 - row),
        5: lambda row, column: (row, column),
        6: lambda row, column: (width - 1 - row, column),
        7: lambda row, column: (width - 1 - row, height - 1 - column),
        8: lambda row, column: (row, height - 1 - column),
    }[orientation]
    upright = four_corners(width, height)
    stored = Image.new("RGB", (width, height) if orientation < 5 else (height, width))
    for row in range(stored.height):
        for column in range(stored.width):
            stored.putpixel((column, row), upright.getpixel(seen(row, column)))

    clean = clean_photo(saved(stored, form, exif=exif_of_a_phone(orientation)))

    assert (clean.width, clean.height) == (width, height)
    assert alike(corners(shown(clean)), [RED, GREEN, BLUE, YELLOW])
    assert alike(corners(Image.open(BytesIO(clean.thumbnail))), [RED, GREEN, BLUE, YELLOW])


def test_turns_a_heic_photo_once_and_not_again_by_its_exif():
    # The writer stores orientation 6 (turn right by 90 degrees) as HEIF's own rotation.
    stored = four_corners(96, 64)
    received = saved(stored, "HEIF", exif=exif_of_a_phone(6).tobytes())

    clean = clean_photo(received)

    assert (clean.width, clean.height) == (64, 96)
    assert alike(corners(shown(clean)), [BLUE, RED, YELLOW, GREEN])


def test_shows_a_photo_with_an_impossible_orientation_as_it_lies():
    clean = clean_photo(saved(four_corners(), "JPEG", exif=exif_of_a_phone(9)))

    assert alike(corners(shown(clean)), [RED, GREEN, BLUE, YELLOW])


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM", b"Exif\0\0" + b"\x7f" * 60]
)
def test_accepts_a_photo_whose_metadata_is_damaged(exif):
    clean = clean_photo(saved(four_corners(), "JPEG", exif=exif))

    assert alike(corners(shown(clean)), [RED, GREEN, BLUE, YELLOW])


@pytest.mark.parametrize("form", SAVED_AS)
@pytest.mark.parametrize("with_profile", [True, False], ids=["profile", "no profile"])
def test_keeps_nothing_of_place_time_camera_and_comments(form, with_profile):
    exif = exif_of_a_phone().tobytes()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">SecretXmp</x:xmpmeta>'
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif, "xmp": xmp}
    picture = four_corners()
    if with_profile:
        (picture.info if form == "HEIF" else options)["icc_profile"] = profile
    if form == "JPEG":
        options["comment"] = b"SecretComment"
    if form == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Author", "SecretAuthor")
        notes.add_text("Comment", "SecretComment", zip=True)
        notes.add_itxt("Title", "SecretTitle")
        options["pnginfo"] = notes
        del options["xmp"]
    received = saved(picture, form, **options)
    assert b"SecretMaker" in received

    clean = clean_photo(received)

    for kept in (clean.picture, clean.thumbnail):
        for trace in (b"Secret", b"Exif", b"GPS", b"ICC_PROFILE", b"xmp", b"2026"):
            assert trace not in kept
        opened = Image.open(BytesIO(kept))
        assert dict(opened.getexif()) == {}
        assert dict(opened.getexif().get_ifd(0x8825)) == {}
        assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi",
                                    "progressive", "progression"}  # fmt: skip
        # JFIF's own header is the only application segment, and there is no comment.
        markers = segments(kept)
        assert [marker for marker in markers if 0xE0 <= marker <= 0xEF] == [0xE0]
        assert 0xFE not in markers


def test_leaves_out_whatever_was_appended():
    page = b"<html><script>alert(1)</script></html>"

    clean = clean_photo(saved(four_corners(), "JPEG") + page)

    for kept in (clean.picture, clean.thumbnail):
        assert b"script" not in kept
        assert kept.endswith(b"\xff\xd9")


def test_makes_a_large_photo_2048_and_its_thumbnail_360_pixels_long():
    clean = clean_photo(saved(four_corners(4000, 3000), "JPEG"))

    assert shown(clean).size == (clean.width, clean.height) == (2048, 1536)
    assert Image.open(BytesIO(clean.thumbnail)).size == (360, 270)
    assert alike(corners(shown(clean)), [RED, GREEN, BLUE, YELLOW])


def test_makes_a_tall_photo_2048_pixels_high():
    clean = clean_photo(saved(four_corners(300, 4096), "PNG"))

    assert (clean.width, clean.height) == (150, 2048)
    assert Image.open(BytesIO(clean.thumbnail)).size == (26, 360)


def test_never_enlarges_a_small_photo_and_never_loses_a_thin_one():
    small = clean_photo(saved(Image.new("RGB", (1, 1), RED), "PNG"))
    thin = clean_photo(saved(Image.new("RGB", (9000, 1), RED), "PNG"))

    assert (small.width, small.height) == Image.open(BytesIO(small.thumbnail)).size == (1, 1)
    assert (thin.width, thin.height) == (2048, 1)


def test_shows_transparent_parts_white():
    picture = four_corners(mode="RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 48, 32))

    clean = clean_photo(saved(picture, "PNG"))

    assert shown(clean).mode == "RGB"
    assert alike(corners(shown(clean)), [WHITE, GREEN, BLUE, YELLOW])


def test_shows_a_transparent_palette_color_white():
    picture = Image.new("P", (40, 40), 0)
    picture.putpalette([*RED, *BLUE])
    picture.paste(1, (20, 0, 40, 40))

    clean = clean_photo(saved(picture, "PNG", transparency=0))

    assert alike(corners(shown(clean)), [WHITE, BLUE, WHITE, BLUE])


@pytest.mark.parametrize("form", SAVED_AS)
def test_turns_the_colors_of_a_profile_into_srgb(form):
    profile = icc_profile_with_red_and_green_exchanged()
    picture = four_corners()
    options = {"icc_profile": profile}
    if form == "HEIF":
        picture.info.update(options)
        options = {}

    clean = clean_photo(saved(picture, form, **options))

    # Gamma 2.2 is not exactly sRGB's curve, hence the tolerance in the dark parts.
    exchanged = [(green, red, blue) for red, green, blue in (RED, GREEN, BLUE, YELLOW)]
    assert alike(corners(shown(clean)), exchanged, tolerance=20)


@pytest.mark.parametrize(
    "profile",
    [b"no profile at all", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()],
    ids=["damaged", "not for this picture"],
)
def test_leaves_a_useless_color_profile_aside(profile):
    clean = clean_photo(saved(four_corners(), "JPEG", icc_profile=profile))

    assert alike(corners(shown(clean)), [RED, GREEN, BLUE, YELLOW])


@pytest.mark.parametrize(
    ("mode", "form"),
    [("L", "PNG"), ("L", "JPEG"), ("LA", "PNG"), ("1", "PNG"), ("I;16", "PNG"), ("P", "PNG")],
)
def test_keeps_the_brightness_of_gray_pictures(mode, form):
    dark, light = (0, 255) if mode == "1" else (64, 192)
    picture = Image.new("L", (40, 40), dark)
    picture.paste(light, (20, 0, 40, 40))
    if mode == "I;16":
        picture = Image.frombytes("I;16", (40, 40), b"".join(
            struct.pack("<H", level * 256) for level in picture.tobytes()
        ))  # fmt: skip
    else:
        picture = picture.convert(mode)

    clean = clean_photo(saved(picture, form))

    assert alike(corners(shown(clean)), [(dark,) * 3, (light,) * 3] * 2, tolerance=3)


def test_reads_the_inks_of_a_cmyk_photo():
    clean = clean_photo(saved(four_corners(mode="CMYK"), "JPEG"))

    assert alike(corners(shown(clean)), [RED, GREEN, BLUE, YELLOW], tolerance=20)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_keeps_the_first_frame_of_a_moving_picture(form):
    first, second = Image.new("RGB", (40, 40), RED), Image.new("RGB", (40, 40), BLUE)

    clean = clean_photo(saved(first, form, save_all=True, append_images=[second]))

    assert alike(corners(shown(clean)), [RED] * 4)


def test_keeps_the_main_picture_of_a_photo_that_carries_others():
    file = BytesIO()
    four_corners().save(
        file, "MPO", save_all=True, append_images=[Image.new("RGB", (96, 64), BLUE)], quality=95
    )

    clean = clean_photo(file.getvalue())

    assert alike(corners(shown(clean)), [RED, GREEN, BLUE, YELLOW])
    assert b"MPF" not in clean.picture


def test_does_not_print_the_picture(photo):
    assert "picture" not in repr(photo)
    assert len(repr(photo)) < 400


SAMPLES = [
    saved(four_corners(24, 16), form, exif=exif_of_a_phone(6).tobytes()) for form in SAVED_AS
]


@settings(deadline=None, max_examples=150)
@given(
    magic=st.sampled_from(
        [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X", b"\0\0\0\x18ftypheic"]
    ),
    rest=st.binary(max_size=400),
)
def test_refuses_random_bytes_with_a_sentence(magic, rest):
    with pytest.raises(PhotoRefusedError, match=r"^This .*\.$"):
        clean_photo(magic + rest)


@settings(
    deadline=None, max_examples=200, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    sample=st.sampled_from(SAMPLES),
    changes=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_shows_or_refuses_a_photo_with_changed_bytes(sample, changes):
    damaged = bytearray(sample)
    for place, value in changes:
        damaged[place % len(damaged)] = value

    outcome = None
    with suppress(PhotoRefusedError):
        outcome = clean_photo(bytes(damaged))

    if outcome is not None:
        assert shown(outcome).size == (outcome.width, outcome.height)


def test_decodes_apart_as_it_does_here(tmp_path, monkeypatch):
    received = saved(four_corners(), "HEIF", exif=exif_of_a_phone(6).tobytes())
    path = tmp_path / "rash.heic"
    path.write_bytes(received)
    monkeypatch.chdir(tmp_path)

    assert clean_photo_apart(path) == clean_photo(received)
    assert path.read_bytes() == received


def test_hands_on_the_sentence_of_a_refusal(tmp_path):
    path = tmp_path / "rash.jpg"
    path.write_text("My rash began on Tuesday.")

    with pytest.raises(PhotoRefusedError) as refused:
        clean_photo_apart(path)

    assert str(refused.value) == NOT_A_PHOTO


def test_refuses_a_photo_that_needs_more_memory_than_the_process_may_have(tmp_path):
    path = tmp_path / "large.png"
    Image.new("RGBA", (5000, 5000), (200, 0, 0, 90)).save(path, compress_level=1)

    with pytest.raises(PhotoRefusedError, match="more picture points"):
        clean_photo_apart(path, memory_bytes=300 * MEGABYTE)


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
        "print('something else')",
        'print(\'{"sentence": "Send your password to us.", "values": {}}\')',
        "raise SystemExit(0)",
        "import sys\nwhile True: sys.stdout.buffer.write(bytes(1 << 20))",
    ],
    ids=["abort", "crash", "noise", "forged sentence", "silence", "flood"],
)
def test_turns_a_decoder_that_fails_into_a_sentence(tmp_path, monkeypatch, caplog, program):
    path = tmp_path / "ida-lind.jpg"
    path.write_bytes(saved(four_corners(), "JPEG"))
    monkeypatch.setattr(apart, "_START", program)

    with pytest.raises(PhotoRefusedError) as refused:
        clean_photo_apart(path)

    assert str(refused.value) == DAMAGED
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "ida-lind" not in caplog.text


def test_stops_a_decoder_that_hangs(tmp_path, monkeypatch):
    path = tmp_path / "rash.jpg"
    path.write_bytes(saved(four_corners(), "JPEG"))
    monkeypatch.setattr(apart, "_START", "import time; time.sleep(600)")
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1]
    )

    with pytest.raises(PhotoRefusedError, match="took too long"):
        clean_photo_apart(path, seconds=0.2)

    assert [process.poll() is not None for process in started] == [True]


def test_a_parcel_cut_anywhere_is_no_photo(photo):
    parcel = pack(photo)

    assert unpack(parcel) == photo
    for end in [*range(0, 400, 7), len(parcel) - 2]:
        assert unpack(parcel[:end]) is None


def test_gives_back_what_was_put(vault, photo):
    vault.put(PHOTO_ID, photo)

    assert vault.picture(PHOTO_ID) == photo.picture
    assert vault.thumbnail(PHOTO_ID) == photo.thumbnail
    assert vault.verify(PHOTO_ID, photo.sha256_kept)
    assert list(vault.photo_ids()) == [PHOTO_ID]


def test_file_names_carry_only_the_random_id(vault, photo, tmp_path):
    vault.put(PHOTO_ID, photo)

    files = sorted(
        str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()
    )
    assert files == [f"photos/9b/{PHOTO_ID}.photo", f"photos/9b/{PHOTO_ID}.thumb"]


def test_nothing_of_the_picture_can_be_read_on_the_disk(vault, photo, tmp_path):
    vault.put(PHOTO_ID, photo)

    for file in tmp_path.rglob("*.*"):
        content = file.read_bytes()
        assert not {photo.picture[at : at + 8] for at in range(0, 200, 8)} & {
            content[at : at + 8] for at in range(len(content))
        }
        assert b"JFIF" not in content
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_says_that_a_photo_is_not_kept(vault):
    for act in (vault.picture, vault.thumbnail):
        with pytest.raises(NotFoundError, match="not kept here"):
            act(PHOTO_ID)
    assert not vault.verify(PHOTO_ID, "0" * 64)
    assert list(vault.photo_ids()) == []


@pytest.mark.parametrize("kind", ["photo", "thumb"])
def test_notices_a_changed_file(vault, photo, tmp_path, kind):
    vault.put(PHOTO_ID, photo)
    file = tmp_path / "photos" / "9b" / f"{PHOTO_ID}.{kind}"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)

    with pytest.raises(TamperedError, match="restore the piece from a backup"):
        (vault.picture if kind == "photo" else vault.thumbnail)(PHOTO_ID)
    assert vault.verify(PHOTO_ID, photo.sha256_kept) is (kind == "thumb")


def test_notices_an_exchanged_file(vault, photo, tmp_path):
    vault.put(PHOTO_ID, photo)
    vault.put(OTHER_ID, photo)
    folder = tmp_path / "photos" / "9b"
    (folder / f"{OTHER_ID}.photo").replace(folder / f"{PHOTO_ID}.photo")
    (folder / f"{OTHER_ID}.thumb").replace(folder / f"{OTHER_ID}.photo")

    for photo_id in (PHOTO_ID, OTHER_ID):
        with pytest.raises(TamperedError):
            vault.picture(photo_id)


def test_opens_nothing_with_another_key(vault, photo, tmp_path):
    vault.put(PHOTO_ID, photo)

    stranger = PhotoVault(tmp_path / "photos", MasterKey(bytes(32)))

    with pytest.raises(TamperedError):
        stranger.picture(PHOTO_ID)
    assert not stranger.verify(PHOTO_ID, photo.sha256_kept)


def test_verifies_only_the_photo_that_was_put(vault, photo):
    vault.put(PHOTO_ID, photo)

    assert not vault.verify(PHOTO_ID, photo.sha256_received)


def test_putting_the_same_photo_again_mends_what_is_missing(vault, photo, tmp_path):
    vault.put(PHOTO_ID, photo)
    (tmp_path / "photos" / "9b" / f"{PHOTO_ID}.thumb").unlink()

    vault.put(PHOTO_ID, photo)

    assert vault.thumbnail(PHOTO_ID) == photo.thumbnail
    assert vault.picture(PHOTO_ID) == photo.picture


def test_never_replaces_a_photo_by_another(vault, photo):
    vault.put(PHOTO_ID, photo)
    another: CleanPhoto = clean_photo(saved(Image.new("RGB", (30, 30), BLUE), "PNG"))

    with pytest.raises(ConflictError, match="send it with a new one"):
        vault.put(PHOTO_ID, another)

    assert vault.verify(PHOTO_ID, photo.sha256_kept)
    assert vault.thumbnail(PHOTO_ID) == photo.thumbnail


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_disk_that_fails_leaves_no_half_photo(vault, photo, tmp_path, monkeypatch, step):
    vault.put(OTHER_ID, photo)
    fsync, calls = os.fsync, []

    def fail(descriptor):
        calls.append(descriptor)
        if len(calls) == step:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(OSError, match="No space left"):
        vault.put(PHOTO_ID, photo)

    kept = {file.name for file in tmp_path.rglob("*") if file.is_file()}
    assert kept - {f"{PHOTO_ID}.thumb", f"{PHOTO_ID}.photo"} == {
        f"{OTHER_ID}.thumb",
        f"{OTHER_ID}.photo",
    }
    monkeypatch.setattr(os, "fsync", fsync)
    vault.put(PHOTO_ID, photo)
    assert vault.verify(PHOTO_ID, photo.sha256_kept)


def test_removes_a_photo_and_no_other(vault, photo, tmp_path):
    vault.put(PHOTO_ID, photo)
    vault.put(OTHER_ID, photo)

    vault.remove(PHOTO_ID)
    vault.remove(PHOTO_ID)

    assert list(vault.photo_ids()) == [OTHER_ID]
    assert not [file for file in tmp_path.rglob("*") if str(PHOTO_ID) in file.name]
    with pytest.raises(NotFoundError):
        vault.picture(PHOTO_ID)


def test_a_clean_photo_cannot_be_changed(photo):
    with pytest.raises(dataclasses.FrozenInstanceError):
        photo.width = 1
