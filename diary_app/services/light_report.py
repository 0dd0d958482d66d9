"""Reports of the light page: held with their photos, sent once, never in place of a draft."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db.access import Viewer
from db.errors import ConflictError
from db.models import Draft, Photo
from db.stores import drafts, people
from db.types import new_id
from diary_app.services.drafting import become_entry, unit_used_last
from diary_app.services.kit import Kit
from diary_app.services.photos import take_out
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.light_report import Report, Typed

# A report left lying this long is not opened again: it was about another moment.
OPENED_AGAIN_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Refusal:
    """A photo that was not kept: why, in a sentence, and the digest of what arrived."""

    sentence: str
    sha256: str


@dataclass(frozen=True)
class Held:
    """A report as it is kept now.

    Attributes:
        clock: "21:04" on the patient's clock, when it was last kept or sent.
        photo_ids: Photos that arrived, oldest first.
    """

    id: UUID
    typed: Typed
    clock: str
    photo_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Sent:
    """A report that is an entry now.

    Attributes:
        refused: Sentences about photos that were not kept.
    """

    clock: str
    content: dict[str, Any]
    hashes: frozenset[str]
    refused: tuple[str, ...]

    def is_same(self, report: Report, hashes: Sequence[str]) -> bool:
        """Return whether this report was sent already: the same answers, no other photo."""
        told = EntryDraft.from_content(self.content)
        same = dict(told.answers) == dict(report.answers) and told.kind == report.kind
        return same and self.hashes.issuperset(hashes)


def unfinished(kit: Kit, viewer: Viewer) -> Held | None:
    """Return the report begun last if it was not sent; None when there is none of today."""
    now = kit.clock()
    with kit.database.reading(viewer.clinic_id) as session:
        row = drafts.newest_light(session, viewer)
        if row is None or row.sent_at is not None or now - row.updated_at > OPENED_AGAIN_FOR:
            return None
        return _held(session, viewer, row)


def hold(kit: Kit, viewer: Viewer, report_id: UUID, typed: Typed) -> Held | Sent:
    """Keep what was typed until it is sent; a report that was sent stays as it is.

    Raises:
        NotFoundError: The id is not that of a report of this patient.
    """
    try:
        return _hold(kit, viewer, report_id, typed)
    except ConflictError:
        # Pressed twice at the same instant: the other one has made the row.
        return _hold(kit, viewer, report_id, typed)


def _hold(kit: Kit, viewer: Viewer, report_id: UUID, typed: Typed) -> Held | Sent:
    now = kit.clock()
    with kit.database.writing(viewer.clinic_id) as session:
        content = {**EntryDraft().content(), "light": {"typed": typed.content()}}
        row = drafts.keep_light(session, viewer, report_id, content, now)
        if row.sent_at is not None:
            return _sent(session, viewer, row)
        return _held(session, viewer, row)


def begin_anew(kit: Kit, viewer: Viewer, typed: Typed) -> Held:
    """Keep what was typed as a report of its own."""
    held = hold(kit, viewer, new_id(), typed)
    if isinstance(held, Sent):
        raise ConflictError("This report was sent already.")
    return held


def with_photos(kit: Kit, viewer: Viewer, held: Held) -> Held:
    """Return a report with the photos that it has now."""
    with kit.database.reading(viewer.clinic_id) as session:
        photos = drafts.draft_photos(session, viewer, held.id)
    return replace(held, photo_ids=tuple(photo.id for photo in photos))


def leave_out(kit: Kit, viewer: Viewer, held: Held, photo_ids: Sequence[UUID]) -> None:
    """Take photos out of a report that is not sent."""
    for photo_id in set(photo_ids) & set(held.photo_ids):
        take_out(kit, viewer, photo_id, kit.clock())


def send(
    kit: Kit, viewer: Viewer, report_id: UUID, report: Report, refused: Sequence[Refusal]
) -> Sent | None:
    """Make a report an entry, graded and told to the clinic, in one transaction.

    Returns:
        None when it is done; what was sent before under this id when that was first.

    Raises:
        NotFoundError: The id is not that of a report of this patient.
        AnswerRefusedError: An answer is impossible; nothing was changed.
    """
    with suppress(ConflictError):
        return _send(kit, viewer, report_id, report, refused)
    return _send(kit, viewer, report_id, report, refused)


def _send(
    kit: Kit, viewer: Viewer, report_id: UUID, report: Report, refused: Sequence[Refusal]
) -> Sent | None:
    now = kit.clock()
    with kit.database.writing(viewer.clinic_id) as session:
        patient = people.patient(session, viewer, viewer.actor_id)
        day = now.astimezone(ZoneInfo(patient.time_zone)).date()
        told = EntryDraft(kind=report.kind, day=day.isoformat(), answers=report.answers)
        notes = [{"sentence": each.sentence, "sha256": each.sha256} for each in refused]
        content = {**told.content(), "light": {"refused": notes}}
        row = drafts.keep_light(session, viewer, report_id, content, now)
        if row.sent_at is not None:
            return _sent(session, viewer, row)
        become_entry(session, viewer, row, patient, now)
    kit.changed(viewer.clinic_id, viewer.patient_id)
    return None


def unit_of(kit: Kit, viewer: Viewer) -> str:
    """Return the unit of the thermometer that this patient used last."""
    with kit.database.reading(viewer.clinic_id) as session:
        patient = people.patient(session, viewer, viewer.actor_id)
        return unit_used_last(session, viewer, patient)


def what_was_sent(kit: Kit, viewer: Viewer, report_id: UUID) -> tuple[str, ...]:
    """Return the sentences about photos that were not kept with a sent report; mostly none.

    Raises:
        NotFoundError: The id is not that of an entry of this patient.
    """
    with kit.database.reading(viewer.clinic_id) as session:
        return _sent(session, viewer, drafts.draft(session, viewer, report_id)).refused


def digest(file: BinaryIO) -> str:
    """Return the SHA-256 of a received file, which is read from its beginning again."""
    file.seek(0)
    found = hashlib.sha256()
    while part := file.read(1024 * 1024):
        found.update(part)
    file.seek(0)
    return found.hexdigest()


def _held(session: Session, viewer: Viewer, row: Draft) -> Held:
    photos = drafts.draft_photos(session, viewer, row.id)
    return Held(
        id=row.id,
        typed=Typed.kept(row.content.get("light", {}).get("typed", {})),
        clock=_clock(session, viewer, row.updated_at),
        photo_ids=tuple(photo.id for photo in photos),
    )


def _sent(session: Session, viewer: Viewer, row: Draft) -> Sent:
    photos: list[Photo] = drafts.draft_photos(session, viewer, row.id)
    refused = row.content.get("light", {}).get("refused", [])
    hashes = {photo.sha256_received for photo in photos} | {each["sha256"] for each in refused}
    return Sent(
        clock=_clock(session, viewer, row.sent_at or row.updated_at),
        content=dict(row.content),
        hashes=frozenset(hashes),
        refused=tuple(each["sentence"] for each in refused),
    )


def _clock(session: Session, viewer: Viewer, at: datetime) -> str:
    patient = people.patient(session, viewer, viewer.actor_id)
    return at.astimezone(ZoneInfo(patient.time_zone)).strftime("%H:%M")
