"""Photos of the entry being written: tickets, receiving, looking, taking out again."""

import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.errors import KeyMissingError, PhotoRefusedError
from db.models import Draft, Photo, UploadTicket
from db.photos import CleanPhoto, clean_photo_apart
from db.stores import audit, diary, drafts
from db.types import new_id
from diary_app.services.doors import hash_of
from diary_app.services.kit import Kit, patient_topic
from diary_app.services.readable import readable
from diary_app.services.refusals import RefusedError
from diary_app.text import _, said

MOST_PHOTOS = 12
LONGEST_DESCRIPTION = 500
TICKET_VALID = timedelta(minutes=10)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrayPhoto:
    """One photo of the entry being written. ``region`` None = not said."""

    id: UUID
    region: str | None
    description: str
    doubt: str | None = None


def issue_ticket(kit: Kit, viewer: Viewer, draft_id: UUID, now: datetime) -> str:
    """Return a ticket for one upload to ``PUT /api/photos/{ticket}``, valid for 10 minutes.

    Raises:
        NotFoundError: If the draft is not the patient's own.
        RefusedError: If the entry was sent or holds 12 photos already.
    """
    token = secrets.token_hex(32)
    with kit.database.writing(viewer.clinic_id) as session:
        _open_draft(session, viewer, draft_id)
        ticket = UploadTicket(
            clinic_id=viewer.clinic_id,
            token_hash=hash_of(token),
            patient_id=viewer.actor_id,
            draft_id=draft_id,
            expires_at=now + TICKET_VALID,
        )
        drafts.add_ticket(session, viewer, ticket)
    return token


def use_ticket(kit: Kit, viewer: Viewer, token: str, now: datetime) -> UUID:
    """Use up a ticket and return the draft it is for.

    Raises:
        RefusedError: If the ticket is unknown, used, out of time or somebody else's.
    """
    viewer.require("photo.write", viewer.patient_id)
    with kit.database.writing(viewer.clinic_id) as session:
        ticket = drafts.take_ticket(session, viewer, hash_of(token), now)
    if ticket is None:
        raise RefusedError(_("This upload is no longer valid. Please choose the photo again."))
    return ticket.draft_id


def note_refusal(kit: Kit, viewer: Viewer, token: str, sentence: str) -> None:
    """Keep why a photo was refused: the screen that sent it cannot read the server's answer."""
    with kit.database.writing(viewer.clinic_id) as session:
        drafts.refuse_ticket(session, viewer, hash_of(token), sentence)


def refusal(kit: Kit, viewer: Viewer, token: str) -> str | None:
    """Return why the photo sent with a ticket was refused; None when it was not."""
    with kit.database.reading(viewer.clinic_id) as session:
        return drafts.ticket_refusal(session, viewer, hash_of(token))


def keep_photo(
    kit: Kit,
    viewer: Viewer,
    draft_id: UUID,
    received: Path,
    now: datetime,
    *,
    region: str | None = None,
    description: str = "",
) -> UUID:
    """Clean a received file, keep it with the entry being written, and return the photo's id.

    The same file sent twice is one photo. Blocks for about a second: call it from a thread.

    Raises:
        NotFoundError: If the draft is not the patient's own.
        RefusedError: If the file is no photo, or the entry or the disk cannot take it.
    """
    with kit.database.reading(viewer.clinic_id) as session:
        _open_draft(session, viewer, draft_id)
    try:
        clean = clean_photo_apart(received)
    except PhotoRefusedError as refused:
        raise RefusedError(said(refused.sentence).format(**refused.values)) from refused
    photo_id = new_id()
    try:
        kit.vault.put(photo_id, clean, viewer.clinic_id)
    except KeyMissingError as error:
        raise RefusedError(
            _("Photos cannot be kept at the moment. Please send the entry without it,")
            + " "
            + _("and tell your clinic.")
        ) from error
    except OSError as error:
        logger.error("A photo could not be kept: error %s.", error.errno)  # noqa: TRY400
        raise RefusedError(
            _("The diary has no room for this photo. Please send the entry without it,")
            + " "
            + _("and tell your clinic.")
        ) from error
    kept = None
    try:
        kept = _add(kit, viewer, draft_id, photo_id, clean, now, region, description)
    finally:
        if kept != photo_id:
            kit.vault.remove(photo_id)
    kit.publish(patient_topic(viewer.actor_id))
    return kept


