"""Another authenticator app for somebody who is signed in, such as after a lost phone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.errors import TamperedError
from db.stores import doors, factors
from diary_app.services import attempts, totp
from diary_app.services.doors import Visitor
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.services.step_up import require_recent
from diary_app.text import _

_CHANGING = b"new authenticator"
_TRIES = 10


@dataclass(frozen=True)
class NewAuthenticator:
    """What the page shows: the secret, its ``otpauth://`` address, and the secret sealed."""

    secret: str
    uri: str
    state: str


def begin(kit: Kit, visitor: Visitor, state: str = "") -> NewAuthenticator:
    """Return a new secret; with the state of an earlier page, the same one again."""
    viewer = visitor.viewer
    viewer.require("factor.own")
    secret = _secret(kit, viewer.actor_id, state) or totp.new_secret()
    return NewAuthenticator(
        secret=secret,
        uri=totp.enrollment_uri(secret, viewer.name),
        state=kit.key.seal(_CHANGING, secret.encode(), viewer.actor_id.bytes).hex(),
    )


def finish(kit: Kit, visitor: Visitor, state: str, code: str, now: datetime) -> None:
    """Let codes of the new authenticator count from now on, and none of the old one's.

    Raises:
        StepUpError: A second factor must be given first.
        RefusedError: The code is wrong.
        TooManyTriesError: After 10 wrong tries in 15 minutes.
    """
    viewer = visitor.viewer
    require_recent(kit, viewer, now)
    if kit.cannot_seal:
        raise RefusedError(kit.cannot_seal)
    secret = _secret(kit, viewer.actor_id, state)
    if secret is None:
        raise RefusedError(_("This page was open too long; please scan the new code."))
    with kit.database.writing() as session:
        limit = attempts.Limit("new authenticator", str(viewer.actor_id), _TRIES)
        admission = attempts.admit(session, kit.key, (limit,), now)
    step = totp.matching_step(secret, code, now)
    if step is None:
        raise RefusedError(
            _("The 6-digit code is not right; please type the one the app shows now.")
        )
    with kit.database.writing(viewer.clinic_id) as session:
        attempts.forgive(session, admission)
        factors.set_authenticator(
            session, viewer, totp.sealed(kit.key, viewer.actor_id, secret), now
        )
        doors.take_totp_step(session, viewer.actor_id, step)


def _secret(kit: Kit, user_id: UUID, state: str) -> str | None:
    try:
        return kit.key.open(_CHANGING, bytes.fromhex(state), user_id.bytes).decode()
    except (TamperedError, ValueError):
        return None
