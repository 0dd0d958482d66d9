"""Before anybody is signed in: clinics, links, sign-ins and tries; and the machine itself.

No function here takes a viewer, because finding out who it is happens here. Tokens come in as
hashes; the caller keeps the plain token in the link or the cookie and nowhere else.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, delete, select

from db.access import WRITING_VERBS, Viewer, viewer_for
from db.errors import AccessDeniedError, ConflictError, UnreachableError
from db.keyring import placed
from db.models import (
    Alert,
    ApiToken,
    Assessment,
    AuditEvent,
    CalendarFeed,
    Clinic,
    Consent,
    Entry,
    Heartbeat,
    Invitation,
    Notification,
    Patient,
    Photo,
    PlanStep,
    SignIn,
    SignInAttempt,
    User,
)


def add_clinic(session: Session, clinic: Clinic) -> None:
    """Keep a new clinic."""
    session.add(clinic)
    session.flush()


def add_synthetic_patient(
    session: Session,
    new: Patient,
    steps: Sequence[PlanStep],
    entries: Sequence[Mapping[str, Any]],
    made: Sequence[Mapping[str, Any]],
) -> None:
    """Keep a synthetic patient with everything they said and what the rules made of it.

    Args:
        entries: Every column of each entry.
        made: The columns of one assessment per entry.

    Raises:
        AccessDeniedError: The clinic may hold real patients.
        ConflictError: The clinic has a patient of this code.
    """
    if not clinic(session, new.clinic_id).is_demo:
        raise AccessDeniedError("Synthetic patients are never written into a real clinic.")
    same = select(Patient.id).where(
        col(Patient.clinic_id) == new.clinic_id, col(Patient.code) == new.code
    )
    if session.exec(same).first() is not None:
        raise ConflictError("These synthetic patients are there already; choose another --seed.")
    session.add(new)
    session.flush()
    session.add_all(steps)
    session.flush()
    if entries:
        told = [placed(session, Entry, new.clinic_id, row["id"], row) for row in entries]
        session.connection().execute(insert(Entry), told)
        session.connection().execute(insert(Assessment), [dict(row) for row in made])


def clinics(session: Session) -> list[Clinic]:
    """Return every clinic of this installation, for the worker and the command line."""
    return list(session.exec(select(Clinic).order_by(col(Clinic.created_at))))


def clinic(session: Session, clinic_id: UUID) -> Clinic:
    """Return one clinic's row."""
    return session.exec(select(Clinic).where(col(Clinic.id) == clinic_id)).one()


def invitation(session: Session, token_hash: str) -> Invitation | None:
    """Return the invitation behind a link; None when the link is not one of ours."""
    return session.exec(
        select(Invitation).where(col(Invitation.token_hash) == token_hash)
    ).one_or_none()


def use_invitation(session: Session, invitation_id: UUID, now: datetime) -> bool:
    """Mark an invitation used; False when it was used or ran out meanwhile."""
    claim = (
        update(Invitation)
        .where(col(Invitation.id) == invitation_id, col(Invitation.used_at).is_(None))
        .where(col(Invitation.expires_at) > now)
        .values(used_at=now)
    )
    return session.connection().execute(claim).rowcount == 1


def count_wrong_answer(session: Session, invitation_id: UUID) -> None:
    """Count one wrong answer to "who are you?" against an invitation."""
    session.connection().execute(
        update(Invitation)
        .where(col(Invitation.id) == invitation_id)
        .values(wrong_answers=Invitation.wrong_answers + 1)
    )


def patient_of(session: Session, invitation: Invitation) -> Patient:
    """Return the patient whom an invitation is for."""
    return session.exec(select(Patient).where(col(Patient.id) == invitation.patient_id)).one()


def user_of(session: Session, invitation: Invitation) -> User:
    """Return the member of staff whom an invitation is for."""
    return session.exec(select(User).where(col(User.id) == invitation.user_id)).one()


def notification(session: Session, notification_id: UUID) -> Notification | None:
    """Return the message that a link in it names; None when there is no such message."""
    return session.exec(
        select(Notification).where(col(Notification.id) == notification_id)
    ).one_or_none()


def recipient_of(session: Session, notification: Notification) -> User:
    """Return the member of staff whom a message went to, also when they left."""
    return session.exec(select(User).where(col(User.id) == notification.user_id)).one()


