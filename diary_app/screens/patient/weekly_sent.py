"""The weekly answers were sent: who can read them, and that they alert nobody."""

import flet as ft

from diary_app.components.buttons import main_button
from diary_app.components.frame import framed
from diary_app.components.heading import quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import card, notice
from diary_app.ground.boundary import screen_component
from diary_app.routes import HOME
from diary_app.screens.patient.advice_card import not_emergencies
from diary_app.screens.patient.around import Around, go, use_around
from diary_app.screens.patient.weekly_card import alerts_nobody
from diary_app.state.calendar import day_words
from diary_app.state.weekly import WeeklySent
from diary_app.text import _


@screen_component
def WeeklySentScreen() -> ft.View:
    """Say that the newest answers are kept; what they mean is for the care team."""
    around = use_around()
    route = ft.use_view_path()
    loaded = use_loaded(lambda: (around.diary.weekly.sent(),))
    if loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    else:
        content = _content(around, loaded.value[0])
    return framed(
        _("Sent"),
        content,
        route=route,
        foot=[main_button(_("Done"), lambda: go(HOME), key="done", icon=ft.Icons.HOME)],
        back=False,
    )


def _content(around: Around, sent: WeeklySent | None) -> list[ft.Control]:
    if sent is None:
        return [notice(_("No weekly answers were sent yet."), level="none")]
    return [
        notice(
            _("Your weekly answers are sent"),
            [
                _("{answered} of {asked} questions answered.").format(
                    answered=sent.answered, asked=sent.asked
                ),
                _("Your care team can read them at your next visit."),
            ],
            level="digest",
            live=True,
        ),
        card(alerts_nobody(around.clinic)),
        quiet(_("You will be asked again from {day} on.").format(day=day_words(sent.next_on))),
        not_emergencies(),
    ]
