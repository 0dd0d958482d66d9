"""One photo of the entry being written, and the last ones to hold the same pose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import flet as ft

from diary_app.components.buttons import Act, other_button
from diary_app.components.care_photo import picture_dialog
from diary_app.components.fields import edge
from diary_app.components.heading import heading, quiet
from diary_app.components.notice import card, notice
from diary_app.components.photo_pair import PicturePair, touchable
from diary_app.ground.picker import PhotoPicker, Sending
from diary_app.state.body import region_label
from diary_app.state.pictures import Picture, Tray, dated_words, doubt_words
from diary_app.text import _
from diary_app.theme import BODY

MOST_POSES = 4


@dataclass(frozen=True)
class CardActs:
    """What can be done with a photo.

    Attributes:
        describe: Takes the picture, its region or None, and its words.
        remove: Takes the picture.
        keep: Takes the picture; asks no more about what it seems to lack.
        again: Returns how a photo that replaces this one is sent.
    """

    describe: Act
    remove: Act
    keep: Act
    again: Callable[[Picture], Sending]


@ft.component
def PhotoCard(
    picture: Picture, number: int, offered: Mapping[str, str], acts: CardActs, *, shown: bool
) -> ft.Control:
    """Draw one photo with what it shows.

    Args:
        number: From 1.
        offered: Region -> name, in the order to offer them.
        shown: False = covered.
    """
    words, set_words = ft.use_state(picture.description)

    async def keep_words() -> None:
        if words != picture.description:
            await acts.describe(picture, picture.region, words)

    async def keep_region(event: ft.Event[ft.DropdownM2]) -> None:
        await acts.describe(picture, event.control.value or None, words)

    async def remove() -> None:
        await acts.remove(picture)

    async def keep() -> None:
        await acts.keep(picture)

    again = PhotoPicker(
        _("Take photo {number} again").format(number=number),
        acts.again(picture),
        name=f"photo-again-{number}",
        several=False,
    )
    asked: list[ft.Control] = []
    if picture.doubt is not None:
        kept = other_button(_("Keep it"), keep, key=f"photo-keep-{number}", icon=ft.Icons.CHECK)
        asked = [
            notice(doubt_words(picture.doubt), level="digest", live=True, actions=[kept, again])
        ]
    return card(
        [
            PicturePair(picture, number, shown=shown),
            *asked,
            ft.DropdownM2(
                label=_("Where on the body? (photo {number})").format(number=number),
                value=picture.region,
                text_size=BODY,
                on_change=keep_region,
                options=[
                    ft.dropdownm2.Option(key=region, content=ft.Text(name))
                    for region, name in offered.items()
                ],
            ),
            ft.TextField(
                key=f"photo-words-{number}",
                label=_("What does photo {number} show?").format(number=number),
                value=words,
                max_length=500,
                border=edge(),
                text_size=BODY,
                multiline=True,
                on_change=lambda event: set_words(event.control.value or ""),
                on_blur=keep_words,
            ),
            *([again] if picture.doubt is None else ()),
            other_button(
                _("Remove photo {number}").format(number=number),
                remove,
                key=f"photo-remove-{number}",
                icon=ft.Icons.DELETE_OUTLINE,
            ),
        ]
    )


@ft.component
def LastPose(tray: Tray, marked: tuple[str, ...], *, shown: bool) -> ft.Control:
    """Draw the last photos of regions that wait for a new one: the pose to hold.

    Args:
        tray: The photos of the entry, and the last ones.
        marked: Regions of today's body map; without any, every region that has a last photo.
        shown: False = covered: nothing is drawn.
    """
    large, set_large = ft.use_state("")
    ft.use_dialog(picture_dialog(large if shown else "", lambda: set_large("")))
    taken = {picture.region for picture in tray.pictures}
    wanted = [key for key in marked or tray.last if key in tray.last and key not in taken]
    if not shown or not wanted:
        return ft.Container(visible=False)
    tiles: list[ft.Control] = [
        ft.Column(
            [
                touchable(
                    tray.last[region].id,
                    _("Last photo: {part}").format(part=region_label(region)),
                    set_large,
                    height=130,
                ),
                quiet(f"{region_label(region)}\n{dated_words(tray.last[region])}"),
            ],
            width=158,
            spacing=4,
            tight=True,
        )
        for region in wanted[:MOST_POSES]
    ]
    return card(
        [
            heading(_("Your last photos: hold the same pose"), 2),
            ft.Row(tiles, wrap=True, spacing=12, run_spacing=12),
        ]
    )
