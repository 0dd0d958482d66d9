"""Photos covered on a shared phone, and the card that shows them for a while."""

import asyncio
from collections.abc import Callable

import flet as ft

from diary_app import routes
from diary_app.components.buttons import main_button, other_button
from diary_app.components.fields import edge
from diary_app.components.heading import body, heading
from diary_app.components.notice import card
from diary_app.ground.controls import open_same_window
from diary_app.ground.live import use_topic
from diary_app.state.faults import DiaryError
from diary_app.state.pictures import Cover, Pictures, cover_words
from diary_app.text import _
from diary_app.theme import BODY, ROUND


def use_cover(pictures: Pictures, topic: str) -> tuple[Cover | None, Callable[[Cover], None]]:
    """Return whether photos are shown now, None until known, and what sets it; a hook."""
    unknown: Cover | None = None
    cover, set_cover = ft.use_state(unknown)

    async def look() -> None:
        set_cover(await asyncio.to_thread(pictures.cover))

    async def run_out() -> None:
        if cover is not None and cover.shown:
            await asyncio.sleep(cover.seconds + 0.1)
            await look()

    use_topic(topic, look)
    ft.use_effect(look, [], cleanup=lambda: None)
    ft.use_effect(run_out, [cover], cleanup=lambda: None)
    return cover, set_cover


@ft.component
def CoverCard(pictures: Pictures, cover: Cover, set_cover: Callable[[Cover], None]) -> ft.Control:
    """Draw what shows the photos, or covers them again."""
    pin, set_pin = ft.use_state("")
    trouble, set_trouble = ft.use_state("")

    async def show() -> None:
        try:
            set_cover(await asyncio.to_thread(pictures.show, pin))
        except DiaryError as error:
            set_trouble(str(error))
        else:
            set_trouble("")
        set_pin("")

    async def hide() -> None:
        set_cover(await asyncio.to_thread(pictures.hide))

    async def choose_pin() -> None:
        await open_same_window(routes.PIN_PAGE)

    if cover.shown:
        return other_button(
            _("Hide my photos again"), hide, key="photos-hide", icon=ft.Icons.VISIBILITY_OFF
        )
    top = ft.Row(
        [
            ft.Icon(ft.Icons.LOCK_OUTLINE, size=28, color=ft.Colors.ON_SURFACE),
            ft.Container(heading(_("Photos hidden"), 2), expand=True),
        ],
        spacing=12,
    )
    why = body(cover_words(has_pin=cover.has_pin))
    if not cover.has_pin:
        return card(
            [
                top,
                why,
                main_button(_("Show my photos without a PIN"), show, key="photos-show"),
                other_button(_("Set a PIN first"), choose_pin, key="photos-pin"),
            ]
        )
    return card(
        [
            top,
            why,
            ft.TextField(
                key="photos-pin-field",
                label=_("Your PIN"),
                value=pin,
                password=True,
                keyboard_type=ft.KeyboardType.NUMBER,
                max_length=8,
                counter="",
                border=edge(),
                text_size=BODY,
                label_style=ft.TextStyle(size=BODY),
                error=trouble or None,
                on_change=lambda event: set_pin(event.control.value or ""),
                on_submit=show,
            ),
            main_button(_("Show my photos"), show, key="photos-show"),
        ]
    )


def hidden_photo(number: int) -> ft.Control:
    """Return what stands in for a covered photo."""
    return ft.Container(
        padding=16,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
        border_radius=ROUND,
        content=ft.Row(
            [
                ft.Icon(ft.Icons.LOCK_OUTLINE, size=28, color=ft.Colors.ON_SURFACE),
                body(_("Photo {number}: hidden").format(number=number)),
            ],
            spacing=12,
        ),
    )
