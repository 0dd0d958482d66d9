"""Choose photos and send them to the server, without their bytes passing through the screen."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count

import flet as ft

from diary_app.text import _

# Asked for one file: its name and size in bytes. A path to PUT it to, or None to leave it out.
MakeTicket = Callable[[str, int], str | None]
# Sends the same file once more.
Again = Callable[[], Awaitable[None]]

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One file that was chosen.

    Attributes:
        key: Unlike that of any other file: phones call every new photo "image.jpg".
        name: As the person knows it.
        address: Where it was sent to; empty when it was not sent at all.
    """

    key: int
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is told about the files.

    Attributes:
        make_ticket: Called in a thread for every chosen file. The path it returns must take one
            PUT, for this person, for a short time.
        on_progress: Called with the part that is sent, 0.0 to 1.0; first when a file was chosen.
        on_done: Called once for every time a file was sent, with None; or with a sentence when
            it was not, and with what sends it again, None where it must be chosen again.
    """

    make_ticket: MakeTicket
    on_progress: Callable[[Chosen, float], None]
    on_done: Callable[[Chosen, str | None, Again | None], None]


@ft.component
def PhotoPicker(
    label: str, sending: Sending, *, name: str = "pick-photos", several: bool = True
) -> ft.Control:
    """Return a button that opens the phone's camera or gallery and uploads what is chosen.

    The chooser opens inside the tap: iPhones ignore one that the server asks for later.

    Args:
        label: On the button.
        sending: Who hears of the files; the newest one is told.
        name: Key of the button.
        several: More than one may be chosen at once.
    """
    upload = ft.use_memo(lambda: _Upload(sending), [])
    upload.told = sending

    # Handlers must be there when the service is made; set later, the client never hears of them.
    async def result(event: ft.FilePickerResultEvent) -> None:
        await upload.start(event.control, event.files)

    picker = ft.use_memo(lambda: ft.FilePicker(on_result=result, on_upload=upload.follow), [])
    choose = ft.PickFiles(picker, file_type=ft.FilePickerFileType.IMAGE, allow_multiple=several)
    return ft.FilledTonalButton(
        label, icon=ft.Icons.ADD_A_PHOTO_OUTLINED, action=choose, height=56, key=name
    )


class _Upload:
    """The files of one button: those of the newest choice, and those on their way."""

    def __init__(self, told: Sending) -> None:
        self.told = told
        self._choice = 0
        self._under_way: list[Chosen] = []
        self._choices: dict[int, int] = {}

    async def start(self, picker: ft.FilePicker, files: list[ft.FilePickerFile]) -> None:
        self._choice += 1
        self._picker = picker
        wanted = []
        for file in files:
            key = next(_keys)
            # An empty file would never be told to be sent: its progress is 0 of 0.
            path = (
                await asyncio.to_thread(self.told.make_ticket, file.name, file.size)
                if file.size
                else None
            )
            if path is None:
                sentence = (
                    _("This photo cannot be added. Please choose another.")
                    if file.size
                    else _("This file is empty. Please choose the photo again.")
                )
                self.told.on_done(Chosen(key, file.name), sentence, None)
                continue
            chosen = Chosen(key, file.name, path)
            self._choices[key] = self._choice
            self.told.on_progress(chosen, 0.0)
            wanted.append((file.id, chosen))
        # The client looks a file up by its place and takes sent ones out of the list, so that
        # places after it move: the last one goes first.
        wanted.reverse()
        self._under_way += [chosen for _place, chosen in wanted]
        if wanted:
            await picker.upload(
                [
                    ft.FilePickerUploadFile(
                        id=place, name=chosen.name, upload_url=chosen.address, method="PUT"
                    )
                    for place, chosen in wanted
                ]
            )

    def follow(self, event: ft.FilePickerUploadEvent) -> None:
        chosen = next((one for one in self._under_way if one.name == event.file_name), None)
        if chosen is None:
            return
        if event.error:
            self._under_way.remove(chosen)
            sentence = _("This photo was not sent. Please try again.")
            self.told.on_done(chosen, sentence, self._again(chosen, event.error))
        elif event.progress is not None:
            self.told.on_progress(chosen, event.progress)
            if event.progress >= 1.0:
                self._under_way.remove(chosen)
                self.told.on_done(chosen, None, None)

    def _again(self, chosen: Chosen, error: str) -> Again | None:
        """Return what sends a file again; None when the client no longer has it.

        It keeps a file whose sending broke off, until something else is chosen, and drops one
        that the server answered to.
        """
        if "returned code" in error or self._choices.get(chosen.key) != self._choice:
            return None

        async def again() -> None:
            if self._choices.get(chosen.key) != self._choice:
                sentence = _("Please choose this photo again.")
                self.told.on_done(chosen, sentence, None)
                return
            path = await asyncio.to_thread(self.told.make_ticket, chosen.name, 1)
            if path is None:
                sentence = _("This photo cannot be added. Please choose another.")
                self.told.on_done(chosen, sentence, None)
                return
            renewed = Chosen(chosen.key, chosen.name, path)
            self.told.on_progress(renewed, 0.0)
            self._under_way.append(renewed)
            # By name alone: places have moved.
            await self._picker.upload(
                [ft.FilePickerUploadFile(name=chosen.name, upload_url=path, method="PUT")]
            )

        return again
