"""The weekly questions: a clinic's choice, patients' reports, and the answers being given."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import Clinic, WeeklyDraft, WeeklyReport
from db.stores import audit


def choose(
    session: Session, viewer: Viewer, is_on: bool, items: Sequence[int], now: datetime
) -> None:
    """Switch the weekly questions of the viewer's clinic on or off, and choose what is asked.

    Args:
        items: Numbers of the library; kept also while the questions are off.
    """
    viewer.require("clinic.write")
    session.connection().execute(
        update(Clinic)
        .where(col(Clinic.id) == viewer.clinic_id)
        .values(weekly_questions=is_on, weekly_items=sorted(items))
    )
    audit.note(
        session,
        viewer,
        "clinic.weekly",
        "clinic",
        now,
        subject_id=viewer.clinic_id,
        detail={"on": is_on, "items": sorted(items)},
    )


def add(session: Session, viewer: Viewer, new: WeeklyReport, now: datetime) -> bool:
    """Keep a week's answers; False when this very report is kept already.

    Raises:
        ConflictError: Another patient's report has this id.
    """
    viewer.require("weekly.write", new.patient_id)
    new.clinic_id = viewer.clinic_id
    kept = session.exec(select(WeeklyReport).where(col(WeeklyReport.id) == new.id)).one_or_none()
    if kept is not None:
        if (kept.clinic_id, kept.patient_id) != (new.clinic_id, new.patient_id):
            raise ConflictError("These answers cannot be kept under this id.")
        return False
    session.add(new)
    session.flush()
    audit.note(
        session,
        viewer,
        "weekly.write",
        "weekly_report",
        now,
        subject_id=new.id,
        patient_id=new.patient_id,
        detail={"asked": len(new.answers), "instrument": new.instrument},
    )
    return True


def reports(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    *,
    first_on: date | None = None,
    last_on: date | None = None,
) -> list[WeeklyReport]:
    """Return the reports whose seven days end in a period, oldest first; no bound = all."""
    viewer.require("weekly.read", patient_id)
    query = select(WeeklyReport).where(
        col(WeeklyReport.clinic_id) == viewer.clinic_id,
        col(WeeklyReport.patient_id) == patient_id,
    )
    if first_on is not None:
        query = query.where(col(WeeklyReport.period_ends_on) >= first_on)
    if last_on is not None:
        query = query.where(col(WeeklyReport.period_ends_on) <= last_on)
    return list(
        session.exec(
            query.order_by(
                col(WeeklyReport.period_ends_on),
                col(WeeklyReport.written_at),
                col(WeeklyReport.id),
            )
        )
    )


def last_period_end(session: Session, viewer: Viewer) -> date | None:
    """Return the last day the patient's own newest report is about; None = no report yet."""
    viewer.require("weekly.read", viewer.patient_id)
    return session.exec(
        select(func.max(col(WeeklyReport.period_ends_on))).where(
            col(WeeklyReport.clinic_id) == viewer.clinic_id,
            col(WeeklyReport.patient_id) == viewer.patient_id,
        )
    ).one()


def open_draft(session: Session, viewer: Viewer) -> WeeklyDraft | None:
    """Return the answers the patient has not sent yet; None when there are none."""
    viewer.require("weekly.write", viewer.patient_id)
    return session.exec(
        select(WeeklyDraft)
        .where(
            col(WeeklyDraft.clinic_id) == viewer.clinic_id,
            col(WeeklyDraft.patient_id) == viewer.patient_id,
            col(WeeklyDraft.sent_at).is_(None),
            col(WeeklyDraft.discarded_at).is_(None),
        )
        .order_by(col(WeeklyDraft.created_at).desc())
        .limit(1)
    ).first()


def draft(session: Session, viewer: Viewer, draft_id: UUID) -> WeeklyDraft:
    """Return one of the patient's own drafts, also one that was sent."""
    viewer.require("weekly.write", viewer.patient_id)
    found = session.exec(
        select(WeeklyDraft).where(
            col(WeeklyDraft.id) == draft_id,
            col(WeeklyDraft.clinic_id) == viewer.clinic_id,
            col(WeeklyDraft.patient_id) == viewer.patient_id,
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("These answers are not in your diary.")
    return found


def begin_draft(
    session: Session, viewer: Viewer, content: Mapping[str, Any], now: datetime
) -> WeeklyDraft:
    """Begin to answer; what was not sent before is set aside, its row stays."""
    viewer.require("weekly.write", viewer.patient_id)
    session.connection().execute(
        update(WeeklyDraft)
        .where(
            col(WeeklyDraft.clinic_id) == viewer.clinic_id,
            col(WeeklyDraft.patient_id) == viewer.patient_id,
        )
        .where(col(WeeklyDraft.sent_at).is_(None), col(WeeklyDraft.discarded_at).is_(None))
        .values(discarded_at=now)
    )
    new = WeeklyDraft(
        clinic_id=viewer.clinic_id,
        patient_id=viewer.actor_id,
        content=dict(content),
        created_at=now,
        updated_at=now,
    )
    session.add(new)
    session.flush()
    return new


def save_draft(
    session: Session,
    viewer: Viewer,
    draft_id: UUID,
    revision: int,
    content: Mapping[str, Any],
    now: datetime,
) -> int:
    """Keep what is answered so far and return the new revision.

    Args:
        revision: The revision this change is based on.

    Raises:
        ConflictError: Another window saved meanwhile, or the draft was sent or set aside.
    """
    viewer.require("weekly.write", viewer.patient_id)
    claim = (
        update(WeeklyDraft)
        .where(col(WeeklyDraft.id) == draft_id, col(WeeklyDraft.clinic_id) == viewer.clinic_id)
        .where(
            col(WeeklyDraft.patient_id) == viewer.patient_id, col(WeeklyDraft.revision) == revision
        )
        .where(col(WeeklyDraft.sent_at).is_(None), col(WeeklyDraft.discarded_at).is_(None))
        .values(content=dict(content), updated_at=now, revision=revision + 1)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise ConflictError("These answers were changed in another window.")
    return revision + 1


def mark_sent(session: Session, viewer: Viewer, draft_id: UUID, now: datetime) -> bool:
    """Close a draft that becomes a report; False when another window sent it first."""
    viewer.require("weekly.write", viewer.patient_id)
    claim = (
        update(WeeklyDraft)
        .where(col(WeeklyDraft.id) == draft_id, col(WeeklyDraft.clinic_id) == viewer.clinic_id)
        .where(col(WeeklyDraft.patient_id) == viewer.patient_id)
        .where(col(WeeklyDraft.sent_at).is_(None), col(WeeklyDraft.discarded_at).is_(None))
        .values(sent_at=now)
    )
    return session.connection().execute(claim).rowcount == 1
