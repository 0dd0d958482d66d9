"""What patients want to ask at their next visit: asked, taken back, answered; none is deleted."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import VisitQuestion
from db.stores import audit
from db.stores.people import patient


def open_questions(session: Session, viewer: Viewer, patient_id: UUID) -> list[VisitQuestion]:
    """Return what a patient still wants to ask, the oldest first."""
    viewer.require("question.read", patient_id)
    return list(
        session.exec(
            select(VisitQuestion)
            .where(
                col(VisitQuestion.clinic_id) == viewer.clinic_id,
                col(VisitQuestion.patient_id) == patient_id,
                col(VisitQuestion.ended_at).is_(None),
            )
            .order_by(col(VisitQuestion.asked_at), col(VisitQuestion.id))
        )
    )


def all_questions(session: Session, viewer: Viewer, patient_id: UUID) -> list[VisitQuestion]:
    """Return everything a patient ever wanted to ask, ended questions too, the oldest first."""
    viewer.require("question.read", patient_id)
    mine = select(VisitQuestion).where(
        col(VisitQuestion.clinic_id) == viewer.clinic_id,
        col(VisitQuestion.patient_id) == patient_id,
    )
    return list(session.exec(mine.order_by(col(VisitQuestion.asked_at), col(VisitQuestion.id))))


def ask(
    session: Session, viewer: Viewer, patient_id: UUID, words: str, now: datetime
) -> VisitQuestion:
    """Keep a new question of a patient."""
    viewer.require("question.write", patient_id)
    patient(session, viewer, patient_id)
    row = VisitQuestion(
        clinic_id=viewer.clinic_id, patient_id=patient_id, words=words, asked_at=now
    )
    session.add(row)
    session.flush()
    _note(session, viewer, row, "ask", now)
    return row


def take_back(session: Session, viewer: Viewer, question_id: UUID, now: datetime) -> VisitQuestion:
    """End a question of one's own; raises NotFoundError when it is not open."""
    viewer.require("question.write")
    return _ended(session, viewer, question_id, "taken_back", now)


def answer(session: Session, viewer: Viewer, question_id: UUID, now: datetime) -> VisitQuestion:
    """End a question that was talked about; raises NotFoundError when it is not open."""
    viewer.require("question.answer")
    return _ended(session, viewer, question_id, "answered", now)


def _ended(
    session: Session,
    viewer: Viewer,
    question_id: UUID,
    how: Literal["answered", "taken_back"],
    now: datetime,
) -> VisitQuestion:
    query = select(VisitQuestion).where(
        col(VisitQuestion.id) == question_id,
        col(VisitQuestion.clinic_id) == viewer.clinic_id,
        col(VisitQuestion.ended_at).is_(None),
    )
    if viewer.patient_id is not None:
        query = query.where(col(VisitQuestion.patient_id) == viewer.patient_id)
    row = session.exec(query).one_or_none()
    if row is None:
        raise NotFoundError("This question is not there any more.")
    row.ended_at, row.ended_how, row.ended_by = now, how, viewer.actor_id
    session.flush()
    _note(session, viewer, row, how, now)
    return row


def _note(session: Session, viewer: Viewer, row: VisitQuestion, act: str, now: datetime) -> None:
    audit.note(
        session,
        viewer,
        f"question.{act}",
        "visit_question",
        now,
        subject_id=row.id,
        patient_id=row.patient_id,
    )
