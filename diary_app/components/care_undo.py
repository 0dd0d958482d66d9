"""What one just did, and the button that takes it back while a minute lasts."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import flet as ft

from alerts.undo import Undo
from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, fine, text
from diary_app.components.care_words import clock
from diary_app.text import _

_DONE: Mapping[str, Callable[[], str]] = {
    "acknowledged": lambda: _("You took alert {code}, {name}."),
    "handed_back": lambda: _("You handed alert {code}, {name}, back to the team."),
    "closed": lambda: _("You closed alert {code}, {name}."),
    "noted": lambda: _("Your note was added to alert {code}, {name}."),
    "called": lambda: _("Your call was added to alert {code}, {name}."),
}


def undo_band(
    undo: Undo | None,
    code: str,
    name: str,
    now: datetime,
    zone: str,
    back: Callable[[], Awaitable[None]],
) -> list[ft.Control]:
    """Return the band that offers to take the last act back; nothing when there is none.

    Args:
        undo: What may be taken back.
        code: Of the alert.
        name: Of its patient.
        now: Of the reading; the band goes when the minute is over.
        zone: The clinic's time zone.
        back: Takes it back.
    """
    if undo is None or undo.until <= now:
        return []
    words = _DONE[undo.kind]().format(code=code, name=name)
    until = _("You can undo this until {time}.").format(time=clock(undo.until, zone, seconds=True))
    seconds = (undo.until - now).total_seconds()
    return [_Band(words, until, seconds, back, key=f"undo-{undo.event_id}")]


@keyed
def _Band(
    words: str, until: str, seconds: float, back: Callable[[], Awaitable[None]]
) -> ft.Control:
    over, set_over = ft.use_state(False)

    async def end() -> None:
        await asyncio.sleep(seconds)
        set_over(True)

    ft.use_effect(end, [], cleanup=lambda: None)
    if over:
        return ft.Container()
    return ft.Container(
        key="undo-band",
        padding=ft.Padding.symmetric(horizontal=16, vertical=8),
        bgcolor=ft.Colors.SECONDARY_CONTAINER,
        border_radius=10,
        content=ft.Semantics(
            container=True,
            live_region=True,
            content=ft.Row(
                [
                    ft.Icon(ft.Icons.CHECK, color=ft.Colors.ON_SECONDARY_CONTAINER, size=22),
                    ft.Column([text(words), fine(until)], spacing=0, expand=True),
                    button(_("Undo"), back, key="undo", icon=ft.Icons.UNDO),
                ],
                spacing=10,
            ),
        ),
    )
