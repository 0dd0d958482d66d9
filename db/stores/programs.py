"""Tokens of other programs, and the entries that they sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import ApiToken, ApiWrite
from db.stores import audit, diary


def add_token(session: Session, viewer: Viewer, new: ApiToken, now: datetime) -> None:
    """Keep a new token of the viewer's clinic, made by the viewer."""
    viewer.require("token.write")
    new.clinic_id, new.created_by = viewer.clinic_id, viewer.actor_id
    session.add(new)
    session.flush()
    audit.note(
        session,
        viewer,
        "token.make",
        "token",
        now,
        subject_id=new.id,
        detail={"name": new.name, "scopes": list(new.scopes)},
    )


def tokens(session: Session, viewer: Viewer) -> list[ApiToken]:
    """Return the clinic's tokens, also those that ended, newest first."""
    viewer.require("token.read")
    return list(
        session.exec(
            select(ApiToken)
            .where(col(ApiToken.clinic_id) == viewer.clinic_id)
            .order_by(col(ApiToken.created_at).desc(), col(ApiToken.id).desc())
        )
    )


def end_token(session: Session, viewer: Viewer, token_id: UUID, now: datetime) -> bool:
    """Withdraw a token; False when that was done before.

    Raises:
        NotFoundError: If it is not a token of the viewer's clinic.
    """
    viewer.require("token.write")
    found = session.exec(
        select(ApiToken).where(
            col(ApiToken.id) == token_id, col(ApiToken.clinic_id) == viewer.clinic_id
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This token is not in your clinic's list.")
    claim = (
        update(ApiToken)
        .where(col(ApiToken.id) == token_id, col(ApiToken.ended_at).is_(None))
        .values(ended_at=now)
    )
    if session.connection().execute(claim).rowcount == 0:
        return False
    audit.note(
        session, viewer, "token.end", "token", now, subject_id=token_id, detail={"name": found.name}
    )
    return True


def sent_under(session: Session, viewer: Viewer, key: str) -> ApiWrite | None:
    """Return what a program of the clinic sent under a key; None when nothing yet.

    Raises:
        ConflictError: It was sent for another patient than the viewer's.
    """
    viewer.require("diary.write")
    found = session.exec(
        select(ApiWrite).where(
            col(ApiWrite.clinic_id) == viewer.clinic_id, col(ApiWrite.key) == key
        )
    ).one_or_none()
    if found is not None and viewer.patient_id not in (None, found.patient_id):
        raise ConflictError("This key was used for another patient.")
    return found


def keep_sent(session: Session, viewer: Viewer, new: ApiWrite) -> None:
    """Keep under which key a program sent an entry; the entry has its own audit row.

    Raises:
        NotFoundError: If the entry is not the viewer's patient's.
    """
    viewer.require("diary.write", new.patient_id)
    diary.entry(session, viewer, new.entry_id)
    new.clinic_id = viewer.clinic_id
    session.add(new)
    session.flush()
