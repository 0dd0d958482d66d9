"""Many patients writing at once on one server process: how soon is a tap kept, and what it costs.

    python -m bench.live_sessions --sessions 200 --rounds 6

Each patient is signed in as themselves on a phone of their own and writes a whole entry, tap by
tap, into a real SQLite file; the worker runs. Measured from the tap to the frame that says "Kept
at" (the commit is through), and for the last tap to "received by the clinic". In the same run, as
baselines: a bare websocket echo of the same server, and one patient alone. Then everybody taps in
one moment; then rounds of opening, writing and leaving, after which nothing may be left.
"""

import argparse
import asyncio
import json
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from websockets.asyncio.client import connect

from bench.live_client import ENTRY, RECEIVED, Phone
from db.access import viewer_for
from db.keys import load_or_create_master_key
from db.models import Patient, PlanStep
from diary_app.services.doors import open_sign_in
from tests.people import build_house

THINKS = (4.0, 10.0)  # seven taps: an entry takes about a minute
BEGIN_WITHIN = 60.0  # nobody begins in one moment; the moment is measured apart


def patients(folder: Path, count: int) -> list[str]:
    """Make patients on 400 mg daily, each signed in; return their cookies."""
    load_or_create_master_key(folder / "master.key")
    house = build_house(folder)
    now, cookies = datetime.now(UTC), []
    with house.database.writing() as session:
        for number in range(count):
            patient = Patient(
                clinic_id=house.clinic_id, code=f"B-{number:04d}", name=f"Bench {number}",
                born_on=now.date(), time_zone="UTC", created_at=now - timedelta(days=90),
            )  # fmt: skip
            session.add(patient)
            session.flush()
            session.add(
                PlanStep(
                    clinic_id=house.clinic_id, patient_id=patient.id,
                    starts_on=now.date() - timedelta(days=90), imatinib_mg=400,
                    author_id=house.dora.actor_id, approved_at=now,
                )
            )  # fmt: skip
            viewer = viewer_for(
                "patient", clinic_id=house.clinic_id, actor_id=patient.id, name="bench",
                patient_id=patient.id,
            )  # fmt: skip
            cookies.append(open_sign_in(session, viewer, "bench", now).token)
    house.database.close()
    return cookies


class Server:
    """The server in a process of its own."""

    def __init__(self, folder: Path, session_seconds: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.live_server", str(folder), str(self.port),
             str(session_seconds)]
        )  # fmt: skip
        while self.process.poll() is None:
            with suppress(OSError):
                self.facts()
                return
            time.sleep(0.1)
        raise SystemExit("The server did not start.")

    def facts(self) -> dict[str, int]:
        """Return what lives in it."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/bench/facts") as answer:
            found: dict[str, int] = json.load(answer)
        return found

    def cpu(self) -> float:
        """Return the seconds of processor it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def starved(self) -> float:
        """Return the seconds its event loop was ready and waited for a processor."""
        pid = self.process.pid
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[1]) / 1e9

    def end(self) -> None:
        """Stop it."""
        self.process.terminate()
        self.process.wait()


def told(name: str, seconds: Sequence[float], base: float | None = None) -> float:
    """Print median, p95 and worst in milliseconds; return the p95."""
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)] if len(ordered) > 1 else ordered[0]
    ratio = f", p95 {p95 / base:.0f} x echo" if base else ""
    print(
        f"{name}: median {statistics.median(ordered) * 1000:.1f}, p95 {p95 * 1000:.1f},"
        f" worst {ordered[-1] * 1000:.1f} ms of {len(ordered)}{ratio}",
        flush=True,
    )
    return p95


async def echo(port: int, times: int = 300) -> float:
    """Return the p95 of a bare websocket that sends back what it gets."""
    took = []
    async with connect(f"ws://127.0.0.1:{port}/bench/echo", compression=None) as line:
        for _ in range(times):
            began = time.perf_counter()
            await line.send(b"x" * 60)
            await line.recv()
            took.append(time.perf_counter() - began)
    return told("bare websocket echo", took)


async def write(
    phone: Phone, think: Callable[[], float], begins_after: float = 0.0
) -> tuple[list, list, list]:
    """Write one entry; return seconds to the screen, to kept, and to received."""
    shown, kept = [], []
    await asyncio.sleep(begins_after + think())
    await phone.tap(await phone.key("begin", "go-on"))
    for key in ENTRY:
        await phone.key(key)
        await asyncio.sleep(think())
        screen, disk = await phone.tap(key)
        shown.append(screen)
        kept.append(disk)
    await phone.key("save")
    await asyncio.sleep(think())
    _screen, received = await phone.tap("save", RECEIVED)
    await asyncio.sleep(think())
    return shown, kept, [received]


async def all_write(
    phones: Sequence[Phone], think: Callable[[], float], begin_within: float = 0.0
) -> list[list[float]]:
    """Let everybody write an entry, begun at even distances; return all three kinds of times."""
    each = await asyncio.gather(
        *(
            write(phone, think, begin_within * number / len(phones))
            for number, phone in enumerate(phones)
        )
    )
    return [[second for times in each for second in times[kind]] for kind in range(3)]


