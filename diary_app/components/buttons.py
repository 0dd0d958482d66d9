"""Large buttons: the one main action, the others, and those that open the dialler."""

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from diary_app.state.advice import Call
from diary_app.theme import BODY, LARGE, ROUND, TARGET

Act = Callable[..., Any]


def main_button(
    label: str, act: Act, *, key: str, icon: ft.IconData | None = None, disabled: bool = False
) -> ft.Control:
    """Return the button for what most people want to do next."""
    return ft.FilledButton(
        label,
        icon=icon,
        key=key,
        on_click=act,
        disabled=disabled,
        style=_style(LARGE, ft.FontWeight.W_600, TARGET + 8),
    )


def other_button(
    label: str, act: Act, *, key: str, icon: ft.IconData | None = None
) -> ft.OutlinedButton:
    """Return a button for something else."""
    return ft.OutlinedButton(
        label,
        icon=icon,
        key=key,
        on_click=act,
        style=_style(BODY, ft.FontWeight.W_500),
    )


def segments(
    words: Mapping[str, str], chosen: str, pick: Callable[[str], None], *, key: str
) -> ft.Control:
    """Return buttons side by side of which one is pressed; for two or three short words.

    Args:
        words: Value -> what stands on its button.
        pick: Called with the value that was touched.
    """

    def choose(event: ft.Event[ft.SegmentedButton]) -> None:
        value = (event.control.selected or [chosen])[0]
        pick(value if value in words else chosen)

    return ft.SegmentedButton(
        key=key,
        selected=[chosen],
        on_change=choose,
        segments=[
            ft.Segment(value=value, label=ft.Text(word, size=LARGE))
            for value, word in words.items()
        ],
        style=ft.ButtonStyle(
            padding=ft.Padding.symmetric(horizontal=14, vertical=18),
            visual_density=ft.VisualDensity.STANDARD,
            bgcolor={ft.ControlState.SELECTED: ft.Colors.PRIMARY_CONTAINER},
            color={
                ft.ControlState.SELECTED: ft.Colors.ON_PRIMARY_CONTAINER,
                ft.ControlState.DEFAULT: ft.Colors.ON_SURFACE,
            },
            side=ft.BorderSide(1.5, ft.Colors.OUTLINE),
        ),
    )


def call_button(call: Call, *, strong: bool = True, key: str | None = None) -> ft.Control:
    """Return a button that opens the dialler with a number.

    Args:
        strong: Filled with the warning color; False for one that is merely offered.
    """
    url = ft.Url(call.url, target=ft.UrlTarget.SELF)
    icon = ft.Icons.EMERGENCY if call.is_emergency else ft.Icons.CALL
    name = key or ("call-emergency" if call.is_emergency else "call-clinic")
    if not strong:
        return ft.OutlinedButton(
            call.label,
            icon=icon,
            url=url,
            key=name,
            style=_style(BODY, ft.FontWeight.W_600),
        )
    return ft.FilledButton(
        call.label,
        icon=icon,
        url=url,
        key=name,
        style=_style(LARGE, ft.FontWeight.W_700, TARGET + 12, ft.Colors.ERROR, ft.Colors.ON_ERROR),
    )


def _style(
    size: int,
    weight: ft.FontWeight,
    height: float = TARGET,
    ground: ft.ColorValue | None = None,
    ink: ft.ColorValue | None = None,
) -> ft.ButtonStyle:
    """Return a style of at least this height at normal text size; larger text makes it grow."""
    return ft.ButtonStyle(
        text_style=ft.TextStyle(size=size, weight=weight),
        padding=ft.Padding.symmetric(horizontal=16, vertical=(height - size) / 2),
        visual_density=ft.VisualDensity.STANDARD,
        shape=ft.RoundedRectangleBorder(radius=ROUND),
        icon_size=26,
        bgcolor=ground,
        color=ink,
        icon_color=ink,
    )
