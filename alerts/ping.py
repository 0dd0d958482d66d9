"""The dead-man's ping: a sign of life to a monitor outside, which calls a person when it stops.

Only an alarm that works pings: the worker went through everything, and the auditor found nothing
that it could not put right. A ping runs beside the worker and never holds it up.
"""

import logging
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

EVERY = timedelta(minutes=1)
TIMEOUT_SECONDS = 10.0

# The address holds a secret, and httpx writes every address into its log.
logging.getLogger("httpx").setLevel(logging.WARNING)


def usable_address(url: str) -> bool:
    """Return whether an address may be pinged: https, or http on this very machine."""
    parts = urlsplit(url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))


@dataclass(frozen=True)
class Pinged:
    """How the last ping went.

    Attributes:
        failed_in_a_row: 0 when it arrived.
        error: Why not, without the address.
    """

    at: datetime
    failed_in_a_row: int
    error: str


@dataclass
class Ping:
    """Pings one address.

    Attributes:
        url: Of the monitor; asked with GET.
        told: Called from the ping's own thread with how it went.
    """

    url: str
    told: Callable[[Pinged], None]
    _begun_at: datetime | None = field(default=None, init=False)
    _failures: int = field(default=0, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def is_due(self, now: datetime) -> bool:
        """Return whether a minute passed since the last ping began and none is under way."""
        if self._thread is not None and self._thread.is_alive():
            return False
        return self._begun_at is None or not timedelta(0) <= now - self._begun_at < EVERY

    def send(self, now: datetime) -> None:
        """Ping in a thread of its own; returns at once."""
        self._begun_at = now
        self._thread = threading.Thread(
            target=self._send, args=(now,), name="diary-ping", daemon=True
        )
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the ping under way has ended, at most so long."""
        if self._thread is not None:
            self._thread.join(timeout=seconds)

    def _send(self, now: datetime) -> None:
        error = ""
        try:
            trusted = ssl.create_default_context()  # the system's certificates, a hospital's too
            answer = httpx.get(self.url, timeout=TIMEOUT_SECONDS, verify=trusted)
            if not answer.is_success:
                error = f"The monitor answered {answer.status_code}."
        except httpx.TimeoutException:
            error = "The monitor did not answer in time."
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            error = "The monitor cannot be reached."
        self._failures = self._failures + 1 if error else 0
        self.told(Pinged(now, self._failures, error))
