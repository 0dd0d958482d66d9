"""The course on one time axis, as a figure or as a table."""

import flet as ft
from flet import canvas

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import choices, fine
from diary_app.components.care_table import table, wrapped
from diary_app.exports.bundle import VisitBundle
from diary_app.figures.canvas import to_canvas
from diary_app.figures.palette import DARK, LIGHT
from diary_app.figures.rows import as_table
from diary_app.figures.timeline import timeline
from diary_app.text import _

NARROWEST = 300.0
RAIL_AND_MARGINS = 176.0
PHONE_MARGINS = 60.0


@keyed
def Timeline(bundle: VisitBundle, wide: bool) -> ft.Control:
    """Show a period's course; the table says the same as the figure."""
    shown, show = ft.use_state("figure")
    switch = choices([("figure", _("Figure")), ("table", _("Table"))], shown, show, key="course-as")
    return ft.Column(
        [ft.Row([switch]), _figure(bundle, wide=wide) if shown == "figure" else _table(bundle)],
        spacing=10,
    )


def _figure(bundle: VisitBundle, *, wide: bool) -> ft.Control:
    page = ft.context.page
    margins = RAIL_AND_MARGINS if wide else PHONE_MARGINS
    width = max(NARROWEST, min(1200.0, float(page.width or 1280) - margins))
    figure = timeline(bundle, width=width, compact=not wide)
    dark = page.theme_mode == ft.ThemeMode.DARK or (
        page.theme_mode == ft.ThemeMode.SYSTEM and page.platform_brightness == ft.Brightness.DARK
    )
    palette = DARK if dark else LIGHT
    return ft.Row(
        [
            ft.Semantics(
                container=True,
                image=True,
                exclude_semantics=True,
                label=figure.description,
                content=ft.Container(
                    canvas.Canvas(
                        to_canvas(figure, palette), width=figure.width, height=figure.height
                    ),
                    bgcolor=palette["background"],
                ),
            )
        ],
        scroll=ft.ScrollMode.AUTO,
    )


def _table(bundle: VisitBundle) -> ft.Control:
    header, *rows = as_table(bundle)
    if not rows:
        return fine(_("Nothing in this period."))
    return table(header, [[wrapped(row[0], 150), *row[1:]] for row in rows], empty=_("Nothing."))
