"""Looking back: a calendar, the ways to charts and to the clinic's answers, the newest entries."""

from datetime import date

import flet as ft

from diary_app import routes
from diary_app.components.buttons import other_button
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.month_grid import month_grid, month_legend, month_list
from diary_app.components.past_entry import entry_row
from diary_app.ground.boundary import screen_component
from diary_app.ground.controls import open_same_window
from diary_app.ground.live import use_topic
from diary_app.screens.patient.around import go, places, use_around
from diary_app.state.course import MonthView
from diary_app.state.diary import EntryView
from diary_app.text import _

# A few to begin with; then more than anybody scrolls through on a phone.
SHOWN_AT_FIRST = 5
SHOWN_MORE = 60


@screen_component
def History() -> ft.View:
    """Draw the calendar and the newest entries."""
    around = use_around()
    present: date | None = None
    month, set_month = ft.use_state(present)
    shown, set_shown = ft.use_state(SHOWN_AT_FIRST)
    as_list, set_as_list = ft.use_state(False)

    def read() -> tuple[MonthView, tuple[EntryView, ...]]:
        # One more than is shown tells whether there are earlier ones.
        return around.diary.course.month(month), around.diary.history(shown + 1)

    loaded = use_loaded(read, [month, shown])
    use_topic(around.diary.topic, loaded.again)
    path = ft.use_route_location()
    ft.use_effect(loaded.again, [path])

    def turn(to: date) -> None:
        set_month(lambda _before: to)

    async def take_along() -> None:
        await open_same_window(routes.MY_DIARY_PAGE)

    content: list[ft.Control]
    if loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    else:
        view, entries = loaded.value
        draw = month_list if as_list else month_grid
        content = [draw(view, lambda on: go(routes.day_of_history(on)), turn)]
        if not entries:
            content.append(body(_("Here you will find your entries once you have saved one.")))
        content += [
            other_button(
                _("Show as a calendar") if as_list else _("Show days as a list"),
                lambda: set_as_list(lambda before: not before),
                key="as-list",
                icon=ft.Icons.CALENDAR_MONTH if as_list else ft.Icons.LIST,
            ),
            other_button(
                _("Charts and doses"),
                lambda: go(routes.COURSE),
                key="course",
                icon=ft.Icons.SHOW_CHART,
            ),
            other_button(
                _("From your clinic"),
                lambda: go(routes.FROM_CLINIC),
                key="from-clinic",
                icon=ft.Icons.INBOX,
            ),
            other_button(
                _("Take your diary with you"),
                take_along,
                key="take-along",
                icon=ft.Icons.PICTURE_AS_PDF,
            ),
            month_legend(),
        ]
        if entries:
            content.append(heading(_("Newest entries"), 2))
        content += [_row(entry) for entry in entries[:shown]]
        if len(entries) > shown:
            content.append(
                other_button(
                    _("Show earlier entries"),
                    lambda: set_shown(lambda count: count + SHOWN_MORE),
                    key="more",
                )
            )
    return framed(
        _("History"),
        content,
        route=routes.HISTORY,
        navigation=places(routes.HISTORY),
        back=False,
    )


def _row(entry: EntryView) -> ft.Control:
    return entry_row(entry, lambda: go(routes.history_day(entry.id)))
