"""The clinic's switch for the weekly questions, and which of them are asked."""

from collections.abc import Awaitable, Callable
from functools import partial

import flet as ft

from alerts.grading.pro_ctcae_wording import OWNER
from diary_app.components.care_component import keyed
from diary_app.components.care_parts import TARGET, TEXT, button, fine, text
from diary_app.services.office import WeeklyChoice
from diary_app.text import _


@keyed
def WeeklyChoicePanel(
    start: WeeklyChoice, save: Callable[[bool, frozenset[int]], Awaitable[None]]
) -> ft.Control:
    """Offer the switch and the items.

    Args:
        start: As it is kept.
        save: Called with whether the questions are asked, and the items ticked.
    """
    is_on, switch = ft.use_state(start.is_on)
    ticked, tick = ft.use_state(start.items)

    def toggle(number: int) -> None:
        tick(lambda before: before ^ {number})

    def flip(event: ft.Event[ft.Switch]) -> None:
        switch(bool(event.control.value))

    async def keep() -> None:
        await save(is_on, ticked)

    return ft.Column(
        [
            text(
                _(
                    "Patients are asked once in seven days how the last seven days were. "
                    "They can leave it out. The answers raise no alert. "
                    "Read the terms of use of the National Cancer Institute first."
                )
            ),
            ft.Switch(
                label=_("Ask the weekly questions (PRO-CTCAE)"),
                label_text_style=ft.TextStyle(size=TEXT),
                value=is_on,
                key="weekly-on",
                on_change=flip,
            ),
            *([_items(start, ticked, toggle)] if is_on else []),
            ft.Row([button(_("Keep this choice"), keep, key="weekly-keep")]),
            fine(OWNER),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _items(
    start: WeeklyChoice, ticked: frozenset[int], toggle: Callable[[int], None]
) -> ft.Control:
    count = sum(questions for number, _term, questions in start.offered if number in ticked)
    return ft.Column(
        [
            fine(_("{count} questions in all. Fewer questions are answered more often.").format(
                count=count
            )),
            ft.ResponsiveRow(
                [
                    ft.Container(
                        ft.Checkbox(
                            # What stands in brackets explains the symptom to patients.
                            label=term.partition(" (")[0],
                            label_style=ft.TextStyle(size=TEXT),
                            value=number in ticked,
                            key=f"weekly-item-{number}",
                            on_change=partial(toggle, number),
                        ),
                        col={"xs": 12, "md": 6, "xl": 4},
                        height=TARGET,
                    )
                    for number, term, _questions in start.offered
                ],
                spacing=4,
                run_spacing=0,
            ),
        ],
        spacing=6,
    )  # fmt: skip
