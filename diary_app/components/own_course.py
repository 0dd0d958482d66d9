"""A patient's own course as a figure with its legend, in words, and as a table."""

import flet as ft
from flet import canvas

from diary_app.components.buttons import other_button
from diary_app.components.care_component import keyed
from diary_app.components.heading import body, heading, quiet
from diary_app.components.notice import card
from diary_app.figures.canvas import to_canvas
from diary_app.figures.own_chart import NARROWEST
from diary_app.figures.own_points import MOST_POINTS, WEEK, points
from diary_app.figures.own_words import table
from diary_app.figures.palette import DARK, LIGHT
from diary_app.figures.shapes import Figure
from diary_app.state.course import CourseChart
from diary_app.text import _
from diary_app.theme import GAP

SHOWN_AT_ONCE = 40
_MARGIN = 6
# What the frame's body takes of the page's width, by the page's width.
_SHARES = ((1200, 6 / 12), (992, 8 / 12), (768, 10 / 12), (0, 1.0))


def figure_width(room: float) -> float:
    """Return how wide the figure is on a page of this width, both in pixels."""
    share = next(share for wide_from, share in _SHARES if room >= wide_from)
    return max(NARROWEST, (room - 2 * GAP) * share - 2 * _MARGIN - GAP)


@keyed
def OwnCourse(chart: CourseChart, figure: Figure) -> ft.Control:
    """Show a period; the table has the same numbers as the figure."""
    as_table, set_as_table = ft.use_state(False)
    shown, set_shown = ft.use_state(SHOWN_AT_ONCE)
    every = points(chart).every
    controls: list[ft.Control] = []
    if not chart.days:
        return card([body(_("There is no entry in this time."), strong=True)])
    if every == WEEK:
        controls.append(
            body(
                _(
                    "More than {most} days: each point is the worst of its week. Doses are shown"
                    " day by day."
                ).format(most=MOST_POINTS)
            )
        )
    if as_table:
        rows = table(chart)
        controls += [_row(row.title, ", ".join(row.facts)) for row in rows[:shown]]
        if len(rows) > shown:
            controls.append(
                other_button(
                    _("Show earlier days"),
                    lambda: set_shown(lambda count: count + SHOWN_AT_ONCE),
                    key="more-rows",
                )
            )
    else:
        controls += [_drawn(figure), _legend(chart)]
    label = _("Show as a picture") if as_table else _("Show as a table")
    icon = ft.Icons.SHOW_CHART if as_table else ft.Icons.LIST
    controls.insert(
        0,
        other_button(label, lambda: set_as_table(lambda before: not before), key="as", icon=icon),
    )
    controls.append(card([heading(_("In words"), 2), body(figure.description)]))
    return ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _drawn(figure: Figure) -> ft.Control:
    page = ft.context.page
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
                    padding=_MARGIN,
                    border_radius=8,
                ),
            )
        ],
        scroll=ft.ScrollMode.AUTO,
    )


def _legend(chart: CourseChart) -> ft.Control:
    lines = [
        _("Gray: no entry."),
        _("Upright dashed line: imatinib was started or raised."),
        _("Hollow circle: planned dose not taken."),
        _("Long dashes in the temperature: 37.5 °C and 38.0 °C.")
        if chart.unit == "C"
        else _("Long dashes in the temperature: 99.5 °F and 100.4 °F."),
    ]
    if any(day.rash_percent == 0 for day in chart.days):
        lines.append(_("Low gray stroke in the rash: you told of no rash."))
    if any(day.rash_words == "unsized" for day in chart.days):
        lines.append(_("Question mark: a rash whose size was not given."))
    return ft.Column([quiet(line) for line in lines], spacing=2)


def _row(title: str, facts: str) -> ft.Control:
    lines: list[ft.Control] = [body(title, strong=True)]
    if facts:
        lines.append(body(facts))
    return ft.Container(
        ft.Column(lines, spacing=0),
        padding=ft.Padding.symmetric(vertical=8, horizontal=4),
        border=ft.Border.only(bottom=ft.BorderSide(1, ft.Colors.OUTLINE_VARIANT)),
    )
