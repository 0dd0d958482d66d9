"""Time-based one-time codes (TOTP): made, sealed, checked, each code once."""

import base64
import hmac
import io
from datetime import datetime
from uuid import UUID

import pyotp
import segno

from db.keys import MasterKey
from db.sealed_ways import TOTP_PURPOSE

STEP_SECONDS = 30
ISSUER = "Symptom diary"


def new_secret() -> str:
    """Return a new secret of 160 bits, base32 (RFC 4226, section 4, R6)."""
    return pyotp.random_base32()


def sealed(key: MasterKey, user_id: UUID, secret: str) -> bytes:
    """Return the secret sealed for one user's row (``user.totp_sealed``)."""
    return key.seal(TOTP_PURPOSE, secret.encode(), user_id.bytes)


def opened(key: MasterKey, user_id: UUID, totp_sealed: bytes) -> str:
    """Return the secret of a user's row; raises TamperedError when it is not theirs."""
    return key.open(TOTP_PURPOSE, totp_sealed, user_id.bytes).decode()


def step_at(now: datetime) -> int:
    """Return the number of the 30-second step (RFC 6238, section 4.2)."""
    return int(now.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the 6-digit code of one step."""
    return pyotp.TOTP(secret).generate_otp(step)


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step a code belongs to, one step early or late allowed; None if it is wrong."""
    typed = "".join(character for character in code if character in "0123456789").encode()
    present, found = step_at(now), None
    for step in (present - 1, present, present + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), typed):
            found = step
    return found


def enrollment_uri(secret: str, email: str) -> str:
    """Return the ``otpauth://`` address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_png(content: str) -> bytes:
    """Return a QR code as PNG, dark on white with its quiet zone."""
    picture = io.BytesIO()
    segno.make(content, error="m", micro=False).save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


def data_uri(png: bytes) -> str:
    """Return a PNG as a ``data:`` address for a page."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def in_groups(secret: str) -> str:
    """Return the secret in groups of four, to be typed by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
