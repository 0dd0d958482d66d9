"""Staff sign in with their account of the hospital; nobody gets an account that way."""

import base64
import binascii
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.errors import TamperedError
from db.models import HospitalIdentity
from db.stores import audit, doors, proofs
from diary_app.services.doors import NewSignIn, Visitor, open_sign_in
from diary_app.services.kit import Kit
from diary_app.services.openid import OpenId, OpenIdError, Person
from diary_app.services.refusals import RefusedError
from diary_app.services.sign_in import viewer_of_user
from diary_app.services.step_up import HOLDS
from diary_app.text import _

COOKIE = "hospital"
VALID = timedelta(minutes=10)
_PURPOSE = b"hospital sign-in"
_KEPT = timedelta(days=1)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and what it keeps meanwhile (sealed)."""

    address: str
    cookie: str


@dataclass(frozen=True)
class Returned:
    """Who came back.

    Attributes:
        opened: The new sign-in; None when somebody only showed again that it is them.
        next_path: Where they were going.
    """

    opened: NewSignIn | None
    next_path: str


def is_linked(kit: Kit, visitor: Visitor) -> bool:
    """Return whether somebody has signed in with an account of the hospital before."""
    with kit.database.reading(visitor.viewer.clinic_id) as session:
        return proofs.hospital_identity(session, visitor.viewer.actor_id) is not None


def begin(
    kit: Kit, openid: OpenId, next_path: str, now: datetime, *, visitor: Visitor | None = None
) -> Begun:
    """Return where to go to sign in at the hospital's service.

    Args:
        visitor: A member of staff who is signed in and shows again that it is them.

    Raises:
        RefusedError: The service cannot be reached.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    again = visitor is not None
    try:
        address = openid.address(state=state, nonce=nonce, verifier=verifier, again=again)
    except OpenIdError as error:
        raise _unreachable(error) from error
    kept = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "next": next_path,
        "until": (now + VALID).timestamp(),
        "again": "" if visitor is None else visitor.sign_in_id,
    }
    sealed = kit.key.seal(_PURPOSE, json.dumps(kept).encode(), b"")
    return Begun(address, base64.urlsafe_b64encode(sealed).decode())


def finish(
    kit: Kit,
    openid: OpenId,
    cookie: str,
    answer: Mapping[str, str],
    *,
    device: str,
    visitor: Visitor | None,
    now: datetime,
) -> Returned:
    """Sign in whoever comes back from the hospital's service.

    Args:
        cookie: As `begin` gave it.
        answer: The query of the address that the service sent the browser to.
        device: Words such as "Chrome on Windows".
        visitor: Who is signed in in this browser.

    Raises:
        RefusedError: It did not work; the sentence says what to do.
    """
    kept = _kept(kit, cookie, now)
    if kept is None or not hmac.compare_digest(
        str(kept["state"]).encode(), answer.get("state", "").encode()
    ):
        raise RefusedError(
            _("This took too long, or it began in another browser. Please sign in again.")
        )
    if not openid.believes_issuer(answer.get("iss", "")):
        raise _not_believed(OpenIdError("the answer names another issuer"))
    if "error" in answer:
        logger.warning("hospital sign-in refused by the service")
        raise RefusedError(_("The hospital's sign-in was not finished. Please try again."))
    with kit.database.writing() as session:
        proofs.forget_used_before(session, now - _KEPT)
        used = hashlib.sha256(str(kept["state"]).encode()).hexdigest()
        if not proofs.use_once(session, f"hospital {used}", now):
            raise RefusedError(_("This sign-in was used already. Please sign in again."))
    try:
        person = openid.person(
            answer.get("code", ""), str(kept["verifier"]), str(kept["nonce"]), now
        )
    except OpenIdError as error:
        raise _not_believed(error) from error
    next_path = str(kept["next"])
    if kept["again"]:
        _confirm(kit, openid, person, str(kept["again"]), visitor, now)
        return Returned(None, next_path)
    return Returned(_open(kit, openid, person, device, now), next_path)


def _open(kit: Kit, openid: OpenId, person: Person, device: str, now: datetime) -> NewSignIn:
    """Open the sign-in of the account with this person's verified mail address."""
    issuer = openid.hospital.issuer
    with kit.database.writing() as session:
        user = doors.user_by_email(session, person.email) if person.email else None
        if user is None:
            logger.warning("hospital sign-in: no account, or the mail address is not verified")
            raise RefusedError(
                _(
                    "There is no account here for this mail address, or the hospital has not "
                    "confirmed the address. Please ask your administrator for an invitation."
                )
            )
        linked = proofs.hospital_identity(session, user.id)
        owner = proofs.identity_taken(session, issuer, person.subject)
        if linked is None and owner is None:
            viewer = viewer_of_user(user)
            new = HospitalIdentity(
                clinic_id=user.clinic_id,
                user_id=user.id,
                issuer=issuer,
                subject=person.subject,
                linked_at=now,
            )
            proofs.link_identity(session, new)
            audit.note(session, viewer, "hospital.link", "user", now, subject_id=user.id)
        elif owner != user.id:
            logger.warning("hospital sign-in: the mail address moved to another person")
            raise RefusedError(
                _(
                    "This mail address belonged to another account of the hospital before. "
                    "Please ask your administrator for a new invitation."
                )
            )
        given = person.signed_in_at
        fresh = given is not None and now - HOLDS <= given
        return open_sign_in(session, viewer_of_user(user), device, now, by="hospital", fresh=fresh)


def _confirm(
    kit: Kit,
    openid: OpenId,
    person: Person,
    sign_in_id: str,
    visitor: Visitor | None,
    now: datetime,
) -> None:
    """Note that the person of this sign-in proved anew who they are."""
    if visitor is None or visitor.sign_in_id != sign_in_id:
        raise RefusedError(_("You were signed out meanwhile. Please sign in again."))
    with kit.database.writing() as session:
        owner = proofs.identity_taken(session, openid.hospital.issuer, person.subject)
        given = person.signed_in_at
        if owner != visitor.viewer.actor_id:
            raise RefusedError(_("You signed in there as somebody else. Please try again."))
        if given is None or given < now - HOLDS:
            logger.warning("hospital sign-in: the service did not ask the person again")
            raise RefusedError(
                _("The hospital's sign-in did not ask you again. Please use a code instead.")
            )
        proofs.verified(session, UUID(sign_in_id), now)
        audit.note(
            session,
            visitor.viewer,
            "sign_in.verify",
            "sign_in",
            now,
            subject_id=UUID(sign_in_id),
            detail={"by": "hospital"},
        )


def _kept(kit: Kit, cookie: str, now: datetime) -> dict[str, object] | None:
    try:
        sealed = base64.b64decode(cookie, altchars=b"-_", validate=True)
        kept: dict[str, object] = json.loads(kit.key.open(_PURPOSE, sealed, b""))
    except (binascii.Error, ValueError, TamperedError):
        return None
    until = kept["until"]
    return kept if isinstance(until, float) and now.timestamp() < until else None


def _unreachable(error: OpenIdError) -> RefusedError:
    logger.warning("hospital sign-in: %s", error)
    return RefusedError(
        _("The hospital's sign-in cannot be reached just now. Use your password and a code.")
    )


def _not_believed(error: OpenIdError) -> RefusedError:
    logger.warning("hospital sign-in: %s", error)
    return RefusedError(
        _("The hospital's sign-in did not work. Please try again, or use your password.")
    )
