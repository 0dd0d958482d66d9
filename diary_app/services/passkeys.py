"""Passkeys of staff (WebAuthn): added, used to sign in or to show again who one is, removed.

Source:
    W3C, Web Authentication Level 2, sections 7.1 and 7.2; checked by the library ``webauthn``.
"""

import hashlib
import ipaddress
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from db.models import Passkey, User
from db.stores import audit, factors, proofs
from diary_app.services.doors import NewSignIn, Visitor, open_sign_in
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.services.sign_in import viewer_of_user
from diary_app.services.signed_state import read, signed
from diary_app.services.step_up import require_recent
from diary_app.text import _

VALID = timedelta(minutes=15)
MOST = 10
LONGEST_NAME = 40
_CHALLENGE = b"passkey challenge"
_KEPT = timedelta(days=1)
# Whatever a browser sends, also by hand, is read with care.
_UNREADABLE = (
    WebAuthnException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True)
class Asked:
    """What the page hands to the browser's own dialog.

    Attributes:
        options: JSON for ``navigator.credentials``.
        state: Proof that the challenge is ours; sent back with the answer.
    """

    options: str
    state: str


@dataclass(frozen=True)
class PasskeyLine:
    """One passkey in the list; ``last_used_at`` None = never used."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


def passkeys_possible(kit: Kit) -> bool:
    """Return whether browsers allow passkeys here: on https, or localhost, with a name.

    An address such as http://192.168.0.5 can have none.
    """
    host = relying_party(kit)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return kit.origin.startswith("https://") or host == "localhost"
    return False


def relying_party(kit: Kit) -> str:
    """Return the host to which passkeys belong."""
    return urlsplit(kit.origin).hostname or ""


def passkeys(kit: Kit, visitor: Visitor) -> list[PasskeyLine]:
    """Return one's own passkeys, oldest first."""
    with kit.database.reading(visitor.viewer.clinic_id) as session:
        rows = factors.passkeys(session, visitor.viewer)
    return [PasskeyLine(row.id, row.name, row.created_at, row.last_used_at) for row in rows]


def ask_to_add(kit: Kit, visitor: Visitor, now: datetime) -> Asked:
    """Return what the browser needs to make a new passkey."""
    viewer = visitor.viewer
    challenge = secrets.token_bytes(32)
    with kit.database.reading(viewer.clinic_id) as session:
        known = factors.passkeys(session, viewer)
    options = generate_registration_options(
        rp_id=relying_party(kit),
        rp_name="Symptom diary",
        user_id=viewer.actor_id.bytes,
        user_name=viewer.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id)) for row in known
        ],
    )
    return Asked(options_to_json(options), _state(kit, challenge, "add", now))


def add(kit: Kit, visitor: Visitor, state: str, answer: str, name: str, now: datetime) -> None:
    """Keep a new passkey.

    Raises:
        StepUpError: A second factor must be given first.
        RefusedError: The answer does not hold, or there are too many.
    """
    viewer = visitor.viewer
    require_recent(kit, viewer, now)
    challenge = _use(kit, state, "add", now)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=relying_party(kit),
            expected_origin=kit.origin,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise _refused() from error
    called = " ".join(name.split())[:LONGEST_NAME]
    with kit.database.writing(viewer.clinic_id) as session:
        if len(factors.passkeys(session, viewer)) >= MOST:
            raise RefusedError(_("You have ten passkeys already; please remove one first."))
        credential_id = bytes_to_base64url(made.credential_id)
        if proofs.passkey(session, credential_id) is not None:
            raise _refused()
        new = Passkey(
            clinic_id=viewer.clinic_id,
            user_id=viewer.actor_id,
            credential_id=credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=called if called.isprintable() else "",
            created_at=now,
        )
        factors.add_passkey(session, viewer, new, now)


