"""One question before something is kept."""

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from diary_app.components.care_parts import band, text
from diary_app.text import _


def confirm_dialog(
    question: str,
    sentences: Sequence[str],
    yes: str,
    act: Callable[[], Awaitable[None]],
    cancel: Callable[[], None],
    *,
    warnings: Sequence[str] = (),
) -> ft.AlertDialog:
    """Return a dialog that does something only when its main button is pressed.

    Args:
        question: Its title.
        sentences: What will happen.
        yes: Words of the main button.
        act: Done when it is pressed.
        cancel: Done when the person goes back.
        warnings: Shown in a warning's colors below the sentences.
    """
    return ft.AlertDialog(
        modal=True,
        scrollable=True,
        title=ft.Text(question, size=20),
        content=ft.Column(
            [*(text(each) for each in sentences), *(band("prompt", each) for each in warnings)],
            tight=True,
            width=460,
            spacing=10,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        actions=[
            ft.TextButton(_("Back"), key="confirm-back", on_click=cancel),
            ft.FilledButton(yes, key="confirm", on_click=act),
        ],
    )
