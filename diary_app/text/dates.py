"""Calendar days as the reader writes them."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date, format_skeleton, get_month_names

from diary_app.text import language
from diary_app.text.languages import ENGLISH

# Patterns where the language's own order of the parts (CLDR) is not what its readers expect.
_OWN = {
    ENGLISH: {
        "MMMMEEEEd": "EEEE, MMMM d",
        "yMMMMEEEEd": "EEEE, MMMM d, y",
        "yMMMEd": "EEE, d MMM yyyy",
        "yMMMd": "d MMM yyyy",
        "MMMEd": "EEE d MMM",
        "MMMd": "d MMM",
        "MMM": "MMM",
        "EEE": "EEE",
        "EEEE": "EEEE",
        "yMMMM": "LLLL y",
    },
    # CLDR has no skeleton with the weekday in full there.
    "es": {
        "MMMMEEEEd": "EEEE, d 'de' MMMM",
        "yMMMMEEEEd": "EEEE, d 'de' MMMM 'de' y",
        "EEE": "EEE",
        "EEEE": "EEEE",
    },
    "ko": {"EEE": "EEE", "EEEE": "EEEE"},
}


def day(on: date, parts: str) -> str:
    """Return a calendar day.

    Args:
        parts: Which parts of it, as a skeleton of CLDR such as ``"yMMMd"``; one of those above.
    """
    spoken = language()
    if parts in _OWN.get(spoken, {}):
        return format_date(on, _OWN[spoken][parts], locale=spoken)
    return format_skeleton(parts, on, locale=spoken)


def months() -> Mapping[int, str]:
    """Return the names of the months by number."""
    return get_month_names("wide", locale=language())
