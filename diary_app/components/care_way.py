"""One way out: where it leads, whether it works, and its buttons."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_parts import button, fine, tag, text
from diary_app.components.care_words import MESSAGES, when, word
from diary_app.services.ways import LastMessage, WayLine
from diary_app.text import _
from diary_app.theme import look

Act = Callable[[UUID | None], Awaitable[None]]

_ICONS = {
    "email": ft.Icons.EMAIL,
    "apprise": ft.Icons.PHONE_IPHONE,
    "webhook": ft.Icons.WEBHOOK,
}


def way_row(
    line: WayLine,
    now: datetime,
    zone: str,
    *,
    test: Act,
    switch_off: Act,
    switch_on: Act,
    confirm: Act,
) -> ft.Control:
    """Return one way out.

    Args:
        now: Of the reading.
        zone: The clinic's time zone.
        test: Sends a test message; the acts take the way's id, None for the sign-in address.
        switch_off: Ends its use.
        switch_on: Takes it into use again.
        confirm: Notes that a test arrived.
    """
    name = "email" if line.way_id is None else line.label
    acts: list[ft.Control] = []
    if line.on:
        acts.append(button(_("Send a test"), partial(test, line.way_id), key=f"test-{name}"))
    if line.way_id is not None and line.on and _arrived_is_asked(line):
        acts.append(button(_("It arrived"), partial(confirm, line.way_id), key=f"arrived-{name}"))
    if line.way_id is not None:
        words, act = (_("Switch off"), switch_off) if line.on else (_("Switch on again"), switch_on)
        acts.append(button(words, partial(act, line.way_id), key=f"switch-{name}"))
    seen = look(None if not line.on else _level(line.last))
    return ft.Container(
        key=f"way-{name}",
        padding=ft.Padding.symmetric(horizontal=14, vertical=12),
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=10,
        bgcolor=ft.Colors.SURFACE,
        content=ft.Column(
            [
                ft.Row(
                    [
                        ft.Icon(_ICONS[line.kind], color=ft.Colors.ON_SURFACE_VARIANT),
                        ft.Column(
                            [text(line.label, strong=True), fine(line.shown)],
                            spacing=0,
                            tight=True,
                            expand=True,
                        ),
                        *([] if line.on else [tag(seen, _("Switched off"))]),
                    ],
                    spacing=12,
                ),
                *_last_words(line.last, now, zone),
                *_confirmed_words(line, now, zone),
                ft.Row(acts, wrap=True, spacing=8, run_spacing=8),
            ],
            spacing=8,
        ),
    )


def _arrived_is_asked(line: WayLine) -> bool:
    return line.confirmed_at is None and line.last is not None and line.last.state == "sent"


def _level(last: LastMessage | None) -> str:
    failed = last is not None and last.state.startswith("failed")
    return "prompt" if failed else "none"


def _last_words(last: LastMessage | None, now: datetime, zone: str) -> list[ft.Control]:
    if last is None:
        return [fine(_("Nothing was sent by this way yet. Send a test."))]
    kind = _("Last test") if last.test else _("Last message")
    words = _("{kind}: {state}, {time}").format(
        kind=kind, state=word(MESSAGES, last.state), time=when(last.at, zone, now)
    )
    failed = last.state.startswith("failed")
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(
                    look("prompt").icon if failed else _mark(last.state),
                    color=look("prompt").ink if failed else ft.Colors.ON_SURFACE_VARIANT,
                    size=20,
                ),
                ft.Container(text(words, size=15), expand=True),
            ],
            spacing=8,
        )
    ]
    if last.error:
        lines.append(text(last.error, size=15))
    elif last.receipt:
        lines.append(fine(_("Receipt: {receipt}").format(receipt=last.receipt)))
    return lines


def _mark(state: str) -> ft.IconData:
    return ft.Icons.CHECK_CIRCLE if state in ("sent", "delivered") else ft.Icons.SCHEDULE


def _confirmed_words(line: WayLine, now: datetime, zone: str) -> list[ft.Control]:
    if line.confirmed_at is None:
        return []
    return [fine(_("Seen to arrive {time}").format(time=when(line.confirmed_at, zone, now)))]
