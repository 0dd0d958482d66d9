"""Entries, their photos, and who of the care team saw them."""

from collections import namedtuple
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, inspect, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import Draft, Entry, EntrySeen, Patient, Photo
from db.stores import audit, people
from db.types import Ticks, new_id

_UNREAD = {
    "id",
    "first_id",
    "clinic_id",
    "patient_id",
    "replaces_id",
    "written_at",
    "time_zone",
} | {
    "words",
    "regions",
    "map_percent",
    "handprints",
    "temperature_text",
}
_READ = [column for column in inspect(Entry).columns if column.name not in _UNREAD]
_TICKED = {"morphology", "red_flags", "adl_due_to"}
_Told = namedtuple("_Told", [column.name for column in _READ])  # type: ignore[misc]
# Made once: putting an alias or a query together takes longer than reading a diary.
_LATER = aliased(Entry)
_TOLD = (
    select(*(type_coerce(each, Ticks) if each.name in _TICKED else each for each in _READ))
    .where(
        col(Entry.clinic_id) == bindparam("clinic_id"),
        col(Entry.patient_id) == bindparam("patient_id"),
        col(Entry.diary_on) <= bindparam("last_on"),
        ~select(_LATER.id).where(_LATER.replaces_id == Entry.id).exists(),
    )
    .order_by(
        col(Entry.diary_on),
        func.coalesce(col(Entry.local_time), "00:00"),
        col(Entry.written_at),
        col(Entry.id),
    )
)


def add_entry(session: Session, viewer: Viewer, new: Entry, now: datetime) -> None:
    """Keep what the patient said. A correction names the version it replaces.

    Raises:
        ConflictError: The replaced version was already replaced (two windows).
    """
    viewer.require("diary.write", new.patient_id)
    new.clinic_id = viewer.clinic_id
    if new.replaces_id is not None:
        before = entry(session, viewer, new.replaces_id)
        if newest_version(session, viewer, before.first_id).id != before.id:
            raise ConflictError("This entry was already corrected in another window.")
        new.first_id, new.version = before.first_id, before.version + 1
    session.add(new)
    session.flush()
    audit.note(
        session,
        viewer,
        "diary.write",
        "entry",
        now,
        subject_id=new.id,
        patient_id=new.patient_id,
        detail={"version": new.version},
    )


def entry(session: Session, viewer: Viewer, entry_id: UUID) -> Entry:
    """Return one entry of the viewer's clinic (or the patient's own), any version."""
    viewer.require("diary.read")
    query = select(Entry).where(col(Entry.id) == entry_id, col(Entry.clinic_id) == viewer.clinic_id)
    if viewer.patient_id is not None:
        query = query.where(col(Entry.patient_id) == viewer.patient_id)
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFoundError("This entry is not in the diary.")
    return found


def newest_version(session: Session, viewer: Viewer, first_id: UUID) -> Entry:
    """Return the version of an entry that counts."""
    viewer.require("diary.read")
    query = select(Entry).where(
        col(Entry.first_id) == first_id, col(Entry.clinic_id) == viewer.clinic_id
    )
    if viewer.patient_id is not None:
        query = query.where(col(Entry.patient_id) == viewer.patient_id)
    found = session.exec(query.order_by(col(Entry.version).desc()).limit(1)).first()
    if found is None:
        raise NotFoundError("This entry is not in the diary.")
    return found


def versions(session: Session, viewer: Viewer, first_id: UUID) -> list[Entry]:
    """Return every version of an entry, oldest first."""
    viewer.require("diary.read")
    query = select(Entry).where(
        col(Entry.first_id) == first_id, col(Entry.clinic_id) == viewer.clinic_id
    )
    if viewer.patient_id is not None:
        query = query.where(col(Entry.patient_id) == viewer.patient_id)
    return list(session.exec(query.order_by(col(Entry.version))))


def entries(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    *,
    first_on: date | None = None,
    last_on: date | None = None,
) -> list[Entry]:
    """Return the newest version of each entry of a period, oldest first; no bound = all."""
    viewer.require("diary.read", patient_id)
    query = select(Entry).where(
        col(Entry.clinic_id) == viewer.clinic_id,
        col(Entry.patient_id) == patient_id,
        ~select(_LATER.id).where(_LATER.replaces_id == Entry.id).exists(),
    )
    if first_on is not None:
        query = query.where(col(Entry.diary_on) >= first_on)
    if last_on is not None:
        query = query.where(col(Entry.diary_on) <= last_on)
    return list(
        session.exec(query.order_by(col(Entry.diary_on), col(Entry.written_at), col(Entry.id)))
    )


def told(session: Session, viewer: Viewer, patient_id: UUID, *, last_on: date) -> list[Any]:
    """Return what counts of one diary up to a day, as bare columns: a replay reads very many.

    Returns:
        Shape ``(n,)``, oldest first, with the columns of ``Entry`` but for ids, words and drawings.
    """
    viewer.require("diary.read", patient_id)
    asked = {"clinic_id": viewer.clinic_id, "patient_id": patient_id, "last_on": last_on}
    return list(map(_Told._make, session.connection().execute(_TOLD, asked)))


