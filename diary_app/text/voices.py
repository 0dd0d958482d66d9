"""One voice for each person, so that all their open screens change their language together."""

from weakref import WeakValueDictionary

from diary_app.text import Voice
from diary_app.text.languages import ENGLISH, known

_voices: WeakValueDictionary[str, Voice] = WeakValueDictionary()


def voice_of(person: str, language: str) -> Voice:
    """Return the voice of a signed-in person, from now on in this language.

    Args:
        person: Their id.
        language: Tag; an unknown one means English.
    """
    voice = _voices.get(person)
    if voice is None:
        voice = _voices[person] = Voice(ENGLISH)
    voice.language = known(language) or ENGLISH
    return voice


def change(person: str, language: str) -> None:
    """Let the open screens of a person speak this language from their next word on."""
    voice = _voices.get(person)
    if voice is not None:
        voice.language = known(language) or ENGLISH
