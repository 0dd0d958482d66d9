"""The course on one time axis, as a figure or as a table, of all days or of some."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_day import TOUCH, DayReader
from diary_app.components.care_parts import button, choices, fine
from diary_app.components.care_table import Cell, table, wrapped
from diary_app.exports.bundle import VisitBundle
from diary_app.figures.palette import DARK, LIGHT
from diary_app.figures.read_out import ReadOut
from diary_app.figures.rows import as_table
from diary_app.figures.timeline import drawn
from diary_app.figures.window import (
    SHORTEST_DAYS,
    Window,
    earlier,
    farther,
    later,
    nearer,
    spanning,
)
from diary_app.figures.wording import day_words
from diary_app.text import _, _n, language

NARROWEST = 300.0
WIDEST = 1720.0
RAIL_AND_MARGINS = 176.0
PHONE_MARGINS = 60.0
ROWS_AT_ONCE = 60
# Columns of the table whose words may run over several lines, and how wide they are.
_WRAPPED = {0: 120, 2: 140, 7: 140, 10: 220}


@keyed
def Timeline(bundle: VisitBundle, wide: bool, enlarge: Callable[[str], None]) -> ft.Control:
    """Show a period's course; the table says the same as the figure.

    Args:
        enlarge: Opens the picture at a path.
    """
    shown, show = ft.use_state("figure")
    nothing: Window | None = None
    chosen, choose = ft.use_state(nothing)
    whole = Window(bundle.first_on, bundle.last_on)
    window = chosen if chosen is not None and _within(chosen, whole) else whole
    seen = ft.use_memo(
        lambda: replace(bundle, first_on=window.first_on, last_on=window.last_on),
        [id(bundle), window],
    )

    def move(to: Window) -> None:
        choose(lambda _before: None if to == whole else to)

    content = (
        _Figure(
            seen,
            wide,
            lambda one, other: move(spanning(one, other, whole)),
            enlarge,
            key="course-figure",
        )
        if shown == "figure"
        else _Table(seen, key=f"course-table-{window.first_on}-{window.last_on}")
    )
    return ft.Column(
        [
            ft.Row(
                [
                    choices(
                        [("figure", _("Figure")), ("table", _("Table"))],
                        shown,
                        show,
                        key="course-as",
                    ),
                    *_zoom(window, whole, move),
                ],
                wrap=True,
                spacing=12,
                run_spacing=6,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            content,
        ],
        spacing=10,
    )


def _zoom(window: Window, whole: Window, move: Callable[[Window], None]) -> list[ft.Control]:
    acts = (
        ("zoom-in", ft.Icons.ZOOM_IN, _("Fewer days"), nearer, window.days > SHORTEST_DAYS),
        ("zoom-out", ft.Icons.ZOOM_OUT, _("More days"), farther, window != whole),
        (
            "zoom-back",
            ft.Icons.CHEVRON_LEFT,
            _("Earlier days"),
            earlier,
            window.first_on > whole.first_on,
        ),
        (
            "zoom-on",
            ft.Icons.CHEVRON_RIGHT,
            _("Later days"),
            later,
            window.last_on < whole.last_on,
        ),
    )
    words = _n("{first} to {last}, {n} day", "{first} to {last}, {n} days", window.days).format(
        first=day_words(window.first_on), last=day_words(window.last_on), n=window.days
    )
    return [
        ft.Row(
            [
                ft.IconButton(
                    ft.Icon(icon, semantics_label=label),
                    key=key,
                    tooltip=label,
                    width=TOUCH,
                    height=TOUCH,
                    disabled=not able,
                    on_click=partial(_move, move, act, window, whole),
                )
                for key, icon, label, act, able in acts
            ],
            spacing=4,
            tight=True,
        ),
        ft.Semantics(live_region=True, content=fine(words)),
        *(
            [button(_("Whole period"), lambda: move(whole), key="zoom-all")]
            if window != whole
            else []
        ),
    ]


def _move(
    move: Callable[[Window], None],
    act: Callable[[Window, Window], Window],
    window: Window,
    whole: Window,
) -> None:
    move(act(window, whole))


@keyed
def _Figure(
    bundle: VisitBundle,
    wide: bool,
    zoom: Callable[[date, date], None],
    enlarge: Callable[[str], None],
) -> ft.Control:
    page = ft.context.page
    margins = RAIL_AND_MARGINS if wide else PHONE_MARGINS
    width = max(NARROWEST, min(WIDEST, float(page.width or 1280) - margins))
    asked: list[object] = [id(bundle), width, wide, language()]
    made = ft.use_memo(lambda: drawn(bundle, width=width, compact=not wide), asked)
    told = ft.use_memo(lambda: ReadOut(bundle), asked)
    dark = page.theme_mode == ft.ThemeMode.DARK or (
        page.theme_mode == ft.ThemeMode.SYSTEM and page.platform_brightness == ft.Brightness.DARK
    )
    return DayReader(made, told, DARK if dark else LIGHT, zoom, enlarge, key="day-reader")


@keyed
def _Table(bundle: VisitBundle) -> ft.Control:
    limit, set_limit = ft.use_state(ROWS_AT_ONCE)
    header, *rows = ft.use_memo(lambda: as_table(bundle), [id(bundle), language()])
    if not rows:
        return fine(_("Nothing in this period."))
    newest: list[list[Cell]] = [
        [wrapped(cell, _WRAPPED[n]) if n in _WRAPPED else cell for n, cell in enumerate(row)]
        for row in rows[::-1][:limit]
    ]
    more = len(rows) - limit
    return ft.Column(
        [
            table(header, newest, empty=_("Nothing.")),
            *(
                [
                    button(
                        _("Show {n} more").format(n=min(ROWS_AT_ONCE, more)),
                        lambda: set_limit(limit + ROWS_AT_ONCE),
                        key="more-days",
                    )
                ]
                if more > 0
                else []
            ),
        ],
        spacing=10,
    )


def _within(window: Window, whole: Window) -> bool:
    return whole.first_on <= window.first_on and window.last_on <= whole.last_on
