"""An archive that only its owner's passphrase opens: the age format, which other tools read too.

Source of the format: age-encryption.org/v1, passphrase recipients (scrypt, ChaCha20-Poly1305).
"""

from pyrage import DecryptError, passphrase

from diary_app.text import _

SHORTEST_PASSPHRASE = 12
LONGEST_PASSPHRASE = 1000
START = b"age-encryption.org/v1\n"


class SealError(Exception):
    """The archive cannot be sealed or opened; the message is one sentence for its owner."""


def weakness(secret: str, again: str) -> str | None:
    """Return what is wrong with a new passphrase typed twice; None when it can be used."""
    if len(secret) < SHORTEST_PASSPHRASE:
        return _("Please choose a passphrase of at least {count} characters.").format(
            count=SHORTEST_PASSPHRASE
        )
    if len(secret) > LONGEST_PASSPHRASE:
        return _("This passphrase is too long.")
    if secret != again:
        return _("The two passphrases differ; please type the same one twice.")
    return None


def sealed(content: bytes, secret: str) -> bytes:
    """Return the content so that only this passphrase opens it.

    Deriving the key takes a second and half a gigabyte, so that guessing is dear.
    """
    return bytes(passphrase.encrypt(content, secret))


def opened(content: bytes, secret: str) -> bytes:
    """Return what ``sealed`` was given.

    Raises:
        SealError: The passphrase is wrong, or this is no whole archive.
    """
    if not content.startswith(START):
        raise SealError(_("This file is no sealed archive of a diary."))
    try:
        return bytes(passphrase.decrypt(content, secret))
    except DecryptError as error:
        raise SealError(
            _("The passphrase is not right, or the file was changed or cut off.")
        ) from error
