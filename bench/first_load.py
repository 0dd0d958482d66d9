"""How long a phone waits for the diary, beside Flet's own server in the same run.

    python -m bench.first_load                                # all, about 25 minutes
    python -m bench.first_load --only ours --network slow     # some rows
    python -m bench.first_load --only ours/skwasm --network none

Stock is `flet.run` with the web server that Flet brings, and one plain screen. Ours is the whole
diary (`diary demo`) and the Today screen of a signed-in patient, so it draws more. skwasm is what
Chrome takes; canvaskit is what Safari and Firefox take. Cold is a browser that has never been
here, warm the same browser's next visit in a new tab. Networks and processors are slowed by
Chromium: fast 4G 8.1 Mbit/s and 165 ms, slow 4G 1.44 Mbit/s and 562 ms, both with a processor 4
times slower. Bytes and requests are counted between browser and server, all of them.

The rows named "trial" are not measured here: they are figures that were recorded when the ways to
serve Flet were compared, for one plain screen.
"""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from bench.first_load_page import Load, Meter, Network, load, phone
from tests.browser import SHARP_PHONE, browsing

NETWORKS = {
    "none": Network("none", 0, 0, 1),
    "fast": Network("fast 4G", 8.1, 165, 4),
    "slow": Network("slow 4G", 1.44, 562, 4),
}
RENDERERS = ("skwasm", "canvaskit")
# Recorded: requests, MB, seconds cold, seconds warm, until the screen was shown; None: not known.
RECORDED = {
    ("stock as recorded", "skwasm", "slow"): (35, 14.44, 110.0, 58.0),
    ("trial as recorded", "skwasm", "slow"): (13, 3.47, 24.4, 2.9),
    ("stock as recorded", "skwasm", "fast"): (35, 14.44, 26.5, 14.0),
    ("trial as recorded", "skwasm", "fast"): (13, 3.47, 6.3, 2.1),
    ("stock as recorded", "canvaskit", "fast"): (None, None, 31.0, 15.0),
    ("trial as recorded", "canvaskit", "fast"): (None, None, 11.9, 3.6),
}
_STOCK = """
import flet as ft

def main(page):
    page.title = "Stock"
    page.add(ft.Text("Today", size=26), ft.Text("How is your skin today?"),
             ft.TextField(label="Temperature"), ft.Button("Save"), ft.Icon(ft.Icons.CHECK))

ft.run(main, host="127.0.0.1", port={port}, view=ft.AppView.WEB_BROWSER, no_cdn=True)
"""


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[Meter]:
    """Run a server until it answers; gives the meter in front of it."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, env=os.environ | environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            until = time.monotonic() + 300
            while not answers(port):
                if process.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    sys.exit(f"The server did not start: {log.read().decode()[-2000:]}")
                time.sleep(0.2)
            yield Meter(port)
        finally:
            process.terminate()
            process.wait(20)


def answers(port: int) -> bool:
    """Return whether a server answers there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
            return True
    except OSError:
        return False


@contextlib.contextmanager
def stock(_folder: Path) -> Iterator[Meter]:
    """Run Flet's own server with one plain screen."""
    port = free_port()
    command = [sys.executable, "-c", _STOCK.replace("{port}", str(port))]
    with running(command, port, FLET_FORCE_WEB_SERVER="true") as meter:
        yield meter


@contextlib.contextmanager
def ours(folder: Path) -> Iterator[Meter]:
    """Run the diary's demo, packed as for patients."""
    subprocess.run([sys.executable, "-m", "diary_app", "pack"], stdout=sys.stderr, check=True)
    port = free_port()
    data = str(folder / "demo")
    command = [sys.executable, "-m", "diary_app", "demo", "--data-dir", data, "--port", str(port)]
    with running(command, port) as meter:
        yield meter


