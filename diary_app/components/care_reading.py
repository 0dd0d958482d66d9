"""Reading for a screen: in a thread, live, and told in a sentence when it fails."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import flet as ft

from diary_app.ground.faults import report
from diary_app.ground.live import use_topic
from diary_app.ground.signed_in import owner
from diary_app.services.care_errors import REFUSALS
from diary_app.text import _, language

T = TypeVar("T")

REFRESH_SECONDS = 30.0


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What was read last.

    Attributes:
        value: None before the first answer and after a refusal.
        problem: A sentence when reading failed; empty otherwise.
        again: Reads once more.
    """

    value: T | None
    problem: str
    again: Callable[[], Awaitable[None]]


def use_reading(
    read: Callable[[bool], T], topic: str, dependencies: Sequence[object]
) -> Reading[T]:
    """Read in a thread when the screen opens, and again when the topic is published; a hook.

    It also reads every 30 seconds, so that waiting times and the heartbeat are never older.

    Args:
        read: Called with False for the first reading, and with True for every later one.
        topic: See ``diary_app.ground.live``.
        dependencies: A change of these is a new first reading.
    """
    page = ft.context.page
    value, set_value = ft.use_state(None)
    problem, set_problem = ft.use_state("")
    newest: ft.MutableRef[Callable[[bool], T]] = ft.use_ref()
    newest.current = read

    async def load(*, again: bool) -> None:
        try:
            found = await asyncio.to_thread(newest.current or read, again)
        except REFUSALS as error:
            set_value(None)
            set_problem(str(error))
        except Exception as error:
            report("a care-team screen could not be read", error)
            set_problem(_("This could not be read just now. Please reload the page."))
        else:
            set_value(found)
            set_problem("")

    async def first() -> None:
        await load(again=False)

    async def later() -> None:
        await load(again=True)

    async def tick() -> None:
        # Flet runs no cleanup when a session ends; a session without an owner has ended.
        while owner(page.session.id) is not None:
            await asyncio.sleep(REFRESH_SECONDS)
            await later()

    ft.use_effect(first, [language(), *dependencies], cleanup=lambda: None)
    ft.use_effect(tick, [], cleanup=lambda: None)
    use_topic(topic, later)
    return Reading(value, problem, later)


async def attempt(call: Callable[..., T], *arguments: object) -> T | None:
    """Do something in a thread; None, and a sentence on the screen, when it was refused."""
    page = ft.context.page
    try:
        return await asyncio.to_thread(call, *arguments)
    except REFUSALS as error:
        tell(page, str(error))
        return None


def tell(page: ft.Page, sentence: str) -> None:
    """Show a sentence at the foot of the screen for a while."""
    page.show_dialog(
        ft.SnackBar(
            ft.Semantics(live_region=True, content=ft.Text(sentence, size=16)),
            show_close_icon=True,
            duration=8000,
        )
    )
