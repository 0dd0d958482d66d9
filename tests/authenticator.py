"""A passkey's authenticator in software (WebAuthn Level 2, sections 6.1 and 6.5), for the tests."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Authenticator:
    """One passkey; what it does wrong can be chosen."""

    origin: str
    site: str
    verifies: bool = True
    counter: int = 0
    user: bytes = b""
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return (
            hashlib.sha256(self.site.encode()).digest()
            + bytes([flags])
            + self.counter.to_bytes(4, "big")
        )

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _answer(self, response: dict[str, bytes]) -> str:
        return json.dumps(
            {
                "id": b64url(self.name),
                "rawId": b64url(self.name),
                "type": "public-key",
                "response": {name: b64url(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )

    def create(self, options: dict[str, Any]) -> str:
        """Make the passkey; the answer as the page sends it."""
        padded = options["user"]["id"] + "=" * (-len(options["user"]["id"]) % 4)
        self.user = base64.urlsafe_b64decode(padded)
        point = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})  # RFC 9053: EC2, ES256, P-256
        data = self._data(ATTESTED) + bytes(16) + len(self.name).to_bytes(2, "big") + self.name
        stated = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data + public})
        said = self._said("webauthn.create", options)
        return self._answer({"clientDataJSON": said, "attestationObject": stated})

    def get(self, options: dict[str, Any]) -> str:
        """Sign the challenge; the answer as the page sends it."""
        self.counter += 1
        data, said = self._data(), self._said("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": said,
                "authenticatorData": data,
                "signature": signature,
                "userHandle": self.user,
            }
        )
