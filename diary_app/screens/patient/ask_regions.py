"""Where the rash is and how much of each place: by touching a figure, or from a list."""

from collections.abc import Callable, Mapping
from functools import partial

import flet as ft

from diary_app.components.body_map import body_map
from diary_app.components.buttons import main_button, other_button, segments
from diary_app.components.choices import Choice, one_of, option
from diary_app.components.heading import body, heading
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.state import wording
from diary_app.state.body import (
    AMOUNT_WORDS,
    FIGURES,
    amount_label,
    map_percent,
    marked,
    region_label,
)
from diary_app.text import _

_PHONE_SCALE, _WIDE_SCALE = 1.1, 1.1


def regions(asking: Asking) -> Sheet:
    """Ask where the rash is; the list gives the same answer as the figure."""
    drawn: Mapping[str, str] = asking.value("regions") or {}
    if drawn:
        extent = map_percent(drawn)
        total = _("Marked: {percent} of the skin ({hands})").format(
            percent=wording.percent(extent), hands=wording.handprint_count(extent)
        )
    else:
        total = _("Nothing marked yet")
    return Sheet(
        title=_("Where is the rash?"),
        hint=_("Touch each place that has it, then say how much of it."),
        controls=(RegionPicker(asking),),
        foot=(ft.Semantics(live_region=True, content=body(total, strong=True)),),
        main=(
            main_button(_("Next"), asking.on, key="next")
            if drawn or asking.value("generalized")
            else main_button(
                _("I cannot say"), lambda: asking.pass_on("not_known"), key="regions-unknown"
            )
        ),
    )


@ft.component
def RegionPicker(asking: Asking) -> ft.Control:
    """Draw the figures or the list, and ask for the amount of the region that was touched."""
    side, set_side = ft.use_state("front")
    as_list, set_as_list = ft.use_state(False)
    region, set_region = ft.use_state("")
    earlier: tuple[dict[str, str], ...] = ()
    before, set_before = ft.use_state(earlier)
    drawn: Mapping[str, str] = asking.value("regions") or {}

    def keep(new: Mapping[str, str]) -> None:
        asking.answer(
            regions=dict(new) or None,
            map_percent=map_percent(new) if new else None,
            generalized=None,
        )

    def set_amount(amount: str) -> None:
        set_before((*before, dict(drawn)))
        keep(marked(drawn, region, amount))
        set_region("")

    def undo() -> None:
        if before:
            keep(before[-1])
            set_before(before[:-1])

    ft.use_dialog(
        _amount_sheet(region, drawn.get(region, ""), set_amount, lambda: set_region(""))
        if region
        else None
    )
    shown = ("front", "back") if asking.wide else (side,)
    figures = ft.Row(
        [
            ft.Column(
                [
                    body_map(
                        each,
                        drawn,
                        set_region,
                        scale=_WIDE_SCALE if asking.wide else _PHONE_SCALE,
                        open_region=region or None,
                    ),
                    *([body(_sides()[each], strong=True)] if asking.wide else ()),
                ],
                horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            )
            for each in shown
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=40,
    )
    tools = ft.Row(
        [
            other_button(
                _("Use the figure") if as_list else _("Use a list"),
                lambda: set_as_list(not as_list),
                key="regions-as-list",
                icon=ft.Icons.ACCESSIBILITY_NEW if as_list else ft.Icons.LIST,
            ),
            *(
                [other_button(_("Undo"), undo, key="regions-undo", icon=ft.Icons.UNDO)]
                if before
                else ()
            ),
        ],
        wrap=True,
        spacing=10,
        run_spacing=10,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    everywhere = other_button(
        _("It is nearly everywhere"),
        lambda: asking.answer_on(generalized=True, regions=None, map_percent=None),
        key="regions-everywhere",
    )
    pages: list[ft.Control] = (
        [] if asking.wide or as_list else [segments(_sides(), side, set_side, key="regions-side")]
    )
    return ft.Column(
        [*pages, _list(drawn, set_region) if as_list else figures, tools, everywhere],
        spacing=14,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _sides() -> dict[str, str]:
    return {"front": _("Front"), "back": _("Back side")}


def _list(drawn: Mapping[str, str], pick: Callable[[str], None]) -> ft.Control:
    rows: list[ft.Control] = []
    for each, label in _sides().items():
        rows.append(heading(label, 2))
        rows += [
            option(
                Choice(
                    f"list-{region}",
                    region_label(region),
                    region,
                    detail=amount_label(drawn[region]) if region in drawn else "",
                ),
                picked=region in drawn,
                act=partial(pick, region),
            )
            for region in FIGURES[each]
        ]
    return ft.Column(rows, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _amount_sheet(
    region: str, chosen: str, pick: Callable[[str], None], close: Callable[[], None]
) -> ft.BottomSheet:
    return ft.BottomSheet(
        on_dismiss=close,
        content=ft.Container(
            padding=20,
            content=ft.Column(
                [
                    heading(_("{region}: how much?").format(region=region_label(region)), 2),
                    one_of(
                        [
                            Choice(f"amount-{amount}", amount_label(amount), amount)
                            for amount in (*AMOUNT_WORDS[1:], AMOUNT_WORDS[0])
                        ],
                        chosen,
                        pick,
                    ),
                ],
                tight=True,
                spacing=14,
                scroll=ft.ScrollMode.AUTO,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            ),
        ),
    )
