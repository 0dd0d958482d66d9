"""`diary check` at the public address: a useless certificate is told in one sentence."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from diary_app.commands.check_address import address_lines
from diary_app.settings import Settings
from tests.deploy.proxies import DAY, HOST, Authority
from tests.ground.serving import free_port


class Answer(BaseHTTPRequestHandler):
    """A proxy that shows too much and passes no WebSocket on."""

    def do_GET(self) -> None:
        body = b'{"reasons": []}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


@contextmanager
def answering(papers: tuple[Path, Path]) -> Iterator[str]:
    """Yield the address of a server with this certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*papers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://{HOST}:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def found(origin: str) -> list[tuple[str, str, str]]:
    lines = list(address_lines(Settings(public_url=origin)))
    assert all(line.to_do for line in lines if line.state != "ok")
    return [(line.state, line.what, line.found) for line in lines]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The hospital's own, which this machine trusts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


def test_an_expired_certificate_is_told_in_one_sentence(authority: Authority) -> None:
    with answering(authority.certificate(ends_in=-DAY)) as origin:
        assert found(origin) == [("FAIL", "Certificate", "It has expired.")]


def test_a_certificate_for_another_name_is_told_in_one_sentence(authority: Authority) -> None:
    with answering(authority.certificate("other.example.org")) as origin:
        sentence = "It is not for localhost, but for another name."
        assert found(origin) == [("FAIL", "Certificate", sentence)]


def test_a_certificate_of_somebody_unknown_is_told_in_one_sentence(
    authority: Authority, tmp_path: Path
) -> None:
    (tmp_path / "another").mkdir()
    with answering(Authority(tmp_path / "another").certificate()) as origin:
        [(state, what, sentence)] = found(origin)
        assert (state, what) == ("FAIL", "Certificate")
        assert sentence.startswith("This machine does not trust it (")


def test_nobody_there_and_plain_http_there_are_told_in_one_sentence() -> None:
    [(state, what, sentence)] = found(f"https://{HOST}:{free_port()}")
    assert (state, what) == ("FAIL", "Public address")
    assert "Nothing speaks TLS at localhost:" in sentence


def test_a_certificate_that_ends_soon_and_a_proxy_that_shows_too_much_are_told(
    authority: Authority,
) -> None:
    ends = datetime.now(UTC) + 5 * DAY
    with answering(authority.certificate(ends_in=5 * DAY + timedelta(seconds=1))) as origin:
        lines = found(origin)
    assert lines[0] == ("warn", "Certificate", f"It ends on {ends:%d %B %Y}.")
    assert ("FAIL", "Live screens", "A WebSocket is answered with 200.") in lines
    told = [sentence for _state, what, sentence in lines if what == "Proxy"]
    assert told == [
        "It does not tell browsers to stay on https.",
        "It shows /metrics, the figures of the installation, to everybody.",
    ]
