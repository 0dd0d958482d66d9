"""Frames that no browser sends, from people who are signed in: a patient and a nurse.

The server runs in a thread of its own, so that a hang of it is seen from here. While the frames
fly, a program sends entries for the patient over the JSON API, and another patient's and another
clinic's nurse's screens stay open: every entry that was answered must be in the database at the
end, the two screens must still answer, and nothing of the other clinic may have changed.
"""

import asyncio
import logging
import random
import re
import struct
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgpack
from sqlmodel import col, select
from websockets.exceptions import ConnectionClosed

from bench.fuzzing.told import Told, resident_mib
from db.models import METADATA, Entry
from db.stores import audit
from diary_app.services.programs import SCOPES, Programs
from tests.ground.raw import Raw
from tests.people import House, build_house
from tests.stories.test_nothing_crosses import Wire, fever_of_ana, wire

NAMES = ("click", "change", "submit", "tap", "select", "dismiss", "blur", "focus", "close", "error",
         "connect", "disconnect", "login", "route_change", "view_pop", "resize", "media_change",
         "keyboard_event", "app_lifecycle_state_change", "upload", "result", "__init__", "", "\0",
         "scroll", "long_press", "hover", "pan_update", "accept", "confirm_dismiss")  # fmt: skip
PROPS = ("value", "text", "open", "selected", "selected_index", "start_value", "end_value",
         "expanded", "selection", "visible", "disabled", "on_click", "data", "content", "controls",
         "_i", "_values", "_parent", "__class__", "parent", "page", "key", "route", "entry_mode",
         "width", "platform", "media", "views", "session")  # fmt: skip
ROUTES = ("/", "/entry", "/history", "/help", "/plan", "/reminders", "/patients", "/inbox",
          "/on-call", "/ways", "/summary", "/rules", "/audit", "/nothing", "/alerts/x", "/../etc",
          "/patients/00000000-0000-0000-0000-000000000000", "/entry?x=%00", "//evil.example",
)  # fmt: skip
SECONDS_TO_ANSWER = 30.0
ROUND = 250


def value(rng: random.Random, depth: int = 0) -> Any:
    """Return anything that msgpack can carry."""
    match rng.randrange(14 if depth < 3 else 10):
        case 0:
            return None
        case 1:
            return rng.choice((True, False))
        case 2:
            return rng.choice((0, 1, -1, 7, 39, 2**31, 2**63 - 1, -(2**63)))
        case 3:
            return rng.choice((0.5, float("nan"), float("inf"), -1e308, 38.6))
        case 4 | 5:
            return rng.choice(("", "38,6", "x" * 5000, "\0", "400", "<b>", "urgent", "2026-02-30"))
        case 6:
            return rng.randbytes(rng.randrange(30))
        case 7:
            return msgpack.ExtType(rng.randrange(0, 6), rng.randbytes(rng.randrange(12)))
        case 8:
            return "2026-03-02T19:04:00Z"
        case 9:
            return rng.choice(ROUTES)
        case 10 | 11:
            return [value(rng, depth + 1) for _ in range(rng.randrange(4))]
        case _:
            keys = (
                "control",
                "target",
                "name",
                "data",
                "route",
                "value",
                "files",
                "x",
                "page",
                "_i",
            )
            return {rng.choice(keys): value(rng, depth + 1) for _ in range(rng.randrange(4))}


def frame(rng: random.Random, controls: list[int], others: list[int]) -> bytes:
    """Return one frame: mostly of the right shape, about a control that is there.

    Args:
        controls: Numbers of the sender's own controls, hidden ones among them.
        others: Numbers of somebody else's.
    """
    kind = rng.randrange(100)
    if kind < 4:
        return rng.choice((b"\x00", b"\x01", b"\x7f", b"\x07", b"")) + rng.randbytes(
            rng.randrange(60)
        )
    if kind == 4:
        return b"\x00" + msgpack.packb([3, {"target": 1, "name": "x", "data": "y" * 900_000}])
    if kind == 5:
        return b"\x00" + b"\x91" * rng.choice((10, 600, 5000)) + b"\xc0"
    if kind == 6:
        return (
            b"\x00"
            + rng.choice((b"\xdd", b"\xdf", b"\xdb", b"\xc6"))
            + struct.pack(">I", 2**32 - 1)
        )
    target: Any = rng.choice(controls)
    if kind < 20:
        target = rng.choice((1, 0, -1, 2**40, rng.choice(others), value(rng)))
    name: Any = rng.choice(NAMES) if rng.random() < 0.97 else value(rng)
    if kind < 60:
        data = value(rng) if rng.random() < 0.6 else None
        body: Any = {"target": target, "name": name, "data": data}
        action = 3
    elif kind < 88:
        props = {rng.choice(PROPS): value(rng) for _ in range(rng.randrange(1, 4))}
        body, action = {"id": target, "props": props}, 4
    elif kind < 94:
        body = {
            "control_id": target,
            "call_id": value(rng),
            "result": value(rng),
            "error": value(rng),
        }
        action = 5
    else:
        action, body = rng.choice((0, 1, 2, 6, 7, 3, 4, 5, -1)), value(rng)
    if rng.random() < 0.02 and isinstance(body, dict):
        body[rng.choice(("extra", "self", "id", ""))] = value(rng)
    try:
        packed: bytes = msgpack.packb([action, body])
    except (ValueError, OverflowError):
        packed = b"\xc1"
    return b"\x00" + packed


