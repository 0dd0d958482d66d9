"""Fields of a form in columns of the same width; one below the other on a phone."""

from collections.abc import Sequence

import flet as ft


def grid(cells: Sequence[ft.Control], *, columns: int = 2) -> ft.Control:
    """Return the fields in rows of equal cells.

    Args:
        columns: 1, 2, 3 or 4 from 576 pixels on; below, one.
    """
    return ft.ResponsiveRow(
        [ft.Container(cell, col={"xs": 12, "sm": 12 // columns}) for cell in cells],
        spacing=12,
        run_spacing=12,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
