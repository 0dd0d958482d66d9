"""The map of the entry before: offered to be copied, and asked about when it did not change."""

from collections.abc import Callable

import flet as ft

from diary_app.components.body_pictures import figure_picture
from diary_app.components.buttons import main_button, other_button
from diary_app.components.heading import body, heading
from diary_app.components.notice import card
from diary_app.state import wording
from diary_app.state.body import map_percent
from diary_app.state.earlier_map import CopiedMap, EarlierMap
from diary_app.text import _

_HEIGHT = 210.0


def copy_card(earlier: EarlierMap, copy: Callable[[str], None]) -> ft.Control:
    """Offer the earlier map.

    Args:
        copy: Called with ``same``, ``more``, ``less`` or ``new``.
    """
    pictures = ft.Row(
        [figure_picture(side, earlier.regions, _HEIGHT) for side in ("front", "back")],
        alignment=ft.MainAxisAlignment.SPACE_EVENLY,
    )
    less_or_more: list[ft.Control] = [
        other_button(_("Less"), lambda: copy("less"), key="copy-less", icon=ft.Icons.REMOVE),
        other_button(_("More"), lambda: copy("more"), key="copy-more", icon=ft.Icons.ADD),
    ]
    for button in less_or_more:
        button.expand = True
    return card(
        [
            heading(earlier.title(), 2),
            pictures,
            body(extent_words(map_percent(earlier.regions))),
            main_button(earlier.same(), lambda: copy("same"), key="copy-same"),
            ft.Row(less_or_more, spacing=12),
            other_button(_("Draw a new map"), lambda: copy("new"), key="copy-new"),
        ],
        key="copy-card",
    )


def change_hint(copied: CopiedMap) -> ft.Control | None:
    """Return what to do with a map that was copied to be changed; None when nothing is to do."""
    words = {
        "more": _("This is the earlier map. Touch each place where there is more now."),
        "less": _("This is the earlier map. Touch each place where there is less now."),
    }.get(copied.change)
    if words is None:
        return None
    icon = ft.Icons.ADD if copied.change == "more" else ft.Icons.REMOVE
    return ft.Container(
        key="copy-hint",
        padding=12,
        border_radius=14,
        bgcolor=ft.Colors.PRIMARY_CONTAINER,
        content=ft.Row(
            [
                ft.Icon(icon, size=26, color=ft.Colors.ON_PRIMARY_CONTAINER),
                ft.Container(body(words, color=ft.Colors.ON_PRIMARY_CONTAINER), expand=True),
            ],
            spacing=12,
        ),
    )


def change_question(
    copied: CopiedMap, extent: float, accept: Callable[[], None], reject: Callable[[], None]
) -> ft.AlertDialog:
    """Ask about a map that does not show what was said.

    Args:
        extent: Of the map as it is now, percent of the skin.
        accept: The map is right as it is.
        reject: It is to be changed.
    """
    then = map_percent(copied.regions)
    words = {
        "more": _("You said there is more rash now, but the map does not show more than before."),
        "less": _("You said there is less rash now, but the map does not show less than before."),
    }[copied.change]
    return ft.AlertDialog(
        modal=True,
        scrollable=True,
        title=heading(_("Is the map right?"), 2),
        content=ft.Column(
            [
                body(words),
                body(
                    _("Before: {then} of the skin. Now: {now}.").format(
                        then=wording.percent(then), now=wording.percent(extent)
                    )
                ),
                main_button(_("Change it"), reject, key="change-map"),
                other_button(_("It is right"), accept, key="change-keep"),
            ],
            tight=True,
            spacing=14,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
    )


def extent_words(extent: float) -> str:
    """Return how much is marked, in percent and in handprints."""
    return _("Marked: {percent} of the skin ({hands})").format(
        percent=wording.percent(extent), hands=wording.handprint_count(extent)
    )