class Faults(logging.Handler):
    """Counts what the server logged as an error: a person's screen had to apologize for it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count a line without the numbers of sessions in it."""
        words = re.sub(r"session \w{4}", "a session", record.getMessage())
        self.seen[f"{record.name}: {words[:400]}"] += 1


class Attacker:
    """One signed-in person's client that sends nonsense and comes back when it is thrown out."""

    def __init__(self, server: Wire, who: str, rng: random.Random) -> None:
        self._server, self._who, self._rng = server, who, rng
        self._raw: Raw | None = None
        self._session: str | None = None
        self.controls: list[int] = [1]

    async def send(self, others: list[int]) -> str:
        """Send one frame; return what came of it."""
        raw = self._raw
        if raw is None or raw.code is not None:
            raw = await self._open()
        if len(raw.inbox) > 60:
            await self.leave()
            raw = await self._open()
        if self._rng.randrange(12) == 0:
            self._learn(raw)
        content = frame(self._rng, self.controls[-400:], others)
        try:
            await raw.ws.send(content)
            await asyncio.wait_for(await raw.ws.ping(), SECONDS_TO_ANSWER)
        except ConnectionClosed:
            return "the socket was closed"
        return "sent"

    async def _open(self) -> Raw:
        self._raw = Raw(self._server.port, self._server.tokens[self._who])
        again = self._session if self._rng.randrange(3) else None
        await self._raw.open(again, route=self._rng.choice(ROUTES))
        self._session = self._raw.session_id
        await asyncio.sleep(0.02)
        self._learn(self._raw)
        return self._raw

    def _learn(self, raw: Raw) -> None:
        found = {int(each["_i"]) for each in raw.find() if isinstance(each.get("_i"), int)}
        self.controls = sorted(found | {1})

    async def settle(self) -> None:
        """Wait until the server has read all that was sent."""
        if self._raw is not None and self._raw.code is None:
            try:
                await asyncio.wait_for(self._raw.settle(), SECONDS_TO_ANSWER)
            except ConnectionClosed:
                return

    async def leave(self) -> None:
        """Close the socket."""
        if self._raw is not None:
            await self._raw.close()


@contextmanager
def elsewhere(house: House, folder: Path) -> Iterator[Wire]:
    """A server in a thread of its own."""
    ready: list[Wire] = []
    begun, over = threading.Event(), threading.Event()

    async def serve() -> None:
        async with wire(house, folder, worker=False) as server:
            ready.append(server)
            begun.set()
            while not over.is_set():
                await asyncio.sleep(0.05)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    begun.wait(60)
    try:
        yield ready[0]
    finally:
        over.set()
        thread.join(30)


class Honest:
    """A program that sends entries, and screens that stay open; nothing of theirs may be lost."""

    def __init__(self, house: House, server: Wire, client: httpx.AsyncClient) -> None:
        self._house, self._server, self._client = house, server, client
        token = Programs(server.kit, house.admin).make("Fuzz", list(SCOPES), 30)
        self._headers = {"Authorization": f"Bearer {token}"}
        self.kept: dict[UUID, int] = {}

    async def write(self, number: int) -> int:
        """Send one entry and remember it when it was confirmed; return the status."""
        answer = await self._client.post(
            f"http://127.0.0.1:{self._server.port}/api/v1/entries",
            json={
                "patient_id": str(self._house.ana.actor_id),
                "answers": {"itch_nrs": number % 11},
            },
            headers=self._headers | {"Idempotency-Key": f"fuzz-{number:020}"},
        )
        if answer.status_code in (200, 201):
            self.kept[UUID(answer.json()["id"])] = number % 11
        return answer.status_code

    def lost(self) -> list[UUID]:
        """Return the confirmed entries that are not there as they were sent."""
        with self._server.kit.database.reading(None) as session:
            rows = session.exec(select(Entry).where(col(Entry.id).in_(list(self.kept)))).all()
        found = {row.id: row.itch_nrs for row in rows}
        return [entry_id for entry_id, itch in self.kept.items() if found.get(entry_id) != itch]


