"""Staff sign in with e-mail, password and a one-time code, or a recovery code instead."""

from datetime import datetime

from sqlmodel import Session

from db.access import Viewer, viewer_for
from db.errors import TamperedError
from db.models import User
from db.stores import doors, people, proofs
from diary_app.services import attempts, passwords, totp
from diary_app.services.doors import NewSignIn, open_sign_in
from diary_app.services.kit import Kit
from diary_app.services.known_devices import known_as
from diary_app.services.recovery_codes import hash_of_code, looks_like_code
from diary_app.services.refusals import RefusedError
from diary_app.text import _

TRIES_PER_ACCOUNT = 5
# A whole hospital may come from one address, so this bounds only what one address may try on
# accounts that it never signed in to.
TRIES_PER_ADDRESS = 300


def sign_in_staff(
    kit: Kit,
    *,
    email: str,
    password: str,
    code: str,
    address: str,
    device: str,
    now: datetime,
    language: str | None = None,
    known: str = "",
) -> NewSignIn:
    """Open a sign-in for a member of staff.

    Whatever is wrong, the sentence and the time it takes are the same.

    Args:
        kit: What every service needs.
        email: As typed; upper and lower case are the same.
        password: As typed.
        code: Six digits, or a recovery code; blanks between them are fine.
        address: Of the network that asks; counted as a keyed hash, not kept.
        device: Words such as "Chrome on Android", for the list of signed-in devices.
        now: The present instant.
        language: As chosen on the page; kept for somebody who has not chosen one yet.
        known: What the browser keeps of earlier sign-ins (services.known_devices): its tries
            are counted apart, so that nobody elsewhere can use up theirs.

    Raises:
        RefusedError: If anything is wrong.
        TooManyTriesError: After 5 wrong tries for an account, or 300 from an address.
    """
    email = email.strip().lower()
    limits = limits_of(kit, email, address, known)
    with kit.database.writing() as session:
        admission = attempts.admit(session, kit.key, limits, now)
    with kit.database.reading() as session:
        user = doors.user_by_email(session, email)
    right = passwords.matches(None if user is None else user.password_hash, password)
    recovery = looks_like_code(code)
    step = None if recovery else _step(kit, user, code, now)
    if user is not None and right and (recovery or step is not None):
        with kit.database.writing() as session:
            still = doors.user_by_email(session, email)
            if still is not None and _taken(session, still, code, step, now):
                attempts.forgive(session, admission)
                doors.forget_tries(session, limits[0].hashed(kit.key))
                if language is not None and still.language is None:
                    people.set_language(session, viewer_of_user(still), language, now)
                by = "recovery" if recovery else "code"
                return open_sign_in(session, viewer_of_user(still), device, now, by=by)
    if kit.key_trouble:
        raise RefusedError(
            _("The codes of authenticator apps cannot be checked now: the key is missing.")
            + " "
            + _("Use a passkey or a recovery code.")
            + " "
            + _("Please tell whoever runs the diary.")
        )
    raise RefusedError(
        _("E-mail, password or code is not right.")
        + " "
        + attempts.tries_left_sentence(admission.tries_left)
    )


def limits_of(kit: Kit, email: str, address: str, known: str) -> tuple[attempts.Limit, ...]:
    """Return what bounds the tries for an account: the account's own limit first."""
    here = known_as(kit.key, known, email)
    if here is not None:
        return (attempts.Limit("known", here, TRIES_PER_ACCOUNT),)
    return (
        attempts.Limit("account", email, TRIES_PER_ACCOUNT),
        attempts.Limit("address", attempts.network_of(address), TRIES_PER_ADDRESS),
    )


def next_code(kit: Kit, email: str, now: datetime) -> str | None:
    """Return the code that a demo person may use now; None outside the demo or without one."""
    if not kit.demo:
        return None
    with kit.database.reading() as session:
        user = doors.user_by_email(session, email)
    return None if user is None else _next_code(kit, user, now)


def next_code_of(kit: Kit, viewer: Viewer, now: datetime) -> str | None:
    """Return the code that a signed-in demo person may use now; None outside the demo."""
    if not kit.demo:
        return None
    with kit.database.reading() as session:
        return _next_code(kit, doors.user(session, viewer.actor_id), now)


def _next_code(kit: Kit, user: User, now: datetime) -> str | None:
    if user.totp_sealed is None:
        return None
    step = totp.step_at(now)
    if user.totp_last_step is not None:
        step = max(step, user.totp_last_step + 1)
    return totp.code_of(totp.opened(kit.key, user.id, user.totp_sealed), step)


def viewer_of_user(user: User) -> Viewer:
    """Return who a member of staff is, before they have a sign-in."""
    return viewer_for(user.role, clinic_id=user.clinic_id, actor_id=user.id, name=user.name)


def _taken(session: Session, user: User, code: str, step: int | None, now: datetime) -> bool:
    """Use the code up; False when that was done before."""
    if step is not None:
        return doors.take_totp_step(session, user.id, step)
    return proofs.take_recovery_code(session, user.id, hash_of_code(user.id, code), now)


def _step(kit: Kit, user: User | None, code: str, now: datetime) -> int | None:
    if user is None or user.totp_sealed is None:
        return None
    try:
        return totp.matching_step(totp.opened(kit.key, user.id, user.totp_sealed), code, now)
    except TamperedError:
        return None
