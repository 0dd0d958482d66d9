"""Where the rash is and how much of each place: by touching a figure, or from a list."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import flet as ft

from diary_app.components.body_amounts import amount_sheet, marked_list, region_list
from diary_app.components.body_copy import change_hint, change_question, copy_card, extent_words
from diary_app.components.body_map import body_map
from diary_app.components.body_shapes import Place
from diary_app.components.buttons import main_button, other_button, segments
from diary_app.components.choices import picked_button
from diary_app.components.heading import body
from diary_app.ground.faults import report
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state.body import map_percent, marked
from diary_app.state.earlier_map import CopiedMap, EarlierMap
from diary_app.state.figure import CLOSE, WHOLE, small_place
from diary_app.text import _
from diary_app.theme import BODY

_SCALE = 1.1
_MARGIN = 72.0
_LARGE_WIDTH, _LARGE_HEIGHT = 372.0, 420.0


def regions(asking: Asking) -> Sheet:
    """Ask where the rash is; the list gives the same answer as the figure."""
    drawn: Mapping[str, str] = asking.value("regions") or {}

    def on() -> None:
        copied = _copied(asking)
        if copied is None or copied.is_shown(drawn):
            asking.on()
        else:
            asking.answer(copied_map=CopiedMap(copied.change, copied.regions, True).content())

    return Sheet(
        title=_("Where is the rash?"),
        hint=_("Touch each place that has it, then say how much of it."),
        controls=(RegionPicker(asking),),
        foot=(ft.Semantics(live_region=True, content=body(_total(drawn), strong=True)),),
        main=(
            main_button(_("Next"), on, key="next")
            if drawn or asking.value("generalized")
            else main_button(
                _("I cannot say"), lambda: asking.pass_on("not_known"), key="regions-unknown"
            )
        ),
    )


def _total(drawn: Mapping[str, str]) -> str:
    return extent_words(map_percent(drawn)) if drawn else _("Nothing marked yet")


def _copied(asking: Asking) -> CopiedMap | None:
    return CopiedMap.from_content(asking.value("copied_map"))


@ft.component
def RegionPicker(asking: Asking) -> ft.Control:
    """Draw the figures or the list, and ask for the amount of the region that was touched."""
    side, set_side = ft.use_state("front")
    close, set_close = ft.use_state("")
    as_list, set_as_list = ft.use_state(False)
    region, set_region = ft.use_state("")
    steps: tuple[dict[str, Any], ...] = ()
    before, set_before = ft.use_state(steps)
    nothing: EarlierMap | None = None
    earlier, set_earlier = ft.use_state(nothing)
    looked, set_looked = ft.use_state(False)
    drawn: Mapping[str, str] = asking.value("regions") or {}
    copied = _copied(asking)

    async def look_back() -> None:
        try:
            set_earlier(await asyncio.to_thread(asking.diary.body.earlier, UUID(asking.draft_id)))
        except Exception as error:  # Without it the map is drawn anew: nothing is lost.
            report("the earlier map could not be read", error)
        finally:
            set_looked(True)

    ft.use_effect(look_back, [], cleanup=lambda: None)

    def keep(new: Mapping[str, str], change: CopiedMap | None) -> None:
        set_before((*before, {"regions": dict(drawn), "copied": copied}))
        asking.answer(**_answers(new, change))

    def set_amount(amount: str) -> None:
        change = copied and CopiedMap(copied.change, copied.regions)
        keep(marked(drawn, region, amount), change)
        set_region("")

    def undo() -> None:
        if before:
            asking.answer(**_answers(before[-1]["regions"], before[-1]["copied"]))
            set_before(before[:-1])

    def copy(change: str) -> None:
        if earlier is None:
            return
        kept = CopiedMap(change, earlier.regions)
        if change == "same":
            asking.answer_on(**_answers(earlier.regions, kept))
        else:
            keep({} if change == "new" else earlier.regions, kept)

    def doubt(accepted: bool) -> None:
        if copied is None:
            return
        if accepted:
            asking.answer_on(copied_map=CopiedMap("same", copied.regions).content())
        else:
            asking.answer(copied_map=CopiedMap(copied.change, copied.regions).content())

    def touch(on_side: str, key: str) -> None:
        place = None if asking.wide or close else small_place(on_side, key)
        if place is None:
            set_region(key)
        else:
            set_close(place)

    dialog: ft.DialogControl | None = None
    if region:
        dialog = amount_sheet(
            region, drawn.get(region, ""), _total(drawn), set_amount, lambda: set_region("")
        )
    elif copied is not None and copied.asked:
        dialog = change_question(
            copied, map_percent(drawn), lambda: doubt(True), lambda: doubt(False)
        )
    ft.use_dialog(dialog)

    everywhere = other_button(
        _("It is nearly everywhere"),
        lambda: asking.answer_on(**{**_answers({}, None), "generalized": True}),
        key="regions-everywhere",
    )
    if not drawn and copied is None:
        if not looked:
            return ft.Container(height=_SCALE * WHOLE.height)
        if earlier is not None:
            return _stacked([copy_card(earlier, copy), everywhere])

    undo_button = (
        [other_button(_("Undo"), undo, key="regions-undo", icon=ft.Icons.UNDO)] if before else []
    )
    switch = other_button(
        _("Use the figure") if as_list else _("Use a list"),
        lambda: set_as_list(not as_list),
        key="regions-as-list",
        icon=ft.Icons.ACCESSIBILITY_NEW if as_list else ft.Icons.LIST,
    )
    hint = None if copied is None else change_hint(copied)
    top = [] if hint is None or copied is None or copied.is_shown(drawn) else [hint]
    if as_list:
        tools = _tools([switch, *undo_button])
        return _stacked([*top, tools, region_list(drawn, set_region, _sides()), everywhere])
    zoom = other_button(
        _("Whole figure") if close else _("Zoom in"),
        lambda: set_close("" if close else next(iter(CLOSE))),
        key="regions-zoom",
        icon=ft.Icons.ZOOM_OUT if close else ft.Icons.ZOOM_IN,
    )
    return _stacked(
        [
            *top,
            *(
                [segments(_sides(), side, set_side, key="regions-side")]
                if close or not asking.wide
                else ()
            ),
            *([_places(side, close, set_close)] if close else ()),
            _figures(asking, side, close, drawn, region, set_region, touch),
            _tools([zoom, *undo_button, switch]),
            everywhere,
            *([marked_list(drawn, set_region)] if drawn else ()),
        ]
    )


def _answers(drawn: Mapping[str, str], copied: CopiedMap | None) -> dict[str, Any]:
    """Return the columns of a map. Hands that no longer agree with it are asked about again."""
    return {
        "regions": dict(drawn) or None,
        "map_percent": map_percent(drawn) if drawn else None,
        "generalized": None,
        "copied_map": None if copied is None else copied.content(),
        "handprints_sure": None,
    }


def _figures(
    asking: Asking,
    side: str,
    close: str,
    drawn: Mapping[str, str],
    region: str,
    pick: Callable[[str], None],
    touch: Callable[[str, str], None],
) -> ft.Control:
    place = Place(WHOLE, _SCALE, _MARGIN)
    shown: tuple[str, ...] = ("front", "back") if asking.wide else (side,)
    if close:
        window = CLOSE[close]
        scale = min(_LARGE_WIDTH / window.width, _LARGE_HEIGHT / window.height)
        place, shown = Place(window, scale), (side,)
    return ft.Row(
        [
            ft.Column(
                [
                    *([body(_sides()[each], strong=True)] if len(shown) > 1 else ()),
                    body_map(
                        each,
                        drawn,
                        pick,
                        place,
                        touch=lambda key, each=each: touch(each, key),  # type: ignore[misc]
                        open_region=region,
                    ),
                ],
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            )
            for each in shown
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        wrap=True,
        spacing=24,
    )


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
    return _tools(
        [
            picked_button(
                ft.Container(ft.Text(word, size=BODY), padding=ft.Padding.symmetric(horizontal=12)),
                _("Zoom in"),
                place == close,
                lambda place=place: pick(place),  # type: ignore[misc]
                key=f"zoom-{place}",
            )
            for place, word in words.items()
        ]
    )


def _tools(controls: list[ft.Control]) -> ft.Control:
    return ft.Row(
        controls, wrap=True, spacing=10, run_spacing=10, alignment=ft.MainAxisAlignment.CENTER
    )


def _stacked(controls: list[ft.Control]) -> ft.Control:
    return ft.Column(controls, spacing=14, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _sides() -> dict[str, str]:
    return {"front": _("Front"), "back": _("Back side")}
