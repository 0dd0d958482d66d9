"""Signed webhooks to a clinic's own system; docs/webhook.md is their contract."""

import hashlib
import hmac
import json
import ssl
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from alerts.delivery.transport import Message
from alerts.errors import DeliveryError

TIMESTAMP, SIGNATURE, MESSAGE_ID = "Diary-Timestamp", "Diary-Signature", "Diary-Message-Id"
REPLAY_WINDOW = timedelta(minutes=5)
_TRY_AGAIN = frozenset({408, 425, 429})
_LONGEST_RECEIPT = 100


def can_be_used(url: str) -> bool:
    """Return whether a webhook may lead there: https, or http to this machine itself."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or len(url.split()) != 1:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _loopback(host))


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a body: ``v1=`` and the HMAC-SHA256 of time, full stop and body.

    Args:
        secret: Known to both sides, as text.
        timestamp: Whole seconds since 1970, as in the header.
        body: As sent, byte for byte.
    """
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.digest(secret.encode(), signed, hashlib.sha256).hex()


@dataclass(frozen=True)
class WebhookTransport:
    """Posts messages as signed JSON.

    Attributes:
        timeout_seconds: Longest wait for each step of one message.
    """

    timeout_seconds: float = 20
    _trusted: ssl.SSLContext = field(
        default_factory=ssl.create_default_context, init=False, repr=False, compare=False
    )

    def send(self, message: Message) -> str:
        """Post the message; see ``Transport.send``. ``message.to`` is the address.

        2xx is taken; 408, 425, 429, 5xx, a redirect and a broken connection are temporary and
        ``Retry-After`` is heeded; every other answer is permanent.
        """
        if not can_be_used(message.to):
            raise DeliveryError("A webhook needs an https address.", permanent=True)
        body = content(message)
        now = message.tried_at or message.written_at
        timestamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: timestamp,
            SIGNATURE: sign(message.secret, timestamp, body),
            MESSAGE_ID: message.message_id,
        }
        # `from None` below: what httpx says holds the address.
        try:
            answer = httpx.post(
                message.to,
                content=body,
                headers=headers,
                timeout=self.timeout_seconds,
                follow_redirects=False,
                trust_env=False,
                verify=self._trusted,
            )
        except httpx.TimeoutException:
            raise DeliveryError("The webhook did not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise DeliveryError("The webhook cannot be reached.") from None
        if answer.is_success:
            return f"{answer.status_code} {answer.reason_phrase}"[:_LONGEST_RECEIPT]
        raise _refusal(answer, now)


def content(message: Message) -> bytes:
    """Return the body: JSON without patient data."""
    urgent = "urgent" if message.urgent else "prompt"
    return json.dumps(
        {
            "kind": message.kind,
            "id": message.message_id,
            "code": message.code,
            "level": urgent if message.kind == "alert" else None,
            "title": message.subject,
            "link": message.link,
            "written_at": message.written_at.isoformat(),
        },
        separators=(",", ":"),
    ).encode()


def _refusal(answer: httpx.Response, now: datetime) -> DeliveryError:
    code = answer.status_code
    if answer.is_redirect:
        return DeliveryError(
            f"The webhook sent the message elsewhere ({code}); enter that address."
        )
    if code in _TRY_AGAIN or code >= 500:
        return DeliveryError(
            f"The webhook answered {code}.",
            retry_after=_retry_after(answer.headers.get("Retry-After", ""), now),
        )
    return DeliveryError(f"The webhook refused the message ({code}).", permanent=True)


def _retry_after(words: str, now: datetime) -> timedelta | None:
    """Return the wait that RFC 9110, section 10.2.3, asks for; None when it cannot be read."""
    if words.isascii() and words.isdigit():
        return timedelta(seconds=min(int(words), 10**6))
    try:
        at = parsedate_to_datetime(words)
    except ValueError:
        return None
    return max(at - now, timedelta()) if at.tzinfo is not None else None


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
