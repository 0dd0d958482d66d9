"""A real web server on loopback that answers as it is told and keeps what it received."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class WebPeer:
    """What the server answers, in turn, and what it received.

    The last answer is given for ever: a status and its headers.
    """

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(200, {})])
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event | None = None


@contextmanager
def web_peer(peer: WebPeer) -> Iterator[str]:
    """Run the server and yield its host and port, such as 127.0.0.1:4321."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            peer.received.append((self.path, dict(self.headers), body))
            if peer.hold is not None:
                peer.hold.wait(10)
            status, headers = peer.answers.pop(0) if len(peer.answers) > 1 else peer.answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        if peer.hold is not None:
            peer.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
