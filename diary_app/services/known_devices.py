"""Browsers in which somebody signed in before: an attack from elsewhere does not lock them out.

The browser keeps a random number and, for each account that signed in there, a signature over both.
Nothing is kept here. Tries from such a browser are counted by themselves, for this account alone.

Source:
    OWASP, "Slow Down Online Guessing Attacks with Device Cookies".
"""

import base64
import binascii
import hmac
import secrets

from db.keys import MasterKey

COOKIE = "known"
MOST_ACCOUNTS = 12
_NONCE = 16
_MARK = 16


def known_as(key: MasterKey, cookie: str, email: str) -> str | None:
    """Return what a browser's tries for an account are counted under; None when it is new."""
    read = _read(cookie)
    if read is None:
        return None
    nonce, marks = read
    wanted = _mark(key, nonce, email)
    if not any(hmac.compare_digest(mark, wanted) for mark in marks):
        return None
    return f"{nonce.hex()}\0{email}"


def with_account(key: MasterKey, cookie: str, email: str) -> str:
    """Return the cookie of a browser in which this account just signed in."""
    nonce, marks = _read(cookie) or (secrets.token_bytes(_NONCE), [])
    mine = _mark(key, nonce, email)
    kept = [mine, *(mark for mark in marks if mark != mine)][:MOST_ACCOUNTS]
    return base64.urlsafe_b64encode(nonce + b"".join(kept)).decode().rstrip("=")


def _mark(key: MasterKey, nonce: bytes, email: str) -> bytes:
    return key.mac(b"known device", nonce + email.encode())[:_MARK]


def _read(cookie: str) -> tuple[bytes, list[bytes]] | None:
    try:
        raw = base64.b64decode(cookie + "=" * (-len(cookie) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    nonce, rest = raw[:_NONCE], raw[_NONCE:]
    if len(nonce) != _NONCE or len(rest) % _MARK or len(rest) > MOST_ACCOUNTS * _MARK:
        return None
    return nonce, [rest[start : start + _MARK] for start in range(0, len(rest), _MARK)]
