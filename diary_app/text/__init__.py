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


def _n(one: str, many: str, count: int) -> str:
    """Return the sentence for one or the one for many, in the reader's language, unfilled.

    Args:
        one: With ``{count}`` or without, such as ``"{count} day"``.
        many: Such as ``"{count} days"``.
        count: Which of them it is; a language may have other rules than English.
    """
    catalogue = _catalogue.get()
    if catalogue is None:
        return one if count == 1 else many
    return catalogue.ngettext(one, many, count)
