"""Patients, staff, invitations and consent, as seen by somebody who is signed in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import Clinic, Invitation, Patient, SignIn, User
from db.stores import audit

# Whoever counts entries or alerts leaves these out.
TEST_PATIENTS = select(Patient.id).where(col(Patient.is_test).is_(True))


def own_clinic(session: Session, viewer: Viewer) -> Clinic:
    """Return the viewer's clinic: its names and numbers, which every signed-in person may read."""
    return session.exec(select(Clinic).where(col(Clinic.id) == viewer.clinic_id)).one()


def patient(session: Session, viewer: Viewer, patient_id: UUID) -> Patient:
    """Return one patient of the viewer's clinic; patients find themselves alone."""
    if viewer.patient_id is None:
        viewer.require("patient.list")
    elif viewer.patient_id != patient_id:
        viewer.require("patient.read", patient_id)
    found = session.exec(
        select(Patient).where(
            col(Patient.id) == patient_id, col(Patient.clinic_id) == viewer.clinic_id
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This patient is not in your clinic's list.")
    return found


def patients(session: Session, viewer: Viewer) -> list[Patient]:
    """Return the clinic's patients in follow-up, by code."""
    viewer.require("patient.list")
    return list(
        session.exec(
            select(Patient)
            .where(
                col(Patient.clinic_id) == viewer.clinic_id,
                col(Patient.active).is_(True),
                col(Patient.is_test).is_(False),
            )
            .order_by(col(Patient.code))
        )
    )


def everybody(session: Session, viewer: Viewer) -> list[Patient]:
    """Return every patient the clinic ever had, by code; test patients are left out."""
    viewer.require("patient.list")
    return list(
        session.exec(
            select(Patient)
            .where(col(Patient.clinic_id) == viewer.clinic_id, col(Patient.is_test).is_(False))
            .order_by(col(Patient.code))
        )
    )


def how_many(session: Session, viewer: Viewer) -> int:
    """Return how many patients the clinic ever had, also those no longer in follow-up."""
    viewer.require("patient.list")
    return session.exec(
        select(func.count())
        .select_from(Patient)
        .where(col(Patient.clinic_id) == viewer.clinic_id, col(Patient.is_test).is_(False))
    ).one()


def after(session: Session, viewer: Viewer, code: str) -> Patient | None:
    """Return the patient that follows a code, also when no longer in follow-up; None = the end."""
    viewer.require("patient.list")
    return session.exec(
        select(Patient)
        .where(
            col(Patient.clinic_id) == viewer.clinic_id,
            col(Patient.code) > code,
            col(Patient.is_test).is_(False),
        )
        .order_by(col(Patient.code))
        .limit(1)
    ).first()


def by_code(session: Session, viewer: Viewer, code: str) -> Patient:
    """Return the patient with a code, also when no longer in follow-up."""
    viewer.require("patient.list")
    found = session.exec(
        select(Patient).where(col(Patient.clinic_id) == viewer.clinic_id, col(Patient.code) == code)
    ).one_or_none()
    if found is None:
        raise NotFoundError("No patient of your clinic has this code.")
    return found


def some_after(session: Session, viewer: Viewer, code: str, most: int) -> list[tuple[str, UUID]]:
    """Return code and id of up to so many patients that follow a code, as ``after`` finds them."""
    viewer.require("patient.list")
    return list(
        session.exec(
            select(Patient.code, Patient.id)
            .where(col(Patient.clinic_id) == viewer.clinic_id, col(Patient.code) > code)
            .order_by(col(Patient.code))
            .limit(most)
        )
    )


def enroll(session: Session, viewer: Viewer, new: Patient, now: datetime) -> None:
    """Keep a new patient of the viewer's clinic."""
    viewer.require("patient.enroll")
    new.clinic_id, new.is_test = viewer.clinic_id, False
    session.add(new)
    session.flush()
    audit.note(session, viewer, "patient.enroll", "patient", now, patient_id=new.id)


def test_patient(session: Session, viewer: Viewer) -> Patient | None:
    """Return the clinic's test patient, with whom the alarm is tried; None before the first try."""
    viewer.require("notification.send")
    return session.exec(
        select(Patient)
        .where(col(Patient.clinic_id) == viewer.clinic_id, col(Patient.is_test).is_(True))
        .limit(1)
    ).first()


def add_test_patient(session: Session, viewer: Viewer, new: Patient, now: datetime) -> None:
    """Keep the clinic's test patient, who is nobody."""
    viewer.require("notification.send")
    new.clinic_id, new.is_test = viewer.clinic_id, True
    session.add(new)
    session.flush()
    audit.note(session, viewer, "probe.patient", "patient", now, patient_id=new.id)


def choose_probe(
    session: Session, viewer: Viewer, hour: int | None, user_id: UUID | None, now: datetime
) -> None:
    """Set when the alarm tries itself each day (None = never) and whom that must reach."""
    viewer.require("clinic.write")
    if user_id is not None and user_id not in {user.id for user in staff(session, viewer)}:
        raise NotFoundError("This person is not in your clinic's list.")
    session.connection().execute(
        update(Clinic)
        .where(col(Clinic.id) == viewer.clinic_id)
        .values(probe_hour=hour, probe_to=user_id)
    )
    detail = {"hour": hour, "user": None if user_id is None else str(user_id)}
    audit.note(session, viewer, "probe.choose", "clinic", now, detail=detail)


def staff(session: Session, viewer: Viewer, *, role: str | None = None) -> list[User]:
    """Return the clinic's active staff, by name; of one role when given."""
    viewer.require("staff.list")
    query = select(User).where(col(User.clinic_id) == viewer.clinic_id, col(User.active).is_(True))
    if role is not None:
        query = query.where(col(User.role) == role)
    return list(session.exec(query.order_by(col(User.name))))


def staff_names(session: Session, viewer: Viewer) -> dict[UUID, str]:
    """Return the names of all staff of the clinic, also of those who left, by id."""
    rows = session.exec(select(User).where(col(User.clinic_id) == viewer.clinic_id))
    return {user.id: user.name for user in rows}


def add_staff(session: Session, viewer: Viewer, new: User, now: datetime) -> None:
    """Keep a new member of staff of the viewer's clinic."""
    viewer.require("staff.invite")
    new.clinic_id = viewer.clinic_id
    session.add(new)
    session.flush()
    audit.note(
        session, viewer, "staff.invite", "user", now, subject_id=new.id, detail={"role": new.role}
    )


def invite(
    session: Session, viewer: Viewer, new: Invitation, now: datetime, *, by: str = "screen"
) -> None:
    """Keep an invitation and withdraw the unused ones of the same person.

    Args:
        by: How it is handed over, for the audit row: screen, mail or paper.
    """
    viewer.require("patient.invite" if new.patient_id is not None else "staff.invite")
    if new.patient_id is not None:
        patient(session, viewer, new.patient_id)
    elif new.user_id not in staff_names(session, viewer):
        raise NotFoundError("This person is not in your clinic's list.")
    new.clinic_id = viewer.clinic_id
    same = Invitation.patient_id if new.patient_id is not None else Invitation.user_id
    whom = new.patient_id if new.patient_id is not None else new.user_id
    session.connection().execute(
        update(Invitation)
        .where(col(same) == whom, col(Invitation.used_at).is_(None))
        .where(col(Invitation.clinic_id) == viewer.clinic_id)
        .values(expires_at=now)
    )
    session.add(new)
    session.flush()
    audit.note(
        session,
        viewer,
        "invitation.make",
        "invitation",
        now,
        subject_id=new.id,
        patient_id=new.patient_id,
        detail={"by": by},
    )


def own_sign_ins(session: Session, viewer: Viewer, now: datetime) -> list[SignIn]:
    """Return where the viewer is signed in: neither ended nor run out. Everybody sees their own."""
    whose = SignIn.user_id if viewer.patient_id is None else SignIn.patient_id
    return list(
        session.exec(
            select(SignIn).where(
                col(whose) == viewer.actor_id,
                col(SignIn.clinic_id) == viewer.clinic_id,
                col(SignIn.ended_at).is_(None),
                col(SignIn.expires_at) > now,
            )
        )
    )


def set_pin(session: Session, viewer: Viewer, pin_hash: str | None, now: datetime) -> None:
    """Set or remove the patient's own PIN."""
    viewer.require("diary.write", viewer.patient_id)
    session.connection().execute(
        update(Patient)
        .where(col(Patient.id) == viewer.patient_id, col(Patient.clinic_id) == viewer.clinic_id)
        .values(pin_hash=pin_hash)
    )
    audit.note(
        session,
        viewer,
        "pin.set" if pin_hash is not None else "pin.remove",
        "patient",
        now,
        patient_id=viewer.patient_id,
    )


def own_totp(session: Session, viewer: Viewer) -> bytes | None:
    """Return the viewer's own sealed TOTP secret; None when they have no authenticator."""
    viewer.require("factor.own")
    return session.exec(
        select(User.totp_sealed).where(
            col(User.id) == viewer.actor_id, col(User.clinic_id) == viewer.clinic_id
        )
    ).first()


def own_language(session: Session, viewer: Viewer) -> str | None:
    """Return the language that the viewer chose; None for staff who did not choose."""
    whose = User if viewer.patient_id is None else Patient
    return session.exec(
        select(whose.language).where(
            col(whose.id) == viewer.actor_id, col(whose.clinic_id) == viewer.clinic_id
        )
    ).first()


def set_language(session: Session, viewer: Viewer, language: str, now: datetime) -> None:
    """Set in which language the viewer reads the diary; everybody chooses their own."""
    whose = User if viewer.patient_id is None else Patient
    session.connection().execute(
        update(whose)
        .where(col(whose.id) == viewer.actor_id, col(whose.clinic_id) == viewer.clinic_id)
        .values(language=language)
    )
    audit.note(
        session,
        viewer,
        "language.set",
        "user" if viewer.patient_id is None else "patient",
        now,
        subject_id=viewer.actor_id,
        patient_id=viewer.patient_id,
    )


def set_password(
    session: Session, viewer: Viewer, password_hash: str, totp_sealed: bytes, now: datetime
) -> None:
    """Set the viewer's own password and TOTP secret, and end their other sign-ins."""
    session.connection().execute(
        update(User)
        .where(col(User.id) == viewer.actor_id, col(User.clinic_id) == viewer.clinic_id)
        .values(password_hash=password_hash, totp_sealed=totp_sealed, totp_last_step=None)
    )
    session.connection().execute(
        update(SignIn)
        .where(col(SignIn.user_id) == viewer.actor_id, col(SignIn.ended_at).is_(None))
        .values(ended_at=now)
    )
    audit.note(session, viewer, "password.set", "user", now, subject_id=viewer.actor_id)
