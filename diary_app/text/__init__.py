"""Sentences for people, in the language of the person who reads them."""

from contextvars import ContextVar
from gettext import NullTranslations

_catalogue: ContextVar[NullTranslations | None] = ContextVar("diary_catalogue", default=None)


def speak(catalogue: NullTranslations | None) -> None:
    """Use this catalogue for the rest of the current context; None means American English."""
    _catalogue.set(catalogue)


def _(sentence: str) -> str:
    """Return the sentence in the reader's language, or unchanged when it is not translated."""
    catalogue = _catalogue.get()
    return sentence if catalogue is None else catalogue.gettext(sentence)
