"""One month as a grid of days: a number, a shape and a word each; and what they mean."""

from collections.abc import Callable
from datetime import date
from functools import partial

import flet as ft

from diary_app.components.heading import body, heading
from diary_app.components.notice import card
from diary_app.state.calendar import month_words, weekdays, weeks_of
from diary_app.state.course import MARKS, Mark, MonthView
from diary_app.state.course_words import day_name, mark_words, no_entry_words
from diary_app.text import _
from diary_app.theme import BODY, ROUND, SMALL, TARGET, Look, look

CELL_HEIGHT = 82
_WORD = 12
_LEVELS: dict[Mark, str | None] = {
    "urgent": "urgent",
    "prompt": "prompt",
    "unchecked": None,
    "entry": "none",
}


def month_grid(
    month: MonthView, pick: Callable[[date], None], turn: Callable[[date], None]
) -> ft.Control:
    """Return a month with the buttons to the months beside it; `month_list` says the same.

    Args:
        pick: Called with a day that was touched; days to come cannot be.
        turn: Called with a day of the month to show.
    """
    rows: list[ft.Control] = [_head(month, turn), _names()]
    for week in weeks_of(month.first_on):
        strut = ft.Container(width=0, height=CELL_HEIGHT)
        rows.append(
            ft.Row(
                [
                    strut,
                    *(
                        ft.Container(expand=True) if on is None else _cell(month, on, pick)
                        for on in week
                    ),
                ],
                spacing=3,
                # Cells of a week grow together when texts are set larger.
                intrinsic_height=True,
                vertical_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        )
    return ft.Column(rows, spacing=3, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def month_list(
    month: MonthView, pick: Callable[[date], None], turn: Callable[[date], None]
) -> ft.Control:
    """Return the days of a month so far as lines with all their words, newest first."""
    last = min(month.today, max(on for on in weeks_of(month.first_on)[-1] if on))
    days = [date.fromordinal(n) for n in range(month.first_on.toordinal(), last.toordinal() + 1)]
    rows: list[ft.Control] = [_head(month, turn)]
    for on in reversed(days):
        found = month.days.get(on)
        icon, ink = ft.Icons.REMOVE, ft.Colors.ON_SURFACE_VARIANT
        ground = ft.Colors.SURFACE
        if found is not None:
            seen = _look(found.marks[0])
            icon, ink, ground = seen.icon, seen.ink, seen.ground
        rows.append(
            ft.OutlinedButton(
                key=f"line-{on.isoformat()}",
                on_click=partial(pick, on),
                style=ft.ButtonStyle(
                    padding=ft.Padding.symmetric(horizontal=12),
                    bgcolor=ground,
                    shape=ft.RoundedRectangleBorder(radius=ROUND - 4),
                    side=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT),
                ),
                content=ft.Container(
                    ft.Row(
                        [
                            ft.Icon(icon, size=26, color=ink),
                            ft.Container(body(day_name(month, on), color=ink), expand=True),
                        ],
                        spacing=12,
                    ),
                    padding=ft.Padding.symmetric(vertical=14),
                ),
            )
        )
    return ft.Column(rows, spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def month_legend() -> ft.Control:
    """Return what shape and word of a day mean."""
    lines = [
        (_look(mark).icon, _look(mark).ink, _look(mark).ground, mark_words(mark)[1])
        for mark in MARKS
    ]
    quiet = ft.Colors.ON_SURFACE_VARIANT
    lines.append((ft.Icons.REMOVE, quiet, ft.Colors.SURFACE_CONTAINER_HIGH, no_entry_words()[1]))
    return card(
        [
            heading(_("What the signs mean"), 2),
            *(
                ft.Row(
                    [
                        ft.Container(
                            ft.Icon(icon, size=24, color=ink),
                            bgcolor=ground,
                            border_radius=8,
                            padding=6,
                        ),
                        ft.Container(body(meaning), expand=True),
                    ],
                    spacing=12,
                )
                for icon, ink, ground, meaning in lines
            ),
            body(_("A saved entry does not mean that all is well. If you are worried, call.")),
        ]
    )


def _look(mark: Mark) -> Look:
    return look(_LEVELS[mark])


def _head(month: MonthView, turn: Callable[[date], None]) -> ft.Control:
    before = date.fromordinal(month.first_on.toordinal() - 1)
    after = date.fromordinal(month.first_on.toordinal() + 31)
    has_before = month.earliest is not None and before >= month.earliest.replace(day=1)
    has_after = after.replace(day=1) <= month.today
    return ft.Row(
        [
            _turn("month-before", ft.Icons.CHEVRON_LEFT, _("Month before"), has_before,
                  partial(turn, before)),
            ft.Container(
                heading(month_words(month.first_on), 2),
                expand=True,
                alignment=ft.Alignment.CENTER,
            ),
            _turn("month-after", ft.Icons.CHEVRON_RIGHT, _("Month after"), has_after,
                  partial(turn, after)),
        ],
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )  # fmt: skip


def _turn(
    key: str, icon: ft.IconData, label: str, enabled: bool, act: Callable[[], None]
) -> ft.Control:
    return ft.IconButton(
        ft.Icon(icon, size=32, semantics_label=label),
        key=key,
        disabled=not enabled,
        on_click=act,
        width=TARGET,
        height=TARGET,
    )


def _names() -> ft.Control:
    return ft.Semantics(
        exclude_semantics=True,
        content=ft.Row(
            [
                ft.Container(
                    ft.Text(name, size=14, color=ft.Colors.ON_SURFACE_VARIANT, no_wrap=True),
                    expand=True,
                    alignment=ft.Alignment.CENTER,
                )
                for name in weekdays()
            ],
            spacing=3,
        ),
    )


def _cell(month: MonthView, on: date, pick: Callable[[date], None]) -> ft.Control:
    name = day_name(month, on)
    if on > month.today:
        return ft.Container(
            expand=True,
            padding=ft.Padding.symmetric(vertical=5),
            alignment=ft.Alignment.TOP_CENTER,
            content=ft.Text(
                str(on.day), size=SMALL, color=ft.Colors.ON_SURFACE_VARIANT, semantics_label=name
            ),
        )
    is_today = on == month.today
    found = month.days.get(on)
    ground, ink = ft.Colors.SURFACE, ft.Colors.ON_SURFACE_VARIANT
    icon, word = ft.Icons.REMOVE, no_entry_words()[0]
    if found is not None:
        seen = _look(found.marks[0])
        ground, ink, icon = seen.ground, seen.ink, seen.icon
        word = mark_words(found.marks[0])[0]
    elif is_today:
        word = _("today")
    lines = [
        ft.Text(
            str(on.day),
            size=BODY if is_today else SMALL,
            weight=ft.FontWeight.W_700 if is_today else ft.FontWeight.W_500,
            color=ft.Colors.ON_SURFACE if found is None else ink,
        ),
        ft.Icon(icon, size=22, color=ink),
        _word(word, ink),
    ]
    if on in month.doses:
        lines.append(_word(month.doses[on], ink))
    return ft.Container(
        expand=True,
        content=ft.MergeSemantics(
            ft.Semantics(
                label=name,
                content=ft.OutlinedButton(
                    key=f"day-{on.isoformat()}",
                    on_click=lambda: pick(on),
                    style=ft.ButtonStyle(
                        padding=0,
                        bgcolor=ground,
                        shape=ft.RoundedRectangleBorder(radius=ROUND - 4),
                        side=ft.BorderSide(
                            3 if is_today else 1,
                            ft.Colors.PRIMARY if is_today else ft.Colors.OUTLINE_VARIANT,
                        ),
                    ),
                    content=ft.Semantics(
                        exclude_semantics=True,
                        content=ft.Column(
                            lines,
                            spacing=0,
                            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                            alignment=ft.MainAxisAlignment.START,
                            tight=True,
                        ),
                    ),
                ),
            )
        ),
    )


def _word(word: str, ink: ft.ColorValue) -> ft.Control:
    text = ft.Text(
        word,
        size=_WORD,
        color=ink,
        text_align=ft.TextAlign.CENTER,
    )
    return ft.Container(text, padding=ft.Padding.symmetric(horizontal=4))
