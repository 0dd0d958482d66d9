"""Draws components without a browser: find controls, touch them, read what was drawn."""

import asyncio
import dataclasses
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import flet as ft
import msgpack
from flet.components.component import Component
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from diary_app.ground import live, patches
from diary_app.ground.reconnect import wire
from diary_app.ground.signed_in import SignedIn, own

C = TypeVar("C", bound=BaseControl)
_LEAVES = (str, int, float, bytes, Enum)
_encode = configure_encode_object_for_msgpack(BaseControl)

PATIENT = SignedIn("sign-in-of-a-patient", "patient", None, "en", "UTC")


class PaperConnection(Connection):
    """Keeps what would be sent to a browser, and answers calls from ``answers``."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.pubsubhub = PubSubHub(loop=self.loop)
        self.page_url = "http://test"
        self.sent: list[Message] = []
        self.wire = b""
        self.calls: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {}

    def send_message(self, message: Message) -> None:
        # Packing takes the snapshots that the next difference is made from.
        self.wire += msgpack.packb([message.action, message.body], default=_encode)
        self.sent.append(message)
        if message.action is MessageAction.INVOKE_METHOD:
            call = message.body
            self.calls.append((call.name, call.args))
            self.loop.call_soon(
                self.session.handle_invoke_method_results,
                call.control_id,
                call.call_id,
                self.answers.get(call.name),
                None,
            )


class Screen:
    """One person's screen. Make it inside a running event loop; close it at the end.

    ``Screen(MyComponent, arg, signed_in=person)`` draws a component as the page's content;
    ``Screen(App, views=True)`` draws one that returns views or a router. A component's error
    is shown as a sentence, as in production: see ``apologies``.
    """

    def __init__(
        self,
        component: Callable[..., Any],
        *arguments: Any,
        signed_in: SignedIn = PATIENT,
        route: str = "/",
        views: bool = False,
        width: float = 412.0,
        **named: Any,
    ) -> None:
        patches.install()
        live.bind_loop(asyncio.get_running_loop())
        self.connection = PaperConnection()
        self.session = self.connection.session = Session(self.connection)
        self.page: ft.Page = self.session.page
        self.page.route, self.page.web, self.page.width = route, True, width
        _context_page.set(self.page)
        own(self.session.id, signed_in)
        wire(self.page)
        registered = RegisterClientResponseBody(self.session.id, self.session.get_page_patch(), "")
        self.connection.send_message(Message(MessageAction.REGISTER_CLIENT, registered))
        draw = self.page.render_views if views else self.page.render
        draw(component, *arguments, **named)

    def walk(self) -> Iterator[BaseControl]:
        """Yield every control on the screen, dialogs and services too, in drawing order."""
        seen: set[int] = set()
        waiting: list[Any] = [self.page]
        while waiting:
            node = waiting.pop()
            if node is None or isinstance(node, _LEAVES) or id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Component):
                waiting.append(node._b)
            elif isinstance(node, list | tuple):
                waiting.extend(reversed(node))
            elif isinstance(node, dict):
                waiting.extend(reversed(list(node.values())))
            elif dataclasses.is_dataclass(node) and not isinstance(node, type):
                if isinstance(node, BaseControl):
                    yield node
                waiting.extend(getattr(node, name, None) for name in _parts(type(node)))

    def find(self, kind: type[C], **properties: Any) -> list[C]:
        """Return the controls of a type with these properties."""
        return [
            control
            for control in self.walk()
            if isinstance(control, kind)
            and all(getattr(control, name, None) == value for name, value in properties.items())
        ]

    def key(self, key: object) -> BaseControl:
        """Return the one control with this key; components with a key are not controls."""
        found = [control for control in self.walk() if _plain(control.key) == key]
        assert len(found) == 1, f"{len(found)} controls have the key {key!r}; {self.keys()}"
        return found[0]

    def keys(self) -> list[object]:
        """Return all keys on the screen."""
        return [_plain(control.key) for control in self.walk() if control.key is not None]

    def texts(self) -> list[str]:
        """Return all texts on the screen: texts, spans, labels and contents of buttons."""
        words: list[str] = []
        for control in self.walk():
            for name in ("value", "text", "content", "label", "title", "error", "semantics_label"):
                word = getattr(control, name, None)
                if isinstance(word, str) and word:
                    words.append(word)
        return words

    def shows(self, sentence: str) -> bool:
        """Return whether a text on the screen contains this."""
        return any(sentence in text for text in self.texts())

    def apologies(self) -> list[str]:
        """Return the sentences shown because of an error; empty when there was none."""
        return [text for text in self.texts() if "Nothing you saved is lost" in text]

    async def fire(
        self, control: BaseControl, event: str = "click", data: Any = None, **entered: Any
    ) -> None:
        """Touch a control as a browser does: set what was entered, then raise the event."""
        if entered:
            self.session.apply_patch(control._i, entered)
        await self.session.dispatch_event(control._i, event, data)
        await self.settle()

    async def click(self, key: object) -> None:
        """Touch the control with this key."""
        await self.fire(self.key(key))

    async def enter(self, key: object, value: Any) -> None:
        """Enter a value into the control with this key and tell it so."""
        await self.fire(self.key(key), "change", value, value=value)

    async def settle(self, seconds: float = 0.0) -> None:
        """Let the tasks of this screen run; longer when work goes on in threads."""
        for _ in range(10):
            await asyncio.sleep(0)
        if seconds:
            await asyncio.sleep(seconds)

    async def until(self, ready: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait until something is true of the screen."""

        async def wait() -> None:
            while not ready():
                await asyncio.sleep(0.01)

        await asyncio.wait_for(wait(), seconds)

    async def close(self) -> None:
        """End the session as the server does."""
        self.session.close()
        await self.settle()


@cache
def _parts(kind: Any) -> list[str]:
    """The fields of a control that may hold others, the last one first."""
    return [
        field.name
        for field in reversed(dataclasses.fields(kind))
        if not field.metadata.get("skip") and field.name != "_parent"
    ]


def _plain(key: Any) -> object:
    return getattr(key, "value", key)
