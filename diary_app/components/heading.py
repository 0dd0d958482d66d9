"""Headings that screen readers can jump to, and plain running text."""

import flet as ft

from diary_app.theme import BODY, LARGE, SMALL, TITLE

_INK = ft.Colors.ON_SURFACE
_SIZES = {1: TITLE, 2: LARGE, 3: BODY}


def heading(
    text: str, level: int = 1, *, color: ft.ColorValue | None = None, live: bool = False
) -> ft.Control:
    """Return a heading.

    Args:
        level: 1 = the screen's own, once per screen; 2 and 3 below it.
        color: None = the surrounding text color.
        live: Screen readers read it out as soon as it appears.
    """
    return ft.Semantics(
        live_region=live,
        heading_level=level,
        header=True,
        content=ft.Text(
            text,
            style=ft.TextStyle(
                size=_SIZES[level], weight=ft.FontWeight.W_600, color=color or _INK, height=1.25
            ),
        ),
    )


def body(text: str, *, color: ft.ColorValue | None = None, strong: bool = False) -> ft.Text:
    """Return running text."""
    weight = ft.FontWeight.W_600 if strong else None
    return ft.Text(
        text, style=ft.TextStyle(size=BODY, color=color or _INK, weight=weight, height=1.35)
    )


def quiet(text: str) -> ft.Text:
    """Return text of less weight: hints and times."""
    color = ft.Colors.ON_SURFACE_VARIANT
    return ft.Text(text, style=ft.TextStyle(size=SMALL, color=color, height=1.35))
