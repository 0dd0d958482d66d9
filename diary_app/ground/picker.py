"""Choose photos and send them to the server, without their bytes passing through the screen."""

import asyncio
from collections.abc import Callable

import flet as ft

from diary_app.text import _

# Asked for one file: its name and size in bytes. A path to PUT it to, or None to leave it out.
MakeTicket = Callable[[str, int], str | None]


@ft.component
def PhotoPicker(
    label: str,
    make_ticket: MakeTicket,
    on_progress: Callable[[str, float], None],
    on_done: Callable[[str, str | None], None],
) -> ft.Control:
    """Return a button that opens the phone's camera or gallery and uploads what is chosen.

    The chooser opens inside the tap: iPhones ignore one that the server asks for later.

    Args:
        label: On the button.
        make_ticket: Called in a thread for every chosen file. The path it returns must take one
            PUT, for this person, for a short time.
        on_progress: Called with the file's name and the part that is sent, 0.0 to 1.0.
        on_done: Called once per file with its name and a sentence when it was not sent, or
            None when it was.
    """
    newest: ft.MutableRef[_Upload] = ft.use_ref()
    newest.current = _Upload(make_ticket, on_progress, on_done)

    # Handlers must be there when the service is made; set later, the client never hears of them.
    async def result(event: ft.FilePickerResultEvent) -> None:
        if newest.current is not None:
            await newest.current.start(event.control, event.files)

    def upload(event: ft.FilePickerUploadEvent) -> None:
        if newest.current is not None:
            newest.current.follow(event)

    picker = ft.use_memo(lambda: ft.FilePicker(on_result=result, on_upload=upload), [])
    choose = ft.PickFiles(picker, file_type=ft.FilePickerFileType.IMAGE, allow_multiple=True)
    return ft.FilledTonalButton(
        label, icon=ft.Icons.ADD_A_PHOTO_OUTLINED, action=choose, height=52, key="pick-photos"
    )


class _Upload:
    """What is done with chosen files, by the newest closures of the screen."""

    def __init__(
        self,
        make_ticket: MakeTicket,
        on_progress: Callable[[str, float], None],
        on_done: Callable[[str, str | None], None],
    ) -> None:
        self._make_ticket = make_ticket
        self._on_progress = on_progress
        self._on_done = on_done

    async def start(self, picker: ft.FilePicker, files: list[ft.FilePickerFile]) -> None:
        wanted = []
        for file in files:
            path = await asyncio.to_thread(self._make_ticket, file.name, file.size)
            if path is None:
                self._on_done(file.name, _("This photo cannot be added. Please choose another."))
                continue
            wanted.append(
                ft.FilePickerUploadFile(id=file.id, name=file.name, upload_url=path, method="PUT")
            )
        if wanted:
            await picker.upload(wanted)

    def follow(self, event: ft.FilePickerUploadEvent) -> None:
        if event.error:
            self._on_done(event.file_name, _("This photo was not sent. Please try again."))
        elif event.progress is not None:
            self._on_progress(event.file_name, event.progress)
            if event.progress >= 1.0:
                self._on_done(event.file_name, None)
