"""One alert's page: what to know before the call, and what was done."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from diary_app.components.care_alert import acts_of, facts, headline, history, messages
from diary_app.components.care_close import CloseDialog, NoteDialog, SnoozeDialog
from diary_app.components.care_entry import entry_card, photo_strip, recent_table
from diary_app.components.care_labs import labs_table
from diary_app.components.care_parts import button, fine, part
from diary_app.components.care_photo import picture_dialog
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_why import Why, changes
from diary_app.components.care_words import clock
from diary_app.ground.boundary import screen_component
from diary_app.routes import HOME, patient
from diary_app.services.alert_page import AlertPage
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.text import _


@screen_component
def AlertScreen() -> ft.View:
    """Show one alert; opening it marks its entries as seen."""
    care = use_care()
    named = ft.use_route_params().get("alert_id", "")
    asking, ask = ft.use_state("")
    large, enlarge = ft.use_state("")
    inbox = care.desk.inbox
    reading = use_reading(
        lambda again: inbox.open(_id(named), again=again), inbox.topic, [care.desk, named]
    )
    page = reading.value

    async def close(outcome: str, note: str) -> None:
        ask("")
        done = await attempt(inbox.close, _id(named), outcome, note)
        if done is False:
            tell(ft.context.page, _("A colleague closed this alert first."))
        await reading.again()

    async def keep_note(words: str) -> None:
        ask("")
        await attempt(inbox.add_note, _id(named), words)
        await reading.again()

    ft.use_dialog(picture_dialog(large, lambda: enlarge("")))
    if page is None:
        return shell(
            care, _("Alert"), reading_body(reading.problem), place=HOME, watch=None, deep=True
        )

    async def take() -> None:
        done = await attempt(inbox.take, page.alert_id)
        if done is False:
            tell(ft.context.page, await _who_was_first(care.desk.inbox.open, page))
        await reading.again()

    async def hand_back() -> None:
        done = await attempt(inbox.hand_back, page.alert_id)
        if done is False:
            tell(ft.context.page, _("You do not hold this alert any more."))
        await reading.again()

    async def snooze(minutes: int) -> None:
        ask("")
        done = await attempt(inbox.snooze, page.alert_id, minutes)
        if done is False:
            tell(ft.context.page, _("You do not hold this alert any more."))
        await reading.again()

    acts = acts_of(
        page,
        take=take,
        hand_back=hand_back,
        snooze=lambda: ask("snooze"),
        note=lambda: ask("note"),
        close=lambda: ask("close"),
    )
    to_patient = button(
        _("Patient's page"),
        lambda: ft.context.page.navigate(patient(page.patient.id)),
        key="to-patient",
    )
    left = [
        part(_("Why"), [Why(page, key="why")]),
        *([part(_("What would change this"), changes(page))] if page.changes else []),
        *(
            [part(_("Laboratory values"), [labs_table(page.labs, page.patient.time_zone)])]
            if page.labs
            else []
        ),
        part(
            _("What the patient said"),
            [
                *(entry_card(entry, page.watch.time_zone, page.now) for entry in page.entries),
                *photo_strip(page.photos, enlarge),
                *([] if page.entries else [fine(_("No entry is part of this alert."))]),
            ],
        ),
    ]
    right = [
        part(_("Dose and answer"), facts(page)),
        part(_("Last 14 days"), [recent_table(page.recent)]),
        part(_("History"), history(page)),
        part(_("Messages sent"), [messages(page)]),
    ]
    return shell(
        care,
        _("Alert {code}").format(code=page.code),
        [
            headline(page, [*acts, to_patient]),
            ft.ResponsiveRow(
                [
                    _column(left, 6),
                    _column(right, 6),
                ],
                spacing=14,
                run_spacing=14,
            ),
            CloseDialog(page.code, close, lambda: ask(""), key="close")
            if asking == "close"
            else ft.Container(),
            SnoozeDialog(page.snoozes, snooze, lambda: ask(""), key="snooze-dialog")
            if asking == "snooze"
            else ft.Container(),
            NoteDialog(keep_note, lambda: ask(""), key="note")
            if asking == "note"
            else ft.Container(),
        ],
        place=HOME,
        watch=page.watch,
        deep=True,
    )


def _id(named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError:
        raise UnusableAnswerError(_("There is no such page."), "alert_id") from None


async def _who_was_first(read: Callable[..., AlertPage], page: AlertPage) -> str:
    newest = await attempt(lambda: read(page.alert_id, again=True))
    if newest is None or newest.held_by is None or newest.held_at is None:
        return _("A colleague was first.")
    return _("{name} took this alert at {time}.").format(
        name=newest.held_by, time=clock(newest.held_at, newest.watch.time_zone)
    )


def _column(parts: list[ft.Control], share: int) -> ft.Control:
    return ft.Column(
        parts,
        col={"xs": 12, "lg": share},
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
