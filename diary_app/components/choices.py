"""Answers to tap: one of several, several of many, and a number from 0 to 10."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import flet as ft

from diary_app.components.buttons import Act
from diary_app.theme import BODY, LARGE, ROUND, SMALL, TARGET, edges


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be picked.

    Attributes:
        value: Told to ``pick``.
        detail: A second, smaller line.
        picture: Makes a drawing that stands before the words.
    """

    key: str
    label: str
    value: object
    detail: str = ""
    icon: ft.IconData | None = None
    picture: Callable[[], ft.Control] | None = None


def one_of(choices: Sequence[Choice], chosen: object, pick: Act) -> ft.Control:
    """Return big answers of which one holds.

    Args:
        chosen: The value picked before; a value that no choice has = nothing picked yet.
        pick: Called with the value.
    """
    return ft.Column(
        [
            option(
                choice,
                picked=type(choice.value) is type(chosen) and choice.value == chosen,
                act=partial(pick, choice.value),
            )
            for choice in choices
        ],
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def several_of(choices: Sequence[Choice], ticked: frozenset[object], toggle: Act) -> ft.Control:
    """Return big answers of which any number holds.

    Args:
        toggle: Called with the value that was touched.
    """
    return ft.Column(
        [
            option(
                choice,
                picked=choice.value in ticked,
                act=partial(toggle, choice.value),
                many=True,
            )
            for choice in choices
        ],
        spacing=8,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def option(choice: Choice, *, picked: bool, act: Act, many: bool = False) -> ft.Control:
    """Return one big answer; ``many`` = it can be ticked beside others."""
    words: list[ft.Control] = [
        ft.Text(choice.label, size=BODY, weight=ft.FontWeight.W_600 if picked else None)
    ]
    if choice.detail:
        words.append(ft.Text(choice.detail, size=SMALL))
    row: list[ft.Control] = [ft.Column(words, spacing=2, expand=True, tight=True)]
    if choice.icon is not None:
        row.insert(0, ft.Icon(choice.icon, size=30))
    if choice.picture is not None:
        row.insert(0, choice.picture())
    if many:
        row.insert(
            0,
            ft.Icon(ft.Icons.CHECK_BOX if picked else ft.Icons.CHECK_BOX_OUTLINE_BLANK, size=28),
        )
    elif picked:
        row.append(ft.Icon(ft.Icons.CHECK_CIRCLE, size=28))
    button = ft.OutlinedButton(
        content=ft.Container(
            ft.Row(row, spacing=12, vertical_alignment=ft.CrossAxisAlignment.CENTER),
            padding=ft.Padding.symmetric(vertical=19 if choice.picture is None else 6),
        ),
        key=choice.key,
        on_click=act,
        style=_style(picked),
    )
    told = ft.Semantics(checked=picked) if many else ft.Semantics(selected=picked)
    told.content = button
    return ft.MergeSemantics(told)


def scale(name: str, none: str, chosen: int | None, pick: Act, *, key: str) -> ft.Control:
    """Return the numbers 0 to 10 as buttons; None = nothing picked yet.

    Args:
        name: Read out with each number.
        none: What 0 means, written beside it.
        key: Each button's key is this and the number.
    """

    def number(value: int) -> ft.Control:
        text = ft.Text(
            f"{value}   {none}" if value == 0 else str(value),
            size=LARGE + 2,
            weight=ft.FontWeight.W_600,
        )
        return picked_button(
            text, name, value == chosen, partial(pick, value), key=f"{key}-{value}",
            width=None if value == 0 else TARGET + 6,
        )  # fmt: skip

    rows = [
        ft.Row(
            [number(value) for value in values],
            alignment=ft.MainAxisAlignment.CENTER,
            wrap=True,
            spacing=10,
            run_spacing=10,
        )
        for values in (range(1, 6), range(6, 11))
    ]
    return ft.Column(
        [number(0), *rows], spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def picked_button(
    content: ft.Control,
    name: str,
    picked: bool,
    act: Act,
    *,
    key: str,
    width: float | None = None,
) -> ft.Control:
    """Return a small answer, such as a number, that tells screen readers whether it is picked.

    Args:
        name: Read out before the content.
        width: None = as wide as there is room.
    """
    button = ft.OutlinedButton(
        content=content,
        key=key,
        width=width,
        on_click=act,
        style=_style(picked, ft.Padding.symmetric(vertical=(TARGET - BODY) / 2)),
    )
    return ft.MergeSemantics(ft.Semantics(label=name, selected=picked, content=button))


def _style(picked: bool, padding: ft.Padding | None = None) -> ft.ButtonStyle:
    return ft.ButtonStyle(
        bgcolor=ft.Colors.PRIMARY_CONTAINER if picked else ft.Colors.SURFACE_CONTAINER,
        color=ft.Colors.ON_PRIMARY_CONTAINER if picked else ft.Colors.ON_SURFACE,
        side=edges(
            ft.BorderSide(3 if picked else 1.5, ft.Colors.PRIMARY if picked else ft.Colors.OUTLINE)
        ),
        shape=ft.RoundedRectangleBorder(radius=ROUND),
        padding=padding or ft.Padding.symmetric(horizontal=16, vertical=6),
        visual_density=ft.VisualDensity.STANDARD,
        text_style=ft.TextStyle(size=BODY),
    )
