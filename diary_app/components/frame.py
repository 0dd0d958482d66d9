"""The frame of a page: title, scrolling body of a readable width, and what stays at the foot."""

from collections.abc import Sequence
from typing import TypeAlias

import flet as ft

from diary_app.theme import GAP, TITLE

Columns: TypeAlias = dict[str | ft.ResponsiveRowBreakpoint, int | float]

_READABLE: Columns = {"xs": 12, "sm": 12, "md": 10, "lg": 8, "xl": 6}
_WIDE: Columns = {"xs": 12}


def framed(
    title: str,
    controls: Sequence[ft.Control],
    *,
    route: str,
    foot: Sequence[ft.Control] = (),
    navigation: ft.NavigationBar | None = None,
    actions: Sequence[ft.Control] = (),
    back: bool = True,
    leading: ft.Control | None = None,
    wide: bool = False,
    body_key: str | None = None,
) -> ft.View:
    """Return a page.

    Args:
        title: Shown in the bar at the top and read as the page's heading.
        controls: The body; it scrolls.
        route: The view's path (``ft.use_view_path()``).
        foot: Always visible below the body, such as the button that goes on.
        navigation: The bar of the app's main places; None inside a task.
        actions: Buttons at the end of the title bar.
        back: An arrow back to the page below, if there is one.
        leading: Another button in the arrow's place.
        wide: Use the whole width, for tables and charts.
        body_key: With another key the body starts at its top again.
    """
    lower = [_column(foot, wide=wide, ground=ft.Colors.SURFACE_CONTAINER)] if foot else []
    return ft.View(
        route=route,
        padding=0,
        spacing=0,
        appbar=ft.AppBar(
            title=ft.Text(title, size=TITLE - 4, weight=ft.FontWeight.W_600),
            leading=leading,
            automatically_imply_leading=back,
            actions=list(actions),
            bgcolor=ft.Colors.SURFACE,
        ),
        navigation_bar=navigation,
        controls=[
            ft.SafeArea(
                expand=True,
                avoid_intrusions_top=False,
                content=ft.Column(
                    [
                        ft.Column(
                            [_column(controls, wide=wide)],
                            key=body_key,
                            expand=True,
                            scroll=ft.ScrollMode.AUTO,
                            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                        ),
                        *lower,
                    ],
                    spacing=0,
                    expand=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                ),
            )
        ],
    )


def _column(
    controls: Sequence[ft.Control], *, wide: bool, ground: ft.ColorValue | None = None
) -> ft.Control:
    inner = ft.Column(
        list(controls), spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
    row = ft.ResponsiveRow(
        [ft.Container(inner, col=_WIDE if wide else _READABLE)],
        alignment=ft.MainAxisAlignment.CENTER,
    )
    return ft.Container(row, padding=GAP, bgcolor=ground)
