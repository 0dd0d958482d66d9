"""What a page hands to the next page through the browser: signed, short-lived, never in a URL."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from db.keys import MasterKey

_MAC_BYTES = 32


def signed(
    key: MasterKey,
    purpose: bytes,
    fields: Mapping[str, str],
    now: datetime,
    *,
    valid: timedelta = timedelta(minutes=30),
) -> str:
    """Return the fields as text that only this installation can make; readable, not secret."""
    content = json.dumps([(now + valid).timestamp(), dict(fields)]).encode()
    return base64.urlsafe_b64encode(key.mac(purpose, content) + content).decode()


def read(key: MasterKey, purpose: bytes, text: str, now: datetime) -> dict[str, str] | None:
    """Return what was signed; None if it was changed, made for something else, or too old."""
    try:
        raw = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mac, content = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, key.mac(purpose, content)):
        return None
    valid_until, fields = json.loads(content)
    return fields if now.timestamp() < valid_until else None
