"""What a client may send over the socket, frame by frame."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgpack  # type: ignore[import-untyped]
from flet.controls.base_control import BaseControl
from flet.messaging.protocol import MessageAction, decode_ext_from_msgpack
from flet.messaging.session import Session

from diary_app.ground.reach import enterable, page_facts, reachable

MAX_FRAME = 1024 * 1024
MAX_FIRST_FRAME = 64 * 1024

MESSAGE = b"\x00"
_PAGE = 1
_EVENT = {"target", "name", "data"}
_ANSWER = {"control_id", "call_id", "result", "error"}
# The server raises these itself; a client that sends one pretends a connection came or went.
_SERVER_EVENTS = frozenset({"connect", "disconnect", "close", "login", "logout", "error"})


class RefusedFrameError(ValueError):
    """The client sent what no browser sends; the socket is closed."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A client's first frame.

    Attributes:
        session_id: The Flet session it wants back; None for a new one.
        page: What the browser says about itself.
    """

    session_id: str | None
    page: dict[str, object]

    def pack(self) -> bytes:
        """Return the frame as Flet expects it."""
        body = {"session_id": self.session_id, "page_name": "", "page": self.page}
        return pack(MessageAction.REGISTER_CLIENT, body)


def read_registration(frame: bytes) -> Registration:
    """Return the first frame's request, reduced to what a browser has to tell.

    Raises:
        RefusedFrameError: If it is too big, cannot be read or does not register a client.
    """
    if len(frame) > MAX_FIRST_FRAME:
        raise RefusedFrameError("the first frame is too big")
    action, body = _unpack(frame)
    session_id, page = body.get("session_id"), body.get("page")
    if action is not MessageAction.REGISTER_CLIENT or not isinstance(page, dict):
        raise RefusedFrameError("the first frame does not register a client")
    return Registration(session_id if isinstance(session_id, str) else None, page_facts(page))


def admit(frame: bytes, session: Session) -> bytes | None:
    """Return what Flet may see of a later frame; None when nothing of it.

    Raises:
        RefusedFrameError: If no browser sends such a frame.
    """
    if len(frame) > MAX_FRAME:
        raise RefusedFrameError("the frame is too big")
    action, body = _unpack(frame)
    if action is MessageAction.CONTROL_EVENT:
        return frame if _is_plain_event(body) else None
    if action is MessageAction.UPDATE_CONTROL_PROPS:
        return _entered(body, session)
    if action is MessageAction.INVOKE_METHOD:
        return frame if _is_answer(body, session) else None
    raise RefusedFrameError("a registered client does not send this action")


def _is_plain_event(body: dict[str, Any]) -> bool:
    # Flet spreads a dict of data over the event's own fields; "control" would replace the sender.
    target, name, data = body.get("target"), body.get("name"), body.get("data")
    if body.keys() != _EVENT or type(target) is not int or not isinstance(name, str):
        return False
    forged = isinstance(data, dict) and "control" in data
    return not forged and not (target == _PAGE and name in _SERVER_EVENTS)


def _is_answer(body: dict[str, Any], session: Session) -> bool:
    control_id, call_id, error = body.get("control_id"), body.get("call_id"), body.get("error")
    return (
        body.keys() <= _ANSWER
        and type(control_id) is int
        and control_id in session.index
        and isinstance(call_id, str)
        and (error is None or isinstance(error, str))
    )


def _entered(body: dict[str, Any], session: Session) -> bytes | None:
    number, properties = body.get("id"), body.get("props")
    control = session.index.get(number) if type(number) is int else None
    if control is None or not isinstance(properties, dict):
        return None
    kept = _kept(control, properties)
    if not kept:
        return None
    return pack(MessageAction.UPDATE_CONTROL_PROPS, {"id": number, "props": kept})


def _kept(control: BaseControl, properties: dict[str, object]) -> dict[str, object]:
    if control._i == _PAGE:
        return page_facts(properties)
    if not reachable(control):
        return {}
    return {name: value for name, value in properties.items() if enterable(control, name, value)}


def _unpack(frame: bytes) -> tuple[MessageAction, dict[str, Any]]:
    try:
        action, body = msgpack.unpackb(frame.removeprefix(MESSAGE), ext_hook=_as_packed)
        known = MessageAction(action)
    except Exception as error:
        raise RefusedFrameError("the frame cannot be read") from error
    if not frame.startswith(MESSAGE) or not isinstance(body, dict):
        raise RefusedFrameError("only messages are accepted")
    return known, body


def _as_packed(code: int, data: bytes) -> msgpack.ExtType:
    decode_ext_from_msgpack(code, data)  # type: ignore[no-untyped-call]
    return msgpack.ExtType(code, data)


def pack(
    action: MessageAction, body: object, encode: Callable[[object], object] | None = None
) -> bytes:
    """Return the frame of a message; ``encode`` turns what msgpack does not know into a map."""
    packed: bytes = msgpack.packb([action.value, body], default=encode)
    return MESSAGE + packed
