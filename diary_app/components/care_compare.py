"""The photos behind an alert, each beside the earlier one of the same region, and enlarged."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import FINE, button, fine
from diary_app.components.care_photo import picture_path
from diary_app.components.care_words import plain_day, short_day
from diary_app.exports.bundle import PhotoLine
from diary_app.routes import thumbnail
from diary_app.state.body import region_label
from diary_app.text import _, _n

SMALL = 124
CLOSER = 1.5
# How much of the earlier photo is laid over the new one.
STRENGTHS = {"0": 0.0, "40": 0.4, "80": 0.8}


def photo_pairs(
    photos: Sequence[PhotoLine],
    earlier: Mapping[UUID, PhotoLine],
    enlarge: Callable[[PhotoLine], None],
) -> list[ft.Control]:
    """Return each photo, beside it the earlier one of its region; nothing when there are none.

    Args:
        photos: Of the entries behind the alert.
        earlier: By photo, what it is to be compared with.
        enlarge: Opens the large view of a photo and its earlier one.
    """
    if not photos:
        return []
    return [
        fine(_("Photos. Touch one to enlarge it and to compare.")),
        ft.Row(
            [_pair(photo, earlier.get(photo.id), enlarge) for photo in photos],
            wrap=True,
            spacing=14,
            run_spacing=14,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
    ]


def _pair(
    photo: PhotoLine, before: PhotoLine | None, enlarge: Callable[[PhotoLine], None]
) -> ft.Control:
    shown = [_thumb(photo, photo_words(photo), lambda: enlarge(photo), f"photo-{photo.id}")]
    if before is not None:
        words = _before_words(photo, before)
        shown.append(_thumb(before, words, lambda: enlarge(photo), f"before-{photo.id}"))
    return ft.Container(
        ft.Row(shown, spacing=8, tight=True, vertical_alignment=ft.CrossAxisAlignment.START),
        padding=8,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        border_radius=10,
    )


def _thumb(photo: PhotoLine, words: str, act: Callable[[], None], key: str) -> ft.Control:
    label = _("Photo: {words}").format(words=words)
    return ft.Column(
        [
            ft.Semantics(
                label=label,
                button=True,
                content=ft.Container(
                    key=key,
                    content=ft.Image(
                        src=thumbnail(photo.id),
                        width=SMALL,
                        height=SMALL,
                        fit=ft.BoxFit.COVER,
                        border_radius=8,
                        semantics_label=label,
                        error_content=fine(_("This picture could not be opened.")),
                    ),
                    on_click=act,
                    ink=True,
                ),
            ),
            ft.Container(fine(words), width=SMALL),
        ],
        spacing=4,
        tight=True,
    )


def photo_words(photo: PhotoLine) -> str:
    """Return where and when a photo was taken, and what the patient wrote below it."""
    where = _("place not said") if photo.region is None else region_label(photo.region)
    return ", ".join(filter(None, (where, photo.description, short_day(photo.taken_on))))


def _before_words(photo: PhotoLine, before: PhotoLine) -> str:
    days = (photo.taken_on - before.taken_on).days
    if days < 1:
        return _("Earlier: {day}").format(day=plain_day(before.taken_on))
    return _n("Earlier: {day}, {n} day before", "Earlier: {day}, {n} days before", days).format(
        day=plain_day(before.taken_on), n=days
    )


@keyed
def PhotoDialog(photo: PhotoLine, before: PhotoLine | None, done: Callable[[], None]) -> ft.Control:
    """Show a photo large, beside or below the earlier one of its region; both are enlarged alike.

    Args:
        photo: The photo behind the alert.
        before: The earlier one; None = this region was not photographed before.
        done: Closes it.
    """
    page = ft.context.page
    over, set_over = ft.use_state("")
    first: ft.Ref[ft.InteractiveViewer] = ft.use_memo(ft.Ref, [])
    second: ft.Ref[ft.InteractiveViewer] = ft.use_memo(ft.Ref, [])

    async def zoom(factor: float) -> None:
        for viewer in (first.current, second.current):
            if viewer is not None and viewer in on_screen:
                await viewer.zoom(factor)

    async def whole() -> None:
        for viewer in (first.current, second.current):
            if viewer is not None and viewer in on_screen:
                await viewer.reset(200)

    full = min(1400.0, float(page.width or 412) - 72)
    tall = max(220.0, float(page.height or 800) - 330)
    beside = before is not None and not over
    across = beside and full >= 560
    width = (full - 12) / 2 if across else full
    height = tall if across or not beside else (tall - 40) / 2
    now_words = _("Now: {words}").format(words=photo_words(photo))
    new = _viewer([_image(photo, now_words, width, height)], width, height, first)
    on_screen = [new]
    content: list[ft.Control] = [_captioned(new, now_words, width)]
    if before is not None and over:
        ghost = ft.Container(
            _image(before, _before_words(photo, before), width, height), opacity=STRENGTHS[over]
        )
        new.content = ft.Stack([_image(photo, now_words, width, height), ghost])
    elif before is not None:
        words = _before_words(photo, before)
        old = _viewer([_image(before, words, width, height)], width, height, second)
        on_screen.append(old)
        content.append(_captioned(old, words, width))
    acts: list[ft.Control] = [
        button(_("Larger"), partial(zoom, CLOSER), key="larger", icon=ft.Icons.ZOOM_IN),
        button(_("Smaller"), partial(zoom, 1 / CLOSER), key="smaller", icon=ft.Icons.ZOOM_OUT),
        button(_("Whole picture"), whole, key="whole", icon=ft.Icons.FIT_SCREEN),
    ]
    if before is not None:
        words = _("Side by side") if over else _("Lay one over the other")
        acts.append(button(words, lambda: set_over("" if over else "40"), key="overlay"))
        if over:
            # A segmented button cannot be measured inside a dialog that scrolls.
            acts += [
                button(
                    label,
                    partial(set_over, strength),
                    key=f"strength-{strength}",
                    main=strength == over,
                )
                for strength, label in (("0", _("Off")), ("40", _("Faint")), ("80", _("Strong")))
            ]
    else:
        acts.append(fine(_("No earlier photo of this place.")))
    ft.use_dialog(
        ft.AlertDialog(
            content=ft.Column(
                [
                    ft.Row(content, spacing=12, tight=True)
                    if across
                    else ft.Column(content, spacing=6, tight=True),
                    ft.Row(acts, wrap=True, spacing=8, run_spacing=8),
                ],
                tight=True,
                spacing=10,
                width=full,
            ),
            scrollable=True,
            content_padding=12,
            inset_padding=16,
            actions=[ft.TextButton(_("Close"), key="close-photo", on_click=done)],
            on_dismiss=done,
        )
    )
    return ft.Container()


def _viewer(
    content: Sequence[ft.Control],
    width: float,
    height: float,
    ref: ft.Ref[ft.InteractiveViewer],
) -> ft.InteractiveViewer:
    return ft.InteractiveViewer(
        ref=ref, content=content[0], width=width, height=height, max_scale=8, min_scale=1
    )


def _image(photo: PhotoLine, words: str, width: float, height: float) -> ft.Control:
    return ft.Image(
        src=picture_path(photo.id),
        width=width,
        height=height,
        fit=ft.BoxFit.CONTAIN,
        semantics_label=words,
        error_content=ft.Text(_("This picture could not be opened.")),
    )


def _captioned(viewer: ft.Control, words: str, width: float) -> ft.Control:
    return ft.Column(
        [viewer, ft.Container(ft.Text(words, size=FINE), width=width)], spacing=4, tight=True
    )
