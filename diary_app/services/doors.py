"""Who is at the door: sign-ins opened, recognized by their cookie, locked and ended."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.models import SignIn
from db.stores import audit, doors, people
from diary_app.services.consents import standing
from diary_app.services.kit import Kit

COOKIE = "diary"
STAFF_LONGEST = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=60)
PATIENT_LONGEST = timedelta(days=365)
PIN_IDLE = timedelta(minutes=15)
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Visitor:
    """One person signed in on one device.

    Attributes:
        sign_in_id: Names the sign-in, not the person; safe to log.
        language: Language tag, such as ``en``.
        time_zone: IANA: the patient's own, or the clinic's for staff.
        locked: The PIN must be entered before anything is shown.
        has_pin: Whether this patient chose a PIN; False for staff.
        photos_until: For patients: until when this device shows photos; None = they are covered.
        consent: For patients: agreed; asked (the clinic wrote a new text); refused.
    """

    sign_in_id: str
    kind: Literal["patient", "staff"]
    viewer: Viewer
    language: str
    time_zone: str
    locked: bool
    has_pin: bool = False
    photos_until: datetime | None = None
    consent: Literal["agreed", "asked", "refused"] = "agreed"


@dataclass(frozen=True)
class NewSignIn:
    """A sign-in just opened; the token belongs in the cookie and nowhere else."""

    token: str
    sign_in_id: UUID
    kind: Literal["patient", "staff"]


@dataclass(frozen=True)
class SignInDesk:
    """Recognizes people by their cookie.

    Attributes:
        kit: What every service needs.
    """

    kit: Kit

    def who(
        self, cookies: Mapping[str, str], now: datetime, *, active: bool = True
    ) -> Visitor | None:
        """Return who the cookie belongs to; None when nobody, or it ended or ran out.

        Args:
            cookies: Of the request.
            now: The present instant.
            active: The person just did something, so the idle time starts anew (noted at most
                once a minute). False for a mere look at a socket that may be idle.
        """
        token = cookies.get(COOKIE, "")
        if not token:
            return None
        with self.kit.database.reading() as session:
            sign_in = doors.live_sign_in(session, hash_of(token), now)
            visitor = None if sign_in is None else visitor_of(session, sign_in, now)
        if sign_in is None or visitor is None or visitor.locked or not active:
            return visitor
        if now - sign_in.last_seen_at >= TOUCH_EVERY:
            with self.kit.database.writing() as session:
                touch(session, sign_in, now, has_pin=visitor.has_pin)
        return visitor


def ended_clinic(kit: Kit, cookies: Mapping[str, str], now: datetime) -> UUID | None:
    """Return the clinic of a patient who comes back after their follow-up ended; None = nobody."""
    token = cookies.get(COOKIE, "")
    if not token:
        return None
    with kit.database.reading() as session:
        sign_in = doors.live_sign_in(session, hash_of(token), now)
        if sign_in is None or sign_in.patient_id is None:
            return None
        return None if doors.viewer_of(session, sign_in) else sign_in.clinic_id


def open_sign_in(
    session: Session,
    viewer: Viewer,
    device: str,
    now: datetime,
    *,
    by: str = "code",
    fresh: bool = True,
) -> NewSignIn:
    """Open a sign-in in the caller's transaction, with its audit row.

    Args:
        by: How staff proved who they are, for the audit row: code, recovery, passkey or hospital.
        fresh: Staff gave a second factor just now.
    """
    token = secrets.token_urlsafe(32)
    patient = viewer.patient_id is not None
    sign_in = SignIn(
        clinic_id=viewer.clinic_id,
        token_hash=hash_of(token),
        kind="patient" if patient else "staff",
        user_id=None if patient else viewer.actor_id,
        patient_id=viewer.patient_id,
        device=device,
        created_at=now,
        last_seen_at=now,
        expires_at=now + (PATIENT_LONGEST if patient else STAFF_IDLE),
        unlocked_until=now + PIN_IDLE if patient else None,
        verified_at=now if fresh and not patient else None,
    )
    doors.add_sign_in(session, sign_in)
    detail = {} if patient else {"by": by}
    audit.note(
        session, viewer, "sign_in.start", "sign_in", now, subject_id=sign_in.id, detail=detail
    )
    return NewSignIn(token, sign_in.id, "patient" if patient else "staff")


def end_visit(kit: Kit, visitor: Visitor, now: datetime) -> None:
    """End a sign-in, with its audit row; ending it twice is the same as once."""
    with kit.database.writing() as session:
        sign_in_id = UUID(visitor.sign_in_id)
        doors.end_sign_in(session, sign_in_id, now)
        audit.note(session, visitor.viewer, "sign_in.end", "sign_in", now, subject_id=sign_in_id)


def touch(session: Session, sign_in: SignIn, now: datetime, *, has_pin: bool) -> None:
    """Let a sign-in that was used hold on: staff up to 12 hours in all, patients a year anew."""
    if sign_in.kind == "staff":
        expires_at = min(sign_in.created_at + STAFF_LONGEST, now + STAFF_IDLE)
    else:
        expires_at = now + PATIENT_LONGEST
    doors.touch_sign_in(
        session,
        sign_in.id,
        now,
        expires_at=expires_at,
        unlocked_until=now + PIN_IDLE if has_pin else None,
    )


def hash_of(token: str) -> str:
    """Return the hash under which a random token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def visitor_of(session: Session, sign_in: SignIn, now: datetime) -> Visitor | None:
    """Return who a sign-in belongs to; None when that person may no longer come in."""
    viewer = doors.viewer_of(session, sign_in)
    if viewer is None:
        return None
    if sign_in.patient_id is not None:
        patient = people.patient(session, viewer, sign_in.patient_id)
        unlocked = sign_in.unlocked_until
        has_pin = patient.pin_hash is not None
        return Visitor(
            sign_in_id=str(sign_in.id),
            kind="patient",
            viewer=viewer,
            language=patient.language,
            time_zone=patient.time_zone,
            locked=has_pin and (unlocked is None or unlocked <= now),
            has_pin=has_pin,
            photos_until=sign_in.photos_until,
            consent=standing(session, viewer),
        )
    clinic = people.own_clinic(session, viewer)
    return Visitor(
        sign_in_id=str(sign_in.id),
        kind="staff",
        viewer=viewer,
        language=people.own_language(session, viewer) or clinic.language,
        time_zone=clinic.time_zone,
        locked=False,
    )
