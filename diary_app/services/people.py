"""Clinics are set up; patients and staff are invited."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

from sqlmodel import Session

from alerts.escalation.policy import DEFAULT_POLICY, policy_to_json
from db.access import STAFF_ROLES, Viewer, viewer_for
from db.errors import NotFoundError
from db.models import Clinic, Invitation, User
from db.stores import audit, doors, people
from diary_app.services.doors import hash_of
from diary_app.services.kit import Kit
from diary_app.services.refusals import RefusedError
from diary_app.services.totp import qr_png
from diary_app.text import _

PATIENT_LINK_VALID = timedelta(days=14)
STAFF_LINK_VALID = timedelta(days=7)


@dataclass(frozen=True)
class NewLink:
    """A link with its token, before anything is kept of it."""

    token: str = field(repr=False)
    url: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class InvitationLink:
    """A one-time link, to be handed over now: only its hash is kept.

    Attributes:
        url: What to open; carries no patient data.
        qr_png: The same as a QR code, PNG.
    """

    url: str
    expires_at: datetime
    qr_png: bytes


def invite_patient(kit: Kit, viewer: Viewer, patient_id: UUID, now: datetime) -> InvitationLink:
    """Return a new link for a patient, valid for 14 days; older unused ones stop working.

    Raises:
        AccessDeniedError: If the viewer may not invite patients.
        NotFoundError: If the patient is not in the viewer's clinic.
    """
    viewer.require("patient.invite")
    with kit.database.writing(viewer.clinic_id) as session:
        patient = people.patient(session, viewer, patient_id)
        if not patient.active:
            raise NotFoundError("This patient is no longer in follow-up.")
        return _invite(kit, session, viewer, now, patient_id=patient.id)


def invite_staff(
    kit: Kit, viewer: Viewer, email: str, name: str, role: str, now: datetime
) -> InvitationLink:
    """Add a member of staff and return their link, valid for 7 days.

    Raises:
        AccessDeniedError: If the viewer may not invite staff.
        RefusedError: If the address, name or role cannot be used, or the address is taken.
    """
    viewer.require("staff.invite")
    with kit.database.writing(viewer.clinic_id) as session:
        new = _new_user(session, viewer.clinic_id, email, name, role, now)
        people.add_staff(session, viewer, new, now)
        return _invite(kit, session, viewer, now, user_id=new.id)


def invite_staff_again(kit: Kit, viewer: Viewer, user_id: UUID, now: datetime) -> InvitationLink:
    """Return a new link for a member of staff who lost password, phone or link.

    The old password works until the link is used.

    Raises:
        AccessDeniedError: If the viewer may not invite staff.
        NotFoundError: If there is no such active member in the viewer's clinic.
    """
    viewer.require("staff.invite")
    with kit.database.writing(viewer.clinic_id) as session:
        if all(user.id != user_id for user in people.staff(session, viewer)):
            raise NotFoundError("This person is not in your clinic's list.")
        return _invite(kit, session, viewer, now, user_id=user_id)


def create_clinic(
    kit: Kit,
    name: str,
    time_zone: str,
    phone: str,
    emergency_number: str,
    admin_email: str,
    admin_name: str,
    now: datetime,
) -> InvitationLink:
    """Set up a clinic with its first administrator, and return the administrator's link.

    Raises:
        RefusedError: If a value cannot be used; the sentence says which.
    """
    name, phone = name.strip(), phone.strip()
    emergency_number = emergency_number.strip()
    if not name or not phone or not emergency_number:
        raise RefusedError(
            _("A clinic needs a name, a phone number and the emergency number; please give all.")
        )
    if time_zone not in available_timezones():
        raise RefusedError(
            _("This time zone is not known; please use a name such as Europe/Madrid.")
        )
    with kit.database.writing() as session:
        clinic = Clinic(
            name=name,
            time_zone=time_zone,
            phone=phone,
            emergency_number=emergency_number,
            policy=policy_to_json(DEFAULT_POLICY),
            is_demo=kit.demo,
            created_at=now,
        )
        administrator = _new_user(session, clinic.id, admin_email, admin_name, "administrator", now)
        doors.add_clinic(session, clinic)
        viewer = viewer_for(
            "administrator",
            clinic_id=clinic.id,
            actor_id=administrator.id,
            name=administrator.name,
        )
        audit.note(session, viewer, "clinic.create", "clinic", now, subject_id=clinic.id)
        people.add_staff(session, viewer, administrator, now)
        return _invite(kit, session, viewer, now, user_id=administrator.id)


def _new_user(
    session: Session, clinic_id: UUID, email: str, name: str, role: str, now: datetime
) -> User:
    email, name = email.strip().lower(), name.strip()
    local, _at, domain = email.partition("@")
    if not local or "." not in domain.strip(".") or any(c.isspace() for c in email):
        raise RefusedError(_("This is not an e-mail address; please check it."))
    if not name:
        raise RefusedError(_("Please give the person's name."))
    if role not in STAFF_ROLES:
        raise RefusedError(_("Please choose nurse, clinician or administrator."))
    if doors.email_taken(session, email):
        raise RefusedError(
            _("There is already an account with this address; please invite that person again.")
        )
    return User(clinic_id=clinic_id, email=email, name=name, role=role, created_at=now)


def new_link(origin: str, expires_at: datetime, token: str = "", path: str = "join") -> NewLink:
    """Return a link that is not kept yet; of a new random token when none is given."""
    token = token or secrets.token_hex(32)
    return NewLink(token, f"{origin}/{path}/{token}", expires_at)


def keep_invitation(
    session: Session,
    viewer: Viewer,
    link: NewLink,
    now: datetime,
    *,
    patient_id: UUID | None = None,
    user_id: UUID | None = None,
    by: str = "screen",
) -> None:
    """Let a link work and end older unused ones of the same person, in the caller's transaction.

    Args:
        by: How it is handed over: screen, mail or paper.
    """
    invitation = Invitation(
        clinic_id=viewer.clinic_id,
        token_hash=hash_of(link.token),
        patient_id=patient_id,
        user_id=user_id,
        created_at=now,
        expires_at=link.expires_at,
    )
    people.invite(session, viewer, invitation, now, by=by)


def _invite(
    kit: Kit,
    session: Session,
    viewer: Viewer,
    now: datetime,
    *,
    patient_id: UUID | None = None,
    user_id: UUID | None = None,
) -> InvitationLink:
    for_patient = patient_id is not None
    valid = PATIENT_LINK_VALID if for_patient else STAFF_LINK_VALID
    link = new_link(kit.origin, now + valid, path="join" if for_patient else "staff/join")
    keep_invitation(session, viewer, link, now, patient_id=patient_id, user_id=user_id)
    return InvitationLink(link.url, link.expires_at, qr_png(link.url))
