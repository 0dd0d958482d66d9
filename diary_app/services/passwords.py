"""Passwords and PINs: hashed with argon2id, checked, and refused when easy to guess."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from diary_app.text import _

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
_FEWEST_DIFFERENT = 5
_COMMON = (
    "password",
    "passwort",
    "qwertyuiop",
    "letmein",
    "welcome",
    "iloveyou",
    "administrator",
    "imatinib",
    "symptomdiary",
)
_ROWS = "01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm"

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106, low-memory profile
# Each check takes 64 MiB for a moment; a burst of tries waits its turn.
_places = BoundedSemaphore(2)


def hashed(secret: str) -> str:
    """Return the argon2id hash of a password or PIN."""
    with _places:
        return _hasher.hash(secret)


def matches(kept: str | None, secret: str) -> bool:
    """Return whether the secret is the one that was hashed.

    Args:
        kept: The hash; None when there is no such account, which takes just as long.
        secret: What was typed.
    """
    with _places:
        try:
            return _hasher.verify(kept or _nobodys(), secret) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def password_weakness(password: str, email: str) -> str | None:
    """Return why a password is too weak and what to do, or None when it will do."""
    lowered = password.casefold()
    letters = "".join(c for c in lowered if c.isalpha())
    name = email.partition("@")[0].casefold()
    if len(password) < SHORTEST_PASSWORD:
        return _("This password has {n} characters; please use at least 12.").format(
            n=len(password)
        )
    if len(password) > LONGEST_PASSWORD:
        return _("This password is longer than 200 characters; please use a shorter one.")
    if email.casefold() in lowered or (len(name) > 3 and name in lowered):
        return _("This password contains your e-mail address; please choose another one.")
    if len(set(lowered)) < _FEWEST_DIFFERENT or lowered in _ROWS or letters in _COMMON:
        return _("This password is easy to guess; three or four unrelated words work well.")
    return None


def pin_weakness(pin: str) -> str | None:
    """Return why a PIN cannot be used and what to do, or None when it will do."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        return _("A PIN has 4 to 8 digits; please choose one.")
    if len(set(pin)) == 1 or pin in _ROWS or pin[::-1] in _ROWS:
        return _("This PIN is easy to guess; please choose another one.")
    return None


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
