"""Pieces of the rules' sentences in the reader's language: "3 days after the step from 100 ...".

The rules fill English words into their sentences. A piece is found again among the pieces that they
can say, and its translation is filled with the same numbers.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from string import Formatter

from babel.lists import format_list

from alerts.grading.answer_words import FLAGS, LESIONS, SCALES, YES_OR_NO
from alerts.grading.symptoms import DOMAINS
from alerts.grading.temperature import RISKS_TOLD, SITE_WORDS
from diary_app.text import language, said
from diary_app.text.numbers import decimals

FILLED = (
    "{number} % of your skin",
    "the whole body ({number} % assumed)",
    "itch {number} of {other}",
    "skin pain {number} of {other}",
    "{number} °C",
    "{number} °F",
    "{number} °C {words}, which counts as {other} °C",
    "{number} °F {words}, which counts as {other} °F",
    "{number} more loose stool a day than usual",
    "{number} more loose stools a day than usual",
    "{number} hour",
    "{number} hours",
    "{number} minutes",
    "{number} day",
    "{number} days",
    "{number} day after {words}",
    "{number} days after {words}",
    "on the day of {words}",
    "the start of {number} mg",
    "the restart of {number} mg",
    "the step from {number} to {other} mg",
    "the steroid step from {number} to {other} mg",
    "the change of schedule at {number} mg",
    "your temperature reaches {number} °C",
    "your temperature reaches {number} °F",
    "your temperature {words} reaches {number} °C",
    "your temperature {words} reaches {number} °F",
    "a rash reaches {number} % of your skin",
    "your itch reaches {number} of 10",
    "your skin pain reaches {number} of 10",
    "you have {number} stools a day more than usual",
    "you gain {number} kg in 3 days",
    "you notice {words}",
)
"""Pieces with something filled in; the first that fits counts."""

PLAIN = (
    "an unknown part of your skin",
    "the start",
    "the restart",
    "the step up",
    "the steroid step down",
    "the end of the steroid",
    "with sores",
    "painful",
    "constant",
    "widespread",
    "scratch marks",
    "mouth sores",
    "skin pain",
    "eye or genital sores",
    "fever",
    "a raised temperature",
    "feeling unwell",
    "chills",
    "a wide or troublesome rash",
    "a new rash",
    "a blood test about your liver",
    "swelling of eyelids or face",
    "raised temperature",
    "dry scaling",
    "moderate itch",
    "you feel unwell",
    "any rash",
    "any itch",
)
_TABLES: tuple[Mapping[str, str], ...] = (
    *SCALES.values(), FLAGS, LESIONS, YES_OR_NO, SITE_WORDS, RISKS_TOLD, DOMAINS,
)  # fmt: skip
_SEPARATOR = re.compile(r"(, | and | or )")
_HOLES = {"number": r"(?P<number>-?\d+(?:\.\d+)?)", "other": r"(?P<other>-?\d+(?:\.\d+)?)",
          "words": r"(?P<words>.+?)"}  # fmt: skip
_STYLES = {", ": "", " and ": "standard", " or ": "or"}


class UnknownPhraseError(LookupError):
    """The rules say something that is not among the pieces."""


@cache
def known_phrases() -> tuple[str, ...]:
    """Return every piece that must be translated."""
    tables = (words for table in _TABLES for words in table.values())
    shorter = (words.removeprefix("mild ") for words in known_words())
    return tuple(dict.fromkeys((*FILLED, *PLAIN, *tables, *shorter)))


def known_words() -> Iterable[str]:
    """Return the words of the choices of the diary."""
    return [words for scale in SCALES.values() for words in scale.values()]


def phrase(english: str) -> str:
    """Return a piece in the reader's language.

    Args:
        english: One piece, or several after commas, "and" or "or"; a leading comma or "and" stays.

    Raises:
        UnknownPhraseError: It is none of the pieces.
    """
    if not english:
        return ""
    for lead, words in ((", ", ", {words}"), (" and ", " and {words}")):
        if english.startswith(lead):
            template = said(words) if lead == " and " else words
            return template.format(words=phrase(english.removeprefix(lead)))
    return _one(english) or _several(english)


def _one(english: str) -> str:
    if english in _known():
        return said(english)
    for template, pattern in _patterns():
        found = pattern.fullmatch(english)
        if found is None:
            continue
        values = found.groupdict()
        try:
            filled = {
                name: phrase(value) if name == "words" else decimals(value)
                for name, value in values.items()
            }
        except UnknownPhraseError:
            continue
        return said(template).format(**filled)
    return ""


def _several(english: str) -> str:
    parts = _SEPARATOR.split(english)
    found: list[str] = []
    style, at = "", 0
    while at < len(parts):
        for end in range(len(parts), at, -2):
            words = "" if (at, end) == (0, len(parts)) else _one("".join(parts[at:end]))
            if words:
                found.append(words)
                break
        else:
            raise UnknownPhraseError(english)
        if end < len(parts):
            style = _STYLES[parts[end]] or style
        at = end + 1
    if not style:
        return ", ".join(found)
    return format_list(found, "or" if style == "or" else "standard", locale=language())


@cache
def _known() -> frozenset[str]:
    return frozenset(known_phrases()) - frozenset(FILLED)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, re.compile(_regex(template))) for template in FILLED)


def _regex(template: str) -> str:
    return "".join(
        re.escape(text) + (_HOLES[name] if name else "")
        for text, name, _spec, _kind in Formatter().parse(template)
    )
