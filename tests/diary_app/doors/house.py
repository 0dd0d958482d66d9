"""The web app of the doors over the house of tests: its kit, its clock, and browsers."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlmodel import col, select
from starlette.types import ASGIApp, Receive, Scope, Send

from db.access import Viewer, worker_viewer
from db.keyring import attach
from db.keys import MasterKey
from db.models import (
    Alert,
    AuditEvent,
    Draft,
    Heartbeat,
    Invitation,
    Notification,
    Patient,
    SignIn,
    User,
)
from db.photos.vault import PhotoVault
from db.stores import beats, doors, drafts
from db.types import new_id
from diary_app.api.build import DemoHint, install_errors, routers
from diary_app.api.speaking import Speaking
from diary_app.api.v1.pace import CALLS_A_MINUTE
from diary_app.services import totp
from diary_app.services.doors import open_sign_in
from diary_app.services.kit import Kit
from diary_app.services.openid import Hospital, OpenId
from tests.people import NOW, House

HOST = "diary.test"
ORIGIN = f"http://{HOST}"
PASSWORD = "seven quiet otters"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
REGIONS = {"trunk_front": "Chest and belly", "left_hand": "Left hand"}
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Clock:
    """A clock that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


class Browser:
    """One browser with its cookies; its forms come from our own pages."""

    def __init__(self, app: ASGIApp, address: str = "203.0.113.9") -> None:
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(address, 50000)),
            base_url=ORIGIN,
            headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile Safari/537"},
        )

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, **typed: str) -> httpx.Response:
        return self.ask("POST", path, data=typed, headers={"Origin": ORIGIN})

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


class FakeVisits:
    """Stands for `diary_app.services.visit.Visits` at its edge."""

    def __init__(self, _kit: Kit, viewer: Viewer) -> None:
        self._viewer = viewer

    def report_pdf(self, patient_id: UUID, first_on: Any, last_on: Any) -> bytes:
        self._viewer.require("patient.export", patient_id)
        return f"%PDF {first_on} {last_on}".encode()

    def archive(self, patient_id: UUID, first_on: Any, last_on: Any) -> bytes:
        self._viewer.require("patient.export", patient_id)
        return b"PK"


@dataclass
class Doors:
    """The web app and what surrounds it."""

    house: House
    kit: Kit
    clock: Clock
    ended: list[str]
    published: list[str]
    hints: list[DemoHint]
    app: ASGIApp = field(init=False)
    browsers: list[Browser] = field(default_factory=list)

    def browser(self, address: str = "203.0.113.9") -> Browser:
        self.browsers.append(Browser(self.app, address))
        return self.browsers[-1]

    def close(self) -> None:
        """Close every browser."""
        while self.browsers:
            self.browsers.pop().close()

    def signed_in(self, viewer: Viewer) -> Browser:
        """A browser whose cookie is a new sign-in of this person."""
        with self.kit.database.writing() as session:
            opened = open_sign_in(session, viewer, "Chrome on Android", self.clock())
        browser = self.browser()
        browser.cookies.set("diary", opened.token, domain=HOST, path="/")
        return browser

    def showing_photos(self, viewer: Viewer) -> Browser:
        """A browser in which this patient just asked to see the photos."""
        browser = self.signed_in(viewer)
        browser.post("/photos/show")
        return browser

    def code(self, *, steps: int = 0) -> str:
        return totp.code_of(SECRET, totp.step_at(self.clock()) + steps)

    def sign_in_form(self, **other: str) -> dict[str, str]:
        right = {"email": "ben@north.example", "password": PASSWORD, "code": self.code()}
        return right | other

    def rows(self, table: Any, *where: Any) -> list[Any]:
        with self.kit.database.reading() as session:
            return list(session.exec(select(table).where(*where)))

    def audit(self, verb: str) -> list[AuditEvent]:
        return self.rows(AuditEvent, col(AuditEvent.verb) == verb)

    def content(self) -> dict[str, int]:
        """How many rows each table holds that a visit could change, and what they say."""
        return {
            table.__name__: hash(tuple(sorted(repr(row) for row in self.rows(table))))
            for table in (Alert, AuditEvent, Draft, Invitation, Patient, SignIn, User)
        }

    def draft(self, patient: Viewer) -> UUID:
        with self.kit.database.writing() as session:
            return drafts.begin_draft(session, patient, {}, self.clock()).id

    def send(self, patient: Viewer, draft_id: UUID) -> None:
        with self.kit.database.writing() as session:
            drafts.mark_sent(session, patient, draft_id, self.clock())

    def alert_for(self, recipient: Viewer, *, code: str = "K7Q-4T", level: str = "urgent") -> UUID:
        """An alert of ana's that was raised three minutes ago; returns the notification's id."""
        raised_at = self.clock() - timedelta(minutes=3)
        alert = Alert(
            clinic_id=self.house.clinic_id,
            patient_id=self.house.ana.actor_id,
            code=code,
            level=level,
            raised_at=raised_at,
            level_since=raised_at,
            policy={},
        )
        notification = Notification(
            clinic_id=recipient.clinic_id,
            alert_id=alert.id,
            user_id=recipient.actor_id,
            message_id=f"<{new_id()}@diary>",
            created_at=raised_at,
            next_attempt_at=raised_at,
        )
        with self.kit.database.writing() as session:
            session.add(alert)
            session.flush()
            session.add(notification)
        return notification.id

    def heartbeat(self, at: datetime) -> None:
        with self.kit.database.writing() as session:
            session.add(Heartbeat(name="worker", at=at))
            for clinic in doors.clinics(session):
                beats.note(session, worker_viewer(clinic.id), "audit", at, {"found": 0, "left": 0})


