"""The private calendar: its link, its QR code, and what may stand in it."""

import asyncio
from collections.abc import Callable
from functools import partial

import flet as ft

from diary_app.components.buttons import main_button, other_button
from diary_app.components.care_component import keyed
from diary_app.components.fields import edge
from diary_app.components.heading import body, heading, quiet
from diary_app.components.notice import card
from diary_app.state.reminders import CalendarLink, Reminders
from diary_app.text import _
from diary_app.theme import TARGET


@keyed
def CalendarCard(
    reminders: Reminders, discreet: bool | None, used: bool, again: Callable[[], None]
) -> ft.Control:
    """Make, show once, and end the private address of a calendar.

    Args:
        discreet: None when there is no calendar.
        used: A calendar program asked for it.
        again: Reads the screen anew after a change.
    """
    nothing: CalendarLink | None = None
    link, set_link = ft.use_state(nothing)
    copied, set_copied = ft.use_state(False)
    clipboard = ft.use_memo(ft.Clipboard, [])

    async def make() -> None:
        keep = discreet is not False
        made = await asyncio.to_thread(partial(reminders.open_calendar, discreet=keep))
        set_link(lambda _before: made)
        set_copied(False)
        again()

    async def end() -> None:
        await asyncio.to_thread(reminders.end_calendar)
        set_link(lambda _before: None)
        again()

    async def choose(event: ft.Event[ft.Switch]) -> None:
        await asyncio.to_thread(reminders.set_discreet, bool(event.control.value))
        again()

    async def copy() -> None:
        if isinstance(link, CalendarLink):
            await clipboard.set(link.url)
            set_copied(True)

    lines: list[ft.Control] = [
        heading(_("In my phone's calendar"), 2),
        quiet(
            _(
                "Your phone's calendar can show these reminders and ring. Some calendars, such as"
                " Google's, show them without ringing."
            )
        ),
    ]
    if discreet is None:
        lines.append(
            main_button(
                _("Make a calendar link"), make, key="make-calendar", icon=ft.Icons.CALENDAR_MONTH
            )
        )
        return card(lines)
    lines.append(
        body(
            _("Your calendar program has asked for it.")
            if used
            else _("No calendar program has asked for it yet.")
        )
    )
    if isinstance(link, CalendarLink):
        lines += [
            body(_("Keep this link to yourself. It is shown only now."), strong=True),
            ft.TextField(
                label=_("Calendar link"),
                value=link.url,
                read_only=True,
                multiline=True,
                border=edge(),
                key="calendar-url",
            ),
            main_button(
                _("Copied") if copied else _("Copy the link"),
                copy,
                key="copy-calendar",
                icon=ft.Icons.CHECK if copied else ft.Icons.COPY,
            ),
            ft.Row(
                [
                    ft.Image(
                        src=link.qr_png,
                        width=220,
                        height=220,
                        semantics_label=_("QR code of the calendar link"),
                    )
                ],
                alignment=ft.MainAxisAlignment.CENTER,
            ),
        ]
    lines += [
        ft.Row(
            [
                ft.Container(
                    ft.Column(
                        [
                            body(_("Discreet"), strong=True),
                            quiet(_("The calendar names no medicine.")),
                        ],
                        spacing=0,
                    ),
                    expand=True,
                ),
                ft.Container(
                    ft.Switch(value=discreet, on_change=choose, key="discreet"), height=TARGET
                ),
            ],
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        other_button(_("Make a new link"), make, key="new-calendar", icon=ft.Icons.REFRESH),
        quiet(_("The old link then ends.")),
        other_button(_("End the calendar"), end, key="end-calendar", icon=ft.Icons.LINK_OFF),
    ]
    return card(lines)
