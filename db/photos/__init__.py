"""Photos of the skin: made harmless and nameless when they arrive, kept sealed (`db.photos.vault`).

The decoder starts anew for every photo and imports this package, but neither vault nor database.
"""

from db.photos.apart import clean_photo_apart
from db.photos.cleaning import clean_photo
from db.photos.photo import LARGEST_RECEIVED_BYTES, CleanPhoto, require_size

__all__ = [
    "LARGEST_RECEIVED_BYTES",
    "CleanPhoto",
    "clean_photo",
    "clean_photo_apart",
    "require_size",
]
