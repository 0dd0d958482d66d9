"""One photo, enlarged."""

from collections.abc import Callable

import flet as ft

from diary_app.text import _


def picture_dialog(path: str, done: Callable[[], None]) -> ft.AlertDialog | None:
    """Return the dialog that shows a picture; None for an empty path."""
    if not path:
        return None
    return ft.AlertDialog(
        content=ft.InteractiveViewer(
            ft.Image(src=path, fit=ft.BoxFit.CONTAIN, semantics_label=_("Photo, enlarged")),
            max_scale=6,
        ),
        actions=[ft.TextButton(_("Close"), key="close-photo", on_click=done)],
        on_dismiss=done,
    )
