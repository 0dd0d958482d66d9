"""Photos of the rash: taken or chosen, described, compared, taken again, taken out."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

import flet as ft

from diary_app import routes
from diary_app.components.buttons import main_button
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import notice
from diary_app.components.photo_cover import CoverCard, use_cover
from diary_app.components.photo_guide import PhotoGuide
from diary_app.components.photo_sending import sending_row
from diary_app.ground.controls import open_same_window
from diary_app.ground.live import use_topic
from diary_app.ground.picker import PhotoPicker
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.screens.patient.photo_card import LastPose, PhotoCard
from diary_app.screens.patient.photo_sends import use_sends
from diary_app.state.body import FIGURES, region_label
from diary_app.state.pictures import regions_to_offer
from diary_app.text import _


def photos(asking: Asking) -> Sheet:
    """Ask for photos; none is a good answer too."""
    return Sheet(
        title=_("Add photos of the rash?"),
        hint=_("Only your care team sees them. You can also go on without."),
        controls=(PhotoTray(asking),),
        main=main_button(_("Next"), lambda: asking.pass_on("done"), key="next"),
    )


@ft.component
def PhotoTray(asking: Asking) -> ft.Control:
    """Draw the photos of the draft, the button for more, and what went wrong."""
    draft_id, pictures = UUID(asking.draft_id), asking.diary.pictures
    loaded = use_loaded(lambda: pictures.tray(draft_id), [asking.draft_id])
    use_topic(asking.diary.topic, loaded.again)
    cover, set_cover = use_cover(pictures, asking.diary.topic)
    sends = use_sends(asking.diary, draft_id, loaded.again)

    async def simple_page() -> None:
        await open_same_window(routes.simple_photo_page(asking.draft_id))

    tray = loaded.value
    if tray is None or cover is None:
        return waiting() if loaded.error is None else could_not_read(loaded.again)
    drawn: Mapping[str, str] = asking.value("regions") or {}
    marked = tuple(region for region in _every_region() if drawn.get(region, "none") != "none")
    offered = regions_to_offer(_every_region(), marked)
    return ft.Column(
        [
            PhotoGuide(is_first=tray.is_first),
            *([CoverCard(pictures, cover, set_cover)] if tray.pictures or tray.last else ()),
            *([notice(sends.trouble, level="prompt", live=True)] if sends.trouble else ()),
            LastPose(tray, marked, shown=cover.shown),
            *(sending_row(one, partial(sends.forget, one.key)) for one in sends.under_way.values()),
            PhotoPicker(
                _("Add more photos") if tray.pictures else _("Take or choose photos"),
                sends.sending(),
            ),
            *(
                PhotoCard(  # type: ignore[call-arg]
                    picture,
                    number,
                    offered,
                    sends.acts,
                    shown=cover.shown,
                    key=str(picture.photo.id),
                )
                for number, picture in enumerate(tray.pictures, start=1)
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


def _every_region() -> dict[str, str]:
    return {region: region_label(region) for side in FIGURES.values() for region in side}
