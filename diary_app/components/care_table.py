"""Tables of the care team's screens: real table cells, scrolling sideways on a phone."""

from collections.abc import Sequence

import flet as ft

from diary_app.components.care_parts import FINE, fine

Cell = str | ft.Control


def table(header: Sequence[str], rows: Sequence[Sequence[Cell]], *, empty: str) -> ft.Control:
    """Return a table.

    Args:
        header: Shape ``(k,)``.
        rows: Shape ``(n, k)``.
        empty: The sentence shown instead when there is no row.
    """
    if not rows:
        return fine(empty)
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


def _cell(content: Cell) -> ft.Control:
    return ft.Text(content, size=FINE) if isinstance(content, str) else content
