"""Cures for Flet 1.0.5, whose own scheduling and error handling must not meet patient data."""

import dataclasses
import inspect
import itertools
import logging
import secrets
from collections.abc import Callable, Collection, Hashable
from functools import cache
from types import FunctionType
from typing import Any, TypeAlias, cast

import flet as ft
from flet.components.component import Component
from flet.components.hooks.use_effect import EffectHook
from flet.controls.context import _context_page
from flet.controls.id_counter import ControlId, IdCounter
from flet.controls.object_patch import DiffBuilder
from flet.messaging.session import Session
from flet_web.fastapi import app_manager
from flet_web.fastapi.flet_app import FletApp

from diary_app.ground import boundary, reach
from diary_app.ground.faults import apologize, quiet_logs, report

FLET_VERSION = "1.0.5"

_EXPECTED: tuple[tuple[object, tuple[str, ...]], ...] = (
    (Component, ("_schedule_update", "_schedule_effect", "update", "before_update")),
    (
        Session,
        (
            "error", "dispatch_event", "schedule_update", "schedule_effect", "disconnect",
            "_Session__resolve_event_control",
        ),
    ),
    (FletApp, ("_FletApp__send_loop", "_FletApp__receive_loop", "_FletApp__on_message",
               "_FletApp__get_unique_session_id", "send_message", "handle")),
    (ControlId, ("_counter",)),
    (DiffBuilder, ("_configure_dataclass", "_removed_controls", "teardown")),
    (app_manager, ("_FletAppManager__sessions", "delete_session", "disconnect_session")),
)  # fmt: skip

logger = logging.getLogger(__name__)
_originals: dict[str, Any] = {}
_WATCHED = "__watched__"


class UnknownFletError(RuntimeError):
    """The installed Flet is not the one the cures were made for."""


def check(version: str = ft.__version__) -> None:
    """Make sure that the cures fit the installed Flet.

    Raises:
        UnknownFletError: If the version is not 1.0.5 or a patched attribute has moved.
    """
    moved = [
        f"{getattr(holder, '__name__', type(holder).__name__)}.{name}"
        for holder, names in _EXPECTED
        for name in names
        if not hasattr(holder, name)
    ]
    if version != FLET_VERSION or moved:
        raise UnknownFletError(
            f"The diary needs flet {FLET_VERSION}, but found {version}"
            f"{' without ' + ', '.join(moved) if moved else ''};"
            f" install flet[web]=={FLET_VERSION} and start again."
        )


def install() -> None:
    """Put the cures in place; a second call changes nothing.

    Raises:
        UnknownFletError: If the installed Flet is another one.
    """
    check()
    quiet_logs()
    if _originals:
        return
    _replace(Component, "_schedule_update", _schedule_update)
    _replace(Component, "_schedule_effect", _schedule_effect)
    _replace(Component, "update", _update)
    _replace(Component, "before_update", _before_update)
    _replace(Session, "dispatch_event", _dispatch_event)
    _replace(Session, "error", _error)
    for name in ("_configure_dataclass", "_removed_controls"):
        _replace(DiffBuilder, name, _quick(getattr(DiffBuilder, name)))
    _replace(DiffBuilder, "teardown", _teardown)
    _number_controls_anew(ControlId)


def _teardown(self: Any) -> None:
    # flet 1.0.5 lets go of the chain of changes but not of its links, which hold one another and
    # with them all that was drawn, until somebody searches the whole memory for such rings.
    root = self._DiffBuilder__root
    link = root[1]
    while link is not root:
        following = link[1]
        link.clear()
        link = following
    root.clear()
    _originals["DiffBuilder.teardown"](self)


Field: TypeAlias = dataclasses.Field[Any]
_PLAIN = frozenset({type(None), str, bool, int, float, bytes})
_UNSET_TYPES = _PLAIN | {type(dataclasses.MISSING)}


def _quick(walk: Callable[..., Any]) -> Callable[..., Any]:
    """Return Flet's walk through what a control holds, without its steps into plain values.

    Flet 1.0.5 steps into each of the fifty or so fields of every control, most of them never set:
    a quarter of what a tap costs the server. The walk itself stays Flet's; it is only shown the
    fields that are set.
    """
    seen = {**walk.__globals__, "dataclasses": _SetFields}
    lean = FunctionType(walk.__code__, seen, walk.__name__, walk.__defaults__, walk.__closure__)

    def quick(self: DiffBuilder, item: Any, *rest: Any) -> Any:
        return () if type(item) in _PLAIN else lean(self, item, *rest)

    return quick


