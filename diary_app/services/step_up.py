"""Showing again that it is you, before an export, a change of rules, an erasure or a token."""

from datetime import datetime, timedelta

from db.access import Viewer
from db.errors import TamperedError
from db.stores import audit, doors, people, proofs
from diary_app.services import attempts, totp
from diary_app.services.kit import Kit
from diary_app.services.recovery_codes import hash_of_code, looks_like_code
from diary_app.services.refusals import RefusedError, StepUpError
from diary_app.text import _

HOLDS = timedelta(minutes=5)
TRIES = 5


def require_recent(kit: Kit, viewer: Viewer, now: datetime) -> None:
    """Pass when a second factor was given in this browser within the last five minutes.

    Programs, the worker and whoever sits at the machine come by no browser and are not asked:
    their token, or the machine itself, is the proof. Nor are patients, whose PIN is asked instead.

    Raises:
        StepUpError: It must be given (again) first.
    """
    if viewer.sign_in_id is None or viewer.patient_id is not None:
        return
    with kit.database.reading(viewer.clinic_id) as session:
        sign_in = doors.sign_in(session, viewer.sign_in_id)
    given = None if sign_in is None else sign_in.verified_at
    if given is None or not now - HOLDS <= given <= now:
        raise StepUpError(_("For this, please show again that it is you."))


class Proof:
    """Showing again that it is you, from a screen."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def verify(self, code: str) -> None:
        """Take a code as proof; an empty one passes when it was given elsewhere just now.

        Raises:
            RefusedError: As the function `verify` does.
        """
        now = self._kit.clock()
        if not code.strip():
            require_recent(self._kit, self._viewer, now)
            return
        verify(self._kit, self._viewer, code, now)


def verify(kit: Kit, viewer: Viewer, code: str, now: datetime) -> None:
    """Take a 6-digit code, or a recovery code, as proof for the next five minutes.

    Raises:
        RefusedError: The code is wrong or was used.
        TooManyTriesError: After 5 wrong tries in 15 minutes by this account.
    """
    viewer.require("factor.own")
    if viewer.sign_in_id is None:
        raise RefusedError(_("Please sign in again."))
    with kit.database.writing() as session:
        limit = attempts.Limit("verify", str(viewer.actor_id), TRIES)
        admission = attempts.admit(session, kit.key, (limit,), now)
    with kit.database.writing(viewer.clinic_id) as session:
        sealed = people.own_totp(session, viewer)
        if looks_like_code(code):
            hashed = hash_of_code(viewer.actor_id, code)
            right = proofs.take_recovery_code(session, viewer.actor_id, hashed, now)
        else:
            step = _step(kit, viewer, sealed, code, now)
            right = step is not None and doors.take_totp_step(session, viewer.actor_id, step)
        if right:
            proofs.verified(session, viewer.sign_in_id, now)
            audit.note(
                session, viewer, "sign_in.verify", "sign_in", now, subject_id=viewer.sign_in_id
            )
    if not right:
        raise RefusedError(
            _("This code is not right; please type the one the app shows now.")
            + " "
            + attempts.tries_left_sentence(admission.tries_left)
        )
    with kit.database.writing() as session:
        attempts.forgive(session, admission)


def _step(
    kit: Kit, viewer: Viewer, totp_sealed: bytes | None, code: str, now: datetime
) -> int | None:
    if totp_sealed is None:
        return None
    try:
        return totp.matching_step(totp.opened(kit.key, viewer.actor_id, totp_sealed), code, now)
    except TamperedError:
        return None
