"""Lengths of time as people type and read them: "15 min", "4 h", "1 h 30 min"."""

import re

_TYPED = re.compile(
    r"(?:(?P<hours>\d{1,3})\s*h(?:ours?)?)?\s*(?:(?P<minutes>\d{1,4})\s*(?:m|min|minutes?)?)?"
)


def length_words(seconds: int) -> str:
    """Return a length in whole minutes: "0 min", "15 min", "4 h", "1 h 30 min"."""
    hours, minutes = divmod(seconds // 60, 60)
    said = [f"{hours} h"] if hours else []
    return " ".join([*said, f"{minutes} min"] if minutes or not hours else said)


def read_length(typed: str) -> int | None:
    """Return the seconds of a typed length; a bare number means minutes; None = not readable."""
    found = _TYPED.fullmatch(typed.strip().lower())
    if found is None or not typed.strip():
        return None
    hours, minutes = found["hours"], found["minutes"]
    return (int(hours or 0) * 60 + int(minutes or 0)) * 60
