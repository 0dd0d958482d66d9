"""The optional PIN of a patient's device: unlock, choose, change, remove."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from db.stores import doors, people
from diary_app.services import attempts, passwords
from diary_app.services.doors import Visitor, touch
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.text import _

TRIES = 5
PHOTOS_SHOWN = timedelta(minutes=10)


@dataclass(frozen=True)
class Numbers:
    """Whom a patient can call, also while the diary is locked."""

    clinic: str
    phone: str
    emergency_number: str


def numbers(kit: Kit, visitor: Visitor) -> Numbers:
    """Return the clinic's and the emergency number."""
    with kit.database.reading() as session:
        clinic = people.own_clinic(session, visitor.viewer)
    return Numbers(clinic.name, clinic.phone, clinic.emergency_number)


def unlock(kit: Kit, visitor: Visitor, pin: str, now: datetime) -> None:
    """Unlock the diary on this device for 15 minutes from its last use.

    Raises:
        RefusedError: If the PIN is wrong.
        TooManyTriesError: After 5 wrong tries in 15 minutes on this device.
    """
    check_pin(kit, visitor, pin, now)
    with kit.database.writing() as session:
        _hold(session, visitor, now, has_pin=True)


def set_pin(
    kit: Kit, visitor: Visitor, *, current: str, pin: str, again: str, now: datetime
) -> None:
    """Choose a PIN, or change it.

    Args:
        kit: What every service needs.
        visitor: The patient; must not be locked.
        current: The PIN so far; ignored when there is none.
        pin: 4 to 8 digits.
        again: The same once more.
        now: The present instant.

    Raises:
        RefusedError: If the PIN so far is wrong, or the new one cannot be used.
        TooManyTriesError: After 5 wrong tries in 15 minutes on this device.
    """
    weakness = passwords.pin_weakness(pin)
    if weakness is not None:
        raise RefusedError(weakness)
    if pin != again:
        raise RefusedError(_("The two PINs differ; please type the same one twice."))
    if visitor.has_pin:
        check_pin(kit, visitor, current, now)
    _keep(kit, visitor, passwords.hashed(pin), now)


def remove_pin(kit: Kit, visitor: Visitor, *, current: str, now: datetime) -> None:
    """Remove the PIN; raises what `unlock` raises."""
    if visitor.has_pin:
        check_pin(kit, visitor, current, now)
        _keep(kit, visitor, None, now)


def _keep(kit: Kit, visitor: Visitor, pin_hash: str | None, now: datetime) -> None:
    with kit.database.writing() as session:
        people.set_pin(session, visitor.viewer, pin_hash, now)
        _hold(session, visitor, now, has_pin=pin_hash is not None)


def _hold(session: Session, visitor: Visitor, now: datetime, *, has_pin: bool) -> None:
    sign_in = doors.sign_in(session, UUID(visitor.sign_in_id))
    if sign_in is not None:
        touch(session, sign_in, now, has_pin=has_pin)
        # The PIN was given just now: photos need not ask for it again.
        doors.show_photos(session, sign_in.id, now + PHOTOS_SHOWN if has_pin else None)


def check_pin(kit: Kit, visitor: Visitor, pin: str, now: datetime) -> None:
    """Pass when the PIN is right; raises what `unlock` raises."""
    visitor.viewer.require("diary.write", visitor.viewer.patient_id)
    limit = attempts.Limit("pin", visitor.sign_in_id, TRIES)
    with kit.database.writing() as session:
        admission = attempts.admit(session, kit.key, (limit,), now)
        patient = people.patient(session, visitor.viewer, visitor.viewer.actor_id)
    if not passwords.matches(patient.pin_hash, pin):
        raise RefusedError(
            _("This PIN is not right.")
            + " "
            + attempts.tries_left_sentence(admission.tries_left)
            + " "
            + _("If you forgot it, ask your clinic for a new link.")
        )
    with kit.database.writing() as session:
        attempts.forgive(session, admission)
