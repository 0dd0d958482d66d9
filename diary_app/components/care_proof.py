"""Asking who sits at the desk, before something that an open screen alone must not allow."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import flet as ft

from diary_app.components.care_parts import text
from diary_app.ground.controls import open_other_tab
from diary_app.routes import VERIFY_PAGE
from diary_app.services.care_errors import REFUSALS
from diary_app.services.refusals import StepUpError
from diary_app.services.step_up import Proof
from diary_app.text import _

T = TypeVar("T")


async def proved(page: ft.Page, proof: Proof, call: Callable[..., T], *arguments: object) -> T:
    """Do something in a thread; when it asks for a second factor, ask for it and do it then.

    Raises:
        RefusedError: As the act does; StepUpError when the person went back.
    """
    try:
        return await asyncio.to_thread(call, *arguments)
    except StepUpError:
        if not await _asked(page, proof):
            raise
    return await asyncio.to_thread(call, *arguments)


async def _asked(page: ft.Page, proof: Proof) -> bool:
    """Ask for a code in a dialog; False when the person went back."""
    answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def answer(*, right: bool) -> None:
        if not answered.done():
            answered.set_result(right)

    async def confirm() -> None:
        try:
            await asyncio.to_thread(proof.verify, field.value or "")
        except REFUSALS as error:
            field.error = str(error)
            field.update()
        else:
            answer(right=True)

    async def elsewhere() -> None:
        await open_other_tab(VERIFY_PAGE)
        field.helper = _("Confirm in the other tab, then press Confirm here with an empty field.")
        field.update()

    field = ft.TextField(
        key="proof-code",
        label=_("6-digit code"),
        helper=_("From your authenticator app, or one of your recovery codes."),
        helper_max_lines=4,
        error_max_lines=4,
        autofocus=True,
        on_submit=confirm,
    )
    dialog = ft.AlertDialog(
        modal=True,
        scrollable=True,
        title=ft.Text(_("Is it you?"), size=20),
        content=ft.Column(
            [
                text(
                    _("For this, please show again that it is you. It then holds for five minutes.")
                ),
                field,
            ],
            tight=True,
            width=440,
            spacing=10,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        actions=[
            ft.TextButton(_("Back"), key="proof-back", on_click=lambda: answer(right=False)),
            ft.TextButton(_("Use a passkey"), key="proof-passkey", on_click=elsewhere),
            ft.FilledButton(_("Confirm"), key="proof", on_click=confirm),
        ],
        on_dismiss=lambda: answer(right=False),
    )
    page.show_dialog(dialog)
    try:
        return await answered
    finally:
        dialog.open = False
        dialog.update()
