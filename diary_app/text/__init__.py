"""Sentences for people, in the language of the person who reads them.

English is written in the code; the other languages lie in `locale`, see docs/translating.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

from diary_app.text.catalogues import catalogue
from diary_app.text.languages import ENGLISH, known

__all__ = ["Voice", "_", "_n", "in_language", "language", "said", "speak", "speak_with", "spoken"]


class Voice:
    """The language of one sign-in, shared by everything that runs for it.

    Tasks copy their context when they begin; they all hold the same voice, so that a change
    reaches the ones that run already.

    Attributes:
        language: One of `diary_app.text.languages.LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        self.language = language


_voice: ContextVar[Voice | None] = ContextVar("diary_voice", default=None)


def speak(language: str) -> None:
    """Use this language for the rest of the current context; an unknown one means English.

    Args:
        language: Tag such as ``"ko"`` or ``"es-MX"``.
    """
    _voice.set(Voice(known(language) or ENGLISH))


def speak_with(voice: Voice) -> None:
    """Use the language of this voice, also when it changes, for the rest of the context."""
    _voice.set(voice)


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Use this language inside a ``with`` block, such as for a message to somebody else."""
    token = _voice.set(Voice(known(language) or ENGLISH))
    try:
        yield
    finally:
        _voice.reset(token)


def language() -> str:
    """Return the reader's language, such as ``"ko"``; Babel knows it as a locale too."""
    voice = _voice.get()
    return ENGLISH if voice is None else voice.language


def _(sentence: str) -> str:
    """Return the sentence in the reader's language, or unchanged when it is not translated."""
    found = _catalogue()
    return sentence if found is None or not sentence else found.gettext(sentence)


def said(sentence: str) -> str:
    """Return a sentence that was written elsewhere in the reader's language.

    Args:
        sentence: One of `diary_app.text.born_elsewhere`; what stands in the code itself goes
            through ``_``, where the catalogues find it.
    """
    return _(sentence)


def _n(one: str, many: str, count: int) -> str:
    """Return the sentence for one or the one for many, in the reader's language, unfilled.

    Args:
        one: With ``{count}`` or without, such as ``"{count} day"``.
        many: Such as ``"{count} days"``.
        count: Which of them it is; a language may have other rules than English.
    """
    found = _catalogue()
    if found is None:
        return one if count == 1 else many
    return found.ngettext(one, many, count)


def in_language(language: str, sentence: str) -> str:
    """Return the sentence in this language, whoever is spoken to now."""
    with spoken(language):
        return said(sentence)


def _catalogue() -> NullTranslations | None:
    spoken_now = language()
    return None if spoken_now == ENGLISH else catalogue(spoken_now)
