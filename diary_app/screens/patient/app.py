"""The patient's app: four places, and the entry being written."""

import asyncio

import flet as ft

from diary_app import routes
from diary_app.components.buttons import main_button
from diary_app.components.notice import notice
from diary_app.components.speech import use_language
from diary_app.ground.live import use_topic
from diary_app.screens.patient.around import WIDE_FROM, Around, AroundContext, go
from diary_app.screens.patient.course import CourseScreen
from diary_app.screens.patient.dose_sheet import DoseSheet
from diary_app.screens.patient.entry import EntryScreen
from diary_app.screens.patient.from_clinic import FromClinic
from diary_app.screens.patient.help import Help
from diary_app.screens.patient.history import History
from diary_app.screens.patient.history_day import HistoryDay
from diary_app.screens.patient.history_entry import HistoryEntry
from diary_app.screens.patient.my_plan import MyPlan
from diary_app.screens.patient.reminders import RemindersScreen
from diary_app.screens.patient.sent import Sent
from diary_app.screens.patient.today import Today
from diary_app.screens.patient.weekly import WeeklyScreen
from diary_app.screens.patient.weekly_sent import WeeklySentScreen
from diary_app.state.diary import Diary
from diary_app.text import _

BOUNCE_SECONDS = 0.35


@ft.component
def PatientApp(diary: Diary, bounce_seconds: float = BOUNCE_SECONDS) -> ft.Control:
    """Draw the app; use it with ``page.render_views``.

    Args:
        diary: The diary of the patient who is signed in.
        bounce_seconds: A second tap within this time after a question appeared is ignored.
    """
    page = ft.context.page
    width, set_width = ft.use_state(page.width or 0.0)
    first = ft.use_memo(diary.clinic, [])
    clinic, set_clinic = ft.use_state(first)

    def resized(event: ft.PageResizeEvent) -> None:
        set_width(event.width)

    async def other_numbers() -> None:
        now = await asyncio.to_thread(diary.clinic)
        set_clinic(lambda _before: now)

    def listen() -> None:
        page.on_resize = resized

    ft.use_effect(listen, [])
    use_topic(diary.card_topic, other_numbers)
    around = Around(
        diary,
        clinic,
        wide=width >= WIDE_FROM,
        bounce_seconds=bounce_seconds,
        language=use_language(diary.speech),
    )
    return AroundContext(around, _router)


def _router() -> ft.Control:
    return ft.Router(
        [
            ft.Route(
                path=routes.HOME,
                component=Today,
                children=[
                    ft.Route(path="entry", component=EntryScreen),
                    ft.Route(path="entry/sent/:id", component=Sent),
                    ft.Route(path="plan", component=MyPlan),
                    ft.Route(path="dose/:drug/:day", component=DoseSheet),
                    ft.Route(path="weekly", component=WeeklyScreen),
                    ft.Route(path="weekly/sent", component=WeeklySentScreen),
                    ft.Route(
                        path="history",
                        component=History,
                        children=[
                            ft.Route(path="course", component=CourseScreen),
                            ft.Route(path="clinic", component=FromClinic),
                            ft.Route(path="day/:on", component=HistoryDay),
                            ft.Route(path=":id", component=HistoryEntry),
                        ],
                    ),
                    ft.Route(path="help", component=Help),
                    ft.Route(path="help/reminders", component=RemindersScreen),
                ],
            )
        ],
        not_found=NotFound,
        manage_views=True,
    )


@ft.component
def NotFound() -> ft.Control:
    """Draw what stands at a path that leads nowhere."""
    return ft.Container(
        padding=24,
        content=notice(
            _("There is no such page"),
            level="digest",
            actions=[main_button(_("To the first page"), lambda: go(routes.HOME), key="home")],
        ),
    )
