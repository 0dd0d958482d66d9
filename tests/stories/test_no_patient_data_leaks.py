"""One patient's story from the entry to the backup; then everything written is searched for her.

Server and worker are the real processes on SQLite or PostgreSQL; mail, ntfy and the text message
gateway are real servers on loopback. What must not hold a word of hers: the logs of both processes
and of PostgreSQL, `/healthz` and `/metrics`, every message that left, every address that was asked
(what a proxy's access log would hold), the names of all files, and the backup.
"""

import io
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest
from PIL import Image
from sqlmodel import select

from db.engine import open_database
from db.keys import MasterKey
from db.models import ContactWay, Patient
from db.sealed_ways import seal_address
from db.types import new_id
from diary_app.installation import open_installation
from diary_app.services.doors import open_sign_in
from diary_app.settings import Settings
from tests import people, postgres
from tests.alerts.mail_server import Mailbox, mail_server
from tests.people import ENGINE, empty_database

# Nothing of this occurs anywhere else in the program or in its tests.
NEEDLES = {
    "first name": "Quirentia",
    "last name": "Zaunkoenigsberg",
    "code": "P-XQ77",
    "phone": "017655501937",
    "birth day": "1947-08-19",
    "words": "zimtfarbene Quaddeln am Ellenbogen",
    "photo name": "ellenbogen-quirentia-19.jpg",
    "photo comment": "Fotoapparat-Zwetschge",
}
PHONE = "+49 176 555 01937"


@dataclass
class Gateway:
    """A service that takes every message, and what it was sent: request line, heads, body."""

    port: int
    received: list[bytes] = field(default_factory=list)


