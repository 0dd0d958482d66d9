"""Numbers and lists as the reader writes them."""

from collections.abc import Sequence

from babel.lists import format_list
from babel.numbers import get_decimal_symbol

from diary_app.text import language


def decimals(number: str) -> str:
    """Return a number with the reader's decimal sign; the digits stay as they are.

    Args:
        number: Such as ``"38.0"``, without thousands.
    """
    return number.replace(".", get_decimal_symbol(language()))


def any_of(words: Sequence[str]) -> str:
    """Return words as a list of which one is enough: "a, b or c"."""
    return format_list(list(words), "or", locale=language())


def all_of(words: Sequence[str]) -> str:
    """Return words as a list of which all hold: "a, b and c"."""
    return format_list(list(words), "standard", locale=language())
