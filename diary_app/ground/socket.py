"""The websocket route of the Flet app: whose socket it is, and when it must end."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import flet as ft
from fastapi import WebSocket, WebSocketDisconnect

from diary_app.ground import guarded, live
from diary_app.ground.connection import SESSION_SECONDS, Connection, end_session
from diary_app.ground.faults import report
from diary_app.ground.frames import RefusedFrameError
from diary_app.ground.guarded import (
    SIGNED_OUT,
    GuardedSocket,
    Rhythm,
    SignInLookup,
    open_sockets,
)
from diary_app.ground.signed_in import SignedIn, arriving, disown, sessions_of

__all__ = ["Rhythm", "SignInLookup", "comes_from_here", "end_sockets", "socket_route"]

# One sign-in's: a screen costs the server about half a megabyte for as long as it may come back.
MOST_SCREENS = 10
MOST_SOCKETS = 20
TRY_LATER = 1013


def end_sockets(sign_in_id: str, *, forget: bool = True) -> None:
    """Close all sockets of a sign-in with 4401; callable from any thread.

    Call it after the end of the sign-in is committed. Without a server in this process there
    are no sockets and nothing happens.

    Args:
        sign_in_id: The sign-in that was ended or locked.
        forget: Whether the screens' state is dropped too; False keeps it for the same sign-in
            to come back to, as after a lock.
    """
    loop = live.bound_loop()
    if loop is not None and not loop.is_closed():
        loop.call_soon_threadsafe(_end_here, sign_in_id, forget)


_ending: set[asyncio.Task[None]] = set()


def _end_here(sign_in_id: str, forget: bool) -> None:
    for socket in open_sockets(sign_in_id):
        socket.end(SIGNED_OUT)
    if forget:
        task = asyncio.ensure_future(_forget(sessions_of(sign_in_id)))
        _ending.add(task)
        task.add_done_callback(_ending.discard)


async def _forget(session_ids: list[str]) -> None:
    for session_id in session_ids:
        await end_session(session_id)
        disown(session_id)


async def _make_room(sign_in_id: str, wanted: str | None) -> None:
    """End the oldest screens that nobody looks at, of a sign-in that has many."""
    held = sessions_of(sign_in_id)
    shown = {wanted, *(socket.session_id for socket in open_sockets(sign_in_id))}
    surplus = max(0, len(held) - MOST_SCREENS + 1)
    await _forget([each for each in held if each not in shown][:surplus])


def comes_from_here(headers: Mapping[str, str], public_origin: str | None) -> bool:
    """Return whether the page that opens the socket is ours.

    Args:
        headers: Of the handshake, names in lower case.
        public_origin: Where browsers find the server when a proxy changes the Host header,
            such as ``"https://diary.example.org"``; None without one.
    """
    origin = headers.get("origin", "").lower()
    host = headers.get("host", "").lower()
    if public_origin is not None and origin == public_origin.lower().rstrip("/"):
        return True
    parts = urlsplit(origin)
    return parts.scheme in {"http", "https"} and bool(host) and parts.netloc == host


def socket_route(
    main: Callable[[ft.Page], None],
    lookup: SignInLookup,
    public_origin: str | None,
    rhythm: Rhythm,
    arrive: Callable[[SignedIn], None],
    glance: SignInLookup | None = None,
) -> Callable[[WebSocket], object]:
    """Return the endpoint of the websocket route; see ``mount`` for what it needs."""

    async def endpoint(websocket: WebSocket) -> None:
        if not comes_from_here(websocket.headers, public_origin):
            await websocket.close(1008)
            return
        socket = GuardedSocket(websocket, lookup, rhythm, glance)
        if await socket.welcome():
            await _serve(socket, main, arrive)

    return endpoint


async def _serve(
    socket: GuardedSocket, main: Callable[[ft.Page], None], arrive: Callable[[SignedIn], None]
) -> None:
    person = socket.person
    if person is None:
        return
    if len(open_sockets(person.sign_in_id)) >= MOST_SOCKETS:
        await socket.close(TRY_LATER)
        return
    guarded.enter(socket, person.sign_in_id)
    checking = asyncio.create_task(socket.keep_checking())
    try:
        await socket.register()
        await _make_room(person.sign_in_id, socket.wanted)
        arriving.set(socket.person)
        arrive(person)
        socket.connection = Connection(main, SESSION_SECONDS[person.kind])
        await socket.connection.handle(socket)
    except (RefusedFrameError, TimeoutError) as error:
        report("a socket did not register", error)
        socket.end(1002)
    except WebSocketDisconnect:
        pass
    finally:
        checking.cancel()
        socket.finished.set()
        guarded.forget(socket, person.sign_in_id)
        with suppress(WebSocketDisconnect, RuntimeError, OSError):
            await socket.close(socket.code)
