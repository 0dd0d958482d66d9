"""Photos of the skin: made harmless and nameless when they arrive, kept sealed."""

from db.photos.apart import clean_photo_apart
from db.photos.cleaning import clean_photo
from db.photos.photo import LARGEST_RECEIVED_BYTES, CleanPhoto, require_size
from db.photos.vault import PhotoVault

__all__ = [
    "LARGEST_RECEIVED_BYTES",
    "CleanPhoto",
    "PhotoVault",
    "clean_photo",
    "clean_photo_apart",
    "require_size",
]
