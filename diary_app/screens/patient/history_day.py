"""One day of the calendar: its entries, and the days beside it."""

from datetime import date, timedelta

import flet as ft

from diary_app import routes
from diary_app.components.buttons import main_button, other_button
from diary_app.components.frame import framed
from diary_app.components.heading import body, heading
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import notice
from diary_app.components.past_entry import entry_row
from diary_app.ground.boundary import screen_component
from diary_app.ground.live import use_topic
from diary_app.screens.patient.around import go, use_around
from diary_app.state.calendar import day_words
from diary_app.state.course import MonthView
from diary_app.state.diary import EntryView
from diary_app.text import _


@screen_component
def HistoryDay() -> ft.View:
    """Draw one day."""
    around = use_around()
    route = ft.use_view_path()
    on = _day(ft.use_route_params().get("on", ""))

    def read() -> tuple[MonthView, tuple[EntryView, ...]]:
        # A path that names no day shows no day; the month is read for today alone.
        entries = () if on is None else around.diary.day(on)
        return around.diary.course.month(None), entries

    loaded = use_loaded(read, [on])
    use_topic(around.diary.topic, loaded.again)
    content: list[ft.Control]
    if on is None:
        content = [notice(_("There is no such day"), level=None)]
    elif loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    else:
        month, entries = loaded.value
        content = _content(on, month, entries)
    return framed(_("Day") if on is None else day_words(on), content, route=route)


def _content(on: date, month: MonthView, entries: tuple[EntryView, ...]) -> list[ft.Control]:
    controls: list[ft.Control] = [heading(day_words(on, year=True))]
    controls += [_row(entry) for entry in entries]
    if on > month.today:
        controls.append(body(_("This day is in the future.")))
    elif not entries and on == month.today:
        controls += [
            body(_("There is no entry for today yet.")),
            main_button(
                _("To today"), lambda: go(routes.HOME), key="to-today", icon=ft.Icons.TODAY
            ),
        ]
    elif not entries:
        controls.append(body(_("There is no entry for this day.")))
    before, after = on - timedelta(days=1), on + timedelta(days=1)
    if month.earliest is not None and before >= month.earliest:
        controls.append(
            other_button(
                _("Day before"),
                lambda: go(routes.day_of_history(before)),
                key="day-before",
                icon=ft.Icons.CHEVRON_LEFT,
            )
        )
    if after <= month.today:
        controls.append(
            other_button(
                _("Day after"),
                lambda: go(routes.day_of_history(after)),
                key="day-after",
                icon=ft.Icons.CHEVRON_RIGHT,
            )
        )
    return controls


def _row(entry: EntryView) -> ft.Control:
    return entry_row(entry, lambda: go(routes.history_day(entry.id)), place="of-day")


def _day(wanted: str) -> date | None:
    try:
        return date.fromisoformat(wanted)
    except ValueError:
        return None