def alert_of(session: Session, notification: Notification) -> Alert | None:
    """Return the alert, as it is now, that a message is about.

    None when it is about none, or about one that is not of its recipient's clinic.
    """
    return session.exec(
        select(Alert)
        .join(User, col(User.clinic_id) == col(Alert.clinic_id))
        .where(col(Alert.id) == notification.alert_id, col(User.id) == notification.user_id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def user_by_email(session: Session, email: str) -> User | None:
    """Return the active member of staff with this address; None when there is none."""
    return session.exec(
        select(User).where(col(User.email) == email.strip().lower(), col(User.active).is_(True))
    ).one_or_none()


def user(session: Session, user_id: UUID) -> User:
    """Return one member of staff's row."""
    return session.exec(select(User).where(col(User.id) == user_id)).one()


def take_totp_step(session: Session, user_id: UUID, step: int) -> bool:
    """Use up one 30-second code; False when it, or a later one, was used before."""
    claim = (
        update(User)
        .where(col(User.id) == user_id)
        .where(col(User.totp_last_step).is_(None) | (col(User.totp_last_step) < step))
        .values(totp_last_step=step)
    )
    return session.connection().execute(claim).rowcount == 1


def add_sign_in(session: Session, sign_in: SignIn) -> None:
    """Keep a new sign-in."""
    session.add(sign_in)
    session.flush()


def live_sign_in(session: Session, token_hash: str, now: datetime) -> SignIn | None:
    """Return the sign-in behind a cookie; None when unknown, ended or run out."""
    return session.exec(
        select(SignIn).where(
            col(SignIn.token_hash) == token_hash,
            col(SignIn.ended_at).is_(None),
            col(SignIn.expires_at) > now,
        )
    ).one_or_none()


def touch_sign_in(
    session: Session,
    sign_in_id: UUID,
    now: datetime,
    *,
    expires_at: datetime,
    unlocked_until: datetime | None,
) -> None:
    """Note that a sign-in was used, and until when it holds from now on."""
    session.connection().execute(
        update(SignIn)
        .where(col(SignIn.id) == sign_in_id)
        .values(last_seen_at=now, expires_at=expires_at, unlocked_until=unlocked_until)
    )


def show_photos(session: Session, sign_in_id: UUID, until: datetime | None) -> None:
    """Note until when the device of a sign-in shows photos; None covers them."""
    session.connection().execute(
        update(SignIn).where(col(SignIn.id) == sign_in_id).values(photos_until=until)
    )


def end_sign_in(session: Session, sign_in_id: UUID, now: datetime) -> None:
    """End one sign-in; ending it twice is the same as once."""
    session.connection().execute(
        update(SignIn)
        .where(col(SignIn.id) == sign_in_id, col(SignIn.ended_at).is_(None))
        .values(ended_at=now)
    )


def viewer_of(session: Session, sign_in: SignIn) -> Viewer | None:
    """Return who a sign-in is; None when the person was deactivated."""
    if sign_in.patient_id is not None:
        patient = session.get(Patient, sign_in.patient_id)
        if patient is None or not patient.active:
            return None
        viewer = viewer_for(
            "patient",
            clinic_id=patient.clinic_id,
            actor_id=patient.id,
            name=patient.name,
            patient_id=patient.id,
            sign_in_id=sign_in.id,
        )
        return viewer.without(WRITING_VERBS) if said_no(session, patient.id) else viewer
    user = session.get(User, sign_in.user_id)
    if user is None or not user.active:
        return None
    return viewer_for(
        user.role,
        clinic_id=user.clinic_id,
        actor_id=user.id,
        name=user.name,
        sign_in_id=sign_in.id,
    )


def said_no(session: Session, patient_id: UUID) -> bool:
    """Return whether a patient's newest answer to the consent text is a no."""
    newest = session.exec(
        select(Consent.answer)
        .where(col(Consent.patient_id) == patient_id)
        .order_by(col(Consent.agreed_at).desc(), col(Consent.id).desc())
        .limit(1)
    ).first()
    return newest == "refused"


def sign_in(session: Session, sign_in_id: UUID) -> SignIn | None:
    """Return a sign-in that did not end, also one whose PIN was not entered; None when it did."""
    return session.exec(
        select(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.ended_at).is_(None))
    ).one_or_none()


def email_taken(session: Session, email: str) -> bool:
    """Return whether anybody of any clinic signs in with this address, or once did."""
    return session.exec(select(User.id).where(col(User.email) == email)).first() is not None


def tries_since(session: Session, key: str, since: datetime) -> list[datetime]:
    """Return when somebody tried under a key after an instant, oldest first."""
    return list(
        session.exec(
            select(SignInAttempt.at)
            .where(col(SignInAttempt.key) == key, col(SignInAttempt.at) > since)
            .order_by(col(SignInAttempt.at))
        )
    )


def add_tries(session: Session, keys: Sequence[str], now: datetime) -> tuple[UUID, ...]:
    """Count one try under each of these keys and return the ids to take it back with."""
    rows = [SignInAttempt(key=key, at=now) for key in keys]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def take_back_tries(session: Session, try_ids: Collection[UUID]) -> None:
    """Forget these tries; they turned out right."""
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.id).in_(try_ids)))


