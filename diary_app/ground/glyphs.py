"""The fonts, made light: the icons that are used (8,600 would cost 350 KB), letters unhinted."""

import io
import re
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

# Drawn by Flutter's and Flet's own widgets: pickers, app bars, menus, text fields, errors.
BUILT_IN = frozenset(
    {
        "ACCESS_TIME", "ACCESS_TIME_OUTLINED", "ADD", "ARROW_BACK", "ARROW_BACK_IOS",
        "ARROW_BACK_IOS_NEW", "ARROW_BACK_IOS_NEW_ROUNDED", "ARROW_DOWNWARD", "ARROW_DROP_DOWN",
        "ARROW_DROP_UP", "ARROW_FORWARD", "ARROW_RIGHT", "ARROW_UPWARD", "CALENDAR_TODAY",
        "CALENDAR_TODAY_OUTLINED", "CANCEL", "CHECK", "CHEVRON_LEFT", "CHEVRON_RIGHT", "CLEAR",
        "CLOSE", "CONTENT_COPY", "CONTENT_CUT", "CONTENT_PASTE", "DATE_RANGE",
        "DRAG_HANDLE", "EDIT", "EDIT_OUTLINED", "ERROR", "ERROR_OUTLINE", "EXPAND_LESS",
        "EXPAND_MORE", "FIRST_PAGE", "KEYBOARD", "KEYBOARD_ARROW_DOWN", "KEYBOARD_ARROW_UP",
        "KEYBOARD_OUTLINED", "LAST_PAGE", "MENU", "MORE_HORIZ", "MORE_VERT", "REFRESH", "REMOVE",
        "SCHEDULE", "SEARCH", "SELECT_ALL", "SHARE", "UNFOLD_MORE", "VISIBILITY",
        "VISIBILITY_OFF", "WARNING",
    }
)  # fmt: skip

_STYLES = ("_outlined", "_rounded", "_sharp")
_USED = re.compile(r"\bIcons\.([A-Z0-9_]+)")


def icons_used(source: Path) -> frozenset[str]:
    """Return the names of the icons that the Python files under a folder name."""
    return frozenset(
        name
        for file in sorted(source.rglob("*.py"))
        for name in _USED.findall(file.read_text(encoding="utf-8"))
    )


def code_points(font: TTFont, names: Iterable[str]) -> dict[str, int]:
    """Return where the font keeps the icons, by name; icons it does not have are left out."""
    by_glyph = {glyph: point for point, glyph in font.getBestCmap().items()}
    found: dict[str, int] = {}
    for name in names:
        glyph = name.lower() if name.lower().endswith(_STYLES) else f"{name.lower()}_baseline"
        point = by_glyph.get(glyph, by_glyph.get(f"_{glyph}"))
        if point is not None:
            found[name] = point
    return found


def subset(font_file: Path, names: Iterable[str]) -> bytes:
    """Return the icon font with these icons and the built-in ones only."""
    options = Options(layout_features=[], hinting=False, notdef_outline=True)
    with TTFont(font_file) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=code_points(font, {*names, *BUILT_IN}).values())
        subsetter.subset(font)
        packed = io.BytesIO()
        font.save(packed)
    return packed.getvalue()


def unhinted(font_file: Path) -> bytes:
    """Return the font with every letter but without hinting, which Flutter does not use (WOFF2)."""
    options = Options(hinting=False, notdef_outline=True)
    options.layout_features = ["kern", "liga", "ccmp", "locl", "tnum", "lnum", "cpsp"]
    with TTFont(font_file) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=font.getBestCmap())
        subsetter.subset(font)
        font.flavor = "woff2"
        packed = io.BytesIO()
        font.save(packed)
    return packed.getvalue()
