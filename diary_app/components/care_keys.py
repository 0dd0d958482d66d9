"""Keys on the care team's screens: the screen on top answers, nobody while somebody types."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import flet as ft

from diary_app.components.care_parts import FINE, fine, text
from diary_app.text import _

Answer = Callable[[], Awaitable[None] | None]
# As the browser's client names them, and as we do.
_NAMES = {"Arrow Down": "j", "Arrow Up": "k", "Numpad Enter": "enter"}


class Keys:
    """The keys of one session: each screen says, for its path, what they do there."""

    def __init__(self) -> None:
        self._answers: dict[str, Mapping[str, Answer]] = {}
        self.typing = False

    def listen(self, path: str, answers: Mapping[str, Answer]) -> None:
        """Take these answers for a screen; none = its keys do nothing."""
        self._answers[path] = answers

    def forget(self, path: str) -> None:
        """Forget a screen that is gone."""
        self._answers.pop(path, None)

    async def pressed(self, event: ft.KeyboardEvent) -> None:
        """Do what the screen on top does at this key."""
        if event.ctrl or event.alt or event.meta or self.typing:
            return
        named = _NAMES.get(event.key, event.key.lower())
        if event.shift and named in {"/", "slash"}:
            named = "?"
        path = urlsplit(ft.context.page.route).path
        answer = self._answers.get(path, {}).get(named)
        if answer is not None:
            done = answer()
            if inspect.isawaitable(done):
                await done


def use_keys(keys: Keys, path: str, answers: Mapping[str, Answer]) -> None:
    """Let a screen answer keys while it is on top; a hook.

    Args:
        keys: Of the session.
        path: Of the screen.
        answers: By key: a letter, a digit, "/", "?", "enter"; arrows count as j and k. Empty while
            a dialog is open.
    """
    keys.listen(path, answers)
    ft.use_effect(lambda: None, [path], cleanup=lambda: keys.forget(path))


def keys_dialog(lines: Mapping[str, str], done: Callable[[], None]) -> ft.AlertDialog:
    """Return the dialog that says what each key does.

    Args:
        lines: What it does, by the key as it is written on the keyboard.
        done: Closes it.
    """
    return ft.AlertDialog(
        title=ft.Text(_("Keys on this screen"), size=20),
        content=ft.Column(
            [
                ft.Row(
                    [ft.Container(key_cap(name), width=110), ft.Container(text(words), expand=True)]
                )
                for name, words in lines.items()
            ],
            tight=True,
            width=420,
            spacing=8,
        ),
        scrollable=True,
        actions=[ft.TextButton(_("Close"), key="close-keys", on_click=done)],
        on_dismiss=done,
    )


def key_cap(name: str) -> ft.Control:
    """Return a key, drawn as one."""
    return ft.Row(
        [
            ft.Container(
                ft.Text(each, size=FINE, weight=ft.FontWeight.W_600),
                padding=ft.Padding.symmetric(horizontal=7, vertical=2),
                border=ft.Border.all(1, ft.Colors.OUTLINE),
                border_radius=5,
                bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
            )
            for each in name.split()
        ],
        spacing=4,
        tight=True,
    )


def keys_line(lines: Mapping[str, str]) -> ft.Control:
    """Return the keys of a screen in one quiet line."""
    return ft.Row(
        [
            ft.Row([key_cap(name), fine(words)], spacing=5, tight=True)
            for name, words in lines.items()
        ],
        wrap=True,
        spacing=16,
        run_spacing=4,
    )
