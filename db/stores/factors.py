"""Second factors and sign-ins: everybody's own; and a patient's, when their phone is lost."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import CalendarFeed, HospitalIdentity, Passkey, Patient, RecoveryCode, SignIn, User
from db.stores import audit, people


def recovery_codes(session: Session, viewer: Viewer) -> list[RecoveryCode]:
    """Return the viewer's own recovery codes as kept, used ones too."""
    viewer.require("factor.own")
    return list(
        session.exec(
            select(RecoveryCode).where(
                col(RecoveryCode.user_id) == viewer.actor_id,
                col(RecoveryCode.clinic_id) == viewer.clinic_id,
            )
        )
    )


def renew_recovery_codes(
    session: Session, viewer: Viewer, code_hashes: Collection[str], now: datetime
) -> None:
    """Keep new recovery codes of the viewer; the older ones stop working."""
    viewer.require("factor.own")
    session.connection().execute(
        delete(RecoveryCode).where(
            col(RecoveryCode.user_id) == viewer.actor_id,
            col(RecoveryCode.clinic_id) == viewer.clinic_id,
        )
    )
    session.add_all(
        RecoveryCode(
            clinic_id=viewer.clinic_id, user_id=viewer.actor_id, code_hash=code_hash, made_at=now
        )
        for code_hash in code_hashes
    )
    session.flush()
    audit.note(session, viewer, "recovery.make", "user", now, subject_id=viewer.actor_id)


def passkeys(session: Session, viewer: Viewer) -> list[Passkey]:
    """Return the viewer's own passkeys, oldest first."""
    viewer.require("factor.own")
    return list(
        session.exec(
            select(Passkey)
            .where(
                col(Passkey.user_id) == viewer.actor_id, col(Passkey.clinic_id) == viewer.clinic_id
            )
            .order_by(col(Passkey.created_at), col(Passkey.id))
        )
    )


def add_passkey(session: Session, viewer: Viewer, new: Passkey, now: datetime) -> None:
    """Keep a new passkey of the viewer's own."""
    viewer.require("factor.own")
    new.clinic_id, new.user_id = viewer.clinic_id, viewer.actor_id
    session.add(new)
    session.flush()
    audit.note(session, viewer, "passkey.add", "passkey", now, subject_id=new.id)


def remove_passkey(session: Session, viewer: Viewer, passkey_id: UUID, now: datetime) -> None:
    """Remove one of the viewer's own passkeys; raises NotFoundError when it is none of theirs."""
    viewer.require("factor.own")
    gone = session.connection().execute(
        delete(Passkey).where(
            col(Passkey.id) == passkey_id,
            col(Passkey.user_id) == viewer.actor_id,
            col(Passkey.clinic_id) == viewer.clinic_id,
        )
    )
    if gone.rowcount != 1:
        raise NotFoundError("This passkey was removed already.")
    audit.note(session, viewer, "passkey.remove", "passkey", now, subject_id=passkey_id)


def forget_factors(session: Session, viewer: Viewer, now: datetime) -> None:
    """Remove every second factor of the viewer but the authenticator, when they join anew."""
    viewer.require("factor.own")
    for table in (RecoveryCode, Passkey, HospitalIdentity):
        session.connection().execute(
            delete(table).where(
                col(table.user_id) == viewer.actor_id, col(table.clinic_id) == viewer.clinic_id
            )
        )
    audit.note(session, viewer, "factor.forget", "user", now, subject_id=viewer.actor_id)


def set_authenticator(session: Session, viewer: Viewer, totp_sealed: bytes, now: datetime) -> None:
    """Set the viewer's own TOTP secret; codes of the one before stop working."""
    viewer.require("factor.own")
    session.connection().execute(
        update(User)
        .where(col(User.id) == viewer.actor_id, col(User.clinic_id) == viewer.clinic_id)
        .values(totp_sealed=totp_sealed, totp_last_step=None)
    )
    audit.note(session, viewer, "authenticator.set", "user", now, subject_id=viewer.actor_id)


def end_own_sign_ins(session: Session, viewer: Viewer, now: datetime) -> list[UUID]:
    """End every sign-in of the viewer, this one too; returns which. Everybody ends their own."""
    living = [row.id for row in people.own_sign_ins(session, viewer, now)]
    _end(session, living, now)
    audit.note(
        session, viewer, "sign_in.end_all", "sign_in", now,
        patient_id=viewer.patient_id, detail={"ended": len(living)},
    )  # fmt: skip
    return living


def take_phone_out(session: Session, viewer: Viewer, patient_id: UUID, now: datetime) -> list[UUID]:
    """End whatever a lost phone still opens: a patient's sign-ins, their calendar and their PIN.

    Returns:
        The sign-ins that ended.
    """
    viewer.require("patient.invite")
    whose = people.patient(session, viewer, patient_id)
    living = list(
        session.exec(
            select(SignIn.id).where(
                col(SignIn.patient_id) == whose.id,
                col(SignIn.clinic_id) == viewer.clinic_id,
                col(SignIn.ended_at).is_(None),
                col(SignIn.expires_at) > now,
            )
        )
    )
    _end(session, living, now)
    connection = session.connection()
    connection.execute(
        update(CalendarFeed)
        .where(col(CalendarFeed.patient_id) == whose.id, col(CalendarFeed.ended_at).is_(None))
        .where(col(CalendarFeed.clinic_id) == viewer.clinic_id)
        .values(ended_at=now)
    )
    connection.execute(
        update(Patient)
        .where(col(Patient.id) == whose.id, col(Patient.clinic_id) == viewer.clinic_id)
        .values(pin_hash=None)
    )
    audit.note(
        session, viewer, "phone.out", "patient", now,
        patient_id=whose.id, detail={"ended": len(living)},
    )  # fmt: skip
    return living


def _end(session: Session, sign_in_ids: Collection[UUID], now: datetime) -> None:
    session.connection().execute(
        update(SignIn).where(col(SignIn.id).in_(sign_in_ids)).values(ended_at=now)
    )