def tray(kit: Kit, viewer: Viewer, draft_id: UUID | None) -> tuple[UUID, list[TrayPhoto]]:
    """Return the draft and its photos; the open draft when none is named.

    Raises:
        NotFoundError: If the draft is not the patient's own.
        RefusedError: If there is no entry being written.
    """
    with kit.database.reading(viewer.clinic_id) as session:
        draft = (
            drafts.open_draft(session, viewer)
            if draft_id is None
            else drafts.draft(session, viewer, draft_id)
        )
        if draft is None or _closed(draft):
            raise _not_open()
        rows = drafts.draft_photos(session, viewer, draft.id)
    return draft.id, [
        TrayPhoto(row.id, row.region, readable(row.description), row.doubt) for row in rows
    ]


def take_out(kit: Kit, viewer: Viewer, photo_id: UUID, now: datetime) -> None:
    """Take a photo out of the entry being written.

    Raises:
        NotFoundError: If it is not the patient's own, or its entry was sent.
    """
    with kit.database.writing(viewer.clinic_id) as session:
        drafts.remove_photo(session, viewer, photo_id, now)
    kit.publish(patient_topic(viewer.actor_id))


def keep_as_it_is(kit: Kit, viewer: Viewer, photo_id: UUID) -> None:
    """Ask no more about what a photo of the entry being written seems to lack.

    Raises:
        NotFoundError: If it is not the patient's own, or its entry was sent.
    """
    with kit.database.writing(viewer.clinic_id) as session:
        drafts.keep_photo(session, viewer, photo_id)
    kit.publish(patient_topic(viewer.actor_id))


def photo_bytes(
    kit: Kit, viewer: Viewer, photo_id: UUID, size: Literal["full", "thumb"], now: datetime
) -> bytes:
    """Return a photo as JPEG; the care team opening a full picture is written down.

    Raises:
        NotFoundError: If the viewer may not see it, or it is not there.
        KeyMissingError: If its key is lost.
        TamperedError: If its file was changed.
    """
    if size == "thumb" or viewer.patient_id is not None:
        with kit.database.reading(viewer.clinic_id) as session:
            diary.photo(session, viewer, photo_id)
    else:
        with kit.database.writing(viewer.clinic_id) as session:
            row = diary.photo(session, viewer, photo_id)
            audit.note(
                session,
                viewer,
                "photo.read",
                "photo",
                now,
                subject_id=photo_id,
                patient_id=row.patient_id,
            )
    return kit.vault.thumbnail(photo_id) if size == "thumb" else kit.vault.picture(photo_id)


def check_words(region: str, description: str, regions: Collection[str]) -> str | None:
    """Return the region, None for none, if both can be kept; raises RefusedError if not."""
    if region and region not in regions:
        raise RefusedError(_("Please choose a part of the body from the list."))
    if len(description) > LONGEST_DESCRIPTION:
        raise RefusedError(_("Please describe the photo in at most 500 characters."))
    return region or None


def _add(
    kit: Kit,
    viewer: Viewer,
    draft_id: UUID,
    photo_id: UUID,
    clean: CleanPhoto,
    now: datetime,
    region: str | None,
    description: str,
) -> UUID:
    with kit.database.writing(viewer.clinic_id) as session:
        # Once more: photos sent at the same moment must not become thirteen.
        present = _open_draft(session, viewer, draft_id)
        for row in present:
            if row.sha256_received == clean.sha256_received:
                return row.id
        photo = Photo(
            id=photo_id,
            clinic_id=viewer.clinic_id,
            patient_id=viewer.actor_id,
            draft_id=draft_id,
            region=region,
            description=description,
            width=clean.width,
            height=clean.height,
            sha256_received=clean.sha256_received,
            sha256_kept=clean.sha256_kept,
            received_bytes=clean.received_bytes,
            received_at=now,
            doubt=clean.doubt,
        )
        drafts.add_photo(session, viewer, photo)
    return photo_id


def _open_draft(session: Session, viewer: Viewer, draft_id: UUID) -> list[Photo]:
    """Return the photos of a draft that can take one more."""
    draft = drafts.draft(session, viewer, draft_id)
    if _closed(draft):
        raise _not_open()
    photos = drafts.draft_photos(session, viewer, draft_id)
    if len(photos) >= MOST_PHOTOS:
        raise RefusedError(
            _("An entry holds at most 12 photos. Please take one out first, or send the entry.")
        )
    return photos


def _closed(draft: Draft) -> bool:
    return draft.sent_at is not None or draft.discarded_at is not None


def _not_open() -> RefusedError:
    return RefusedError(_("This entry was sent already. Please begin a new entry for more photos."))
