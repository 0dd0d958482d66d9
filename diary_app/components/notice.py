"""Cards that tell something: by color, icon and words together."""

from collections.abc import Sequence

import flet as ft

from diary_app.components.heading import body, heading
from diary_app.theme import GAP, ROUND, Look, look


def card(
    controls: Sequence[ft.Control],
    *,
    ground: ft.ColorValue = ft.Colors.SURFACE_CONTAINER,
    outline: ft.ColorValue = ft.Colors.OUTLINE_VARIANT,
    key: str | None = None,
) -> ft.Container:
    """Return controls on a card of their own."""
    return ft.Container(
        key=key,
        padding=GAP,
        bgcolor=ground,
        border=ft.Border.all(1.5, outline),
        border_radius=ROUND,
        content=ft.Column(
            list(controls), spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
    )


def notice(
    title: str,
    sentences: Sequence[str] = (),
    *,
    level: str | None = "digest",
    actions: Sequence[ft.Control] = (),
    live: bool = False,
    shown_as: Look | None = None,
) -> ft.Control:
    """Return a card with a level's color and icon, a title, sentences and buttons.

    Args:
        level: urgent, prompt, digest or none; None = could not be graded.
        live: Screen readers read it out as soon as it appears.
        shown_as: Another look than the level's own.
    """
    seen = shown_as or look(level)
    top = ft.Row(
        [
            ft.Icon(seen.icon, color=seen.ink, size=32),
            ft.Container(heading(title, 2, color=seen.ink), expand=True),
        ],
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=12,
    )
    content = card(
        [top, *(body(sentence, color=seen.ink) for sentence in sentences), *actions],
        ground=seen.ground,
        outline=seen.ink,
    )
    # The title is a node of its own; a live region reads out only what it says itself.
    said = title if live else None
    return ft.Semantics(container=True, live_region=live, label=said, content=content)


def level_badge(level: str | None, *, for_patient: bool = False) -> ft.Control:
    """Return a level in short: its icon and its word."""
    seen = look(level)
    word = seen.patient_word() if for_patient else seen.word()
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=10, vertical=4),
        bgcolor=seen.ground,
        border_radius=ROUND,
        content=ft.Row(
            [ft.Icon(seen.icon, color=seen.ink, size=22), body(word, color=seen.ink, strong=True)],
            spacing=6,
            tight=True,
        ),
    )
