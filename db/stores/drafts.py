"""The entry being written, its photos and the tickets to upload them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.keyring import placed
from db.models import Draft, Photo, UploadTicket
from db.stores.diary import entry


def open_draft(session: Session, viewer: Viewer) -> Draft | None:
    """Return the patient's draft that was neither sent nor discarded; None when there is none.

    What was begun on the light page is no such draft.
    """
    viewer.require("diary.write", viewer.patient_id)
    return session.exec(
        select(Draft)
        .where(
            col(Draft.clinic_id) == viewer.clinic_id,
            col(Draft.patient_id) == viewer.patient_id,
            col(Draft.light).is_(False),
            col(Draft.sent_at).is_(None),
            col(Draft.discarded_at).is_(None),
        )
        .order_by(col(Draft.created_at).desc())
        .limit(1)
    ).first()


def draft(session: Session, viewer: Viewer, draft_id: UUID) -> Draft:
    """Return one of the patient's own drafts."""
    viewer.require("diary.write", viewer.patient_id)
    found = session.exec(
        select(Draft).where(
            col(Draft.id) == draft_id,
            col(Draft.clinic_id) == viewer.clinic_id,
            col(Draft.patient_id) == viewer.patient_id,
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This entry is not in your diary.")
    return found


def begin_draft(
    session: Session,
    viewer: Viewer,
    content: Mapping[str, Any],
    now: datetime,
    *,
    correcting_id: UUID | None = None,
) -> Draft:
    """Begin a draft; an older open one is set aside, its row stays."""
    viewer.require("diary.write", viewer.patient_id)
    if correcting_id is not None:
        entry(session, viewer, correcting_id)
    session.connection().execute(
        update(Draft)
        .where(col(Draft.patient_id) == viewer.patient_id, col(Draft.sent_at).is_(None))
        .where(col(Draft.discarded_at).is_(None), col(Draft.light).is_(False))
        .values(discarded_at=now)
    )
    new = Draft(
        clinic_id=viewer.clinic_id,
        patient_id=viewer.actor_id,
        correcting_id=correcting_id,
        content=dict(content),
        created_at=now,
        updated_at=now,
    )
    session.add(new)
    session.flush()
    return new


def newest_light(session: Session, viewer: Viewer) -> Draft | None:
    """Return the patient's newest report on the light page, sent or not; None before the first."""
    viewer.require("diary.write", viewer.patient_id)
    return session.exec(
        select(Draft)
        .where(
            col(Draft.clinic_id) == viewer.clinic_id,
            col(Draft.patient_id) == viewer.patient_id,
            col(Draft.light).is_(True),
        )
        .order_by(col(Draft.created_at).desc(), col(Draft.id).desc())
        .limit(1)
    ).first()


def keep_light(
    session: Session, viewer: Viewer, draft_id: UUID, content: Mapping[str, Any], now: datetime
) -> Draft:
    """Keep what a report on the light page says, begun now if its id is new; return its row.

    One that was sent comes back as it is, with nothing of the content.

    Raises:
        NotFoundError: The id belongs to anything else.
        ConflictError: The same report was begun by another request at this instant.
    """
    viewer.require("diary.write", viewer.patient_id)
    found = session.get(Draft, draft_id, with_for_update=True)
    if found is None:
        found = Draft(
            id=draft_id,
            clinic_id=viewer.clinic_id,
            patient_id=viewer.actor_id,
            light=True,
            created_at=now,
            updated_at=now,
        )
        session.add(found)
    elif not found.light or (found.clinic_id, found.patient_id) != (
        viewer.clinic_id,
        viewer.patient_id,
    ):
        raise NotFoundError("This report is not in your diary.")
    if found.sent_at is None:
        found.content, found.updated_at = dict(content), now
        found.revision += 1
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError("This report was begun twice at once.") from error
    return found


def save_draft(
    session: Session,
    viewer: Viewer,
    draft_id: UUID,
    revision: int,
    content: Mapping[str, Any],
    now: datetime,
) -> int:
    """Keep what is typed so far and return the new revision.

    Args:
        revision: The revision this change is based on.

    Raises:
        ConflictError: Another window saved meanwhile, or the draft was sent or set aside.
    """
    viewer.require("diary.write", viewer.patient_id)
    kept = placed(session, Draft, viewer.clinic_id, draft_id, {"content": dict(content)})
    claim = (
        update(Draft)
        .where(col(Draft.id) == draft_id, col(Draft.clinic_id) == viewer.clinic_id)
        .where(col(Draft.patient_id) == viewer.patient_id, col(Draft.revision) == revision)
        .where(col(Draft.sent_at).is_(None), col(Draft.discarded_at).is_(None))
        .values(**kept, updated_at=now, revision=revision + 1)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise ConflictError("This entry was changed in another window.")
    return revision + 1


def mark_sent(session: Session, viewer: Viewer, draft_id: UUID, now: datetime) -> bool:
    """Close a draft that becomes an entry; False when another window sent it first."""
    viewer.require("diary.write", viewer.patient_id)
    claim = (
        update(Draft)
        .where(col(Draft.id) == draft_id, col(Draft.clinic_id) == viewer.clinic_id)
        .where(col(Draft.patient_id) == viewer.patient_id, col(Draft.sent_at).is_(None))
        .values(sent_at=now)
    )
    return session.connection().execute(claim).rowcount == 1


def add_ticket(session: Session, viewer: Viewer, ticket: UploadTicket) -> None:
    """Keep a permission to upload one photo to the patient's own draft."""
    viewer.require("photo.write", ticket.patient_id)
    draft(session, viewer, ticket.draft_id)
    ticket.clinic_id = viewer.clinic_id
    session.add(ticket)
    session.flush()


def take_ticket(
    session: Session, viewer: Viewer, token_hash: str, now: datetime
) -> UploadTicket | None:
    """Use up a ticket; None when it is unknown, used, out of time or somebody else's."""
    viewer.require("photo.write", viewer.patient_id)
    claim = (
        update(UploadTicket)
        .where(col(UploadTicket.token_hash) == token_hash)
        .where(col(UploadTicket.clinic_id) == viewer.clinic_id)
        .where(col(UploadTicket.patient_id) == viewer.patient_id)
        .where(col(UploadTicket.used_at).is_(None), col(UploadTicket.expires_at) > now)
        .values(used_at=now)
    )
    if session.connection().execute(claim).rowcount != 1:
        return None
    return session.exec(
        select(UploadTicket).where(col(UploadTicket.token_hash) == token_hash)
    ).one()


def refuse_ticket(session: Session, viewer: Viewer, token_hash: str, sentence: str) -> None:
    """Note why the photo sent with the patient's own ticket was not kept."""
    viewer.require("photo.write", viewer.patient_id)
    session.connection().execute(
        update(UploadTicket)
        .where(col(UploadTicket.token_hash) == token_hash)
        .where(col(UploadTicket.clinic_id) == viewer.clinic_id)
        .where(col(UploadTicket.patient_id) == viewer.patient_id)
        .values(refusal=sentence)
    )


def ticket_refusal(session: Session, viewer: Viewer, token_hash: str) -> str | None:
    """Return why the photo sent with the patient's own ticket was not kept; None if it was."""
    viewer.require("photo.write", viewer.patient_id)
    return session.exec(
        select(UploadTicket.refusal).where(
            col(UploadTicket.token_hash) == token_hash,
            col(UploadTicket.clinic_id) == viewer.clinic_id,
            col(UploadTicket.patient_id) == viewer.patient_id,
        )
    ).one_or_none()


def add_photo(session: Session, viewer: Viewer, photo: Photo) -> None:
    """Keep the row of a photo whose picture is already in the vault."""
    viewer.require("photo.write", photo.patient_id)
    draft(session, viewer, photo.draft_id)
    photo.clinic_id = viewer.clinic_id
    session.add(photo)
    session.flush()


def describe_photo(
    session: Session, viewer: Viewer, photo_id: UUID, *, region: str | None, description: str
) -> None:
    """Set a photo's body region and words, as long as its entry was not sent."""
    viewer.require("photo.write", viewer.patient_id)
    found = _own_unsent_photo(session, viewer, photo_id)
    found.region, found.description = region, description
    session.flush()


def keep_photo(session: Session, viewer: Viewer, photo_id: UUID) -> None:
    """Note that a photo stays as it is, whatever it seems to lack."""
    viewer.require("photo.write", viewer.patient_id)
    _own_unsent_photo(session, viewer, photo_id).doubt = None
    session.flush()


def remove_photo(session: Session, viewer: Viewer, photo_id: UUID, now: datetime) -> None:
    """Take a photo out again, as long as its entry was not sent."""
    viewer.require("photo.write", viewer.patient_id)
    _own_unsent_photo(session, viewer, photo_id).removed_at = now
    session.flush()


def draft_photos(session: Session, viewer: Viewer, draft_id: UUID) -> list[Photo]:
    """Return the photos of the patient's own draft, oldest first."""
    viewer.require("photo.read", viewer.patient_id)
    return list(
        session.exec(
            select(Photo)
            .where(
                col(Photo.clinic_id) == viewer.clinic_id,
                col(Photo.patient_id) == viewer.patient_id,
                col(Photo.draft_id) == draft_id,
                col(Photo.removed_at).is_(None),
            )
            .order_by(col(Photo.received_at), col(Photo.id))
        )
    )


def _own_unsent_photo(session: Session, viewer: Viewer, photo_id: UUID) -> Photo:
    found = session.exec(
        select(Photo)
        .join(Draft, col(Draft.id) == col(Photo.draft_id))
        .where(
            col(Photo.id) == photo_id,
            col(Photo.clinic_id) == viewer.clinic_id,
            col(Photo.patient_id) == viewer.patient_id,
            col(Draft.sent_at).is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This photo can no longer be changed here.")
    return found
