"""What `diary check` tries at the public address: certificate, proxy, headers, WebSockets."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

import httpx

from diary_app.commands.check_line import Line, failed, fine, warned
from diary_app.settings import Settings

PATIENCE = 10.0  # seconds
SKEW = timedelta(seconds=5)
RENEW_BEFORE = timedelta(days=14)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WHAT = "Public address"
AS_SHOWN = "Compare the proxy with deploy/Caddyfile or deploy/nginx.conf."
# What OpenSSL calls these (x509_vfy.h).
EXPIRED, NOT_YET, OTHER_NAME = 10, 9, 62


def address_lines(chosen: Settings) -> Iterator[Line]:
    """Yield what was found where people open the diary; nothing is changed there."""
    parts = urlsplit(chosen.origin)
    yield from _plain(chosen.origin, parts)
    trusted = ssl.create_default_context()
    before = datetime.now(UTC)  # noqa: TID251 - the two clocks are read side by side
    if parts.scheme == "https":
        line = _certificate(parts, trusted, before)
        yield line
        if line.state == "FAIL":
            return
    with httpx.Client(timeout=PATIENCE, verify=trusted, base_url=chosen.origin) as client:
        try:
            answer = client.get("/healthz")
        except httpx.HTTPError as error:
            yield failed(
                WHAT,
                f"{chosen.origin}/healthz does not answer ({type(error).__name__}).",
                "See whether the server and the proxy run, and whether the name leads here.",
            )
            return
        yield from _answered(chosen.origin, answer)
        yield from _dated(answer, before)
        yield _socket(client, chosen.origin)
        if parts.scheme == "https":
            yield from _guarded(client, parts, answer)


def _plain(origin: str, parts: SplitResult) -> Iterator[Line]:
    if parts.scheme == "https":
        return
    to_do = "Put a proxy with TLS in front and set DIARY_PUBLIC_URL, as docs/operations.md says."
    if parts.hostname in LOOPBACK:
        yield warned(WHAT, f"{origin} opens on this machine alone.", to_do)
    else:
        found = f"{origin} is not https: sign-ins and diaries could be read on the way."
        yield failed(WHAT, found, to_do)


def _certificate(parts: SplitResult, trusted: ssl.SSLContext, at: datetime) -> Line:
    what, host = "Certificate", parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), timeout=PATIENCE) as plain,
            trusted.wrap_socket(plain, server_hostname=host) as secure,
        ):
            shown = secure.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return failed(what, *_refused(error, host))
    except OSError as error:
        return failed(
            WHAT,
            f"Nothing speaks TLS at {parts.netloc} ({type(error).__name__}).",
            "See whether the proxy runs, and whether the name leads to it.",
        )
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    if ends - at < RENEW_BEFORE:
        return warned(what, f"It ends on {ends:%d %B %Y}.", "See why it was not renewed.")
    return fine(what, f"It is trusted and ends on {ends:%d %B %Y}.")


def _refused(error: ssl.SSLCertVerificationError, host: str) -> tuple[str, str]:
    """Return what is wrong with a certificate, and what to do."""
    renew = "Renew it, and let the proxy load the new one: until then nobody gets in."
    if error.verify_code == EXPIRED:
        return "It has expired.", renew
    if error.verify_code == NOT_YET:
        return "It is not valid yet.", "See whether this machine's clock is right."
    if error.verify_code == OTHER_NAME:
        return f"It is not for {host}, but for another name.", "Get one for the name people open."
    return (
        f"This machine does not trust it ({error.verify_message}).",
        "Let the proxy send the whole chain; a hospital's own authority has to be among the "
        "system's certificates (update-ca-certificates).",
    )


def _answered(origin: str, answer: httpx.Response) -> Iterator[Line]:
    try:
        reasons = list(answer.json()["reasons"])
    except (ValueError, KeyError, TypeError):
        yield failed(
            WHAT,
            f"{origin}/healthz answers {answer.status_code}, but not as the diary does.",
            f"The diary does not run, or the proxy leads elsewhere. {AS_SHOWN}",
        )
        return
    yield fine(WHAT, f"{origin} leads to the diary.")
    if reasons:
        yield failed("Health", " ".join(reasons), "docs/alarm.md says what each means.")
    else:
        yield fine("Health", "Nothing needs a person.")


def _dated(answer: httpx.Response, before: datetime) -> Iterator[Line]:
    try:
        there = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return
    apart = abs(there - before)
    if apart > SKEW + timedelta(seconds=PATIENCE):
        yield failed(
            "Clock",
            f"The public address is {apart.total_seconds():.0f} seconds away from this clock.",
            "Let both machines follow a time server.",
        )


def _socket(client: httpx.Client, origin: str) -> Line:
    """Ask for a WebSocket as a stranger: only the diary itself can refuse it as we do."""
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Origin": origin,
    }
    what = "Live screens"
    try:
        status = client.get("/ws", headers=upgrade).status_code
    except httpx.HTTPError as error:
        return failed(what, f"No answer ({type(error).__name__}).", "See the proxy's log.")
    if status in {101, 403}:
        return fine(what, "WebSockets pass through.")
    return failed(
        what,
        f"A WebSocket is answered with {status}.",
        "Let the proxy pass Upgrade and Connection on, as deploy/ shows.",
    )


def _guarded(client: httpx.Client, parts: SplitResult, answer: httpx.Response) -> Iterator[Line]:
    """What a proxy with TLS has to add, and what it has to keep from strangers."""
    what = "Proxy"
    if "strict-transport-security" not in answer.headers:
        yield warned(
            what,
            "It does not tell browsers to stay on https.",
            "Let it send Strict-Transport-Security, as deploy/ shows.",
        )
    try:
        if client.get("/metrics").status_code == httpx.codes.OK:
            found = "It shows /metrics, the figures of the installation, to everybody."
            yield warned(what, found, AS_SHOWN)
        if parts.port in {None, 443}:
            plain = client.get(f"http://{parts.hostname}/welcome")
            if not plain.headers.get("location", "").startswith("https://"):
                found = "Port 80 answers with something else than the way to https."
                yield failed(what, found, AS_SHOWN)
    except httpx.HTTPError:
        return  # nobody on port 80, or nothing to see: no page is given away
