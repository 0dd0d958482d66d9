"""The body map to touch: whole, a part of it large, or as a list."""

from collections.abc import Callable
from functools import partial

import flet as ft

from diary_app.components.body_amounts import amount_sheet, marked_list, region_list
from diary_app.components.body_copy import change_hint, change_question
from diary_app.components.body_map import body_map
from diary_app.components.body_pictures import Place
from diary_app.components.buttons import other_button, segments
from diary_app.components.choices import picked_button
from diary_app.components.heading import body
from diary_app.screens.patient.marking import Marking
from diary_app.state.body import map_percent
from diary_app.state.figure import CLOSE, WHOLE, small_place
from diary_app.text import _
from diary_app.theme import SMALL

# The whole figure on a phone, and each of two side by side; pixels of a unit and beside it.
PHONE, WIDE = Place(WHOLE, 1.05, 80.0), Place(WHOLE, 0.95, 55.0)
# Room for a part that is shown large, pixels.
_LARGE_WIDTH, _LARGE_HEIGHT = 376.0, 340.0


@ft.component
def RegionMap(marking: Marking, everywhere: ft.Control) -> ft.Control:
    """Draw the figures or the list, and ask for the amount of the region that was touched.

    Args:
        everywhere: The button below the map.
    """
    side, set_side = ft.use_state("front")
    close, set_close = ft.use_state("")
    as_list, set_as_list = ft.use_state(False)
    region, set_region = ft.use_state("")
    drawn, wide = marking.drawn, marking.asking.wide

    def touch(on_side: str, key: str) -> None:
        place = None if wide or close else small_place(on_side, key)
        if place is None:
            set_region(key)
        else:
            set_close(place)

    def mark(amount: str) -> None:
        marking.mark(region, amount)
        set_region("")

    def close_sheet() -> None:
        # A sheet that goes late must not close the next one.
        set_region(lambda now: "" if now == region else now)

    dialog = _question(marking)
    if region:
        dialog = amount_sheet(region, drawn.get(region, ""), marking.total, mark, close_sheet)
    ft.use_dialog(dialog)

    shown = tuple(_sides()) if wide and not close else (side,)
    undo = other_button(_("Undo"), marking.undo, key="regions-undo", icon=ft.Icons.UNDO)
    undo.visible = bool(marking.before)
    switch = other_button(
        _("Figure") if as_list else _("List"),
        lambda: set_as_list(not as_list),
        key="regions-as-list",
        icon=ft.Icons.ACCESSIBILITY_NEW if as_list else ft.Icons.LIST,
    )
    if as_list:
        return _stacked(
            _hint(marking), _row(switch, undo), region_list(drawn, set_region, _sides()), everywhere
        )
    zoom = other_button(
        _("Whole figure") if close else _("Zoom in"),
        lambda: set_close("" if close else next(iter(CLOSE))),
        key="regions-zoom",
        icon=ft.Icons.ZOOM_OUT if close else ft.Icons.ZOOM_IN,
    )
    return _stacked(
        _hint(marking),
        segments(_sides(), side, set_side, key="regions-side") if len(shown) == 1 else None,
        _places(side, close, set_close) if close else None,
        _figures(marking, shown, close, region, set_region, touch),
        _row(zoom, switch, undo),
        everywhere,
        marked_list(drawn, set_region) if drawn else None,
    )


def _question(marking: Marking) -> ft.DialogControl | None:
    copied = marking.copied
    if copied is None or not copied.asked:
        return None
    return change_question(copied, map_percent(marking.drawn), marking.accept, marking.reject)


def _hint(marking: Marking) -> ft.Control | None:
    copied = marking.copied
    if copied is None or copied.is_shown(marking.drawn):
        return None
    return change_hint(copied)


def _figures(
    marking: Marking,
    shown: tuple[str, ...],
    close: str,
    region: str,
    pick: Callable[[str], None],
    touch: Callable[[str, str], None],
) -> ft.Control:
    place = PHONE if len(shown) == 1 else WIDE
    if close:
        place = part_shown_large(close)
    figures = [
        body_map(side, marking.drawn, pick, place, touch=partial(touch, side), open_region=region)
        for side in shown
    ]
    if len(shown) == 1:
        return _row(*figures)
    return ft.Row(
        [
            ft.Column(
                [body(_sides()[side], strong=True), figure],
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
                spacing=4,
            )
            for side, figure in zip(shown, figures, strict=True)
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=8,
    )


def part_shown_large(name: str) -> Place:
    """Return where a part of the figure is drawn that is too small to touch otherwise."""
    window = CLOSE[name]
    scale = min(_LARGE_WIDTH / window.width, _LARGE_HEIGHT / window.height)
    return Place(window, scale)


def _places(side: str, close: str, pick: Callable[[str], None]) -> ft.Control:
    # Seen from behind, the left hand is on the viewer's left.
    near, far = _("Right hand"), _("Left hand")
    if side == "back":
        near, far = far, near
    words = {
        "head": _("Head"),
        "hand_near": near,
        "hand_far": far,
        "hips": _("Hips"),
        "feet": _("Feet"),
    }
    return _row(
        *(
            picked_button(
                ft.Container(ft.Text(word, size=SMALL), padding=ft.Padding.symmetric(horizontal=9)),
                _("Zoom in"),
                place == close,
                partial(pick, place),
                key=f"zoom-{place}",
            )
            for place, word in words.items()
        ),
        spacing=6,
    )


def _row(*controls: ft.Control, spacing: int = 10) -> ft.Control:
    return ft.Row(
        list(controls),
        wrap=True,
        spacing=spacing,
        run_spacing=10,
        alignment=ft.MainAxisAlignment.CENTER,
    )


def _stacked(*controls: ft.Control | None) -> ft.Control:
    return ft.Column(
        [control for control in controls if control is not None],
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _sides() -> dict[str, str]:
    return {"front": _("Front"), "back": _("Back side")}