async def storm(phones: Sequence[Phone]) -> None:
    """Everybody taps in one moment, question after question."""
    for phone in phones:
        await phone.tap(await phone.key("begin", "go-on"))
    for key in ENTRY[:3]:
        for phone in phones:
            await phone.key(key)
        await asyncio.sleep(1.0)
        began = time.perf_counter()
        each = await asyncio.gather(*(phone.tap(key) for phone in phones))
        whole = time.perf_counter() - began
        told(f"  all {len(phones)} tap {key}: on the screen", [screen for screen, _ in each])
        told(f"  all {len(phones)} tap {key}: kept", [disk for _, disk in each])
        print(f"  all answered after {whole * 1000:.0f} ms", flush=True)


async def open_all(port: int, cookies: Sequence[str]) -> list[Phone]:
    """Open a session for everybody, ten at a time."""
    phones: list[Phone] = []
    for first in range(0, len(cookies), 10):
        group = [Phone(port, cookie).open() for cookie in cookies[first : first + 10]]
        phones += await asyncio.gather(*group)
    return phones


async def close_all(phones: Sequence[Phone]) -> None:
    """Let everybody leave."""
    await asyncio.gather(*(phone.close() for phone in phones))


async def latency(folder: Path, cookies: list[str]) -> None:
    """Measure taps and memory."""
    server = Server(folder, 1800)
    try:
        base = await echo(server.port)
        (alone,) = await open_all(server.port, cookies[:1])
        one = await all_write([alone], lambda: 0.6)
        told("one patient alone: kept", one[1], base)
        await alone.close()
        before = server.facts()
        phones = await open_all(server.port, cookies)
        await asyncio.sleep(2)
        opened = server.facts()
        dice = random.Random(1)
        began, cpu, starved = time.perf_counter(), server.cpu(), server.starved()
        shown, kept, received = await all_write(phones, lambda: dice.uniform(*THINKS), BEGIN_WITHIN)
        took = time.perf_counter() - began
        used, taps = server.cpu() - cpu, len(kept) + 2 * len(phones)
        print(f"{len(phones)} patients begin within {BEGIN_WITHIN:.0f} s and think"
              f" {THINKS[0]} to {THINKS[1]} s:"
              f" {taps / took:.0f} taps a second, {used / taps * 1000:.1f} ms of processor a tap,"
              f" processor {100 * used / took:.0f} %")  # fmt: skip
        waited = (server.starved() - starved) / took
        print(f"  the server waited for a processor {waited:.0%} of the time")
        if waited > 0.05:
            print("  this machine is too busy for the times below to mean much")
        told("  tap to the next screen", shown, base)
        p95 = told("  tap to kept", kept, base)
        told("  save to received by the clinic", received, base)
        written = server.facts()
        for name, facts in (("first screen", opened), ("after an entry", written)):
            more = (facts["rss_kb"] - before["rss_kb"]) / len(phones)
            print(f"  memory per session, {name}: {more:.0f} KB"
                  f" (server alone {before['rss_kb'] / 1024:.0f} MB)")  # fmt: skip
        await close_all(phones)
        again = await open_all(server.port, cookies)
        await storm(again)
        await close_all(again)
        print(f"p95 of tap to kept {p95 * 1000:.0f} ms, wanted 200 ms or less")
    finally:
        server.end()


async def soak(folder: Path, cookies: list[str], rounds: int) -> None:
    """Open, write, leave, again and again; print what is left after each round."""
    server = Server(folder, 1)
    try:
        await close_all(await open_all(server.port, cookies[:5]))
        left = await emptied(server)
        print("  round  sessions tasks controls  objects   blocks   RSS MB")
        print_facts(0, left)
        sizes, blocks = [], []
        for number in range(1, rounds + 1):
            phones = await open_all(server.port, cookies)
            await all_write(phones, lambda: random.uniform(0.4, 1.0))
            await close_all(phones)
            left = await emptied(server)
            print_facts(number, left)
            sizes.append(left["rss_kb"] / 1024)
            blocks.append(left["blocks"])
        print(f"blocks of memory in use: {blocks[-1] - blocks[0]:+} since round 1;"
              " what RSS has more is free, kept for the next sessions")  # fmt: skip
        if len(sizes) > 2:
            slope = statistics.linear_regression(range(len(sizes) - 1), sizes[1:]).slope
            print(f"RSS slope from round 2: {slope:+.2f} MB a round of {len(cookies)} sessions"
                  f" ({slope * 1024 / len(cookies):+.1f} KB a session)")  # fmt: skip
    finally:
        server.end()


async def emptied(server: Server) -> dict[str, int]:
    """Wait until every session has ended; return what is left then."""
    until = time.monotonic() + 40
    while server.facts()["sessions"] and time.monotonic() < until:
        await asyncio.sleep(0.5)
    await asyncio.sleep(0.5)
    return server.facts()


def print_facts(number: int, facts: dict[str, int]) -> None:
    """Print one line of the soak."""
    print(f"  {number:5}  {facts['sessions']:8} {facts['tasks']:5} {facts['controls']:8}"
          f" {facts['objects']:8} {facts['blocks']:8} {facts['rss_kb'] / 1024:8.1f}",
          flush=True)  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--part", choices=("taps", "soak", "both"), default="both")
    asked = parser.parse_args()
    acts: list[Callable[[Path, list[str]], Awaitable[None]]] = []
    if asked.part != "soak":
        acts.append(latency)
    if asked.part != "taps":
        acts.append(lambda folder, cookies: soak(folder, cookies, asked.rounds))
    for act in acts:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(act(Path(folder), patients(Path(folder), asked.sessions)))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
