"""Synthetic photos: skin-colored noise with red patches. Nobody was photographed."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

_SIZE = (960, 720)
_SKIN = (214, 172, 146)


def rash_photo(seed: int) -> bytes:
    """Return a JPEG of an invented rash; the same seed gives the same picture."""
    chance = random.Random(seed)
    picture = Image.new("RGB", _SIZE, _SKIN)
    draw = ImageDraw.Draw(picture)
    for _ in range(150):
        x, y = chance.randrange(_SIZE[0]), chance.randrange(_SIZE[1])
        radius = chance.randrange(6, 34)
        red = (chance.randrange(185, 215), chance.randrange(85, 125), chance.randrange(80, 110))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius * 0.8), fill=red)
    picture = picture.filter(ImageFilter.GaussianBlur(9))
    grain = Image.effect_noise(_SIZE, 26).convert("RGB")
    out = io.BytesIO()
    Image.blend(picture, grain, 0.08).save(out, "JPEG", quality=82)
    return out.getvalue()
