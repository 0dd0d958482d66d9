"""What a recovery code looks like, and the hash under which it is kept."""

import hashlib
import secrets
from uuid import UUID

# Crockford's base 32: no letter that is taken for a digit. 16 of them are 80 bits, which nobody
# guesses, also not from the hash.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 16
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Return a new code of 16 letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def in_groups(code: str) -> str:
    """Return a code in groups of four, to be read and typed."""
    return "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))


def looks_like_code(typed: str) -> bool:
    """Return whether somebody typed a recovery code rather than six digits."""
    return len(_plain(typed)) == _LENGTH


def hash_of_code(user_id: UUID, typed: str) -> str:
    """Return the hash under which a person's recovery code is kept."""
    return hashlib.sha256(user_id.bytes + _plain(typed).encode()).hexdigest()


def _plain(typed: str) -> str:
    letters = (letter for letter in typed.upper().translate(_MISREAD) if letter in _LETTERS)
    return "".join(letters)