def sign_in(browser: Browser, meter: Meter) -> Callable[[BrowserContext], None]:
    """Join as a patient of the demo; returns what makes another phone this patient's."""
    context = browser.new_context(**SHARP_PHONE)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{meter.port}/demo/invitation/P-001")
    page.fill("[name=day]", "14")
    page.select_option("[name=month]", "3")
    page.fill("[name=year]", "1955")
    page.locator("form button").first.click()
    page.check("input[type=checkbox]")
    page.locator("form button").first.click()
    page.wait_for_url("**/pin/choose")
    cookies = [
        {"name": c["name"], "value": c["value"], "url": f"http://127.0.0.1:{meter.port}"}
        for c in context.cookies()
    ]
    context.close()
    return lambda other: other.add_cookies(cookies)  # type: ignore[arg-type]


HOSTS = {"stock": stock, "ours": ours}


def main() -> None:
    """Measure what was asked for and print the table."""
    arguments = _arguments()
    print(f"{'':<18}{'engine':<10}{'network':<9}{'visit':<6}{'requests':>9}{'MB':>8}"
          f"{'paint s':>9}{'engine s':>9}{'shown s':>9}   against stock")  # fmt: skip
    for (name, renderer, network), (requests, megabytes, cold, warm) in RECORDED.items():
        if network in arguments.network:
            print(_line(name, renderer, network, "cold", requests, megabytes, None, None, cold))
            print(_line(name, renderer, network, "warm", None, None, None, None, warm))
    found: dict[tuple[str, ...], Load] = {}
    with browsing() as browser, tempfile.TemporaryDirectory() as folder:
        for host in ("stock", "ours"):
            wanted = [r for r in RENDERERS if any(_asked(o, host, r) for o in arguments.only)]
            if not wanted:
                continue
            with HOSTS[host](Path(folder)) as meter:
                enter = sign_in(browser, meter) if host == "ours" else lambda _context: None
                for renderer in wanted:
                    for network in arguments.network:
                        _measure(browser, meter, enter, (host, renderer, network), found)
    print(
        f"The machine's load was {os.getloadavg()[1]:.1f} on {os.cpu_count()} processors in the"
        " last five minutes; with more than one for each the seconds are too many."
    )


def _measure(
    browser: Browser,
    meter: Meter,
    enter: Callable[[BrowserContext], None],
    row: tuple[str, str, str],
    found: dict[tuple[str, ...], Load],
) -> None:
    host, renderer, network = row
    with phone(browser, NETWORKS[network], as_safari=renderer == "canvaskit") as context:
        enter(context)
        for visit in ("cold", "warm"):
            took = found[*row, visit] = load(context, meter, NETWORKS[network])
            words = _line(
                host, renderer, network, visit, took.requests, took.received / 1e6,
                took.first_paint, took.engine, took.shown,
            )  # fmt: skip
            base = found.get(("stock", renderer, network, visit))
            if base is not None and host != "stock":
                words += (
                    f"   bytes 1/{base.received / took.received:.1f}"
                    f"  paint 1/{base.first_paint / took.first_paint:.1f}"
                    f"  shown 1/{base.shown / took.shown:.1f}"
                )
            print(words, flush=True)


def _line(
    name: str, renderer: str, network: str, visit: str,
    requests: int | None, megabytes: float | None, painted: float | None,
    engine: float | None, shown: float,
) -> str:  # fmt: skip
    def cell(value: float | None, width: int, digits: int) -> str:
        return f"{'-' if value is None else format(value, f'.{digits}f'):>{width}}"

    return (
        f"{name:<18}{renderer:<10}{NETWORKS[network].name:<9}{visit:<6}{cell(requests, 9, 0)}"
        f"{cell(megabytes, 8, 3)}{cell(painted, 9, 2)}{cell(engine, 9, 2)}"
        f"{cell(shown, 9, 2)}"
    )


def _asked(only: str, host: str, renderer: str) -> bool:
    return f"{host}/{renderer}".startswith(only)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    rows = [*HOSTS, *(f"{host}/{renderer}" for host in HOSTS for renderer in RENDERERS)]
    parser.add_argument("--only", nargs="+", choices=rows, default=list(HOSTS))
    parser.add_argument("--network", nargs="+", choices=list(NETWORKS), default=list(NETWORKS))
    return parser.parse_args()


if __name__ == "__main__":
    main()