class _SetFields:
    """What the walk takes for the module ``dataclasses``."""

    is_dataclass = staticmethod(dataclasses.is_dataclass)

    @staticmethod
    def fields(item: Any) -> Collection[Field]:
        """Return the fields of a control that may hold another control."""
        kind = type(item)
        values = getattr(item, "_values", None)
        if values is None or not hasattr(kind, "_structural_fields"):
            return dataclasses.fields(item)
        always, others = _fields_of(cast(Hashable, kind))
        return [*always, *(others[name] for name in values if name in others)]


@cache
def _fields_of(kind: Any) -> tuple[list[Field], dict[str, Field]]:
    """Return the fields to look into always, and by name those to look into once they are set."""
    always, others = [], {}
    for field in dataclasses.fields(kind):
        if field.metadata.get("skip", False):
            continue
        if field.name in kind._structural_fields or type(field.default) not in _UNSET_TYPES:
            always.append(field)
        else:
            others[field.name] = field
    return always, others


def _number_controls_anew(ids: IdCounter) -> None:
    """Let control numbers begin elsewhere in every process.

    A client sends what was touched without a connection when it is back. After a restart of the
    server those numbers would belong to other controls, and a tap on one answer give another.
    """
    ids._counter = itertools.count(secrets.randbelow(2**30) + 2**20)


def uninstall() -> None:
    """Give Flet its own behavior back, so that tests can show what the cures are for."""
    holders = {holder.__name__: holder for holder in (Component, Session, DiffBuilder)}
    for key, original in _originals.items():
        name, _dot, attribute = key.partition(".")
        setattr(holders[name], attribute, original)
    _originals.clear()


def _replace(holder: type, name: str, cure: Callable[..., Any]) -> None:
    _originals[f"{holder.__name__}.{name}"] = getattr(holder, name)
    setattr(holder, name, cure)


def _owner(component: Component) -> Session:
    """Return the session a component belongs to, found through its parents.

    A component that is just being taken off the screen may have lost its parents already;
    then the session whose screen is being drawn owns it.
    """
    try:
        return component.page.session
    except RuntimeError:
        return ft.context.page.session


def _schedule_update(self: Component) -> None:
    # flet 1.0.5 asks for the page of whoever called set_state, which may be another person's.
    if not self._state.mounted:
        return
    self._state.is_dirty = True
    session = _owner(self)
    if session.connection is not None:
        session.connection.loop.call_soon_threadsafe(session.schedule_update, self)


def _schedule_effect(self: Component, hook: EffectHook, is_cleanup: bool = False) -> None:
    session = _owner(self)
    if is_cleanup and hook.cleanup is not None:
        hook.cleanup = _watched(hook.cleanup, session)
    elif not is_cleanup:
        hook.setup = _watched(hook.setup, session)
    session.schedule_effect(hook, is_cleanup)


def _watched(step: Callable[[], Any], session: Session) -> Callable[[], Any]:
    """Return the effect's step with its errors logged and told, in its owner's context."""
    if getattr(step, _WATCHED, False):
        return step

    def fail(error: Exception) -> None:
        report(f"session {session.id[:4]}: effect failed", error)
        session.error("effect")

    async def run_async() -> None:
        _context_page.set(session.page)
        try:
            await step()
        except Exception as error:
            fail(error)

    def run() -> Any:
        _context_page.set(session.page)
        try:
            return step()
        except Exception as error:
            return fail(error)

    watched: Callable[[], Any] = run_async if inspect.iscoroutinefunction(step) else run
    setattr(watched, _WATCHED, True)
    return watched


def _update(self: Component) -> None:
    # An error here would end the session's only update task, and with it the screen, silently.
    try:
        session = _owner(self)
        _context_page.set(session.page)
        _originals["Component.update"](self)
    except Exception as error:
        report(f"{self.fn.__name__} could not be drawn again", error)
        _owner(self).error("render")


def _before_update(self: Component) -> None:
    try:
        _originals["Component.before_update"](self)
    except Exception as error:
        report(f"{self.fn.__name__} could not be drawn", error)
        body = boundary.replacement(self.fn)
        object.__setattr__(body, "_frozen", True)
        self._b = body


async def _dispatch_event(self: Session, control_id: int, event_name: str, data: Any) -> None:
    # Clients may name any control; people can only touch what is shown and enabled.
    _context_page.set(self.page)
    control = self._Session__resolve_event_control(control_id)  # type: ignore[attr-defined]
    if control is None or not reach.reachable(control):
        return
    await _originals["Session.dispatch_event"](self, control_id, event_name, data)


def _error(self: Session, _message: str) -> None:
    # The message may hold a patient's words: it is neither logged nor sent.
    logger.error("session %s had an error", self.id[:4])
    apologize(self)
