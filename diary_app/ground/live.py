"""Topics: tell open screens that something changed, from any thread, without saying what."""

import asyncio
import inspect
from collections import defaultdict
from collections.abc import Awaitable, Callable

import flet as ft

from diary_app.ground.faults import report

_loop: asyncio.AbstractEventLoop | None = None


class _Subscription:
    """One screen waiting for one topic; several publications before it looks count as one."""

    def __init__(self, topic: str, session_id: str) -> None:
        self.topic = topic
        self.session_id = session_id
        self.changed = asyncio.Event()


_subscriptions: defaultdict[str, set[_Subscription]] = defaultdict(set)


def bind_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    """Name the event loop the Flet sessions live in; None when the server stops."""
    global _loop  # noqa: PLW0603
    _loop = loop


def bound_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop named by ``bind_loop``; None means that no server runs here."""
    return _loop


def publish(topic: str) -> None:
    """Wake every screen that listens to the topic; callable from any thread.

    Call it after the database commit: screens read again what they may see. The topic carries
    ids at most, such as ``"inbox:7"``, never patient data. Without a server in this process
    nobody listens and nothing happens.
    """
    if _loop is not None and not _loop.is_closed():
        _loop.call_soon_threadsafe(_wake, topic)


def publish_all() -> None:
    """Wake every screen that listens to anything: news may have been missed."""
    if _loop is not None and not _loop.is_closed():
        for topic in tuple(_subscriptions):
            _loop.call_soon_threadsafe(_wake, topic)


def _wake(topic: str) -> None:
    for subscription in tuple(_subscriptions.get(topic, ())):
        subscription.changed.set()


def use_topic(topic: str, on_message: Callable[[], Awaitable[None] | None]) -> None:
    """Call ``on_message`` in this session whenever the topic is published; a Flet hook.

    The newest closure is called, in the task and context of the session that owns the screen.
    It takes no arguments: read again what the viewer may see.
    """
    page = ft.context.page
    newest: ft.MutableRef[Callable[[], Awaitable[None] | None]] = ft.use_ref()
    newest.current = on_message

    async def listen() -> None:
        subscription = _Subscription(topic, page.session.id)
        _subscriptions[topic].add(subscription)
        try:
            while True:
                await subscription.changed.wait()
                subscription.changed.clear()
                await _call(newest.current, topic)
        finally:
            _forget(subscription)

    # Flet 1.0.5 cancels an effect's task on unmount only when the effect has a cleanup.
    ft.use_effect(listen, [topic], cleanup=lambda: None)


async def _call(on_message: Callable[[], Awaitable[None] | None] | None, topic: str) -> None:
    if on_message is None:
        return
    try:
        answer = on_message()
        if inspect.isawaitable(answer):
            await answer
    except Exception as error:
        report(f"a screen could not follow {topic}", error)


def _forget(subscription: _Subscription) -> None:
    listeners = _subscriptions.get(subscription.topic)
    if listeners is not None:
        listeners.discard(subscription)
        if not listeners:
            del _subscriptions[subscription.topic]


def refresh(session_id: str) -> None:
    """Publish to this session alone everything it listens to: it missed it while away."""
    for listeners in tuple(_subscriptions.values()):
        for subscription in listeners:
            if subscription.session_id == session_id:
                subscription.changed.set()


def listeners(topic: str) -> int:
    """Return how many screens listen to the topic now."""
    return len(_subscriptions.get(topic, ()))
