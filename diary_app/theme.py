"""Colors, sizes and the looks of the levels: calm, high contrast, large type, light and dark."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import flet as ft

from diary_app.text import _

BODY = 18
SMALL = 16
LARGE = 20
TITLE = 26
TARGET = 56
GAP = 16
ROUND = 14
FOCUS = 5

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "primary": "#0b4a6f",
        "on_primary": "#ffffff",
        "primary_container": "#d3e6f2",
        "on_primary_container": "#06293e",
        "secondary": "#3d4650",
        "on_secondary": "#ffffff",
        "secondary_container": "#e4e8ec",
        "on_secondary_container": "#1b1f24",
        "tertiary": "#7a4700",
        "on_tertiary": "#ffffff",
        "tertiary_container": "#ffe6c2",
        "on_tertiary_container": "#432600",
        "error": "#a5121f",
        "on_error": "#ffffff",
        "error_container": "#ffe1e1",
        "on_error_container": "#5c0009",
        "surface": "#f9fafb",
        "on_surface": "#1b1f24",
        "on_surface_variant": "#454d56",
        "surface_container_lowest": "#ffffff",
        "surface_container_low": "#ffffff",
        "surface_container": "#ffffff",
        "surface_container_high": "#eef1f4",
        "surface_container_highest": "#e4e8ec",
        "outline": "#6b7580",
        "outline_variant": "#c3cbd3",
        "inverse_surface": "#2c333a",
        "on_inverse_surface": "#f5f7f9",
        "inverse_primary": "#8fc7ea",
        "surface_tint": "#f9fafb",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "primary": "#8fc7ea",
        "on_primary": "#04263a",
        "primary_container": "#134766",
        "on_primary_container": "#dceefa",
        "secondary": "#c3ccd6",
        "on_secondary": "#1b1f24",
        "secondary_container": "#3a434d",
        "on_secondary_container": "#eef1f4",
        "tertiary": "#f0b35a",
        "on_tertiary": "#2e1a00",
        "tertiary_container": "#553400",
        "on_tertiary_container": "#ffe6c2",
        "error": "#ff9a9f",
        "on_error": "#410006",
        "error_container": "#6b0f18",
        "on_error_container": "#ffe1e1",
        "surface": "#14181d",
        "on_surface": "#eef1f4",
        "on_surface_variant": "#c3ccd6",
        "surface_container_lowest": "#0f1216",
        "surface_container_low": "#1b2026",
        "surface_container": "#1f252c",
        "surface_container_high": "#2a3138",
        "surface_container_highest": "#343c45",
        "outline": "#929da8",
        "outline_variant": "#48525c",
        "inverse_surface": "#eef1f4",
        "on_inverse_surface": "#1b1f24",
        "inverse_primary": "#0b4a6f",
        "surface_tint": "#14181d",
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a level is told: never by color alone.

    Attributes:
        word: For the care team; a function, because the language is known only when drawn.
        patient_word: For the patient looking back.
        icon: Differs in shape from level to level.
        ground: Color of a card about it.
        ink: Color of text and icon on that card.
    """

    word: Callable[[], str]
    patient_word: Callable[[], str]
    icon: ft.IconData
    ground: ft.Colors
    ink: ft.Colors


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "urgent": Look(
            lambda: _("Urgent"),
            lambda: _("Call advised"),
            ft.Icons.REPORT,
            ft.Colors.ERROR_CONTAINER,
            ft.Colors.ON_ERROR_CONTAINER,
        ),
        "prompt": Look(
            lambda: _("Same day"),
            lambda: _("Same-day contact"),
            ft.Icons.WARNING,
            ft.Colors.TERTIARY_CONTAINER,
            ft.Colors.ON_TERTIARY_CONTAINER,
        ),
        "digest": Look(
            lambda: _("Next summary"),
            lambda: _("Noted"),
            ft.Icons.INFO,
            ft.Colors.PRIMARY_CONTAINER,
            ft.Colors.ON_PRIMARY_CONTAINER,
        ),
        "none": Look(
            lambda: _("No rule applied"),
            lambda: _("Noted"),
            ft.Icons.RADIO_BUTTON_UNCHECKED,
            ft.Colors.SECONDARY_CONTAINER,
            ft.Colors.ON_SECONDARY_CONTAINER,
        ),
    }
)
UNGRADED = Look(
    lambda: _("Not graded"),
    lambda: _("Not checked"),
    ft.Icons.HELP,
    ft.Colors.TERTIARY_CONTAINER,
    ft.Colors.ON_TERTIARY_CONTAINER,
)


