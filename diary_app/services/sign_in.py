"""Staff sign in with e-mail, password and a one-time code."""

from datetime import datetime

from db.access import Viewer, viewer_for
from db.errors import TamperedError
from db.models import User
from db.stores import doors, people
from diary_app.services import attempts, passwords, totp
from diary_app.services.doors import NewSignIn, open_sign_in
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.text import _

TRIES_PER_ACCOUNT = 5
TRIES_PER_ADDRESS = 30


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
) -> NewSignIn:
    """Open a sign-in for a member of staff.

    Whatever is wrong, the sentence and the time it takes are the same.

    Args:
        kit: What every service needs.
        email: As typed; upper and lower case are the same.
        password: As typed.
        code: Six digits; blanks between them are fine.
        address: Of the network that asks; counted as a keyed hash, not kept.
        device: Words such as "Chrome on Android", for the list of signed-in devices.
        now: The present instant.
        language: As chosen on the page; kept for somebody who has not chosen one yet.

    Raises:
        RefusedError: If anything is wrong.
        TooManyTriesError: After 5 wrong tries for an account or 30 from an address.
    """
    email = email.strip().lower()
    account = attempts.Limit("account", email, TRIES_PER_ACCOUNT)
    network = attempts.Limit("address", attempts.network_of(address), TRIES_PER_ADDRESS)
    with kit.database.writing() as session:
        admission = attempts.admit(session, kit.key, (account, network), now)
    with kit.database.reading() as session:
        user = doors.user_by_email(session, email)
    right = passwords.matches(None if user is None else user.password_hash, password)
    step = _step(kit, user, code, now)
    if user is not None and right and step is not None:
        with kit.database.writing() as session:
            still = doors.user_by_email(session, email)
            if still is not None and doors.take_totp_step(session, still.id, step):
                attempts.forgive(session, admission)
                doors.forget_tries(session, account.hashed(kit.key))
                if language is not None and still.language is None:
                    people.set_language(session, _viewer(still), language, now)
                return open_sign_in(session, _viewer(still), device, now)
    if kit.key_trouble:
        raise RefusedError(
            _("The key that checks codes is missing, so nobody can sign in with one now.")
            + " "
            + _("Please tell whoever runs the diary.")
        )
    raise RefusedError(
        _("E-mail, password or code is not right.")
        + " "
        + attempts.tries_left_sentence(admission.tries_left)
    )


def next_code(kit: Kit, email: str, now: datetime) -> str | None:
    """Return the code that a demo person may use now; None outside the demo or without one."""
    if not kit.demo:
        return None
    with kit.database.reading() as session:
        user = doors.user_by_email(session, email)
    if user is None or user.totp_sealed is None:
        return None
    step = totp.step_at(now)
    if user.totp_last_step is not None:
        step = max(step, user.totp_last_step + 1)
    return totp.code_of(totp.opened(kit.key, user.id, user.totp_sealed), step)


def _viewer(user: User) -> Viewer:
    return viewer_for(user.role, clinic_id=user.clinic_id, actor_id=user.id, name=user.name)


def _step(kit: Kit, user: User | None, code: str, now: datetime) -> int | None:
    if user is None or user.totp_sealed is None:
        return None
    try:
        return totp.matching_step(totp.opened(kit.key, user.id, user.totp_sealed), code, now)
    except TamperedError:
        return None
