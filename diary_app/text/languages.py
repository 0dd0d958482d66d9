"""The languages of the diary, and which of them a person or a browser asks for."""

from collections.abc import Mapping

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {"en": "English", "ko": "한국어", "es": "Español"}
"""Tag -> the language's own name for itself."""


def known(tag: str) -> str | None:
    """Return the language of a tag such as ``"es-MX"``; None when the diary does not speak it."""
    main = tag.strip().lower().replace("_", "-").partition("-")[0]
    return main if main in LANGUAGES else None


def best_of(accepted: str) -> str:
    """Return the language a browser asks for by ``Accept-Language``; English when none fits.

    Example:
        >>> best_of("fr-CH, ko;q=0.4, es-MX;q=0.8")
        'es'
    """
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")):
        tag, _semicolon, weight = part.partition(";")
        found = known(tag)
        share = _share(weight)
        if found is not None and share > 0:
            wanted.append((-share, place, found))
    return min(wanted)[2] if wanted else ENGLISH


def _share(weight: str) -> float:
    name, _equals, number = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0
