"""What the daily summary and the weekly list are made of; test patients are in neither."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Alert, Assessment, DigestReview, Entry, Notification, Patient, Task
from db.stores import audit
from db.stores.people import TEST_PATIENTS

_LATER_ENTRY = aliased(Entry)
_LATER = aliased(Assessment)
_REVIEWED = aliased(Assessment)
_LISTED = aliased(Assessment)


def alerts_since(session: Session, viewer: Viewer, since: datetime) -> list[Alert]:
    """Return the alerts that nobody closed and all raised since an instant, oldest first."""
    viewer.require("alert.read")
    return list(
        session.exec(
            select(Alert)
            .where(
                col(Alert.clinic_id) == viewer.clinic_id,
                (col(Alert.state) != "closed") | (col(Alert.raised_at) > since),
                col(Alert.patient_id).not_in(TEST_PATIENTS),
            )
            .order_by(col(Alert.raised_at), col(Alert.id))
        )
    )


def letters_since(session: Session, viewer: Viewer, since: datetime) -> list[Notification]:
    """Return the summaries queued since an instant, newest first."""
    viewer.require("alert.read")
    return list(
        session.exec(
            select(Notification)
            .where(
                col(Notification.clinic_id) == viewer.clinic_id,
                col(Notification.kind) == "digest",
                col(Notification.created_at) >= since,
            )
            .order_by(col(Notification.created_at).desc(), col(Notification.id))
        )
    )


def lost_messages(session: Session, viewer: Viewer) -> int:
    """Return how many messages about alerts that nobody closed failed for good."""
    viewer.require("alert.read")
    return session.exec(
        select(func.count())
        .select_from(Notification)
        .join(Alert, col(Alert.id) == col(Notification.alert_id))
        .where(
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.state) == "failed_permanent",
            col(Alert.state) != "closed",
            col(Alert.patient_id).not_in(TEST_PATIENTS),
        )
    ).one()


def open_tasks(session: Session, viewer: Viewer) -> int:
    """Return how many tasks of the clinic nobody finished."""
    viewer.require("alert.read")
    return session.exec(
        select(func.count())
        .select_from(Task)
        .where(col(Task.clinic_id) == viewer.clinic_id, col(Task.done_at).is_(None))
    ).one()


def followed(session: Session, viewer: Viewer, since: datetime) -> tuple[int, list[datetime]]:
    """Return how many patients are in follow-up since before an instant; when the others joined."""
    viewer.require("patient.list")
    mine = (
        col(Patient.clinic_id) == viewer.clinic_id,
        col(Patient.active).is_(True),
        col(Patient.is_test).is_(False),
    )
    long = select(func.count()).select_from(Patient).where(*mine, col(Patient.created_at) <= since)
    newer = select(Patient.created_at).where(*mine, col(Patient.created_at) > since)
    return session.exec(long).one(), list(session.exec(newer))


def patients_to_review(session: Session, viewer: Viewer) -> int:
    """Return how many patients have something on the weekly list that nobody reviewed."""
    viewer.require("patient.list")
    viewer.require("diary.read")
    return session.exec(
        select(func.count(col(Assessment.patient_id).distinct())).where(
            *_counts(viewer), *_waits(viewer)
        )
    ).one()


def week(session: Session, viewer: Viewer, since: date) -> list[Assessment]:
    """Return what the rules made of the days since one: entries, values and silences.

    Returns:
        The newest assessment of each, those that failed too, by day; replaced entries left out.
    """
    viewer.require("patient.list")
    viewer.require("diary.read")
    about_entry = or_(
        col(Assessment.entry_id) == col(Entry.id), col(Assessment.timer_of) == col(Entry.id)
    )
    on = func.coalesce(
        col(Entry.diary_on),
        col(Assessment.lab_on),
        col(Assessment.silent_on),
        col(Assessment.dose_on),
    )
    return list(
        session.exec(
            select(Assessment)
            .join(Entry, about_entry, isouter=True)
            .where(
                *_counts(viewer),
                on >= since,
                # No day is judged before it begins, anywhere on earth.
                col(Assessment.assessed_at)
                >= datetime.combine(since, time(), UTC) - timedelta(days=1),
            )
            .order_by(on, col(Assessment.assessed_at), col(Assessment.id))
        )
    )


def to_review(session: Session, viewer: Viewer) -> list[Assessment]:
    """Return all of the level ``digest`` that nobody reviewed, oldest first.

    An entry that was graded again stays reviewed; a corrected one is listed again.
    """
    viewer.require("patient.list")
    viewer.require("diary.read")
    return list(
        session.exec(
            select(Assessment)
            .where(*_counts(viewer), *_waits(viewer))
            .order_by(col(Assessment.assessed_at), col(Assessment.id))
        )
    )


def review(
    session: Session, viewer: Viewer, assessment_ids: Collection[UUID], now: datetime
) -> int:
    """Note that this viewer reviewed these of the weekly list; returns how many were new.

    What is not of the level ``digest``, or was reviewed before, is left alone.
    """
    viewer.require("digest.review")
    rows = session.exec(
        select(Assessment).where(
            *_counts(viewer), *_waits(viewer), col(Assessment.id).in_(list(assessment_ids))
        )
    ).all()
    for row in rows:
        session.add(
            DigestReview(
                clinic_id=viewer.clinic_id,
                patient_id=row.patient_id,
                assessment_id=row.id,
                reviewed_by=viewer.actor_id,
                reviewed_at=now,
            )
        )
        audit.note(
            session,
            viewer,
            "digest.review",
            "assessment",
            now,
            subject_id=row.id,
            patient_id=row.patient_id,
        )
    session.flush()
    return len(rows)


def asked(
    session: Session, viewer: Viewer, sentence: str, notification_id: UUID | None = None
) -> bool:
    """Return whether somebody was ever asked to see after a summary, also when it is done.

    Args:
        sentence: Of the task, with its day.
        notification_id: The summary that was lost; any task about it counts.
    """
    viewer.require("notification.send")
    same = col(Task.sentence) == sentence
    if notification_id is not None:
        same = same | (col(Task.notification_id) == notification_id)
    query = select(Task.id).where(col(Task.clinic_id) == viewer.clinic_id, same)
    return session.exec(query).first() is not None


def _counts(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    """Return what makes an assessment count: the newest of its kind, of a person, not replaced."""
    newer = (col(_LATER.assessed_at) > col(Assessment.assessed_at)) | (
        (col(_LATER.assessed_at) == col(Assessment.assessed_at))
        & (col(_LATER.id) > col(Assessment.id))
    )
    same = or_(
        col(_LATER.timer_of) == col(Assessment.timer_of),
        col(_LATER.lab_on) == col(Assessment.lab_on),
        col(_LATER.silent_on) == col(Assessment.silent_on),
        col(_LATER.dose_on) == col(Assessment.dose_on),
    )
    # Asked by the entry alone: by the clinic as well SQLite would read all of the clinic's.
    graded_again = select(_LATER.id).where(col(_LATER.entry_id) == col(Assessment.entry_id), newer)
    # All else also says the clinic: PostgreSQL would read the diaries of all others to compare.
    later = select(_LATER.id).where(
        col(_LATER.clinic_id) == viewer.clinic_id,
        col(_LATER.patient_id) == col(Assessment.patient_id),
        col(_LATER.entry_id).is_(None),
        same,
        newer,
    )
    about = or_(
        col(_LATER_ENTRY.replaces_id) == col(Assessment.entry_id),
        col(_LATER_ENTRY.replaces_id) == col(Assessment.timer_of),
    )
    replaced = select(_LATER_ENTRY.id).where(
        col(_LATER_ENTRY.clinic_id) == viewer.clinic_id,
        col(_LATER_ENTRY.patient_id) == col(Assessment.patient_id),
        about,
    )
    # The day's entry says the doses again, beside all else.
    told_again = select(_LATER_ENTRY.id).where(
        col(_LATER_ENTRY.clinic_id) == viewer.clinic_id,
        col(_LATER_ENTRY.patient_id) == col(Assessment.patient_id),
        col(_LATER_ENTRY.diary_on) == col(Assessment.dose_on),
        col(_LATER_ENTRY.kind) == "full",
    )
    return (
        col(Assessment.clinic_id) == viewer.clinic_id,
        col(Assessment.patient_id).not_in(TEST_PATIENTS),
        ~graded_again.exists(),
        ~later.exists(),
        ~replaced.exists(),
        ~told_again.exists(),
    )


def _waits(viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    done = select(DigestReview.assessment_id).where(col(DigestReview.clinic_id) == viewer.clinic_id)
    # First by ids alone, which the index of the list holds: of years of reviewed rows none is read.
    waiting = select(_LISTED.id).where(
        col(_LISTED.clinic_id) == viewer.clinic_id,
        # In the statement itself, or SQLite would not use that index.
        col(_LISTED.level) == literal("digest", literal_execute=True),
        col(_LISTED.id).not_in(done),
    )
    done_of_entry = (
        select(DigestReview.id)
        .join(_REVIEWED, col(_REVIEWED.id) == col(DigestReview.assessment_id))
        .where(col(_REVIEWED.entry_id) == col(Assessment.entry_id))
    )
    return (col(Assessment.id).in_(waiting), ~done_of_entry.exists())
