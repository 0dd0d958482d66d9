"""One websocket whose frames are admitted one by one and which can be ended from outside."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from fastapi import WebSocket, WebSocketDisconnect
from flet.messaging.session import Session

from diary_app.ground.connection import Connection
from diary_app.ground.faults import report
from diary_app.ground.frames import RefusedFrameError, Registration, admit, read_registration
from diary_app.ground.signed_in import SignedIn, own, owner

SignInLookup: TypeAlias = Callable[[Mapping[str, str]], SignedIn | None]

SIGNED_OUT = 4401
TAKEN_OVER = 4000
# The page asks whether the line is alive and how many frames have come (web/reconnect.js).
PULSE = b"\x7f"
SHOW_AGAIN = b"\x7f\x01"
MOST_AT_WORK = 8
LONGEST_WAIT = 5.0  # seconds; a touch that hangs must not end all others


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How patient a socket is, in seconds.

    Attributes:
        first_frame: To wait for the client's first frame.
        recheck: Between two looks at the sign-in of an idle socket.
        recheck_on_event: Between two looks at the sign-in while the person is busy.
        quiet: Without a frame, after which another socket may take the session over. A phone
            that changed networks comes back while its old socket still seems open.
    """

    first_frame: float = 15.0
    recheck: float = 30.0
    recheck_on_event: float = 5.0
    quiet: float = 2.0


# Every tap may have to wait for such a look; it must not queue behind people who save.
_looks = ThreadPoolExecutor(2, thread_name_prefix="sign-in")


