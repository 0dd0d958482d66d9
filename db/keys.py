"""The master key, kept in a file outside the database, and what is sealed and signed with it."""

import hashlib
import hmac
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.errors import ImpossibleValueError, KeyMissingError, TamperedError

POSIX = os.name == "posix"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
SEAL_VERSION = b"\x01"


@dataclass(frozen=True, slots=True, eq=False)
class MasterKey:
    """One secret from which the key of every purpose is derived.

    Args:
        secret: 32 random bytes. Never printed, logged or compared.

    Raises:
        ImpossibleValueError: If ``secret`` is not 32 bytes long.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Check the length: a short key would seal weakly and nobody would notice."""
        if len(self.secret) != KEY_BYTES:
            raise ImpossibleValueError(
                f"A master key is {KEY_BYTES} bytes long, got {len(self.secret)}."
            )

    def derive(self, purpose: bytes) -> bytes:
        """Return the 32-byte key of one purpose, the same one every time.

        It differs from the keys that `seal` and `mac` use for a purpose of the same name.

        Args:
            purpose: What the key is for, such as ``b"totp"``; not empty.

        Raises:
            ImpossibleValueError: If ``purpose`` is empty.

        Source:
            RFC 5869, HKDF with SHA-256, no salt (the master key is uniformly random).
        """
        return self._subkey(b"derive", purpose)

    def seal(self, purpose: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Return ``plaintext`` encrypted, so that only the same key, purpose and place open it.

        Args:
            purpose: What kind of thing is sealed, such as ``b"photo"``; not empty.
            plaintext: What nobody else may read; may be empty.
            associated: Where it belongs, such as a row's id. Not stored in the result: a piece
                that was moved to another row does not open there.

        Returns:
            One format byte, a random 96-bit nonce, the ciphertext and its 128-bit tag: 29 bytes
            more than ``plaintext``. Random nonces are safe for 2^32 pieces of one purpose.

        Source:
            NIST SP 800-38D, AES-256-GCM; section 8.3 for the number of pieces.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = AESGCM(self._subkey(b"seal", purpose))
        return SEAL_VERSION + nonce + cipher.encrypt(nonce, plaintext, SEAL_VERSION + associated)

    def open(self, purpose: bytes, sealed: bytes, associated: bytes) -> bytes:
        """Return what `seal` was given, after proof that not a bit of it was changed.

        Args:
            purpose: The purpose it was sealed for.
            sealed: What `seal` returned.
            associated: The place it was sealed for.

        Raises:
            TamperedError: If it is cut off, changed, of an unknown format, or was sealed with
                another key, for another purpose or another place.
        """
        if len(sealed) < len(SEAL_VERSION) + NONCE_BYTES + TAG_BYTES:
            raise TamperedError("This sealed piece is cut off; restore it from a backup.")
        version, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if version != SEAL_VERSION:
            raise TamperedError(
                "This sealed piece has a format that this version of the diary cannot open; "
                "update the diary, or restore the piece from a backup."
            )
        try:
            return AESGCM(self._subkey(b"seal", purpose)).decrypt(nonce, rest, version + associated)
        except InvalidTag:
            raise TamperedError(
                "This sealed piece was changed, or was sealed with another key; "
                "check the key file, or restore the piece from a backup."
            ) from None

    def mac(self, purpose: bytes, message: bytes) -> bytes:
        """Return the 32-byte HMAC-SHA256 of ``message``; compare it with `hmac.compare_digest`.

        Args:
            purpose: What the signature is for, such as ``b"acknowledge link"``; not empty.
            message: What is signed; may be empty.

        Source:
            RFC 2104 (HMAC), with a key of its own for each purpose.
        """
        return hmac.digest(self._subkey(b"mac", purpose), message, hashlib.sha256)

    def fingerprint(self) -> str:
        """Return 16 hex digits that tell two keys apart and reveal nothing of either.

        Kept beside the data, they let a start with the wrong key file be noticed at once.
        """
        return self.mac(b"fingerprint", b"")[:8].hex()

    def _subkey(self, use: bytes, purpose: bytes) -> bytes:
        if not purpose:
            raise ImpossibleValueError("A key needs a purpose, got an empty one.")
        info = b"symptom-diary\0" + use + b"\0" + purpose
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self.secret)


def load_or_create_master_key(path: Path) -> MasterKey:
    """Return the key kept at ``path``, written there first if the file does not exist yet.

    Two processes that start together end up with the same key. Where data was sealed before, call
    `load_master_key` instead: a new key opens none of it.

    Args:
        path: The key file. Its folder is made, for this user alone, if it is missing.

    Raises:
        KeyMissingError: If the file cannot be written or read, is readable by others, or does
            not hold a key.
    """
    if not os.path.lexists(path):
        _create(path)
    return load_master_key(path)


def load_master_key(path: Path) -> MasterKey:
    """Return the key kept at ``path``; never write one.

    Raises:
        KeyMissingError: If there is no such file, or it cannot be read, is readable by others,
            or does not hold exactly 32 bytes.
    """
    try:
        # Non-blocking: opening a named pipe would otherwise wait for a writer for ever.
        descriptor = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
    except FileNotFoundError:
        raise KeyMissingError(
            f"The key file {path} is missing; put it back from where it was kept safe."
        ) from None
    except OSError as error:
        raise KeyMissingError(
            f"The key file {path} cannot be read ({error.strerror}); let this user read it."
        ) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise KeyMissingError(f"The key file {path} is not a file; name the file of the key.")
        if POSIX and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyMissingError(
                f"Other users of this machine can read the key file {path}; "
                f"run `chmod 600` on it, and replace the key if they should not have seen it."
            )
        secret = os.read(descriptor, KEY_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(secret) != KEY_BYTES:
        raise KeyMissingError(
            f"The key file {path} does not hold a key of {KEY_BYTES} bytes; "
            "put it back from where it was kept safe."
        )
    return MasterKey(secret)


def _create(path: Path) -> None:
    """Write a new key at ``path``, whole or not at all, and never over another."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write_durably(draft, secrets.token_bytes(KEY_BYTES))
            # A link, not a rename: it fails if another process was first, whose key then counts.
            with suppress(FileExistsError):
                os.link(draft, path)
            sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise KeyMissingError(
            f"The key file {path} cannot be written ({error.strerror}); "
            "choose a folder on a local disk where this user may write."
        ) from error


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file that only this user can read, and wait until it is on the disk.

    Raises:
        OSError: If the name is taken or the disk refuses.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` survive a power cut; Windows cannot and need not."""
    if not POSIX:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
