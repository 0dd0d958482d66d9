"""How somebody proves who they are before they are signed in; what works once, works once.

No function here takes a viewer, because finding out who it is happens here. Secrets come in as
hashes.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from db.models import HospitalIdentity, Passkey, RecoveryCode, SignIn, UsedOnce, User
from db.types import new_id


def use_once(session: Session, key: str, now: datetime) -> bool:
    """Use something up; False when it was used before, also a moment ago by another process."""
    insert = (
        postgresql.insert if session.connection().dialect.name == "postgresql" else sqlite.insert
    )
    claim = insert(UsedOnce).values(id=new_id(), key=key, at=now).on_conflict_do_nothing()
    return session.connection().execute(claim).rowcount == 1


def forget_used_before(session: Session, before: datetime) -> None:
    """Forget what was used before an instant; by then it had run out anyway."""
    session.exec(delete(UsedOnce).where(col(UsedOnce.at) < before))


def take_recovery_code(session: Session, user_id: UUID, code_hash: str, now: datetime) -> bool:
    """Use up a recovery code; False when it is none of this person's, or was used."""
    claim = (
        update(RecoveryCode)
        .where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.code_hash) == code_hash)
        .where(col(RecoveryCode.used_at).is_(None))
        .values(used_at=now)
    )
    return session.connection().execute(claim).rowcount == 1


def passkey(session: Session, credential_id: str) -> tuple[Passkey, User] | None:
    """Return a passkey and its owner; None when it is none of ours or they left."""
    found = session.exec(
        select(Passkey).where(col(Passkey.credential_id) == credential_id)
    ).one_or_none()
    owner = None if found is None else session.get(User, found.user_id)
    return None if found is None or owner is None or not owner.active else (found, owner)


def note_passkey_use(
    session: Session, passkey_id: UUID, before: int, sign_count: int, now: datetime
) -> bool:
    """Note the use of a passkey; False when its counter moved meanwhile."""
    claim = (
        update(Passkey)
        .where(col(Passkey.id) == passkey_id, col(Passkey.sign_count) == before)
        .values(sign_count=sign_count, last_used_at=now)
    )
    return session.connection().execute(claim).rowcount == 1


def hospital_identity(session: Session, user_id: UUID) -> HospitalIdentity | None:
    """Return which account of the hospital's sign-in service a person used; None = none yet."""
    return session.exec(
        select(HospitalIdentity).where(col(HospitalIdentity.user_id) == user_id)
    ).one_or_none()


def identity_taken(session: Session, issuer: str, subject: str) -> UUID | None:
    """Return whose account of the hospital's sign-in service this is; None = nobody's yet."""
    return session.exec(
        select(HospitalIdentity.user_id).where(
            col(HospitalIdentity.issuer) == issuer, col(HospitalIdentity.subject) == subject
        )
    ).one_or_none()


def link_identity(session: Session, new: HospitalIdentity) -> None:
    """Keep which account of the hospital's sign-in service is a person's."""
    session.add(new)
    session.flush()


def verified(session: Session, sign_in_id: UUID, now: datetime) -> None:
    """Note that whoever sits at a sign-in just gave a second factor."""
    session.connection().execute(
        update(SignIn)
        .where(col(SignIn.id) == sign_in_id, col(SignIn.ended_at).is_(None))
        .values(verified_at=now)
    )
