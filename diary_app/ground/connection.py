"""Flet's server side of one socket, with its session in view."""

import asyncio
from collections.abc import Callable

import flet as ft
from flet.messaging.protocol import Message, MessageAction, RegisterClientResponseBody
from flet.messaging.session import Session
from flet_web.fastapi import app_manager
from flet_web.fastapi.flet_app import FletApp

from diary_app.ground.reconnect import pack_marked

SESSION_SECONDS = {"patient": 1800, "staff": 900}


class Connection(FletApp):  # type: ignore[misc]
    """One socket's Flet app; marks the controls it sends to a client that registers."""

    def __init__(self, main: Callable[[ft.Page], None], session_seconds: int) -> None:
        super().__init__(
            loop=asyncio.get_running_loop(),
            executor=app_manager.executor,
            main=main,
            before_main=None,
            session_timeout_seconds=session_seconds,
        )

    @property
    def session(self) -> Session | None:
        """The Flet session this socket belongs to; None before the client has registered."""
        found: Session | None = self._FletApp__session
        return found

    @property
    def under_way(self) -> set[asyncio.Task[None]]:
        """What the client's touches still have at work."""
        tasks: set[asyncio.Task[None]] = self._FletApp__running_tasks
        return tasks

    def send_message(self, message: Message) -> None:
        """Queue a message for the client; one that has gone sees it when it is back."""
        if self._FletApp__send_queue is None:
            return
        if message.action is MessageAction.REGISTER_CLIENT:
            self._FletApp__send_queue.put_nowait(pack_marked(message))
        else:
            super().send_message(message)

    def show_again(self) -> None:
        """Send the whole screen as it is now: the client got it before its late touches came."""
        session = self.session
        if session is not None:
            body = RegisterClientResponseBody(session.id, session.page, "")
            self.send_message(Message(MessageAction.REGISTER_CLIENT, body))


async def end_session(session_id: str) -> None:
    """Close the Flet session and drop all it holds; unknown sessions are ignored."""
    key = _key_of(session_id)
    if key is not None:
        await app_manager.delete_session(key)


async def end_all_sessions() -> None:
    """Close every Flet session, as when the server stops."""
    for key in tuple(app_manager._FletAppManager__sessions):
        await app_manager.delete_session(key)
    await asyncio.sleep(0)


async def stop_evicting() -> None:
    """Stop Flet's background tasks so that they can be started again in this process."""
    await app_manager.shutdown()
    app_manager._FletAppManager__evict_sessions_task = None
    app_manager._FletAppManager__evict_oauth_states_task = None


def _key_of(session_id: str) -> str | None:
    sessions: dict[str, Session] = app_manager._FletAppManager__sessions
    return next((key for key, session in sessions.items() if session.id == session_id), None)
