"""Small parts of the care team's screens: denser than the patient's, still 14 pixels and up."""

from collections.abc import Callable, Sequence

import flet as ft

from diary_app.components.care_words import clock, when
from diary_app.services.watch import Watch
from diary_app.text import _
from diary_app.theme import Look, look

TEXT = 16
FINE = 14
TARGET = 48
INK = ft.Colors.ON_SURFACE
QUIET = ft.Colors.ON_SURFACE_VARIANT


def text(
    words: str, *, strong: bool = False, color: ft.ColorValue | None = None, size: int = TEXT
) -> ft.Text:
    """Return running text."""
    weight = ft.FontWeight.W_600 if strong else None
    return ft.Text(words, size=size, weight=weight, color=color)


def fine(words: str, *, color: ft.ColorValue = QUIET) -> ft.Text:
    """Return small text for times and sources."""
    return ft.Text(words, size=FINE, color=color)


def title(words: str, level: int = 2) -> ft.Control:
    """Return a heading that screen readers can jump to; level 2 for parts of a page."""
    size = {1: 22, 2: 18, 3: 16}[level]
    return ft.Semantics(
        heading_level=level,
        header=True,
        content=ft.Text(words, size=size, weight=ft.FontWeight.W_600),
    )


def part(
    words: str, controls: Sequence[ft.Control], *, actions: Sequence[ft.Control] = ()
) -> ft.Control:
    """Return a part of a page on its own ground: heading, buttons at its end, content."""
    head: ft.Control = title(words)
    if actions:
        head = ft.Row(
            [
                ft.Container(title(words), padding=ft.Padding.only(right=12)),
                ft.Row(list(actions), spacing=8, run_spacing=8, wrap=True),
            ],
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
            wrap=True,
        )
    return ft.Container(
        padding=16,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=12,
        content=ft.Column(
            [head, *controls], spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
    )


def level_tag(level: str | None, *, words: str | None = None) -> ft.Control:
    """Return a level as color, icon and word."""
    return tag(look(level), words)


def tag(seen: Look, words: str | None = None) -> ft.Control:
    """Return a look in short."""
    return ft.Container(
        padding=ft.Padding.symmetric(horizontal=8, vertical=3),
        bgcolor=seen.ground,
        border=ft.Border.all(1, seen.ink),
        border_radius=8,
        content=ft.Row(
            [
                ft.Icon(seen.icon, color=seen.ink, size=18),
                ft.Text(
                    words or seen.word(), size=FINE, color=seen.ink, weight=ft.FontWeight.W_600
                ),
            ],
            spacing=5,
            tight=True,
        ),
    )


def pair(label: str, value: str, *, strong: bool = False) -> ft.Control:
    """Return a label with its value below it."""
    return ft.Column([fine(label), text(value, strong=strong)], spacing=0, tight=True)


def band(
    level: str, words: str, *, key: str | None = None, act: ft.Control | None = None
) -> ft.Control:
    """Return one sentence across the page in a level's colors; read out when it appears.

    Args:
        level: urgent, prompt, digest or none.
        act: A button at its end.
    """
    seen = look(level)
    return ft.Container(
        key=key,
        padding=ft.Padding.symmetric(horizontal=16, vertical=8),
        bgcolor=seen.ground,
        content=ft.Semantics(
            container=True,
            live_region=True,
            content=ft.Row(
                [
                    ft.Icon(seen.icon, color=seen.ink, size=22),
                    ft.Text(
                        words,
                        size=TEXT,
                        color=seen.ink,
                        weight=ft.FontWeight.W_600,
                        expand=True,
                    ),
                    *([act] if act is not None else []),
                ],
                spacing=10,
            ),
        ),
    )


def button(
    words: str,
    on_click: Callable[..., object],
    *,
    key: str | None = None,
    icon: ft.IconData | None = None,
    main: bool = False,
) -> ft.Control:
    """Return a button at least 48 pixels high; one main button per part."""
    style = ft.ButtonStyle(
        text_style=ft.TextStyle(size=TEXT, weight=ft.FontWeight.W_500),
        padding=ft.Padding.symmetric(horizontal=16, vertical=11),
        shape=ft.RoundedRectangleBorder(radius=10),
        icon_size=20,
        visual_density=ft.VisualDensity.STANDARD,
    )
    kind = ft.FilledButton if main else ft.OutlinedButton
    return kind(words, icon=icon, key=key, style=style, height=TARGET, on_click=on_click)


def choices(
    options: Sequence[tuple[str, str]], chosen: str, on_pick: Callable[[str], None], *, key: str
) -> ft.Control:
    """Return buttons of which one is chosen; ``options`` are (value, words)."""

    def picked(event: ft.Event[ft.SegmentedButton]) -> None:
        values = [value for value in event.control.selected if value in dict(options)]
        if values:
            on_pick(values[0])

    return ft.SegmentedButton(
        key=key,
        segments=[
            ft.Segment(value=value, label=ft.Text(words, size=FINE)) for value, words in options
        ],
        selected=[chosen],
        show_selected_icon=False,
        on_change=picked,
    )


def watch_words(watch: Watch) -> str:
    """Return whether alerting runs, as one sentence with the clinic's clock."""
    if watch.checked_at is None:
        return _(
            "Alerting is not running. It has never checked for alerts here. "
            "Phone patients with open alerts and call your administrator."
        )
    if not watch.running:
        return _(
            "Alerting is not running since {time}. "
            "Phone patients with open alerts and call your administrator."
        ).format(time=when(watch.checked_at, watch.time_zone, watch.now))
    return _("Alerts last checked {time}").format(
        time=clock(watch.checked_at, watch.time_zone, seconds=True)
    )
