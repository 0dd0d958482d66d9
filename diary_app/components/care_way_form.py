"""A form that asks for one new way out."""

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import band, button, fine
from diary_app.services.care_errors import REFUSALS, UnusableAnswerError
from diary_app.text import _


@keyed
def WayForm(
    label: str,
    hint: str,
    example: str,
    add: Callable[[str, str], object],
    added: Callable[[object], Awaitable[None]],
    cancel: Callable[[], None],
) -> ft.Control:
    """Ask for a name and an address.

    Args:
        label: Of the address.
        hint: What kind of address is meant.
        example: A name for it.
        add: Keeps it; takes the name and the address, may refuse.
        added: Called with what ``add`` returned.
        cancel: Called when nothing is to be added.
    """
    name, set_name = ft.use_state("")
    address, set_address = ft.use_state("")
    problem, set_problem = ft.use_state(("", ""))
    where, sentence = problem

    async def save() -> None:
        try:
            result = await asyncio.to_thread(add, name, address)
        except UnusableAnswerError as error:
            set_problem((error.field, str(error)))
        except REFUSALS as error:
            set_problem(("", str(error)))
        else:
            await added(result)

    return ft.Column(
        [
            *([band("prompt", sentence)] if sentence and not where else []),
            ft.TextField(
                key="way-label",
                label=_("Name"),
                helper=example,
                value=name,
                error=sentence if where == "label" else None,
                on_change=lambda event: set_name(event.control.value or ""),
            ),
            ft.TextField(
                key="way-address",
                label=label,
                value=address,
                error=sentence if where == "address" else None,
                on_change=lambda event: set_address(event.control.value or ""),
            ),
            fine(hint),
            ft.Row(
                [
                    button(_("Add"), save, key="way-add", main=True),
                    button(_("Cancel"), cancel, key="way-cancel"),
                ],
                wrap=True,
            ),
        ],
        spacing=10,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
