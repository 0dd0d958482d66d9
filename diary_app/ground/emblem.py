"""The app's icon: a diary page with a pulse line, drawn at any size."""

import io

from PIL import Image, ImageDraw

_BLUE, _WHITE = (11, 74, 111), (255, 255, 255)
_PULSE = ((0.12, 0.55), (0.36, 0.55), (0.44, 0.34), (0.56, 0.74), (0.64, 0.55), (0.88, 0.55))


def emblem(size: int, *, maskable: bool = False) -> bytes:
    """Return the icon as a PNG. The folder ``assets`` holds copies for native builds.

    Args:
        size: Width and height in pixels.
        maskable: Whether the system cuts its own shape out: the color then fills the square and
            the drawing keeps to the inner 80 percent.
    """
    side = max(2 * size, 256)
    image = Image.new("RGBA", (side, side), (*_BLUE, 255) if maskable else (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if not maskable:
        draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side // 5, fill=_BLUE)
    inset = 0.1 if maskable else 0.0
    points = [
        (side * (inset + x * (1 - 2 * inset)), side * (inset + y * (1 - 2 * inset)))
        for x, y in _PULSE
    ]
    draw.line(points, fill=_WHITE, width=max(side // 14, 1), joint="curve")
    packed = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(packed, "PNG")
    return packed.getvalue()
