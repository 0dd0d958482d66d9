"""Read something in a thread while the screen says so, and read it again when asked."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import flet as ft

from diary_app.components.buttons import other_button
from diary_app.components.heading import body
from diary_app.components.notice import notice
from diary_app.text import _, language

T = TypeVar("T")


@dataclass(frozen=True)
class Loaded(Generic[T]):
    """What was read so far.

    Attributes:
        value: None while it is read for the first time, or when that failed.
        error: What was raised; None when nothing was.
        again: Reads once more, keeping the value until the new one is there.
    """

    value: T | None
    error: Exception | None
    again: Callable[[], None]


def use_loaded(read: Callable[[], T], dependencies: Sequence[Any] = ()) -> Loaded[T]:
    """Read in a thread when the screen appears and whenever a dependency changes; a hook.

    Asked again several times while it reads, it reads once more.
    """
    nothing: tuple[T | None, Exception | None] = (None, None)
    answer, set_answer = ft.use_state(nothing)
    wanted = ft.use_memo(asyncio.Event, [])
    newest: ft.MutableRef[Callable[[], T]] = ft.use_ref()
    newest.current = read

    async def keep_reading() -> None:
        wanted.set()
        while True:
            await wanted.wait()
            wanted.clear()
            try:
                found = await asyncio.to_thread(newest.current or read)
            except Exception as error:
                set_answer((None, error))
            else:
                set_answer((found, None))

    ft.use_effect(keep_reading, [language(), *dependencies], cleanup=lambda: None)
    value, error = answer
    return Loaded(value, error, wanted.set)


def waiting() -> ft.Control:
    """Return what stands in for a screen's body while it is read."""
    return ft.Row(
        [ft.ProgressRing(width=28, height=28), body(_("One moment..."))],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=12,
    )


def could_not_read(again: Callable[[], None]) -> ft.Control:
    """Return what stands in for a screen's body that could not be read."""
    return notice(
        _("This could not be shown"),
        [_("Nothing you saved is lost. Please try again in a moment.")],
        level=None,
        actions=[other_button(_("Try again"), again, key="try-again")],
    )