class GuardedSocket(WebSocket):
    """A socket that shows Flet only admitted frames, and can be ended from outside."""

    def __init__(
        self,
        websocket: WebSocket,
        lookup: SignInLookup,
        rhythm: Rhythm,
        glance: SignInLookup | None = None,
    ) -> None:
        super().__init__(websocket.scope, websocket.receive, websocket.send)
        self._lookup = lookup
        self._glance = glance or lookup
        self._rhythm = rhythm
        self._credentials = dict(websocket.cookies)
        self._registration: Registration | None = None
        self._end: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._heard = self._checked = self._now()
        self.connection: Connection | None = None
        self.person: SignedIn | None = None
        self.finished = asyncio.Event()

    # Flet asks for these: it need not know addresses or cookies, and a phone that changes
    # networks must find its session again.
    client = None
    cookies: dict[str, str] = {}  # noqa: RUF012

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has come in for long enough to believe that the client has gone."""
        return self._now() - self._heard >= self._rhythm.quiet

    @property
    def session_id(self) -> str | None:
        """The Flet session shown here; None before the client has registered."""
        session = self.connection.session if self.connection is not None else None
        return session.id if session is not None else None

    @property
    def wanted(self) -> str | None:
        """The Flet session that the client came back for, and may have."""
        return None if self._registration is None else self._registration.session_id

    def end(self, code: int) -> None:
        """Let the socket close with this code, at once even when the client has vanished."""
        if not self._end.done():
            self._end.set_result(code)

    @property
    def code(self) -> int:
        """The code to close with: as told to ``end``, or 1000."""
        return self._end.result() if self._end.done() else 1000

    async def welcome(self) -> bool:
        """Accept the handshake if its cookies are those of a sign-in; otherwise refuse it."""
        await self.check()
        if self.person is None:
            await self.close(SIGNED_OUT)
            return False
        await super().accept()
        return True

    async def check(self, *, active: bool = False) -> None:
        """Look whether the sign-in still holds; end the socket when not.

        Only with ``active`` does the look count as a sign of life of the person; otherwise an
        open tab would keep a sign-in from growing idle.

        When the sign-ins cannot be read just now, an open socket stays open until the next
        look, and a new one is refused.
        """
        self._checked = self._now()
        try:
            look = self._lookup if active else self._glance
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(_looks, look, self._credentials)
        except Exception as error:
            report("a sign-in could not be looked up", error)
            return
        known = self.person
        if found is None or (
            known is not None and (known.sign_in_id, known.kind) != (found.sign_in_id, found.kind)
        ):
            self.end(SIGNED_OUT)
            return
        self.person = found
        if self.session_id is not None:
            own(self.session_id, found)

    async def keep_checking(self) -> None:
        """Look at the sign-in from time to time."""
        while True:
            await asyncio.sleep(self._rhythm.recheck)
            await self.check()

    async def register(self) -> None:
        """Read the client's first frame.

        Raises:
            RefusedFrameError: If it is not a registration.
            TimeoutError: If it does not come in time.
            WebSocketDisconnect: If the client has gone or the sign-in has ended.
        """
        frame = await asyncio.wait_for(self._next_frame(), self._rhythm.first_frame)
        wanted = read_registration(frame)
        await self.check()
        self._registration = await self._allowed(wanted)

    async def _allowed(self, wanted: Registration) -> Registration:
        """Return the registration without a session id that is another sign-in's."""
        if wanted.session_id is None or self.person is None:
            return wanted
        holder = owner(wanted.session_id)
        if holder is None or holder.sign_in_id != self.person.sign_in_id:
            return Registration(None, wanted.page)
        before = next((s for s in open_sockets() if s.session_id == wanted.session_id), None)
        if before is not None and before.is_quiet:
            before.end(TAKEN_OVER)
            await before.finished.wait()
        own(wanted.session_id, self.person)
        return wanted

    async def accept(self, *_: object, **__: object) -> None:
        """Do nothing: the handshake was accepted before Flet saw the socket."""

    async def receive_bytes(self) -> bytes:
        """Return the next frame Flet may see.

        Raises:
            WebSocketDisconnect: If the client has gone, was refused or the sign-in has ended.
        """
        if self._registration is not None:
            frame, self._registration = self._registration.pack(), None
            return frame
        while True:
            received = await self._next_frame()
            if received.startswith(PULSE) and not self._end.done():
                # Nobody touched anything: it counts neither as a sign of life nor for Flet.
                await self._answer_pulse(received)
                continue
            if self._now() - self._checked >= self._rhythm.recheck_on_event:
                await self.check(active=True)
            if self._end.done():
                raise WebSocketDisconnect(self.code)
            session = self.connection.session if self.connection is not None else None
            if session is not None:
                _frames[session] = _frames.get(session, 0) + 1
            try:
                admitted = admit(received, session) if session is not None else None
            except RefusedFrameError as error:
                report("a frame was refused", error)
                self.end(1002)
                raise WebSocketDisconnect(1002) from error
            if admitted is not None:
                await self._let_work_end()
                return admitted

    async def _let_work_end(self) -> None:
        """Wait while many touches of this client are at work: the threads are everybody's."""
        working = self.connection.under_way if self.connection is not None else set()
        if len(working) >= MOST_AT_WORK:
            either: set[asyncio.Future[Any]] = {*working, self._end}
            await asyncio.wait(either, timeout=LONGEST_WAIT, return_when=asyncio.FIRST_COMPLETED)

    async def _answer_pulse(self, asked: bytes) -> None:
        """Tell how many frames of the session have come; show it again when that was asked."""
        connection = self.connection
        if connection is None or connection.session is None:
            return
        if asked == SHOW_AGAIN:
            connection.show_again()
            return
        await self.send_bytes(PULSE + _frames.get(connection.session, 0).to_bytes(4, "big"))

    async def _next_frame(self) -> bytes:
        receiving = asyncio.ensure_future(self.receive())
        either: set[asyncio.Future[Any]] = {receiving, self._end}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if self._end.done():
                raise WebSocketDisconnect(self.code)
            message = await receiving
        finally:
            receiving.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await receiving
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        self._heard = self._now()
        return message.get("bytes") or b""

    async def send_bytes(self, data: bytes) -> None:
        """Send a frame; one that can no longer be sent is dropped.

        Flet 1.0.5 would otherwise never let go of the session.
        """
        with suppress(WebSocketDisconnect, RuntimeError, OSError):
            await super().send_bytes(data)


_open: dict[str, set[GuardedSocket]] = {}
_frames: WeakKeyDictionary[Session, int] = WeakKeyDictionary()


def enter(socket: GuardedSocket, sign_in_id: str) -> None:
    """Remember an open socket of this sign-in."""
    _open.setdefault(sign_in_id, set()).add(socket)


def forget(socket: GuardedSocket, sign_in_id: str) -> None:
    """Forget a socket that has ended."""
    sockets = _open.get(sign_in_id, set())
    sockets.discard(socket)
    if not sockets:
        _open.pop(sign_in_id, None)


def open_sockets(sign_in_id: str | None = None) -> list[GuardedSocket]:
    """Return the sockets of one sign-in, or all."""
    if sign_in_id is not None:
        return list(_open.get(sign_in_id, ()))
    return [socket for sockets in _open.values() for socket in sockets]
