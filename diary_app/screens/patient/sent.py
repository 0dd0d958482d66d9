"""What a saved entry means, at once."""

from uuid import UUID

import flet as ft

from diary_app.components.buttons import main_button, other_button
from diary_app.components.frame import framed
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import notice
from diary_app.ground.boundary import screen_component
from diary_app.ground.live import use_topic
from diary_app.routes import HOME, history_day
from diary_app.screens.patient.advice_card import (
    advice_card,
    not_emergencies,
    recheck_card,
    seen_line,
    stopped_card,
    why_card,
)
from diary_app.screens.patient.around import go, use_around
from diary_app.state.diary import SentView
from diary_app.state.faults import NotInDiaryError
from diary_app.text import _


def asked_id(text: str) -> UUID:
    """Return the id in a path; raises NotInDiaryError for anything else."""
    try:
        return UUID(text)
    except ValueError:
        raise NotInDiaryError(_("This entry is not in your diary.")) from None


@screen_component
def Sent() -> ft.View:
    """Draw the advice on one entry; it follows who has seen it."""
    around = use_around()
    route = ft.use_view_path()
    wanted = ft.use_route_params().get("id", "")

    def read() -> SentView:
        return around.diary.sent(asked_id(wanted))

    loaded = use_loaded(read, [wanted])
    use_topic(around.diary.topic, loaded.again)
    foot: list[ft.Control] = [
        main_button(_("Done"), lambda: go(HOME), key="done", icon=ft.Icons.HOME)
    ]
    if isinstance(loaded.error, NotInDiaryError):
        content: list[ft.Control] = [notice(str(loaded.error), level=None)]
    elif loaded.error is not None:
        content = [
            notice(
                _("Your entry is saved"),
                [
                    _(
                        "What it means could not be shown just now."
                        " If you feel unwell, call the clinic: {phone}."
                    ).format(phone=around.clinic.phone)
                ],
                level=None,
            ),
            could_not_read(loaded.again),
        ]
    elif loaded.value is None:
        content = [waiting()]
    else:
        content = _content(loaded.value)
        if loaded.value.alerting_stopped:
            content.insert(1, stopped_card(around.clinic, loaded.value.stopped_since, []))
    title = _("Your entry") if loaded.value is None else _("Saved")
    return framed(title, content, route=route, foot=foot, back=False)


@ft.component
def Why(sent: SentView) -> ft.Control:
    """Draw the reasons, then when to call at once: that takes a search, the advice does not."""
    diary = use_around().diary
    call_if = use_loaded(lambda: diary.call_if(sent.entry_id), [sent.entry_id]).value
    return why_card(sent.advice, call_if or "") or ft.Container(visible=False)


def _content(sent: SentView) -> list[ft.Control]:
    controls: list[ft.Control] = [advice_card(sent.advice, live=True)]
    if sent.recheck is not None:
        controls.append(recheck_card(sent.recheck, []))
    controls.append(seen_line(sent.clock, sent.seen))
    controls.append(Why(sent))
    controls.append(
        other_button(
            _("See or correct this entry"),
            lambda: go(history_day(sent.entry_id)),
            key="see-entry",
        )
    )
    controls.append(not_emergencies())
    return controls