def said_in(server: Wire, clinic_id: UUID) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is kept of a clinic, but when its people's sign-ins were last seen."""
    found = {}
    with server.kit.database.reading(None) as session:
        for table in METADATA.sorted_tables:
            if "clinic_id" in table.c and table.name not in {"sign_in", "heartbeat", "audit_event"}:
                query = table.select().where(table.c.clinic_id == clinic_id).order_by(table.c.id)
                found[table.name] = [tuple(row) for row in session.connection().execute(query)]
    return found


@asynccontextmanager
async def watching(server: Wire) -> AsyncIterator[list[Raw]]:
    """The screens of two strangers to what happens, open all the time."""
    watchers = [await server.open("otto"), await server.open("cleo")]
    await watchers[0].see("Hello, Otto")
    await watchers[1].see("No open alerts")
    try:
        yield watchers
    finally:
        for each in watchers:
            await each.close()


async def run(folder: Path, count: int, number: int, deadline: float) -> Told:
    """Send ``count`` frames; look after every 250 whether all is as it must be."""
    told, rng = Told(), random.Random(f"frames {number}")
    house = build_house(folder)
    faults = Faults()
    logging.getLogger().addHandler(faults)
    try:
        with elsewhere(house, folder) as server:
            await _attack(told, rng, house, server, count, deadline)
    finally:
        logging.getLogger().removeHandler(faults)
    for line, times in faults.seen.most_common(25):
        told.logged[line] += times
    with house.database.reading(None) as session:
        if audit.first_broken_link(session, house.clinic_id) is not None:
            told.fault("frames", "the audit chain is broken")
    house.database.close()
    return told


async def _attack(
    told: Told, rng: random.Random, house: House, server: Wire, count: int, deadline: float
) -> None:
    fever_of_ana(house, server.kit)
    south = house.cleo.clinic_id
    before = said_in(server, south)
    attackers = [Attacker(server, who, rng) for who in ("ana", "ben")]
    async with httpx.AsyncClient(timeout=SECONDS_TO_ANSWER) as client, watching(server) as watchers:
        honest = Honest(house, server, client)
        first = 0.0
        for step in range(count):
            attacker, other = attackers[step % 2], attackers[1 - step % 2]
            try:
                told.note("frame", await attacker.send(other.controls))
            except TimeoutError:
                told.fault("frame", f"the server did not answer (frame {step})")
                return
            if step % ROUND == ROUND - 1:
                await _look(told, attackers, watchers, honest, step)
                first = first or resident_mib()
                if resident_mib() - first > 300:
                    told.fault("frames", "the memory grows without a bound")
                    return
                if time.monotonic() > deadline:
                    break
        for each in attackers:
            await each.leave()
    for entry_id in honest.lost():
        told.fault("frames", f"a confirmed entry was lost: {entry_id}")
    after = said_in(server, south)
    for table, rows in before.items():
        if after[table] != rows:
            told.fault("frames", f"something of the other clinic changed: {table}")


async def _look(
    told: Told, attackers: list[Attacker], watchers: list[Raw], honest: Honest, step: int
) -> None:
    begun = time.monotonic()
    for attacker in attackers:
        await attacker.settle()
    for watcher in watchers:
        if watcher.code is not None or any("Ana" in repr(body) for _kind, body in watcher.inbox):
            told.fault("frames", "a stranger's screen was ended or shown something of ana's")
        watcher.inbox.clear()
        await asyncio.wait_for(watcher.settle(), SECONDS_TO_ANSWER)
    status = await honest.write(step)
    if status != 201:
        told.fault("frames", f"an entry was answered with {status}")
    if time.monotonic() - begun > SECONDS_TO_ANSWER:
        told.fault("frames", "the server took more than 30 s to answer")
