"""Tables of the care team's screens: real table cells, scrolling sideways on a phone."""

from collections.abc import Sequence

import flet as ft

from diary_app.components.care_parts import FINE, fine

Cell = str | ft.Control


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    empty: str,
    stacked: bool = False,
) -> ft.Control:
    """Return a table.

    Args:
        header: Shape ``(k,)``.
        rows: Shape ``(n, k)``.
        empty: The sentence shown instead when there is no row.
        stacked: On a phone: every row stands as a part of its own, nothing is off the screen.
    """
    if not rows:
        return fine(empty)
    if stacked:
        return ft.Column([_stack(header, row) for row in rows], spacing=12)
    made = ft.DataTable(
        columns=[
            ft.DataColumn(label=ft.Text(words, size=FINE, weight=ft.FontWeight.W_600))
            for words in header
        ],
        rows=[ft.DataRow(cells=[ft.DataCell(_cell(each)) for each in row]) for row in rows],
        column_spacing=20,
        horizontal_margin=8,
        heading_row_height=44,
        data_row_min_height=40,
        data_row_max_height=float("inf"),
        divider_thickness=1,
    )
    return ft.Row([made], scroll=ft.ScrollMode.AUTO)


def wrapped(words: str, width: float) -> ft.Control:
    """Return a cell of several lines, held to a width in pixels."""
    return ft.Container(
        ft.Text(words, size=FINE),
        width=width,
        padding=ft.Padding.symmetric(vertical=6),
    )


def _stack(header: Sequence[str], row: Sequence[Cell]) -> ft.Control:
    lines: list[ft.Control] = [
        ft.Row(
            [ft.Container(fine(words), width=150), ft.Container(_cell(each), expand=True)],
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for words, each in zip(header, row, strict=True)
    ]
    return ft.Container(
        ft.Column(lines, spacing=4),
        padding=ft.Padding.only(top=8),
        border=ft.Border.only(top=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )


def _cell(content: Cell) -> ft.Control:
    return ft.Text(content, size=FINE) if isinstance(content, str) else content
