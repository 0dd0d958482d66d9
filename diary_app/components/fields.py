"""The edge of fields to type into."""

import flet as ft

from diary_app.theme import ROUND


def edge() -> ft.OutlineInputBorder:
    """Return an edge that can be seen on light and dark ground; in use it takes the main color."""
    return ft.OutlineInputBorder(side=ft.BorderSide(2, ft.Colors.OUTLINE), border_radius=ROUND)
