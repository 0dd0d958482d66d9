"""Choosing people and days: a named list that opens, and the days of the week."""

from collections.abc import Callable, Mapping

import flet as ft

from diary_app.components.care_parts import FINE, TARGET
from diary_app.components.care_words import WEEKDAYS


def pick_list(
    label: str,
    options: Mapping[str, str],
    chosen: str,
    on_pick: Callable[[str], None],
    *,
    key: str,
    width: int | None = 240,
    error: str = "",
) -> ft.Control:
    """Return a list of which one is chosen; the older dropdown, which screen readers can name.

    Args:
        label: Its name.
        options: Value -> words.
        chosen: Empty = nothing yet.
        on_pick: Called with the value.
        key: Of the control.
        width: In pixels; None = that of its place.
        error: A sentence below it; empty = none.
    """

    def picked(event: ft.Event[ft.DropdownM2]) -> None:
        if event.control.value in options:
            on_pick(str(event.control.value))

    return ft.DropdownM2(
        key=key,
        label=label,
        value=chosen or None,
        width=width,
        error=error or None,
        options=[
            ft.dropdownm2.Option(key=value, content=ft.Text(words))
            for value, words in options.items()
        ],
        on_change=picked,
    )


def pick_days(
    chosen: tuple[int, ...], on_pick: Callable[[tuple[int, ...]], None], *, key: str
) -> ft.Control:
    """Return the days of the week, of which any number is chosen; ``key`` begins their keys."""

    def day_button(day: int, word: str) -> ft.Control:
        there = day in chosen
        after = set(chosen) ^ {day}
        return ft.MergeSemantics(
            ft.Semantics(
                selected=there,
                content=ft.OutlinedButton(
                    word,
                    key=f"{key}-{day}",
                    width=64,
                    height=TARGET,
                    style=ft.ButtonStyle(
                        padding=0,
                        text_style=ft.TextStyle(size=FINE, weight=ft.FontWeight.W_500),
                        shape=ft.RoundedRectangleBorder(radius=10),
                        bgcolor=ft.Colors.PRIMARY_CONTAINER if there else None,
                        color=ft.Colors.ON_PRIMARY_CONTAINER if there else ft.Colors.ON_SURFACE,
                    ),
                    on_click=lambda: on_pick(tuple(sorted(after))),
                ),
            )
        )

    return ft.Row(
        [day_button(day, word()) for day, word in enumerate(WEEKDAYS)],
        wrap=True,
        spacing=6,
        run_spacing=6,
    )
