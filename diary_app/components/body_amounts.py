"""How much of a region: pictured steps on a sheet, and regions as lines of a list."""

from collections.abc import Callable, Mapping
from functools import partial

import flet as ft

from diary_app.components.body_pictures import region_picture
from diary_app.components.heading import body, heading
from diary_app.state.body import AMOUNT_WORDS, FIGURES, amount_label, named, region_label
from diary_app.text import _
from diary_app.theme import BODY, ROUND, SMALL, edges

_SHOWN = (*AMOUNT_WORDS[1:], AMOUNT_WORDS[0])
_PICTURE = 76.0
_SMALL_PICTURE = 48.0
# Room for two rows at the usual size of type; with larger type the sheet scrolls.
_SHEET_HEIGHT = 420.0


def amount_sheet(
    region: str,
    chosen: str,
    total: str,
    pick: Callable[[str], None],
    close: Callable[[], None],
) -> ft.BottomSheet:
    """Return the sheet that asks how much of a region is covered.

    Args:
        chosen: The amount as it is; empty = not marked yet.
        total: What is marked so far, in words.
    """
    steps = [_step(region, amount, amount == chosen, pick) for amount in _SHOWN]
    return ft.BottomSheet(
        on_dismiss=close,
        content=ft.Container(
            height=_SHEET_HEIGHT,
            padding=ft.Padding.symmetric(horizontal=16, vertical=20),
            content=ft.Column(
                [
                    heading(_("{region}: how much?").format(region=region_label(region)), 2),
                    *(
                        ft.Row(
                            three,
                            spacing=10,
                            intrinsic_height=True,
                            vertical_alignment=ft.CrossAxisAlignment.STRETCH,
                        )
                        for three in (steps[:3], steps[3:])
                    ),
                    body(total, strong=True),
                ],
                spacing=12,
                scroll=ft.ScrollMode.AUTO,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ),
    )


def _step(region: str, amount: str, picked: bool, pick: Callable[[str], None]) -> ft.Control:
    words: list[ft.Control] = [
        _picture(region, amount, _PICTURE),
        ft.Text(
            amount_label(amount),
            size=SMALL,
            weight=ft.FontWeight.W_600,
            text_align=ft.TextAlign.CENTER,
        ),
    ]
    button = ft.OutlinedButton(
        key=f"amount-{amount}",
        on_click=partial(pick, amount),
        content=ft.Container(
            ft.Column(
                words,
                spacing=6,
                tight=True,
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            padding=ft.Padding.symmetric(vertical=10),
        ),
        style=_style(picked, 4),
    )
    return ft.Container(
        ft.MergeSemantics(ft.Semantics(selected=picked, content=button)), expand=True
    )


def region_list(
    drawn: Mapping[str, str], pick: Callable[[str], None], sides: Mapping[str, str]
) -> ft.Control:
    """Return every region as a line: its picture, its name and its amount.

    Args:
        sides: ``front`` and ``back`` with their headings.
    """
    rows: list[ft.Control] = []
    for side, label in sides.items():
        rows.append(heading(label, 2))
        rows += [
            region_line(key, drawn.get(key, "none"), pick, key=f"list-{key}")
            for key in FIGURES[side]
        ]
    return ft.Column(rows, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def marked_list(drawn: Mapping[str, str], pick: Callable[[str], None]) -> ft.Control:
    """Return the marked regions alone, in the figure's order."""
    keys = [key for side in FIGURES.values() for key in side if key in drawn]
    return ft.Column(
        [
            heading(_("Marked so far"), 2),
            *(region_line(key, drawn[key], pick, key=f"marked-{key}") for key in keys),
        ],
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def region_line(key_: str, amount: str, pick: Callable[[str], None], *, key: str) -> ft.Control:
    """Return one region with its amount; its name for screen readers holds both."""
    picked = amount != "none"
    words = ft.Column(
        [
            ft.Text(region_label(key_), size=BODY, weight=ft.FontWeight.W_600 if picked else None),
            ft.Text(amount_label(amount), size=SMALL),
        ],
        spacing=0,
        expand=True,
        tight=True,
    )
    button = ft.OutlinedButton(
        key=key,
        on_click=partial(pick, key_),
        content=ft.Container(
            ft.Semantics(
                exclude_semantics=True,
                content=ft.Row(
                    [_picture(key_, amount, _SMALL_PICTURE), words],
                    spacing=12,
                    vertical_alignment=ft.CrossAxisAlignment.CENTER,
                ),
            ),
            padding=ft.Padding.symmetric(vertical=6),
        ),
        style=_style(picked, 12),
    )
    told = ft.Semantics(label=named(key_, amount), selected=picked, content=button)
    return ft.MergeSemantics(told)


def _picture(region: str, amount: str, size: float) -> ft.Control:
    side = next(side for side, regions in FIGURES.items() if region in regions)
    return region_picture(side, region, amount, size)


def _style(picked: bool, padding: int) -> ft.ButtonStyle:
    return ft.ButtonStyle(
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        color=ft.Colors.ON_SURFACE,
        side=edges(
            ft.BorderSide(3 if picked else 1.5, ft.Colors.PRIMARY if picked else ft.Colors.OUTLINE)
        ),
        shape=ft.RoundedRectangleBorder(radius=ROUND),
        padding=ft.Padding.symmetric(horizontal=padding, vertical=0),
        text_style=ft.TextStyle(size=BODY),
    )
