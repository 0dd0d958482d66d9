"""The clinic's own people: roles changed, access ended at once and given back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from db.access import STAFF_ROLES, Viewer
from db.errors import ConflictError, ImpossibleValueError, NotFoundError
from db.models import (
    Clinic,
    HospitalIdentity,
    Invitation,
    Notification,
    Passkey,
    RecoveryCode,
    SignIn,
    User,
)
from db.stores import audit

# People whom an imported diary names; they can never sign in.
_IMPORTED = "@imported.invalid"


def everybody(session: Session, viewer: Viewer) -> list[User]:
    """Return all who work or worked in the clinic, by name."""
    viewer.require("staff.list")
    return list(
        session.exec(
            select(User)
            .where(col(User.clinic_id) == viewer.clinic_id)
            .where(~col(User.email).endswith(_IMPORTED))
            .order_by(col(User.name), col(User.id))
        )
    )


def change_role(
    session: Session, viewer: Viewer, user_id: UUID, role: str, now: datetime
) -> list[UUID]:
    """Give an active person another role and end their sign-ins, which still have the old one.

    Returns:
        The sign-ins that ended; none when the role is the one they have.

    Raises:
        ConflictError: They are the last administrator who can sign in.
        ImpossibleValueError: There is no such role.
    """
    viewer.require("staff.write")
    if role not in STAFF_ROLES:
        raise ImpossibleValueError("The role is nurse, clinician or administrator.")
    user = _person(session, viewer, user_id, active=True)
    if user.role == role:
        return []
    _keep_one_administrator(session, viewer, user)
    before, user.role = user.role, role
    session.add(user)
    session.flush()
    ended = _end_sign_ins(session, viewer, user_id, now)
    detail = {"from": before, "to": role}
    audit.note(session, viewer, "staff.role", "user", now, subject_id=user_id, detail=detail)
    return ended


def end_access(session: Session, viewer: Viewer, user_id: UUID, now: datetime) -> list[UUID]:
    """Shut an active person out: account, sign-ins, unused links, password, every factor.

    Messages to them that were not sent yet are superseded, but for those about alerts.

    Returns:
        The sign-ins that ended.

    Raises:
        ConflictError: They are the last administrator who can sign in.
    """
    viewer.require("staff.write")
    user = _person(session, viewer, user_id, active=True)
    _keep_one_administrator(session, viewer, user)
    user.active, user.password_hash, user.totp_sealed, user.totp_last_step = False, None, None, None
    session.add(user)
    session.flush()
    session.connection().execute(
        update(Invitation)
        .where(col(Invitation.clinic_id) == viewer.clinic_id, col(Invitation.user_id) == user_id)
        .where(col(Invitation.used_at).is_(None))
        .values(expires_at=now)
    )
    session.connection().execute(
        update(Clinic)
        .where(col(Clinic.id) == viewer.clinic_id, col(Clinic.probe_to) == user_id)
        .values(probe_to=None)
    )
    for factor in (RecoveryCode, Passkey, HospitalIdentity):
        session.connection().execute(
            delete(factor).where(
                col(factor.clinic_id) == viewer.clinic_id, col(factor.user_id) == user_id
            )
        )
    # An unsent message about an alert stays: that it cannot be sent becomes somebody's task.
    session.connection().execute(
        update(Notification)
        .where(col(Notification.clinic_id) == viewer.clinic_id)
        .where(col(Notification.user_id) == user_id, col(Notification.kind) != "alert")
        .where(col(Notification.state).in_(("pending", "failed_temporary")))
        .values(state="superseded")
    )
    ended = _end_sign_ins(session, viewer, user_id, now)
    detail = {"role": user.role, "sign_ins": len(ended)}
    audit.note(session, viewer, "staff.end", "user", now, subject_id=user_id, detail=detail)
    return ended


def let_back(session: Session, viewer: Viewer, user_id: UUID, role: str, now: datetime) -> None:
    """Let somebody work here again; they need a new invitation for their password.

    Raises:
        ImpossibleValueError: There is no such role.
    """
    viewer.require("staff.write")
    if role not in STAFF_ROLES:
        raise ImpossibleValueError("The role is nurse, clinician or administrator.")
    user = _person(session, viewer, user_id, active=False)
    user.active, user.role = True, role
    session.add(user)
    session.flush()
    detail = {"role": role}
    audit.note(session, viewer, "staff.let_back", "user", now, subject_id=user_id, detail=detail)


def signed_in_last(session: Session, viewer: Viewer) -> dict[UUID, datetime]:
    """Return when each member of staff was last seen; who never was is left out."""
    viewer.require("staff.write")
    rows = session.exec(
        select(SignIn.user_id, SignIn.last_seen_at)
        .where(col(SignIn.clinic_id) == viewer.clinic_id, col(SignIn.user_id).is_not(None))
        .order_by(col(SignIn.last_seen_at))
    )
    return {user_id: at for user_id, at in rows if user_id is not None}


def _person(session: Session, viewer: Viewer, user_id: UUID, *, active: bool) -> User:
    found = session.exec(
        select(User).where(col(User.id) == user_id, col(User.clinic_id) == viewer.clinic_id)
    ).one_or_none()
    if found is None or found.email.endswith(_IMPORTED):
        raise NotFoundError("This person is not in your clinic's list.")
    if found.active is not active:
        raise ConflictError(
            "This person's access was ended before."
            if active
            else "This person has access already."
        )
    return found


def _keep_one_administrator(session: Session, viewer: Viewer, leaves: User) -> None:
    """Pass when another administrator can sign in, so that nobody locks the clinic out."""
    if leaves.role != "administrator":
        return
    another = session.exec(
        select(User.id)
        .where(
            col(User.clinic_id) == viewer.clinic_id,
            col(User.role) == "administrator",
            col(User.active).is_(True),
            col(User.password_hash).is_not(None),
            col(User.id) != leaves.id,
        )
        .limit(1)
    ).first()
    if another is None:
        raise ConflictError(
            "This is the last administrator who can sign in. Let another administrator sign in "
            "first; then this can be changed."
        )


def _end_sign_ins(session: Session, viewer: Viewer, user_id: UUID, now: datetime) -> list[UUID]:
    live = (
        (col(SignIn.clinic_id) == viewer.clinic_id)
        & (col(SignIn.user_id) == user_id)
        & col(SignIn.ended_at).is_(None)
    )
    ended = list(session.exec(select(SignIn.id).where(live)))
    session.connection().execute(update(SignIn).where(live).values(ended_at=now))
    return ended
