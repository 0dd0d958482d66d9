"""Choosing one small file of text, whose content comes to the screen."""

from collections.abc import Awaitable, Callable

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import TARGET


@keyed
def FileButton(
    label: str, extensions: tuple[str, ...], chosen: Callable[[str, bytes], Awaitable[None]]
) -> ft.Control:
    """Return a button that opens the chooser; ``chosen`` gets name and content.

    Args:
        label: On the button.
        extensions: What the chooser offers, such as ``csv``.
        chosen: Called once for a file; not when the person goes back.
    """
    newest: ft.MutableRef[Callable[[str, bytes], Awaitable[None]]] = ft.use_ref()
    newest.current = chosen

    async def result(event: ft.FilePickerResultEvent) -> None:
        for file in event.files[:1]:
            await (newest.current or chosen)(file.name, file.bytes or b"")

    picker = ft.use_memo(lambda: ft.FilePicker(on_result=result), [])
    choose = ft.PickFiles(
        picker,
        file_type=ft.FilePickerFileType.CUSTOM,
        allowed_extensions=list(extensions),
        with_data=True,
    )
    return ft.OutlinedButton(
        label, icon=ft.Icons.UPLOAD_FILE, action=choose, height=TARGET, key="choose-file"
    )
