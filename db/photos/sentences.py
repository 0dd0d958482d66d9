"""What a patient reads when a file cannot become a photo: what is wrong and what to do."""

TOO_LARGE = (
    "This photo is {size} MB. The largest the diary can take is {largest} MB. "
    "Take it again with a lower resolution, or choose another."
)
EMPTY = "This file is empty. Please choose the photo again, or take a new one."
NOT_ARRIVED = "The photo did not arrive. Please choose it again."
NOT_A_PHOTO = (
    "This file is not a photo the diary can read. Please choose a JPEG, PNG, WebP or HEIC picture."
)
DAMAGED = (
    "This photo is damaged or did not arrive completely. Please send it again, or choose another."
)
TOO_MANY_PIXELS = (
    "This photo has more picture points than the diary can take. "
    "Take it again with a lower resolution, or choose another."
)
TOO_SLOW = "This photo took too long to read. Please take it again, or choose another."

SENTENCES = frozenset(
    {TOO_LARGE, EMPTY, NOT_ARRIVED, NOT_A_PHOTO, DAMAGED, TOO_MANY_PIXELS, TOO_SLOW}
)
