"""One photo, enlarged."""

from collections.abc import Callable
from uuid import UUID

import flet as ft

from diary_app.text import _


def picture_path(photo_id: UUID) -> str:
    """Return where the whole picture is served.

    The client takes a text of 44 characters without a question mark for base64, and so would
    never ask the server for it.
    """
    return f"/photos/{photo_id}?size=whole"


def picture_dialog(path: str, done: Callable[[], None]) -> ft.AlertDialog | None:
    """Return the dialog that shows a picture; None for an empty path."""
    if not path:
        return None
    page = ft.context.page
    width = min(960.0, float(page.width or 412) - 96)
    height = max(240.0, float(page.height or 800) - 240)
    return ft.AlertDialog(
        content=ft.InteractiveViewer(
            ft.Image(
                src=path,
                width=width,
                height=height,
                fit=ft.BoxFit.CONTAIN,
                semantics_label=_("Photo, enlarged"),
                error_content=ft.Text(_("This picture could not be opened.")),
            ),
            width=width,
            height=height,
            max_scale=6,
        ),
        content_padding=12,
        inset_padding=24,
        actions=[ft.TextButton(_("Close"), key="close-photo", on_click=done)],
        on_dismiss=done,
    )
