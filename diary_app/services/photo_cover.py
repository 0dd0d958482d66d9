"""Photos are covered on a patient's device until somebody who may asked to see them."""

from datetime import datetime
from uuid import UUID

from db.access import Viewer
from db.stores import doors
from diary_app.services.doors import Visitor, visitor_of
from diary_app.services.kit import Kit, patient_topic
from diary_app.services.pin import PHOTOS_SHOWN, check_pin
from diary_app.services.refusals import RefusedError
from diary_app.state.pictures import Cover
from diary_app.text import _

_COVERED = Cover(shown=False, has_pin=False)


def cover(kit: Kit, viewer: Viewer, sign_in_id: str, now: datetime) -> Cover:
    """Return whether a device of the patient shows photos; an unknown device shows none."""
    visitor = _device(kit, viewer, sign_in_id, now)
    return _COVERED if visitor is None else cover_of(visitor, now)


def cover_of(visitor: Visitor, now: datetime) -> Cover:
    """Return whether this device shows photos."""
    left = 0.0 if visitor.photos_until is None else (visitor.photos_until - now).total_seconds()
    shown = left > 0 and not visitor.locked
    return Cover(shown, visitor.has_pin, left if shown else 0.0)


def show(kit: Kit, viewer: Viewer, sign_in_id: str, pin: str, now: datetime) -> Cover:
    """Show photos on this device for 10 minutes; a patient with a PIN gives it.

    Raises:
        RefusedError: If the PIN is wrong, or the device is no longer signed in.
        TooManyTriesError: After 5 wrong tries in 15 minutes on this device.
    """
    visitor = _device(kit, viewer, sign_in_id, now)
    if visitor is None or visitor.locked:
        raise RefusedError(_("Please open your diary again to see your photos."))
    if visitor.has_pin:
        check_pin(kit, visitor, pin, now)
    return _set(kit, visitor, now + PHOTOS_SHOWN, now)


def hide(kit: Kit, viewer: Viewer, sign_in_id: str, now: datetime) -> Cover:
    """Cover photos on this device again."""
    visitor = _device(kit, viewer, sign_in_id, now)
    return _COVERED if visitor is None else _set(kit, visitor, None, now)


def _set(kit: Kit, visitor: Visitor, until: datetime | None, now: datetime) -> Cover:
    with kit.database.writing() as session:
        doors.show_photos(session, UUID(visitor.sign_in_id), until)
    kit.publish(patient_topic(visitor.viewer.actor_id))
    left = 0.0 if until is None else (until - now).total_seconds()
    return Cover(until is not None, visitor.has_pin, left)


def _device(kit: Kit, viewer: Viewer, sign_in_id: str, now: datetime) -> Visitor | None:
    viewer.require("photo.read", viewer.patient_id)
    if not sign_in_id:
        return None
    with kit.database.reading(viewer.clinic_id) as session:
        sign_in = doors.sign_in(session, UUID(sign_in_id))
        if sign_in is None or sign_in.patient_id != viewer.actor_id or sign_in.ended_at is not None:
            return None
        return visitor_of(session, sign_in, now)
