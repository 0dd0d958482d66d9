"""Colors as a screen shows them: sRGB on white, whatever the camera wrote."""

from io import BytesIO

from PIL.Image import Image, Resampling
from PIL.Image import new as new_picture
from PIL.ImageCms import ImageCmsProfile, PyCMSError, createProfile, profileToProfile

_DIRECT_MODES = frozenset({"RGB", "RGBA", "L", "CMYK"})


def on_white(image: Image, profile: bytes | None, size: tuple[int, int]) -> Image:
    """Return the picture at ``size`` in mode RGB, its colors turned into sRGB.

    Args:
        image: A loaded picture in any mode that JPEG, PNG, WebP and HEIC decode to.
        profile: The ICC profile of its colors; None means sRGB. One that is damaged or does not
            fit the picture is left aside, as a browser would.
        size: Width and height in pixels of what is returned.
    """
    shown = _plain(image).resize(size, Resampling.LANCZOS, reducing_gap=3.0)
    if shown.mode != "RGBA":
        return _in_srgb(shown, profile)
    background = new_picture("RGB", size, "white")
    background.paste(_in_srgb(shown.convert("RGB"), profile), mask=shown.getchannel("A"))
    return background


def _plain(image: Image) -> Image:
    """Return the picture in a mode that can be shrunk: no palette, no 16 bits, no 1 bit."""
    if image.mode.startswith("I"):
        # 16-bit gray: Pillow's own conversion would cut off above 255 instead of scaling.
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in _DIRECT_MODES:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _in_srgb(image: Image, profile: bytes | None) -> Image:
    if profile is not None:
        try:
            source = ImageCmsProfile(BytesIO(profile))
            converted = profileToProfile(image, source, createProfile("sRGB"), outputMode="RGB")
        except (PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    return image.convert("RGB")
