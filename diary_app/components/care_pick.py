"""Choosing people and days: a named list that opens, and the days of the week."""

from collections.abc import Callable, Mapping

import flet as ft

from diary_app.components.care_parts import FINE
from diary_app.components.care_words import WEEKDAYS


def pick_list(
    label: str,
    options: Mapping[str, str],
    chosen: str,
    on_pick: Callable[[str], None],
    *,
    key: str,
    width: int = 240,
    error: str = "",
) -> ft.Control:
    """Return a list of which one is chosen; the older dropdown, which screen readers can name.

    Args:
        label: Its name.
        options: Value -> words.
        chosen: Empty = nothing yet.
        on_pick: Called with the value.
        key: Of the control.
        width: In pixels.
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
    """Return the days of the week, of which any number is chosen."""

    def picked(event: ft.Event[ft.SegmentedButton]) -> None:
        days = {str(day) for day in range(7)} & set(event.control.selected)
        on_pick(tuple(sorted(int(day) for day in days)))

    return ft.SegmentedButton(
        key=key,
        allow_multiple_selection=True,
        allow_empty_selection=True,
        show_selected_icon=False,
        segments=[
            ft.Segment(value=str(day), label=ft.Text(word(), size=FINE))
            for day, word in enumerate(WEEKDAYS)
        ],
        selected=[str(day) for day in chosen],
        style=ft.ButtonStyle(
            padding=ft.Padding.symmetric(horizontal=6, vertical=14),
            bgcolor={ft.ControlState.SELECTED: ft.Colors.PRIMARY_CONTAINER},
            color={
                ft.ControlState.SELECTED: ft.Colors.ON_PRIMARY_CONTAINER,
                ft.ControlState.DEFAULT: ft.Colors.ON_SURFACE,
            },
        ),
        on_change=picked,
    )
