"""What `diary check` tries around the installation: mail server, clock, public address, monitor."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from alerts.delivery.email import SmtpTransport
from alerts.delivery.register import transport_for
from alerts.errors import DeliveryError
from diary_app.commands.check_line import Line, failed, fine, warned
from diary_app.installation import SetUpError, delivery_settings, ping_url
from diary_app.settings import Settings

PATIENCE = 10.0  # seconds
SKEW = timedelta(seconds=5)
RENEW_BEFORE = timedelta(days=14)
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def around_lines(chosen: Settings, *, quick: bool) -> Iterator[Line]:
    """Yield what was found around the installation; ``quick`` leaves the network alone."""
    yield from _synchronized()
    yield _monitor(chosen)
    if quick:
        return
    yield _mail(chosen)
    yield from _address(chosen)


def _synchronized() -> Iterator[Line]:
    program = shutil.which("timedatectl")
    if program is None:
        return
    asked = subprocess.run(  # noqa: S603 - a fixed program with fixed words
        [program, "show", "--property=NTPSynchronized", "--value"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if asked.stdout.strip() == "yes":
        yield fine("Clock", "It follows a time server.")
    elif asked.stdout.strip() == "no":
        yield warned(
            "Clock",
            "It follows no time server.",
            "Install chrony or systemd-timesyncd: alerts and sign-in codes go by this clock.",
        )


def _monitor(chosen: Settings) -> Line:
    try:
        url = ping_url(chosen)
    except SetUpError as error:
        return failed("Monitor outside", str(error), "Correct that setting.")
    if not url:
        return warned(
            "Monitor outside",
            "None is set: nobody is told when this whole machine stops.",
            "Set DIARY_DEADMAN_URL, as docs/alarm.md says.",
        )
    return fine("Monitor outside", "It is asked each minute while the alarm works.")


def _mail(chosen: Settings) -> Line:
    what = "Mail server"
    if chosen.mail_way == "file":
        return warned(what, "Mails are written to a folder.", "Set DIARY_MAIL_WAY to smtp.")
    if not chosen.smtp_host:
        return failed(what, "None is set: no alert leaves by mail.", "Set DIARY_SMTP_HOST.")
    try:
        transport = transport_for("email", delivery_settings(chosen))
        if isinstance(transport, SmtpTransport):
            transport.knock()
    except (SetUpError, DeliveryError) as error:
        return failed(what, str(error), "See DIARY_SMTP_HOST and the settings beside it.")
    if chosen.smtp_security == "none" and chosen.smtp_host not in LOOPBACK:
        return warned(
            what, "It answers, without encryption.", "Set DIARY_SMTP_SECURITY to starttls or tls."
        )
    return fine(what, "It answers and takes the sign-in; nothing was sent.")


def _address(chosen: Settings) -> Iterator[Line]:
    what, parts = "Public address", urlsplit(chosen.origin)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        yield failed(
            what,
            f"{chosen.origin} is not https: sign-ins and diaries could be read on the way.",
            "Put a proxy with TLS in front and set DIARY_PUBLIC_URL, as docs/operations.md says.",
        )
    elif parts.scheme != "https":
        yield warned(
            what,
            f"{chosen.origin} opens on this machine alone.",
            "Put a proxy with TLS in front and set DIARY_PUBLIC_URL, as docs/operations.md says.",
        )
    before = datetime.now(UTC)  # noqa: TID251 - the two clocks are read side by side
    try:
        answer = httpx.get(f"{chosen.origin}/healthz", timeout=PATIENCE, follow_redirects=False)
    except httpx.HTTPError as error:
        yield failed(
            what,
            f"{chosen.origin}/healthz does not answer ({type(error).__name__}).",
            "See whether the server and the proxy run, and whether the name leads here.",
        )
        return
    yield from _answered(chosen, answer)
    yield from _dated(answer, before)
    if parts.scheme == "https":
        yield _certificate(parts.hostname or "", parts.port or 443, before)
    yield _socket(chosen)


def _answered(chosen: Settings, answer: httpx.Response) -> Iterator[Line]:
    what = "Public address"
    try:
        told = answer.json()
        reasons = list(told["reasons"])
    except (ValueError, KeyError, TypeError):
        yield failed(
            what,
            f"{chosen.origin}/healthz answers {answer.status_code}, but not as the diary does.",
            "The proxy leads elsewhere; compare it with deploy/Caddyfile or deploy/nginx.conf.",
        )
        return
    yield fine(what, f"{chosen.origin} leads to the diary.")
    if reasons:
        yield failed("Health", " ".join(reasons), "docs/alarm.md says what each means.")
    else:
        yield fine("Health", "Nothing needs a person.")
    if chosen.origin.startswith("https") and "strict-transport-security" not in answer.headers:
        yield warned(
            what,
            "It does not tell browsers to stay on https.",
            "Let the proxy send Strict-Transport-Security, as deploy/ shows.",
        )


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


def _certificate(host: str, port: int, at: datetime) -> Line:
    what = "Certificate"
    try:
        with (
            socket.create_connection((host, port), timeout=PATIENCE) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
        ):
            shown = secure.getpeercert() or {}
    except OSError as error:
        return failed(what, f"It cannot be read ({type(error).__name__}).", "See the proxy's log.")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    if ends - at < RENEW_BEFORE:
        return warned(what, f"It ends on {ends:%d %B %Y}.", "See why it was not renewed.")
    return fine(what, f"It is trusted and ends on {ends:%d %B %Y}.")


def _socket(chosen: Settings) -> Line:
    """Ask for a WebSocket as a stranger: only the diary itself can refuse it as we do."""
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Origin": chosen.origin,
    }
    what = "Live screens"
    try:
        status = httpx.get(f"{chosen.origin}/ws", headers=upgrade, timeout=PATIENCE).status_code
    except httpx.HTTPError as error:
        return failed(what, f"No answer ({type(error).__name__}).", "See the proxy's log.")
    if status in {101, 403}:
        return fine(what, "WebSockets pass through.")
    return failed(
        what,
        f"A WebSocket is answered with {status}.",
        "Let the proxy pass Upgrade and Connection on, as deploy/ shows.",
    )
