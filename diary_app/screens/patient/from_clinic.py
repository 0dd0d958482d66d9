"""What the clinic did about the patient's alerts, newest first."""

from uuid import UUID

import flet as ft

from diary_app import routes
from diary_app.components.buttons import call_button, other_button
from diary_app.components.clinic_answer import answer_card
from diary_app.components.frame import framed
from diary_app.components.heading import body
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.ground.boundary import screen_component
from diary_app.ground.live import use_topic
from diary_app.screens.patient.around import go, use_around
from diary_app.state.advice import Call
from diary_app.state.course import ClinicAnswer
from diary_app.text import _

SHOWN_AT_ONCE = 20


@screen_component
def FromClinic() -> ft.View:
    """Draw the list."""
    around = use_around()
    route = ft.use_view_path()
    shown, set_shown = ft.use_state(SHOWN_AT_ONCE)
    loaded = use_loaded(around.diary.course.answers)
    use_topic(around.diary.topic, loaded.again)
    content: list[ft.Control]
    if loaded.value is None:
        content = [waiting()] if loaded.error is None else [could_not_read(loaded.again)]
    elif not loaded.value:
        content = [
            body(_("None of your entries has raised an alert at your clinic.")),
            body(
                _("Your team can see every entry. If you are worried, call. Do not wait."),
                strong=True,
            ),
        ]
    else:
        content = [_card(answer) for answer in loaded.value[:shown]]
        if len(loaded.value) > shown:
            content.append(
                other_button(
                    _("Show earlier ones"),
                    lambda: set_shown(lambda count: count + SHOWN_AT_ONCE),
                    key="more",
                )
            )
    phone = around.clinic.phone
    call = Call(_("Call the clinic {number}").format(number=phone), phone)
    return framed(
        _("From your clinic"), content, route=route, foot=[call_button(call, strong=False)]
    )


def _card(answer: ClinicAnswer) -> ft.Control:
    if answer.about is None:
        return answer_card(answer)
    entry_id: UUID = answer.about[0]
    show = other_button(
        _("See this entry"),
        lambda: go(routes.history_day(entry_id)),
        key=f"about-{answer.alert_id}",
    )
    return answer_card(answer, [show])
