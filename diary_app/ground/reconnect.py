"""A session that lost its socket for a moment: show it again, whole and up to date."""

import itertools
from collections.abc import Callable
from typing import Any, cast

import flet as ft
from flet.components.component import Component
from flet.components.hooks.use_effect import EffectHook
from flet.controls.base_control import BaseControl
from flet.messaging.protocol import Message, configure_encode_object_for_msgpack
from flet.messaging.session import Session

from diary_app.ground.frames import pack
from diary_app.ground.live import refresh
from diary_app.ground.signed_in import disown

MARK = "_resumed"
_resumptions = itertools.count(1)
_encode = cast(
    "Callable[[object], Any]",
    configure_encode_object_for_msgpack(BaseControl),  # type: ignore[no-untyped-call]
)


def pack_marked(message: Message) -> bytes:
    """Return the frame of a message in which every control carries a new mark.

    The client of flet 1.0.5 compares controls by value. After a reconnect it gets equal but new
    objects, keeps listening to the old ones, and the screen never changes again. A mark that
    differs with every resumption makes them unequal.
    """
    resumption = next(_resumptions)

    def encode(value: object) -> Any:
        encoded = _encode(value)
        if isinstance(value, BaseControl):
            encoded[MARK] = resumption
        return encoded

    return pack(message.action, message.body, encode)


def catch_up(session: Session) -> None:
    """Draw again what changed while nobody was connected; Flet drops such updates."""
    for control in tuple(session.index.values()):
        if isinstance(control, Component) and control._state.mounted and control._state.is_dirty:
            session.schedule_update(control)
    refresh(session.id)


def end_effects(session: Session) -> None:
    """Cancel the tasks of all effects: Flet runs no cleanups when a session ends."""
    for control in tuple(session.index.values()):
        if isinstance(control, Component):
            for hook in control._state.hooks:
                if isinstance(hook, EffectHook):
                    hook.cancel()  # type: ignore[no-untyped-call]


def let_go(session: Session) -> None:
    """Untie what an ended session drew, so that its memory returns without a search for it."""
    for control in tuple(session.index.values()):
        if isinstance(control, Component):
            state = control._state
            state.hooks.clear()
            state.last_args, state.last_kwargs = (), {}
            control._contexts.clear()
        control._values.clear()
        for name in ("__prev_lists", "__prev_dicts", "__prev_classes"):
            vars(control).pop(name, None)
    session.index.clear()


def wire(page: ft.Page) -> None:
    """Make the page follow its connection: catch up on reconnect, let go of everything on close.

    ``mount`` calls it before ``main``; ``main`` must not replace ``page.on_connect`` or
    ``page.on_close``.
    """
    session = page.session

    def on_connect() -> None:
        catch_up(session)

    def on_close() -> None:
        end_effects(session)
        let_go(session)
        disown(session.id)

    page.on_connect = on_connect
    page.on_close = on_close
