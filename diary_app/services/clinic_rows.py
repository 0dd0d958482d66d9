"""Rows of all patients of a clinic at once, so that forty patients cost a few queries."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Assessment, Entry, PlanStep
from db.stores import diary


def plans(session: Session, viewer: Viewer) -> dict[UUID, list[PlanStep]]:
    """Return the plan in force of every patient of the clinic, oldest step first."""
    viewer.require("patient.list")
    viewer.require("plan.read")
    found: dict[UUID, list[PlanStep]] = defaultdict(list)
    for step in session.exec(
        select(PlanStep)
        .where(
            col(PlanStep.clinic_id) == viewer.clinic_id,
            col(PlanStep.superseded_at).is_(None),
        )
        .order_by(col(PlanStep.starts_on), col(PlanStep.approved_at))
    ):
        found[step.patient_id].append(step)
    return dict(found)


def newest_levels(session: Session, viewer: Viewer, since: date) -> dict[UUID, str | None]:
    """Return the level of each patient's newest entry since a day; None = not graded.

    A patient without an entry since then is absent.
    """
    viewer.require("patient.list")
    viewer.require("diary.read")
    newest: dict[UUID, UUID] = {}
    later = aliased(Entry)
    for patient_id, entry_id in session.exec(
        select(Entry.patient_id, Entry.id)
        .where(
            col(Entry.clinic_id) == viewer.clinic_id,
            col(Entry.diary_on) >= since,
            ~select(later.id).where(later.replaces_id == Entry.id).exists(),
        )
        .order_by(col(Entry.diary_on), col(Entry.written_at), col(Entry.id))
    ):
        newest[patient_id] = entry_id
    made = diary.assessments(session, viewer, newest.values())
    return {
        patient_id: made[entry_id].level if entry_id in made else None
        for patient_id, entry_id in newest.items()
    }


def ungraded(session: Session, viewer: Viewer) -> list[Entry]:
    """Return the entries that count and that the rules could not grade, oldest first."""
    viewer.require("patient.list")
    viewer.require("diary.read")
    later = aliased(Entry)
    graded = select(Assessment.id).where(
        col(Assessment.entry_id) == col(Entry.id), col(Assessment.outcome) == "graded"
    )
    return list(
        session.exec(
            select(Entry)
            .where(
                col(Entry.clinic_id) == viewer.clinic_id,
                ~graded.exists(),
                ~select(later.id).where(later.replaces_id == Entry.id).exists(),
            )
            .order_by(col(Entry.received_at))
        )
    )
