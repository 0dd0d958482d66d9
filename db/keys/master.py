"""The master key: what is derived from it, sealed with it and signed with it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.errors import ImpossibleValueError, TamperedError

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
