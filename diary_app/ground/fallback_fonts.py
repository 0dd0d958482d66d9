"""Letters that Roboto lacks: Noto Sans KR, in the slices that the web client asks for.

A browser loads only the slices of the letters it shows (a Korean screen: 40 to 200 KB). The 120
slices cover all 11,172 syllables of Hangul, so whatever people type is displayed, with no other
host. Regular weight; SIL Open Font License 1.1, see fonts/notosanskr/LICENSE.txt.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
FAMILY = "notosanskr"
FAMILY_NAME = "Noto Sans KR"
_NUMBERED = re.compile(r"[\w\-]+\.(\d+)\.woff2")
_RANGE = re.compile(r"U\+([0-9A-Fa-f]+)(?:-([0-9A-Fa-f]+))?")


def font_file(folder: Path, family: str, name: str) -> Path | None:
    """Return the file that answers a font request of the web client; None when there is none.

    Args:
        folder: Holds ``<family>/<file>`` and ``<family>/<number of the slice>.woff2``.
        family: As the client writes it, such as ``"notosanskr"``; letters and digits only.
        name: The client's name for the file, such as ``"PbyxFmXi.12.woff2"``; no slashes.
    """
    numbered = _NUMBERED.fullmatch(name)
    names = [name] if numbered is None else [name, f"{numbered[1]}.woff2"]
    for each in names:
        file = folder / family / each
        if file.is_file():
            return file
    return None


def truetype_for(text: str) -> dict[str, bytes]:
    """Return the fonts that a document needs for the Korean letters of a text, for typesetting.

    Returns:
        File name -> a TrueType font of `FAMILY_NAME`; empty when no slice is needed.
    """
    return {f"{number}.ttf": _truetype(number) for number in sorted(slices_of(text))}


def slices_of(text: str) -> set[str]:
    """Return the numbers of the slices that hold the text's letters beyond Latin."""
    return {_slices()[letter] for letter in set(text) if letter in _slices()}


@cache
def unicode_ranges() -> Mapping[str, str]:
    """Return number of a slice -> its letters, as CSS writes them: "U+d723-d728,U+d72a"."""
    ranges: dict[str, str] = json.loads((FOLDER / FAMILY / "ranges.json").read_text("ascii"))
    return ranges


@cache
def _slices() -> dict[str, str]:
    """Return letter -> number of its slice, for letters beyond Latin."""
    found: dict[str, str] = {}
    for number, words in unicode_ranges().items():
        for low, high in _RANGE.findall(words):
            for code in range(int(low, 16), int(high or low, 16) + 1):
                if code >= 0x1100:
                    found[chr(code)] = number
    return found


@cache
def _truetype(number: str) -> bytes:
    font = TTFont(FOLDER / FAMILY / f"{number}.woff2")
    font.flavor = None
    kept = BytesIO()
    font.save(kept)
    return kept.getvalue()
