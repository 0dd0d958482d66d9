"""Where the rash is and how much of each place: on a figure, from a list, or as it was before."""

import asyncio
from uuid import UUID

import flet as ft

from diary_app.components.body_copy import copy_card
from diary_app.components.buttons import main_button, other_button
from diary_app.components.heading import body
from diary_app.ground.faults import report
from diary_app.screens.patient.asking import Asking, Sheet
from diary_app.screens.patient.marking import Marking, Step
from diary_app.screens.patient.region_map import RegionMap
from diary_app.state.earlier_map import EarlierMap
from diary_app.text import _


def regions(asking: Asking) -> Sheet:
    """Ask where the rash is; the list gives the same answer as the figure."""
    marking = Marking(asking, (), lambda _before: None)
    return Sheet(
        title=_("Where is the rash?"),
        hint=_("Touch each place that has it, then say how much of it."),
        controls=(RegionPicker(asking),),
        foot=(ft.Semantics(live_region=True, content=body(marking.total, strong=True)),),
        main=(
            main_button(_("Next"), marking.on, key="next")
            if marking.drawn or asking.value("generalized")
            else main_button(
                _("I cannot say"), lambda: asking.pass_on("not_known"), key="regions-unknown"
            )
        ),
    )


@ft.component
def RegionPicker(asking: Asking) -> ft.Control:
    """Offer the map of the entry before, if there is one; otherwise draw the map."""
    steps: tuple[Step, ...] = ()
    before, set_before = ft.use_state(steps)
    nothing: EarlierMap | None = None
    earlier, set_earlier = ft.use_state(nothing)
    looked, set_looked = ft.use_state(False)
    marking = Marking(asking, before, set_before)

    async def look_back() -> None:
        try:
            set_earlier(await asyncio.to_thread(asking.diary.body.earlier, UUID(asking.draft_id)))
        except Exception as error:
            report("the earlier map could not be read", error)
        finally:
            set_looked(True)

    ft.use_effect(look_back, [], cleanup=lambda: None)

    everywhere = other_button(
        _("It is nearly everywhere"), marking.everywhere, key="regions-everywhere"
    )
    is_open = not marking.drawn and marking.copied is None
    if is_open and not looked:
        # Nothing to touch yet that another control could replace under the finger.
        return ft.Container(height=400)
    if is_open and earlier is not None:
        found = earlier
        card = copy_card(found, lambda change: marking.copy(found, change))
        return ft.Column(
            [card, everywhere], spacing=14, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    return RegionMap(marking, everywhere)