def build_doors(
    house: House,
    folder: Path,
    *,
    origin: str = ORIGIN,
    demo: bool = False,
    visits: Any = FakeVisits,
    calls_a_minute: int = CALLS_A_MINUTE,
    hospital: Hospital | None = None,
) -> Doors:
    """The doors over a house; ben, dora, admin and cleo can sign in with PASSWORD and SECRET."""
    clock, ended, published = Clock(), [], []
    hints: list[DemoHint] = []
    key = MasterKey(bytes(range(32)))
    ring = attach(house.database, key)
    kit = Kit(
        database=house.database,
        key=key,
        vault=PhotoVault(folder / "photos", key, ring),
        ring=ring,
        clock=clock,
        wake_worker=lambda: published.append("worker"),
        publish=published.append,
        origin=origin,
        demo=demo,
    )
    with house.database.writing() as session:
        for user in session.exec(select(User)):
            user.password_hash = QUICK.hash(PASSWORD)
            user.totp_sealed = totp.sealed(key, user.id, SECRET)
            session.add(user)

    built = Doors(house, kit, clock, ended, published, hints)
    if hospital is None and calls_a_minute == CALLS_A_MINUTE:
        built.app = Own(built, app_of_all(visits))
    else:
        built.app = _app(
            kit,
            end_sockets=ended.append,
            visits=visits,
            demo_hints=lambda: hints,
            calls_a_minute=calls_a_minute,
            openid=None if hospital is None else OpenId(hospital, origin),
        )
    return built


_asked: ContextVar[Doors] = ContextVar("asked")


class KitOfAsked:
    """The kit of the doors that are asked right now."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_asked.get().kit, name)


class Own:
    """One test's way into the app of all tests."""

    def __init__(self, doors: Doors, app: FastAPI) -> None:
        self._doors, self._app = doors, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _asked.set(self._doors)
        await self._app(scope, receive, send)


@cache
def app_of_all(visits: Any) -> FastAPI:
    """Return the app that serves the doors of every test: most take less time than making it."""

    def end_sockets(sign_in_id: str) -> None:
        _asked.get().ended.append(sign_in_id)

    return _app(
        cast(Kit, KitOfAsked()),
        end_sockets=end_sockets,
        visits=visits,
        demo_hints=lambda: _asked.get().hints,
    )


def _app(kit: Kit, **more: Any) -> FastAPI:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install_errors(app)
    for router in routers(kit, regions=lambda: REGIONS, **more):
        app.include_router(router)
    app.add_middleware(Speaking, kit=kit)
    return app


@contextmanager
def served(doors: Doors) -> Iterator[str]:
    """The app on a real port."""
    config = uvicorn.Config(doors.app, port=0, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
