"""A member of staff joins: password, authenticator app, first sign-in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.access import viewer_for
from db.errors import TamperedError
from db.models import Invitation
from db.stores import doors, factors, people
from diary_app.services import attempts, passwords, totp
from diary_app.services.doors import NewSignIn, open_sign_in
from diary_app.services.invitations import usable
from diary_app.services.kit import Kit
from diary_app.services.refusals import LinkError, RefusedError
from diary_app.text import _

_ENROLLING = b"staff join"
_TRIES = 10


@dataclass(frozen=True)
class Enrollment:
    """What a new member of staff sees.

    Attributes:
        secret: Of the authenticator app, base32; shown, and encoded in the QR code.
        state: The secret, sealed for this invitation, so that nothing is kept before the end.
    """

    name: str
    email: str
    clinic: str
    secret: str
    state: str

    @property
    def uri(self) -> str:
        """The ``otpauth://`` address for the QR code."""
        return totp.enrollment_uri(self.secret, self.email)


@dataclass(frozen=True)
class Enrolled:
    """The new sign-in, and the older ones that ended because the password changed."""

    sign_in: NewSignIn
    ended: tuple[UUID, ...]


def begin(kit: Kit, token: str, state: str, now: datetime) -> Enrollment:
    """Return what to show; with the state of an earlier page, the same secret again.

    Raises:
        LinkError: If the link cannot be used.
    """
    with kit.database.reading() as session:
        invitation = usable(session, token, "staff", now)
        user = doors.user_of(session, invitation)
        clinic = doors.clinic(session, invitation.clinic_id)
    secret = _secret(kit, invitation, state) or totp.new_secret()
    return Enrollment(
        name=user.name,
        email=user.email,
        clinic=clinic.name,
        secret=secret,
        state=kit.key.seal(_ENROLLING, secret.encode(), invitation.id.bytes).hex(),
    )


def finish(
    kit: Kit,
    token: str,
    state: str,
    *,
    password: str,
    again: str,
    code: str,
    device: str,
    now: datetime,
) -> Enrolled:
    """Set password and authenticator, use up the invitation and sign in, all or nothing.

    Raises:
        LinkError: If the link cannot be used.
        RefusedError: If the password is weak or typed differently, or the code is wrong.
        TooManyTriesError: After 10 wrong tries in 15 minutes.
    """
    with kit.database.writing() as session:
        invitation = usable(session, token, "staff", now)
        user = doors.user_of(session, invitation)
    if kit.cannot_seal:
        raise RefusedError(kit.cannot_seal)
    weakness = passwords.password_weakness(password, user.email)
    if weakness is not None:
        raise RefusedError(weakness)
    if password != again:
        raise RefusedError(_("The two passwords differ; please type the same one twice."))
    secret = _secret(kit, invitation, state)
    if secret is None:
        raise RefusedError(_("This page was open too long; please scan the new code."))
    with kit.database.writing() as session:
        limit = attempts.Limit("staff join", str(invitation.id), _TRIES)
        admission = attempts.admit(session, kit.key, (limit,), now)
    step = totp.matching_step(secret, code, now)
    if step is None:
        raise RefusedError(
            _("The 6-digit code is not right; please type the one the app shows now.")
        )
    password_hash = passwords.hashed(password)
    with kit.database.writing() as session:
        attempts.forgive(session, admission)
        if not doors.use_invitation(session, invitation.id, now):
            raise LinkError(
                "used", _("This link was used already. Please sign in, or ask for a new one.")
            )
        viewer = viewer_for(user.role, clinic_id=user.clinic_id, actor_id=user.id, name=user.name)
        ended = tuple(row.id for row in people.own_sign_ins(session, viewer, now))
        totp_sealed = totp.sealed(kit.key, user.id, secret)
        people.set_password(session, viewer, password_hash, totp_sealed, now)
        factors.forget_factors(session, viewer, now)
        doors.take_totp_step(session, user.id, step)
        return Enrolled(open_sign_in(session, viewer, device, now), ended)


def _secret(kit: Kit, invitation: Invitation, state: str) -> str | None:
    try:
        opened = kit.key.open(_ENROLLING, bytes.fromhex(state), invitation.id.bytes)
    except (TamperedError, ValueError):
        return None
    return opened.decode()