def look(level: str | None) -> Look:
    """Return how a level is told; None or an unknown word = the entry was not graded."""
    return UNGRADED if level is None else LOOKS.get(level, UNGRADED)


def light_theme() -> ft.Theme:
    """Return the theme for light surroundings."""
    return _theme(LIGHT)


def dark_theme() -> ft.Theme:
    """Return the theme for dark surroundings."""
    return _theme(DARK)


def edges(
    usual: ft.BorderSide, color: ft.ColorValue = ft.Colors.PRIMARY
) -> dict[ft.ControlState, ft.BorderSide]:
    """Return a button's edge, which is thick while the keyboard is on it.

    Args:
        usual: The edge otherwise.
        color: Of the thick edge.
    """
    return {
        ft.ControlState.FOCUSED: ft.BorderSide(FOCUS, color),
        ft.ControlState.DEFAULT: usual,
    }


def _theme(colors: Mapping[str, str]) -> ft.Theme:
    still = ft.PageTransitionTheme.NONE
    # A text theme without colors is black, also on a dark ground.
    ink = colors["on_surface"]
    text = ft.TextStyle(size=BODY, height=1.35, letter_spacing=0, color=ink)
    button = ft.ButtonStyle(
        text_style=ft.TextStyle(size=BODY, weight=ft.FontWeight.W_500),
        padding=ft.Padding.symmetric(horizontal=20, vertical=14),
        shape=ft.RoundedRectangleBorder(radius=ROUND),
        icon_size=26,
    )
    return ft.Theme(
        color_scheme=ft.ColorScheme(**dict(colors)),
        scaffold_bgcolor=colors["surface"],
        text_theme=ft.TextTheme(
            body_large=text,
            body_medium=text,
            body_small=ft.TextStyle(size=SMALL, height=1.35, color=ink),
            label_large=ft.TextStyle(size=BODY, weight=ft.FontWeight.W_500, color=ink),
            label_medium=ft.TextStyle(size=SMALL, weight=ft.FontWeight.W_500, color=ink),
            title_medium=ft.TextStyle(size=LARGE, weight=ft.FontWeight.W_600, color=ink),
            title_large=ft.TextStyle(
                size=TITLE, weight=ft.FontWeight.W_600, height=1.25, color=ink
            ),
        ),
        filled_button_theme=ft.FilledButtonTheme(
            style=replace(
                button,
                side=edges(ft.BorderSide(0, ft.Colors.TRANSPARENT), colors["inverse_primary"]),
            )
        ),
        outlined_button_theme=ft.OutlinedButtonTheme(
            style=replace(button, side=edges(ft.BorderSide(1, colors["outline"])))
        ),
        text_button_theme=ft.TextButtonTheme(
            style=replace(button, side=edges(ft.BorderSide(0, ft.Colors.TRANSPARENT)))
        ),
        button_theme=ft.ButtonTheme(style=button),
        # As large under a mouse as under a thumb: some tablets say that they are desktops.
        icon_button_theme=ft.IconButtonTheme(
            style=ft.ButtonStyle(padding=12, visual_density=ft.VisualDensity.STANDARD)
        ),
        navigation_bar_theme=ft.NavigationBarTheme(
            bgcolor=colors["surface_container"],
            indicator_color=colors["primary_container"],
            label_text_style=ft.TextStyle(size=SMALL, weight=ft.FontWeight.W_500, color=ink),
        ),
        page_transitions=ft.PageTransitionsTheme(
            android=still, ios=still, linux=still, macos=still, windows=still
        ),
    )


def apply(page: ft.Page) -> None:
    """Give a page both themes; it follows the device's choice of light or dark."""
    page.theme, page.dark_theme = light_theme(), dark_theme()
    page.theme_mode = ft.ThemeMode.SYSTEM
    page.padding = 0
