"""Photos of the rash: taken or chosen, described, taken out again."""

import asyncio
from uuid import UUID

import flet as ft

from diary_app import routes
from diary_app.components.buttons import Act, main_button, other_button
from diary_app.components.fields import edge
from diary_app.components.heading import quiet
from diary_app.components.notice import card, notice
from diary_app.ground.controls import open_same_window
from diary_app.ground.live import use_topic
from diary_app.ground.picker import PhotoPicker
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state.body import FIGURES, region_label
from diary_app.state.diary import PhotoView
from diary_app.state.faults import DiaryError
from diary_app.text import _
from diary_app.theme import BODY, ROUND


def photos(asking: Asking) -> Sheet:
    """Ask for photos; none is a good answer too."""
    return Sheet(
        title=_("Add photos of the rash?"),
        hint=_("Good light, a hand's length away. Only your care team sees them."),
        controls=(PhotoTray(asking),),
        main=main_button(_("Next"), lambda: asking.pass_on("done"), key="next"),
    )


@ft.component
def PhotoTray(asking: Asking) -> ft.Control:
    """Draw the photos of the draft, the button for more, and what went wrong."""
    shown, set_shown = ft.use_state(asking.photos)
    nothing: dict[str, float] = {}
    sending, set_sending = ft.use_state(nothing)
    trouble, set_trouble = ft.use_state("")
    draft_id = UUID(asking.draft_id)
    addresses: dict[str, str] = ft.use_memo(lambda: {}, [])

    async def look() -> None:
        set_shown(await asyncio.to_thread(asking.diary.photos, draft_id))

    use_topic(asking.diary.topic, look)
    ft.use_effect(look, [asking.draft_id], cleanup=lambda: None)

    def make_ticket(name: str, _size: int) -> str | None:
        try:
            addresses[name] = asking.diary.make_ticket(draft_id)
        except DiaryError as error:
            set_trouble(str(error))
            return None
        return addresses[name]

    def progress(name: str, part: float) -> None:
        set_trouble("")
        set_sending(lambda now: {**now, name: part})

    async def done(name: str, error: str | None) -> None:
        set_sending(lambda now: {each: part for each, part in now.items() if each != name})
        if error is not None:
            # The browser tells only that sending failed; the server kept the reason.
            why = await asyncio.to_thread(asking.diary.photo_refusal, addresses.get(name, ""))
            set_trouble(error if why is None else why)
        await look()

    def arrived(name: str, error: str | None) -> None:
        ft.context.page.run_task(done, name, error)

    async def describe(photo: PhotoView, region: str | None, words: str) -> None:
        try:
            await asyncio.to_thread(asking.diary.describe_photo, photo.id, region, words)
        except DiaryError as error:
            set_trouble(str(error))
        await look()

    async def remove(photo: PhotoView) -> None:
        await asyncio.to_thread(asking.diary.remove_photo, photo.id)
        await look()

    async def simple_page() -> None:
        await open_same_window(routes.simple_photo_page(asking.draft_id))

    return ft.Column(
        [
            *([notice(trouble, level="prompt", live=True)] if trouble else ()),
            *(
                PhotoCard(photo, number, describe, remove)
                for number, photo in enumerate(shown, start=1)
            ),
            *(
                ft.ProgressBar(
                    value=part, bar_height=10, semantics_label=_("A photo is being sent")
                )
                for part in sending.values()
            ),
            PhotoPicker(
                _("Add another photo") if shown else _("Take or choose a photo"),
                make_ticket,
                progress,
                arrived,
            ),
            ft.TextButton(
                _("The photo button does not open? Use the simple photo page"),
                key="simple-photo-page",
                on_click=simple_page,
            ),
        ],
        spacing=16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def PhotoCard(photo: PhotoView, number: int, describe: Act, remove: Act) -> ft.Control:
    """Draw one photo with what it shows."""
    words, set_words = ft.use_state(photo.description)

    async def keep_words() -> None:
        if words != photo.description:
            await describe(photo, photo.region, words)

    async def keep_region(event: ft.Event[ft.DropdownM2]) -> None:
        await describe(photo, event.control.value or None, words)

    async def take_out() -> None:
        await remove(photo)

    return card(
        [
            ft.Image(
                src=routes.thumbnail(photo.id),
                height=180,
                fit=ft.BoxFit.CONTAIN,
                border_radius=ROUND,
                semantics_label=_("Photo {number}").format(number=number),
                error_content=quiet(_("The picture cannot be shown just now.")),
            ),
            ft.DropdownM2(
                label=_("Where on the body? (photo {number})").format(number=number),
                value=photo.region,
                text_size=BODY,
                on_change=keep_region,
                options=[
                    ft.dropdownm2.Option(key=region, content=ft.Text(region_label(region)))
                    for side in FIGURES.values()
                    for region in side
                ],
            ),
            ft.TextField(
                label=_("What does photo {number} show?").format(number=number),
                value=words,
                max_length=500,
                border=edge(),
                text_size=BODY,
                multiline=True,
                on_change=lambda event: set_words(event.control.value or ""),
                on_blur=keep_words,
            ),
            other_button(
                _("Remove photo {number}").format(number=number),
                take_out,
                key=f"photo-remove-{number}",
                icon=ft.Icons.DELETE_OUTLINE,
            ),
        ]
    )
