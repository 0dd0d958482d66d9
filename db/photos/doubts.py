"""What a photo seems to lack, so that the patient can be asked while the phone is in the hand.

A question, never a refusal: a dark photo of a rash is better than none.
"""

from PIL import ImageChops, ImageStat
from PIL.Image import Image
from PIL.ImageFilter import BoxBlur

from db.photos.photo import Doubt

# A region of the body on fewer points than this shows no single spots.
SHORTEST_SIDE = 480
# Of 255. The brightest twentieth, not the mean: dark skin in good light has bright places too.
DARKEST_LIGHTS = 50
# 0 = sharp, 1 = nothing but blur.
MOST_BLUR = 0.62

_MEASURED_SIDE = 1024
_SMEAR = 4


def doubt_of(picture: Image) -> Doubt | None:
    """Return what is worth asking about first; None for nothing.

    Args:
        picture: RGB, upright.
    """
    if min(picture.size) < SHORTEST_SIDE:
        return "small"
    grey = picture.convert("L")
    grey.thumbnail((_MEASURED_SIDE, _MEASURED_SIDE))
    if lights(grey) < DARKEST_LIGHTS:
        return "dark"
    return "blurred" if blur(grey) > MOST_BLUR else None


def lights(grey: Image) -> int:
    """Return the brightness, 0 to 255, that a twentieth of the points reaches."""
    counts = grey.histogram()
    left = grey.width * grey.height / 20
    for level in range(255, 0, -1):
        left -= counts[level]
        if left <= 0:
            return level
    return 0


def blur(grey: Image) -> float:
    """Return how little a picture loses when it is smeared, 0 to 1; 0 for an even surface.

    A sharp picture loses much of the difference between neighbours, a blurred one has none left
    to lose. The contrast cancels out, so smooth skin does not count as blurred by itself.

    Source: F. Crete et al., "The blur effect: perception and estimation with a new no-reference
    perceptual blur metric", Proc. SPIE 6492, 2007, the larger of both directions.
    """
    return max(_blur_along(grey, 1, 0), _blur_along(grey, 0, 1))


def _blur_along(grey: Image, x: int, y: int) -> float:
    smeared = grey.filter(BoxBlur((_SMEAR * x, _SMEAR * y)))
    steps, smeared_steps = _steps(grey, x, y), _steps(smeared, x, y)
    every = ImageStat.Stat(steps).sum[0]
    lost = ImageStat.Stat(ImageChops.subtract(steps, smeared_steps)).sum[0]
    return float((every - lost) / every) if every else 0.0


def _steps(grey: Image, x: int, y: int) -> Image:
    """Return the difference of each point to its neighbour."""
    width, height = grey.size
    return ImageChops.difference(
        grey.crop((x, y, width, height)), grey.crop((0, 0, width - x, height - y))
    )