def last_entry_days(session: Session, viewer: Viewer) -> dict[UUID, date]:
    """Return the newest diary day of every patient of the clinic who has one."""
    viewer.require("patient.list")
    # The last of a patient's days, not the highest: for that PostgreSQL would read all of them.
    newest = (
        select(col(Entry.diary_on))
        .where(col(Entry.clinic_id) == viewer.clinic_id, col(Entry.patient_id) == col(Patient.id))
        .order_by(col(Entry.diary_on).desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.exec(
        select(Patient.id, newest).where(col(Patient.clinic_id) == viewer.clinic_id)
    )
    return {patient_id: on for patient_id, on in rows if on is not None}


def silent_since(session: Session, viewer: Viewer, day: date) -> int:
    """Return how many patients in follow-up wrote nothing about a day or any after it.

    Patients who joined on that day or later and never wrote anything are not counted.
    """
    viewer.require("patient.list")
    wrote = select(Entry.id).where(
        col(Entry.clinic_id) == viewer.clinic_id, col(Entry.patient_id) == col(Patient.id)
    )
    joined_before = col(Patient.created_at) < datetime.combine(day, time(), UTC)
    return session.exec(
        select(func.count())
        .select_from(Patient)
        .where(
            col(Patient.clinic_id) == viewer.clinic_id,
            col(Patient.active).is_(True),
            col(Patient.is_test).is_(False),
            ~wrote.where(col(Entry.diary_on) >= day).exists(),
            joined_before | wrote.exists(),
        )
    ).one()


def received_since(session: Session, viewer: Viewer, since: datetime) -> int:
    """Return how many entries the clinic received since an instant."""
    viewer.require("patient.list")
    return session.exec(
        select(func.count())
        .select_from(Entry)
        .where(
            col(Entry.clinic_id) == viewer.clinic_id,
            col(Entry.received_at) > since,
            col(Entry.patient_id).not_in(people.TEST_PATIENTS),
        )
    ).one()


def photos(
    session: Session, viewer: Viewer, patient_id: UUID, *, entry_id: UUID | None = None
) -> list[Photo]:
    """Return the photos of sent entries, oldest first; of one entry when given."""
    viewer.require("photo.read", patient_id)
    query = (
        select(Photo)
        .join(Draft, col(Draft.id) == col(Photo.draft_id))
        .where(
            col(Photo.clinic_id) == viewer.clinic_id,
            col(Photo.patient_id) == patient_id,
            col(Photo.removed_at).is_(None),
            col(Draft.sent_at).is_not(None),
        )
    )
    if entry_id is not None:
        query = query.where(col(Photo.draft_id) == entry_id)
    return list(session.exec(query.order_by(col(Photo.received_at), col(Photo.id))))


def photo(session: Session, viewer: Viewer, photo_id: UUID) -> Photo:
    """Return one photo's row; the care team sees photos of sent entries only."""
    viewer.require("photo.read")
    query = select(Photo).where(
        col(Photo.id) == photo_id,
        col(Photo.clinic_id) == viewer.clinic_id,
        col(Photo.removed_at).is_(None),
    )
    if viewer.patient_id is not None:
        query = query.where(col(Photo.patient_id) == viewer.patient_id)
    else:
        query = query.join(Draft, col(Draft.id) == col(Photo.draft_id)).where(
            col(Draft.sent_at).is_not(None)
        )
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFoundError("This photo is not in the diary.")
    return found


def mark_seen(session: Session, viewer: Viewer, rows: Collection[Entry], now: datetime) -> None:
    """Note that a member of the care team opened these entries; seeing twice is seeing once."""
    viewer.require("patient.read")
    if any(row.clinic_id != viewer.clinic_id for row in rows):
        raise NotFoundError("This entry is not in the diary.")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if not rows:
        return
    session.connection().execute(
        insert(EntrySeen).on_conflict_do_nothing(),
        [
            {
                "id": new_id(),
                "clinic_id": viewer.clinic_id,
                "patient_id": row.patient_id,
                "entry_id": row.id,
                "user_id": viewer.actor_id,
                "seen_at": now,
            }
            for row in rows
        ],
    )


def first_seen(
    session: Session, viewer: Viewer, entry_ids: Collection[UUID]
) -> dict[UUID, EntrySeen]:
    """Return by whom and when each of these entries was first opened; unseen ones are absent."""
    viewer.require("diary.read", viewer.patient_id)
    query = select(EntrySeen).where(
        col(EntrySeen.clinic_id) == viewer.clinic_id, col(EntrySeen.entry_id).in_(list(entry_ids))
    )
    if viewer.patient_id is not None:
        query = query.where(col(EntrySeen.patient_id) == viewer.patient_id)
    found: dict[UUID, EntrySeen] = {}
    for row in session.exec(query.order_by(col(EntrySeen.seen_at).desc())):
        found[row.entry_id] = row
    return found
