"""Words that do not open, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from db.sealing import Unreadable
from diary_app.text import _


def readable(words: str) -> str:
    """Return the words; where they do not open, the sentence that says so.

    It is still an `Unreadable`, so that it is never kept as if a person had written it.
    """
    if not isinstance(words, Unreadable):
        return words
    told = Unreadable(_("Cannot be read without the key."))
    told.place, told.sealed = words.place, words.sealed
    return told


def readable_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with every text among them as `readable` gives it."""
    return {
        name: readable(value) if isinstance(value, str) else value for name, value in values.items()
    }
