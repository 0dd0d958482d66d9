"""A mail server in a bad mood: stalls, refuses, hangs up, fails a few times; drawn from a seed.

What it answers 250 to is on the disk before the answer leaves.
"""

import asyncio
import logging
import random
import re
import time
from email import message_from_bytes
from email.policy import SMTP as MAIL
from multiprocessing.connection import Connection
from pathlib import Path

from aiosmtpd.smtp import SMTP

from bench.faults.dial import Dial
from bench.faults.diary_lines import Lines

DOOMED = "nora@north.example"
CODE = re.compile(r"\b[0-9A-Z]{3}-[0-9A-Z]{2}\b")

# What happens to a try of a letter, and how often. 48 of 100 go well.
MOODS = {
    "none": 48,
    "refused MAIL (451)": 5,
    "refused RCPT (450)": 6,
    "refused DATA (452)": 6,
    "dropped at MAIL": 5,
    "dropped at RCPT": 5,
    "dropped at DATA": 5,
    "dropped after the dot": 5,
    "dropped after it was kept": 5,
    "stalled at MAIL": 1,
    "stalled after the dot": 1,
    "stalled after it was kept": 1,
    "fails a few times": 7,
}


class Peer:
    """The answers, as aiosmtpd asks for them."""

    def __init__(self, lines: Lines, dial: Dial, seed: int, stall_seconds: float) -> None:
        self.lines, self.dial, self.stall_seconds = lines, dial, stall_seconds
        self.chance = random.Random(seed)
        self.failing: dict[str, int] = {}

    def fault(self, what: str, letter: str = "") -> None:
        self.lines.note(kind="fault", what=what, id=letter, at=time.time())

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        names, weights = tuple(MOODS), tuple(MOODS.values())
        kind = self.dial["peer_is_kind"]
        session.mood = "none" if kind else self.chance.choices(names, weights)[0]
        if session.mood == "refused MAIL (451)":
            self.fault(session.mood)
            return "451 4.3.0 Not now"
        await self.misbehave(server, session, "at MAIL")
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address == DOOMED:
            self.fault("refused RCPT for good (550)")
            return "550 5.1.1 No such user"
        if session.mood == "refused RCPT (450)":
            self.fault(session.mood)
            return "450 4.2.0 Busy"
        await self.misbehave(server, session, "at RCPT")
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=MAIL)
        name, mood = str(letter["Message-ID"]), session.mood
        if mood == "fails a few times":
            self.failing.setdefault(name, self.chance.randint(1, 3))
        if self.failing.get(name, 0) > 0 and not self.dial["peer_is_kind"]:
            self.failing[name] -= 1
            self.fault("fails a few times", name)
            return "451 4.3.0 Later"
        if mood == "refused DATA (452)":
            self.fault(mood, name)
            return "452 4.3.1 Full"
        await self.misbehave(server, session, "after the dot", name)
        text = letter.get_body(("plain",)).get_content()
        self.lines.note(
            safe=True, kind="kept", id=name, to=envelope.rcpt_tos, at=time.time(),
            codes=sorted({*CODE.findall(text), *CODE.findall(str(letter["X-Diary-Alert"]))}),
        )  # fmt: skip
        await self.misbehave(server, session, "after it was kept", name)
        return "250 2.0.0 Ok: kept"

    async def misbehave(self, server, session, where: str, letter: str = "") -> None:
        if session.mood == f"dropped {where}":
            self.fault(session.mood, letter)
            server.transport.abort()
            await asyncio.sleep(3600)  # ends at once: the lost connection cancels it
        if session.mood == f"stalled {where}":
            self.fault(session.mood, letter)
            await asyncio.sleep(self.stall_seconds)
            server.transport.abort()
            await asyncio.sleep(3600)


class Dropping(SMTP):
    """Also hangs up between the DATA command and the letter."""

    async def smtp_DATA(self, arg):  # noqa: N802
        if self.session.mood == "dropped at DATA" and self.envelope.rcpt_tos:
            await self.event_handler.misbehave(self, self.session, "at DATA")
        await super().smtp_DATA(arg)


def run(pipe: Connection, log: Path, dial: Path, seed: int, stall_seconds: float) -> None:
    """Serve for ever; the port goes through the pipe."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    handler = Peer(Lines(log), Dial(dial), seed, stall_seconds)

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, _context: None)

        def connection() -> SMTP:
            return Dropping(handler, hostname="mail.example", loop=loop)

        server = await loop.create_server(connection, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())
