"""One photo, beside the earlier one of the same place, or with the earlier one faint over it."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from diary_app import routes
from diary_app.components.buttons import other_button, segments
from diary_app.components.care_photo import picture_dialog, picture_path
from diary_app.components.heading import quiet
from diary_app.components.photo_cover import hidden_photo
from diary_app.state.pictures import Picture, dated_words
from diary_app.text import _
from diary_app.theme import ROUND

HEIGHT = 210
# Strength of the earlier photo over the new one.
STRENGTHS = {"0": 0.0, "40": 0.4, "80": 0.8}


@ft.component
def PicturePair(picture: Picture, number: int, *, shown: bool) -> ft.Control:
    """Draw one photo of an entry; touching it enlarges it.

    Args:
        number: Of the photo in its entry, from 1.
        shown: False = covered: no address of any photo is sent to the device.
    """
    large, set_large = ft.use_state("")
    strength, set_strength = ft.use_state("")
    ft.use_dialog(picture_dialog(large if shown else "", lambda: set_large("")))
    if not shown:
        return hidden_photo(number)
    label = _("Photo {number}").format(number=number)
    photo, earlier = picture.photo, picture.earlier
    if earlier is None:
        image = touchable(photo.id, label, set_large)
        return _column([image, quiet(dated_words(photo))])
    if not strength:
        pair = ft.Row(
            [
                _half(earlier.id, _("Earlier photo"), dated_words(earlier), set_large),
                _half(photo.id, label, dated_words(photo), set_large),
            ],
            spacing=10,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        button = other_button(
            _("Lay one over the other"),
            lambda: set_strength("40"),
            key=f"overlay-{number}",
            icon=ft.Icons.LAYERS_OUTLINED,
        )
        return _column([pair, button])
    over = ft.Stack(
        [
            _image(photo.id, label, height=HEIGHT + 60),
            ft.Container(
                _image(earlier.id, _("Earlier photo"), height=HEIGHT + 60),
                key=f"ghost-{number}",
                opacity=STRENGTHS[strength],
            ),
        ],
        alignment=ft.Alignment.CENTER,
        fit=ft.StackFit.PASS_THROUGH,
    )
    words = {"0": _("Off"), "40": _("Faint"), "80": _("Strong")}
    return _column(
        [
            ft.Container(over, border_radius=ROUND, clip_behavior=ft.ClipBehavior.ANTI_ALIAS),
            quiet(_("Over it, faint: your photo of {day}.").format(day=dated_words(earlier))),
            segments(words, strength, set_strength, key=f"strength-{number}"),
            other_button(
                _("Side by side"),
                lambda: set_strength(""),
                key=f"side-by-side-{number}",
                icon=ft.Icons.COMPARE,
            ),
        ]
    )


def touchable(
    photo_id: UUID, label: str, enlarge: Callable[[str], None], *, height: float = HEIGHT
) -> ft.Control:
    """Return a small photo that opens the whole one."""
    return ft.Semantics(
        label=_("{photo}, touch to enlarge").format(photo=label),
        button=True,
        content=ft.Container(
            _image(photo_id, label, height=height),
            key=f"photo-{photo_id}",
            border_radius=ROUND,
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
            on_click=lambda: enlarge(picture_path(photo_id)),
            ink=True,
        ),
    )


def _half(photo_id: UUID, label: str, words: str, enlarge: Callable[[str], None]) -> ft.Control:
    return ft.Column(
        [touchable(photo_id, label, enlarge, height=HEIGHT - 40), quiet(words)],
        spacing=4,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _image(photo_id: UUID, label: str, *, height: float) -> ft.Image:
    return ft.Image(
        src=routes.thumbnail(photo_id),
        height=height,
        fit=ft.BoxFit.CONTAIN,
        border_radius=ROUND,
        semantics_label=label,
        error_content=quiet(_("The picture cannot be shown just now.")),
    )


def _column(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(
        controls, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, tight=True
    )
