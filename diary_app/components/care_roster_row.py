"""The list of patients as rows: a table with a sortable head on a desk, cards on a phone."""

from collections.abc import Callable

import flet as ft

from diary_app.components.care_parts import FINE, INK, TARGET, button, fine, level_tag, text
from diary_app.components.care_roster_words import (
    TRENDS,
    WINDOWS,
    dose_share_words,
    silence_words,
    sort_words,
    trend_words,
)
from diary_app.components.care_words import planned_words, step_words, word
from diary_app.services.roster_list import RosterRow
from diary_app.text import _

# Column -> share of the width; the same for head and rows.
SHARES = {"name": 5, "entry": 4, "trend": 4, "step": 6, "doses": 4, "call": 4}
OPEN_WIDTH = 92


def head_row(by: str, descending: bool, sort: Callable[[str], None]) -> ft.Control:
    """Return the names of the columns, each a button that sorts by it, again the other way."""
    names = sort_words() | {"call": _("Alert"), "step": _("Dose and step")}

    def cell(column: str) -> ft.Control:
        chosen = column == by
        arrow = ft.Icons.ARROW_DOWNWARD if descending else ft.Icons.ARROW_UPWARD
        told = _("{column}, sorted") if chosen else _("Sort by {column}")
        return ft.Container(
            ft.TextButton(
                key=f"sort-{column}",
                content=ft.Row(
                    [
                        ft.Text(
                            names[column],
                            size=FINE,
                            weight=ft.FontWeight.W_600,
                            color=ft.Colors.PRIMARY if chosen else INK,
                            semantics_label=told.format(column=names[column]),
                        ),
                        *([ft.Icon(arrow, size=16, color=ft.Colors.PRIMARY)] if chosen else []),
                    ],
                    spacing=4,
                    tight=True,
                ),
                style=ft.ButtonStyle(padding=ft.Padding.symmetric(horizontal=0, vertical=8)),
                height=TARGET,
                on_click=lambda: sort(column),
            ),
            alignment=ft.Alignment.CENTER_LEFT,
            expand=SHARES[column],
        )

    return ft.Container(
        ft.Row([*(cell(column) for column in SHARES), ft.Container(width=OPEN_WIDTH)], spacing=14),
        padding=ft.Padding.symmetric(horizontal=12),
    )


def patient_row(row: RosterRow, *, clinical: bool, wide: bool, opened: str) -> ft.Control:
    """Return one patient; ``opened`` is the path of their page."""
    go = ft.context.page
    opener = button(_("Open"), lambda: go.navigate(opened), key=f"open-{row.patient.code}")
    cells = {"name": _who(row)}
    if clinical:
        cells |= {
            "entry": _two(*silence_words(row), strong=_is_silent(row)),
            "trend": _trend(row),
            "step": _dose(row),
            "doses": _two(*dose_share_words(row.doses)),
            "call": _levels(row),
        }
    else:
        cells["entry"] = fine(_("Uses the diary") if row.joined else _("Not joined yet"))
    content: ft.Control
    if wide:
        content = ft.Row(
            [
                *(ft.Container(cell, expand=SHARES[name]) for name, cell in cells.items()),
                ft.Container(opener, width=OPEN_WIDTH, alignment=ft.Alignment.CENTER_RIGHT),
            ],
            spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    else:
        content = _card(cells, opener)
    return ft.Container(
        key=f"patient-{row.patient.code}",
        content=content,
        padding=12,
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=10,
    )


def _card(cells: dict[str, ft.Control], opener: ft.Control) -> ft.Control:
    top = ft.Row(
        [ft.Container(cells["name"], expand=True), opener],
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    labels = {"trend": _("Trend"), "doses": _("Doses taken")}

    def half(name: str) -> ft.Control:
        label = [fine(labels[name])] if name in labels and name in cells else []
        cell = [cells[name]] if name in cells else []
        return ft.Container(ft.Column([*label, *cell], spacing=0), expand=True)

    pairs = [("entry", "trend"), ("step", "doses")] if "step" in cells else [("entry", "trend")]
    halves = [
        ft.Row(
            [half(left), half(right)], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START
        )
        for left, right in pairs
    ]
    return ft.Column([top, *([cells["call"]] if "call" in cells else []), *halves], spacing=8)


def _who(row: RosterRow) -> ft.Control:
    born = _("{code}, born {day}").format(code=row.patient.code, day=row.patient.born_on)
    return _two(row.patient.name, born, strong=True)


def _trend(row: RosterRow) -> ft.Control:
    if row.trend is None:
        return ft.Container()
    words, why = trend_words(row.trend)
    worse = row.trend.direction == "worse"
    return ft.Row(
        [
            ft.Icon(
                TRENDS[row.trend.direction][1],
                color=ft.Colors.ERROR if worse else ft.Colors.ON_SURFACE_VARIANT,
                size=22,
            ),
            ft.Container(_two(words, why, strong=worse), expand=True),
        ],
        spacing=6,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _dose(row: RosterRow) -> ft.Control:
    if row.dose is None:
        return ft.Container()
    shown: list[ft.Control] = [
        text(_("Imatinib: {dose}").format(dose=planned_words(row.dose)), size=15),
        fine(step_words(row.dose.step_up)),
    ]
    if row.window is not None:
        mark = ft.Row(
            [
                ft.Icon(ft.Icons.VISIBILITY, size=16, color=ft.Colors.TERTIARY),
                ft.Text(
                    word(WINDOWS, row.window),
                    size=FINE,
                    weight=ft.FontWeight.W_600,
                    color=ft.Colors.TERTIARY,
                    expand=True,
                ),
            ],
            spacing=4,
        )
        shown.append(mark)
    return ft.Column(shown, spacing=0, tight=True)


def _levels(row: RosterRow) -> ft.Control:
    shown: list[ft.Control] = []
    if row.open_level is not None:
        words = _("Open: urgent") if row.open_level == "urgent" else _("Open: same day")
        shown.append(level_tag(row.open_level, words=words))
    elif row.last_entry_on is not None:
        shown += [fine(_("Newest entry")), level_tag(row.newest_level)]
    return ft.Column(shown, spacing=4, tight=True, horizontal_alignment=ft.CrossAxisAlignment.START)


def _is_silent(row: RosterRow) -> bool:
    return row.silent_days is not None and row.silent_days > 1


def _two(words: str, below: str, *, strong: bool = False) -> ft.Control:
    lines: list[ft.Control] = [text(words, size=15, strong=strong)]
    if below:
        lines.append(fine(below))
    return ft.Column(lines, spacing=0, tight=True)
