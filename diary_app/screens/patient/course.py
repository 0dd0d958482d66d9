"""Charts of the patient's own course, for a period of choice."""

from functools import partial
from typing import cast

import flet as ft

from diary_app.components.choices import picked_button
from diary_app.components.frame import framed
from diary_app.components.heading import quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.own_course import OwnCourse, figure_width
from diary_app.figures.own_chart import own_chart
from diary_app.figures.shapes import Figure
from diary_app.ground.boundary import screen_component
from diary_app.ground.live import use_topic
from diary_app.screens.patient.around import use_around
from diary_app.state.course import CourseChart, Period
from diary_app.text import _
from diary_app.theme import BODY


@screen_component
def CourseScreen() -> ft.View:
    """Draw the charts."""
    around = use_around()
    route = ft.use_view_path()
    chosen, set_period = ft.use_state("month")
    period = cast("Period", chosen)
    width = figure_width(float(ft.context.page.width or 412))

    def read() -> tuple[CourseChart, Figure]:
        # Drawn in the same thread: three years take too long for the loop of all sessions.
        chart = around.diary.course.chart(period)
        return chart, own_chart(chart, width=width)

    loaded = use_loaded(read, [period, width])
    use_topic(around.diary.topic, loaded.again)

    def pick(value: Period) -> None:
        set_period(value)

    buttons = [
        picked_button(
            ft.Text(words, size=BODY, text_align=ft.TextAlign.CENTER),
            _("Time shown"),
            value == period,
            partial(pick, value),
            key=f"period-{value}",
        )
        for value, words in _periods().items()
    ]
    content: list[ft.Control] = [
        ft.ResponsiveRow(
            [ft.Container(button, col={"xs": 6, "sm": 3}) for button in buttons],
            spacing=8,
            run_spacing=8,
        )
    ]
    if loaded.value is not None:
        chart, figure = loaded.value
        content.append(OwnCourse(chart, figure, key=f"{period}-{chart.first_on}"))
    else:
        content.append(waiting() if loaded.error is None else could_not_read(loaded.again))
    content.append(
        quiet(_("The charts show what you wrote. What they mean, your care team can tell you."))
    )
    return framed(_("Charts and doses"), content, route=route)


def _periods() -> dict[Period, str]:
    return {
        "weeks": _("2 weeks"),
        "month": _("1 month"),
        "months": _("3 months"),
        "all": _("All"),
    }