@contextmanager
def gateway() -> Iterator[Gateway]:
    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            told.received.append(f"{self.requestline}\n{self.headers}\n".encode() + body)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    told = Gateway(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield told
    server.shutdown()
    server.server_close()


def spellings(needle: str) -> set[bytes]:
    """A needle as it would stand in logs, addresses, mails and JSON."""
    plain = {needle, quote(needle), quote_plus(needle), needle.replace(" ", "_")}
    found = {each.lower().encode() for each in plain}
    found |= {each.lower().encode("utf-16-le") for each in plain}
    return found


def leaks(written: dict[str, bytes]) -> set[str]:
    """Which needle stands in what, each as "what: needle"."""
    return {
        f"{place}: {name}"
        for place, content in written.items()
        for name, needle in NEEDLES.items()
        if any(each in content.lower() for each in spellings(needle))
    }


def letters(mailbox: Mailbox) -> bytes:
    """Every mail as it left and as its reader sees it, heads and addresses too."""
    parts = list(mailbox.raw)
    for letter in mailbox.received:
        parts += [str(value).encode() for value in letter.values()]
        leaves = [part for part in letter.walk() if not part.is_multipart()]
        parts += [part.get_payload(decode=True) or b"" for part in leaves]
    return b"\n".join(parts)


def picture() -> bytes:
    """A photo whose camera wrote a comment into it."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = NEEDLES["photo comment"]
    shade = Image.linear_gradient("L").resize((640, 480))
    Image.merge("RGB", (shade, shade, shade)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def until(true, what: str, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


@pytest.fixture
def asked() -> list[str]:
    """Every address that a proxy in front would write into its access log."""
    return []


def test_nothing_of_a_patient_is_written_where_it_does_not_belong(
    tmp_path: Path, asked: list[str]
) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as mail_port, gateway() as ntfy, gateway() as texts:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        data, backups = tmp_path / "data", tmp_path / "backups"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DIARY_")} | {
            "DIARY_DATA_DIR": str(data),
            "DIARY_PORT": str(port),
            "DIARY_SMTP_HOST": "127.0.0.1",
            "DIARY_SMTP_PORT": str(mail_port),
            "DIARY_SMTP_SECURITY": "none",
            "DIARY_MAIL_FROM": "diary@north.example",
            "PYTHONWARNINGS": "default",
        }
        if ENGINE == "postgresql":
            environment["DIARY_DATABASE_URL"] = empty_database(tmp_path)
        database_url = environment.get("DIARY_DATABASE_URL", "")
        tokens, patient_id = set_up(data, backups, database_url, ntfy.port, texts.port)
        origin = f"http://127.0.0.1:{port}"
        running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for name, module in (("server", "tests.stories.serve_bare"), ("worker", "diary_app")):
                with (tmp_path / f"{name}.log").open("wb") as log:
                    words = ["worker"] if name == "worker" else []
                    running[name] = subprocess.Popen(
                        [sys.executable, "-m", module, *words],
                        env=environment, cwd=tmp_path, stdout=log, stderr=log,
                    )  # fmt: skip
                    (tmp_path / f"{name}.log").touch()
            told = story(origin, tokens, patient_id, asked, mailbox, ntfy, texts)
            done = subprocess.run(
                [sys.executable, "-m", "diary_app", "backup", "--to", str(backups)],
                env=environment, cwd=tmp_path, capture_output=True, timeout=120, check=False,
            )  # fmt: skip
            told["diary backup"] = done.stdout + done.stderr
            assert done.returncode == 0, done.stderr
        finally:
            for process in running.values():
                process.terminate()
                process.wait()

    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    [backup] = backups.glob("*.diary-backup")
    written = told | {
        "server log": (tmp_path / "server.log").read_bytes(),
        "worker log": (tmp_path / "worker.log").read_bytes(),
        "mails": letters(mailbox),
        "ntfy": b"\n".join(ntfy.received),
        "text messages": b"\n".join(texts.received),
        "addresses": "\n".join(asked).encode(),
        "file names": "\n".join(names).encode(),
        "backup": backup.read_bytes(),
        "photos": b"".join(p.read_bytes() for p in (data / "photos").rglob("*") if p.is_file()),
    }
    if ENGINE == "postgresql":
        written["PostgreSQL's log"] = postgres.server().log()
        assert b"ready to accept connections" in written["PostgreSQL's log"]
    # The search sees what is there: the worker spoke, messages left, and her diary does hold it.
    assert b"alert worker is running" in written["worker log"]
    assert len(written["photos"]) > 1000
    assert all(written[where] for where in ("mails", "ntfy", "text messages", "metrics"))
    assert leaks(written) == set()
    assert leaks({"diary": kept(data, database_url)}) >= {"diary: last name", "diary: code"}


def kept(data: Path, database_url: str) -> bytes:
    """What the database holds, as bytes."""
    if database_url:
        database = open_database(database_url)
        with database.reading() as session:
            rows = session.exec(select(Patient)).all()
            found = "".join(f"{row.name} {row.code}" for row in rows).encode()
        database.close()
        return found
    files = [data / name for name in ("diary.db", "diary.db-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


def test_the_search_finds_every_spelling() -> None:
    words = NEEDLES["words"]
    for spelled in (words, words.upper(), quote(words), quote_plus(words)):
        assert leaks({"log": f"GET /?q={spelled} 200".encode()}) == {"log: words"}


def set_up(
    data: Path, backups: Path, database_url: str, ntfy: int, texts: int
) -> tuple[dict[str, str], str]:
    """A clinic with Quirentia, and Ben who is told by mail, ntfy and text message."""
    backups.mkdir(mode=0o700)
    now = datetime.now(UTC)
    opened = open_installation(Settings(data_dir=data, database_url=database_url), create=True)
    key: MasterKey = opened.key
    with opened.database.writing() as session:
        viewers = people.fill(session)
        ana, ben = viewers["ana"], viewers["ben"]
        patient = session.exec(select(Patient).where(Patient.id == ana.actor_id)).one()
        patient.name = f"{NEEDLES['first name']} {NEEDLES['last name']}"
        patient.code, patient.phone = NEEDLES["code"], PHONE
        patient.born_on = date.fromisoformat(NEEDLES["birth day"])
        session.add(patient)
        for label, url in (
            ("Push", f"ntfy://127.0.0.1:{ntfy}/ward-nine"),
            ("Text message", f"json://127.0.0.1:{texts}/send"),
        ):
            way_id = new_id()
            session.add(
                ContactWay(
                    id=way_id, clinic_id=ben.clinic_id, user_id=ben.actor_id, kind="apprise",
                    label=label, address_sealed=seal_address(key, way_id, url),
                    created_by=ben.actor_id, created_at=now, confirmed_at=now,
                )
            )  # fmt: skip
        tokens = {
            "patient": open_sign_in(session, ana, "phone", now).token,
            "nurse": open_sign_in(session, ben, "desk", now).token,
        }
    opened.close()
    return tokens, str(ana.actor_id)


def story(
    origin: str,
    tokens: dict[str, str],
    patient_id: str,
    asked: list[str],
    mailbox: Mailbox,
    ntfy: Gateway,
    texts: Gateway,
) -> dict[str, bytes]:
    """Entry, alert, messages, acknowledge, export; returns what the open pages told."""

    def noted(request: httpx.Request) -> None:
        asked.append(f"{request.method} {request.url} {request.headers.get('referer', '')}")

    def led(response: httpx.Response) -> None:
        asked.append(response.headers.get("location", ""))

    hooks = {"request": [noted], "response": [led]}

    def browser(token: str = "") -> httpx.Client:
        cookies = {"diary": token} if token else {}
        return httpx.Client(
            base_url=origin, cookies=cookies, event_hooks=hooks, timeout=60,
            headers={"Origin": origin}, follow_redirects=True,
        )  # fmt: skip

    def is_up() -> bool:
        try:
            return httpx.get(f"{origin}/healthz").status_code in {200, 503}
        except httpx.TransportError:
            return False

    until(is_up, "the server did not come up", 120)
    with browser(tokens["patient"]) as phone:
        form = phone.get("/now").text
        report = re.search(r'name="report" value="([0-9a-f-]{36})"', form)[1]
        typed = {
            "report": report, "no_signs": "yes", "unit": "C", "site": "oral", "medicine": "no",
            "words": NEEDLES["words"],
        }  # fmt: skip
        photo = {"photos": (NEEDLES["photo name"], picture(), "image/jpeg")}
        # Once wrongly, once with a broken photo: what is refused is written nowhere either.
        wrong = phone.post("/now", data=typed | {"temperature": "warm"}, files=photo)
        assert wrong.status_code == 400
        broken = {"photos": (NEEDLES["photo name"], NEEDLES["words"].encode(), "image/jpeg")}
        phone.post("/now", data=typed | {"temperature": "39.7"}, files=broken)
        shown = phone.post("/now", data=typed | {"temperature": "39.7"}, files=photo)
        assert shown.status_code == 200
        phone.get(f"/my-diary/nothing?{quote(report)}")
        looked = phone.get("/my-diary/who-looked")
        assert looked.status_code == 200
    until(lambda: mailbox.received and ntfy.received and texts.received, "a message is missing")
    link = re.search(r"(/a/[A-Za-z0-9_\-]+)", letters(mailbox).decode(errors="replace"))[1]
    with browser() as anybody:
        assert anybody.get(link).status_code == 200
        assert anybody.post(link).status_code == 200
    today = datetime.now(UTC).date()
    period = f"from={today - timedelta(days=30)}&to={today}"
    with browser(tokens["nurse"]) as nurse:
        for shape in ("report", "archive"):
            file = nurse.get(f"/exports/{patient_id}/{shape}?{period}")
            assert file.status_code == 200, file.text
            asked.append(file.headers["content-disposition"])
        assert nurse.post("/consents").status_code == 405
    with browser() as monitor:
        return {
            "healthz": monitor.get("/healthz").content,
            "metrics": monitor.get("/metrics").content,
        }