def remove(kit: Kit, visitor: Visitor, passkey_id: UUID, now: datetime) -> None:
    """Remove one of one's own passkeys; raises NotFoundError when it is none of theirs."""
    with kit.database.writing(visitor.viewer.clinic_id) as session:
        factors.remove_passkey(session, visitor.viewer, passkey_id, now)


def ask_to_sign_in(kit: Kit, now: datetime) -> Asked:
    """Return what the browser needs to find and use a passkey of this site."""
    challenge = secrets.token_bytes(32)
    options = generate_authentication_options(
        rp_id=relying_party(kit),
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(options_to_json(options), _state(kit, challenge, "get", now))


def sign_in_with_passkey(
    kit: Kit, state: str, answer: str, *, device: str, now: datetime
) -> NewSignIn:
    """Open the sign-in of the passkey's owner; it stands for password and second factor.

    Raises:
        RefusedError: The answer does not hold, or the passkey is none of ours.
    """
    key, user, proved = _proved(kit, state, answer, now)
    with kit.database.writing() as session:
        if not proofs.note_passkey_use(session, key.id, key.sign_count, proved.new_sign_count, now):
            raise _refused()
        return open_sign_in(session, viewer_of_user(user), device, now, by="passkey")


def verify_with_passkey(kit: Kit, visitor: Visitor, state: str, answer: str, now: datetime) -> None:
    """Take a passkey of the visitor's own as proof for the next five minutes.

    Raises:
        RefusedError: The answer does not hold, or the passkey is somebody else's.
    """
    key, user, proved = _proved(kit, state, answer, now)
    if user.id != visitor.viewer.actor_id:
        raise _refused()
    sign_in_id = UUID(visitor.sign_in_id)
    with kit.database.writing() as session:
        if not proofs.note_passkey_use(session, key.id, key.sign_count, proved.new_sign_count, now):
            raise _refused()
        proofs.verified(session, sign_in_id, now)
        audit.note(
            session,
            visitor.viewer,
            "sign_in.verify",
            "sign_in",
            now,
            subject_id=sign_in_id,
            detail={"by": "passkey"},
        )


def _proved(
    kit: Kit, state: str, answer: str, now: datetime
) -> tuple[Passkey, User, VerifiedAuthentication]:
    challenge = _use(kit, state, "get", now)
    try:
        said = json.loads(answer)
        credential_id = bytes_to_base64url(base64url_to_bytes(said["rawId"]))
        handle = said["response"].get("userHandle")
        named = base64url_to_bytes(handle) if handle else None
    except _UNREADABLE as error:
        raise _refused() from error
    with kit.database.reading() as session:
        found = proofs.passkey(session, credential_id)
    if found is None:
        raise RefusedError(
            _("This passkey is not known here any more. Use your password and a code.")
        )
    key, user = found
    try:
        proved = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=relying_party(kit),
            expected_origin=kit.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise _refused() from error
    if named is not None and named != user.id.bytes:
        raise _refused()
    return key, user, proved


def _state(kit: Kit, challenge: bytes, act: str, now: datetime) -> str:
    fields = {"challenge": bytes_to_base64url(challenge), "act": act}
    return signed(kit.key, _CHALLENGE, fields, now, valid=VALID)


def _use(kit: Kit, state: str, act: str, now: datetime) -> bytes:
    """Return the challenge of a state, once."""
    fields = read(kit.key, _CHALLENGE, state, now)
    if fields is None or fields["act"] != act:
        raise RefusedError(_("This page was open too long. Please try again."))
    challenge = base64url_to_bytes(fields["challenge"])
    with kit.database.writing() as session:
        proofs.forget_used_before(session, now - _KEPT)
        if not proofs.use_once(session, f"passkey {hashlib.sha256(challenge).hexdigest()}", now):
            raise RefusedError(_("This page was used already. Please try again."))
    return challenge


def _refused() -> RefusedError:
    return RefusedError(_("The passkey did not work. Please try again, or use a code."))
