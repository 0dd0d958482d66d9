"""Beside each photo of an entry the one before it of the same region, for comparison."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.models import Entry
from db.stores import diary
from diary_app.exports.bundle import PhotoLine
from diary_app.services.visit_lines import photo_line


def earlier_photos(
    session: Session, viewer: Viewer, patient_id: UUID, entries: Sequence[Entry]
) -> dict[UUID, PhotoLine]:
    """Return, by photo, the newest one of its region that came with an entry before its own.

    Photos without a region, and those whose region was never photographed before, are left out.

    Args:
        entries: Whose photos are to be compared. Versions of one entry are one entry.
    """
    rows = diary.photos(session, viewer, patient_id)
    known = {row.id: row for row in entries}

    def entry(photo_draft_id: UUID) -> Entry:
        if photo_draft_id not in known:
            known[photo_draft_id] = diary.entry(session, viewer, photo_draft_id)
        return known[photo_draft_id]

    asked = {row.id for row in entries}
    found = {}
    for place, photo in enumerate(rows):
        if photo.draft_id not in asked or photo.region is None:
            continue
        own = entry(photo.draft_id).first_id
        for before in reversed(rows[:place]):
            if before.region == photo.region and entry(before.draft_id).first_id != own:
                found[photo.id] = photo_line(before, entry(before.draft_id))
                break
    return found
