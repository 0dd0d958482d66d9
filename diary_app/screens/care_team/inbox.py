"""The inbox: who needs a call now, why, for how long, and who has it."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from diary_app.components.care_inbox_keys import every_key, list_keys, short_keys
from diary_app.components.care_inbox_row import inbox_row
from diary_app.components.care_inbox_tools import (
    Troubles,
    any_trouble,
    belongs,
    closed_choice,
    filters,
    matches,
    nothing_words,
    on_call_words,
    search_field,
    weekly_line,
)
from diary_app.components.care_keys import Answer, keys_dialog, keys_line, use_keys
from diary_app.components.care_parts import button, fine, text
from diary_app.components.care_reading import attempt, tell, use_reading
from diary_app.components.care_requests import erasure_bands
from diary_app.components.care_shell import reading_body, shell, use_care
from diary_app.components.care_tasks import task_bands
from diary_app.components.care_undo import undo_band
from diary_app.ground.boundary import screen_component
from diary_app.routes import HOME
from diary_app.services.inbox import InboxRow
from diary_app.text import _

FILTERS = ("open", "mine", "closed")


@screen_component
def InboxScreen() -> ft.View:
    """Show the clinic's alerts, loudest and longest waiting first; live."""
    care = use_care()
    inbox = care.desk.inbox
    chosen, choose = ft.use_state("open")
    days, set_days = ft.use_state(1)
    words, search = ft.use_state("")
    at, go_to = ft.use_state("")
    helping, help_ = ft.use_state(False)
    field: ft.Ref[ft.TextField] = ft.use_memo(ft.Ref, [])
    body: ft.Ref[ft.Column] = ft.use_memo(ft.Ref, [])
    reading = use_reading(
        lambda _again: inbox.page(closed_days=days), inbox.topic, [care.desk, days]
    )
    requests = care.desk.data_requests
    erasures = use_reading(lambda _again: requests.waiting(), inbox.topic, [care.desk]).value
    page = reading.value
    found = [] if page is None else [row for row in page.rows if matches(row, words)]
    shown = [row for row in found if belongs(row, chosen)]

    async def take(row: InboxRow) -> None:
        done = await attempt(inbox.take, row.alert_id)
        if done is False:
            tell(ft.context.page, _("A colleague took this alert first."))
        await reading.again()

    async def done(task_id: UUID) -> None:
        await attempt(inbox.finish_task, task_id)
        await reading.again()

    async def back() -> None:
        row = None if page is None else page.undo
        if row is None or row.undo is None:
            return
        if await attempt(inbox.undo, row.alert_id, row.undo.event_id) is False:
            tell(ft.context.page, _("It is too late to undo this, or somebody acted since."))
        await reading.again()

    async def to_search() -> None:
        if field.current is not None:
            await field.current.focus()  # type: ignore[no-untyped-call]

    def typing(yes: bool) -> None:
        care.keys.typing = yes

    def entered() -> None:
        typing(False)
        go_to(shown[0].code if shown else "")

    def show(name: str) -> Callable[[], None]:
        return lambda: choose(name)

    answers = {
        **list_keys(shown, at, go_to, take, body),
        "u": back,
        "/": to_search,
        "?": lambda: help_(True),
        **{str(n): show(name) for n, name in enumerate(FILTERS, 1)},
    }
    shut: dict[str, Answer] = {"?": lambda: help_(False), "enter": lambda: help_(False)}
    use_keys(care.keys, HOME, shut if helping else answers)
    ft.use_dialog(keys_dialog(every_key(), lambda: help_(False)) if helping else None)
    if page is None:
        return shell(care, _("Inbox"), reading_body(reading.problem), place=HOME, watch=None)
    last = page.undo
    return shell(
        care,
        _("Inbox"),
        [
            *(
                undo_band(
                    last.undo, last.code, last.patient.name, page.now, page.watch.time_zone, back
                )
                if last is not None
                else []
            ),
            *erasure_bands(erasures or 0),
            *task_bands(page.trouble.tasks, done),
            *([Troubles(page.trouble)] if any_trouble(page.trouble) else []),
            *([fine(on_call_words(page))] if page.on_call else []),
            ft.ResponsiveRow(
                [
                    ft.Container(filters(page, chosen, choose), col={"xs": 12, "md": 8}),
                    ft.Container(
                        search_field(words, search, typing, entered, field),
                        col={"xs": 12, "md": 4},
                    ),
                ],
                spacing=12,
                run_spacing=10,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            *([closed_choice(days, set_days)] if chosen == "closed" else []),
            *(
                inbox_row(
                    row,
                    page.now,
                    page.watch.time_zone,
                    take,
                    wide=care.wide,
                    marked=row.code == at,
                )
                for row in shown
            ),
            *(
                []
                if shown
                else [
                    ft.Container(
                        text(nothing_words(chosen, words, found, page)), padding=ft.Padding.all(24)
                    )
                ]
            ),
            *weekly_line(page),
            *(
                [
                    ft.Row(
                        [
                            ft.Container(keys_line(short_keys()), expand=True),
                            button(_("All keys"), lambda: help_(True), key="keys"),
                        ]
                    )
                ]
                if care.wide
                else []
            ),
        ],
        place=HOME,
        watch=page.watch,
        scrolling=body,
    )