def forget_tries(session: Session, key: str) -> None:
    """Forget the tries under a key, after a success."""
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.key) == key))


def forget_tries_before(session: Session, before: datetime) -> None:
    """Forget the tries of every key that are older than an instant."""
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.at) < before))


def last_beat(session: Session, name: str) -> datetime | None:
    """Return when a background duty last ran, for monitors; None when never.

    Raises:
        UnreachableError: If the database does not answer.
    """
    try:
        return session.exec(select(Heartbeat.at).where(col(Heartbeat.name) == name)).one_or_none()
    except SQLAlchemyError as error:
        raise UnreachableError("The database does not answer; see whether it runs.") from error


def calendar_feed(session: Session, token_hash: str) -> tuple[CalendarFeed, Viewer] | None:
    """Return the calendar behind a private address, and whose it is; None when it ended."""
    found = session.exec(
        select(CalendarFeed).where(
            col(CalendarFeed.token_hash) == token_hash, col(CalendarFeed.ended_at).is_(None)
        )
    ).one_or_none()
    patient = None if found is None else session.get(Patient, found.patient_id)
    if found is None or patient is None or not patient.active:
        return None
    viewer = viewer_for(
        "patient",
        clinic_id=patient.clinic_id,
        actor_id=patient.id,
        name=patient.name,
        patient_id=patient.id,
    )
    return found, viewer


def program_token(session: Session, token_hash: str, now: datetime) -> ApiToken | None:
    """Return the token of a program; None when unknown, withdrawn or run out."""
    return session.exec(
        select(ApiToken).where(
            col(ApiToken.token_hash) == token_hash,
            col(ApiToken.ended_at).is_(None),
            col(ApiToken.expires_at) > now,
        )
    ).one_or_none()


def touch_token(session: Session, token_id: UUID, now: datetime) -> None:
    """Note that a program's token was used."""
    session.connection().execute(
        update(ApiToken).where(col(ApiToken.id) == token_id).values(last_used_at=now)
    )


def beats(session: Session) -> dict[str, tuple[datetime, Mapping[str, Any]]]:
    """Return when each duty of every clinic last ran and what it found, for monitors."""
    return {row.name: (row.at, row.detail) for row in session.exec(select(Heartbeat))}


def longest_due(session: Session) -> dict[str, datetime | None]:
    """Return since when the longest waiting alert and message are due, for monitors.

    Three looks into an index, whatever the number of rows.
    """
    alert = (
        select(Alert.next_look_at)
        .where(col(Alert.next_look_at).is_not(None), col(Alert.state) != "closed")
        .order_by(col(Alert.next_look_at))
    )
    since: dict[str, datetime | None] = {"alert": session.exec(alert.limit(1)).first()}
    waits = [
        session.exec(
            select(Notification.next_attempt_at)
            .where(col(Notification.state) == state)
            .order_by(col(Notification.next_attempt_at))
            .limit(1)
        ).first()
        for state in ("pending", "failed_temporary")
    ]
    waits.append(
        session.exec(
            select(func.min(Notification.lease_until)).where(col(Notification.state) == "sending")
        ).one()
    )
    since["message"] = min((at for at in waits if at is not None), default=None)
    return since


def count_audit_rows(session: Session) -> int:
    """Return how many audit rows this installation keeps, for the command line."""
    return session.exec(select(func.count()).select_from(AuditEvent)).one()


def clinic_names(session: Session) -> list[str]:
    """Return the names of all clinics, also of a former version's tables."""
    return list(session.exec(select(Clinic.name).order_by(col(Clinic.name))))


def kept_photos(session: Session) -> list[Photo]:
    """Return the rows of all photos whose pictures must lie in the vault, for the command line."""
    return list(session.exec(select(Photo).where(col(Photo.removed_at).is_(None))))
