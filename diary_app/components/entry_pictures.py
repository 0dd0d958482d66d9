"""The photos of a saved entry, each beside the earlier one of the same place."""

from uuid import UUID

import flet as ft

from diary_app.components.heading import quiet
from diary_app.components.loading import could_not_read, use_loaded, waiting
from diary_app.components.notice import card
from diary_app.components.photo_cover import CoverCard, use_cover
from diary_app.components.photo_pair import PicturePair
from diary_app.state.body import region_label
from diary_app.state.pictures import Picture, Pictures


@ft.component
def EntryPictures(pictures: Pictures, topic: str, entry_id: UUID) -> ft.Control:
    """Draw them, covered until they are asked for.

    Args:
        topic: Rings when something about this patient changed.
    """
    loaded = use_loaded(lambda: pictures.of_entry(entry_id), [str(entry_id)])
    cover, set_cover = use_cover(pictures, topic)
    if loaded.value is None or cover is None:
        return waiting() if loaded.error is None else could_not_read(loaded.again)
    return ft.Column(
        [
            CoverCard(pictures, cover, set_cover),
            *(
                _card(picture, number, shown=cover.shown)
                for number, picture in enumerate(loaded.value, start=1)
            ),
        ],
        spacing=16,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _card(picture: Picture, number: int, *, shown: bool) -> ft.Control:
    words = [region_label(picture.region)] if picture.region else []
    words += [picture.description] if picture.description else []
    key = str(picture.photo.id)
    pair = PicturePair(picture, number, shown=shown, key=key)  # type: ignore[call-arg]
    return card([pair, *([quiet(" · ".join(words))] if words else ())])
