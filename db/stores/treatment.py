"""The plans of patients and their laboratory values."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import LabResult, PlanStep
from db.stores import audit
from db.stores.people import patient


def plan(session: Session, viewer: Viewer, patient_id: UUID) -> list[PlanStep]:
    """Return the plan in force, oldest step first; superseded rows are left out."""
    viewer.require("plan.read", patient_id)
    return list(
        session.exec(
            select(PlanStep)
            .where(
                col(PlanStep.clinic_id) == viewer.clinic_id,
                col(PlanStep.patient_id) == patient_id,
                col(PlanStep.superseded_at).is_(None),
            )
            .order_by(col(PlanStep.starts_on), col(PlanStep.approved_at))
        )
    )


def every_step(session: Session, viewer: Viewer, patient_id: UUID) -> list[PlanStep]:
    """Return every step ever confirmed, superseded ones too, in the order they were confirmed."""
    viewer.require("plan.read", patient_id)
    return list(
        session.exec(
            select(PlanStep)
            .where(
                col(PlanStep.clinic_id) == viewer.clinic_id, col(PlanStep.patient_id) == patient_id
            )
            .order_by(col(PlanStep.approved_at), col(PlanStep.starts_on), col(PlanStep.id))
        )
    )


def plans(session: Session, viewer: Viewer) -> dict[UUID, list[PlanStep]]:
    """Return the plan in force of every patient of the clinic, oldest step first."""
    viewer.require("patient.list")
    viewer.require("plan.read")
    found: dict[UUID, list[PlanStep]] = defaultdict(list)
    for step in session.exec(
        select(PlanStep)
        .where(col(PlanStep.clinic_id) == viewer.clinic_id, col(PlanStep.superseded_at).is_(None))
        .order_by(col(PlanStep.starts_on), col(PlanStep.approved_at))
    ):
        found[step.patient_id].append(step)
    return dict(found)


def change_plan(
    session: Session, viewer: Viewer, patient_id: UUID, steps: Sequence[PlanStep], now: datetime
) -> None:
    """Replace the plan from the first new step's day on; earlier steps stay as they were.

    The replaced rows are kept, marked superseded.
    """
    viewer.require("plan.write")
    patient(session, viewer, patient_id)
    first_on = min(step.starts_on for step in steps)
    session.connection().execute(
        update(PlanStep)
        .where(col(PlanStep.clinic_id) == viewer.clinic_id)
        .where(col(PlanStep.patient_id) == patient_id, col(PlanStep.starts_on) >= first_on)
        .where(col(PlanStep.superseded_at).is_(None))
        .values(superseded_at=now)
    )
    for step in steps:
        step.clinic_id, step.patient_id, step.author_id = (
            viewer.clinic_id,
            patient_id,
            viewer.actor_id,
        )
        session.add(step)
    session.flush()
    audit.note(
        session,
        viewer,
        "plan.change",
        "plan",
        now,
        patient_id=patient_id,
        detail={"steps": len(steps), "from": first_on.isoformat()},
    )


def labs(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    *,
    first_on: date | None = None,
    last_on: date | None = None,
) -> list[LabResult]:
    """Return laboratory values of a period, oldest first; no bound = all.

    Withdrawn values are left out; of two values for the same day the later entered comes last.
    """
    viewer.require("lab.read", patient_id)
    query = select(LabResult).where(
        col(LabResult.clinic_id) == viewer.clinic_id,
        col(LabResult.patient_id) == patient_id,
        col(LabResult.withdrawn_at).is_(None),
    )
    if first_on is not None:
        query = query.where(col(LabResult.taken_on) >= first_on)
    if last_on is not None:
        query = query.where(col(LabResult.taken_on) <= last_on)
    return list(
        session.exec(
            query.order_by(
                col(LabResult.taken_on),
                col(LabResult.name),
                col(LabResult.entered_at),
                col(LabResult.id),
            )
        )
    )


def add_lab(session: Session, viewer: Viewer, new: LabResult, now: datetime) -> None:
    """Keep one laboratory value."""
    viewer.require("lab.write")
    patient(session, viewer, new.patient_id)
    new.clinic_id, new.entered_by = viewer.clinic_id, viewer.actor_id
    session.add(new)
    session.flush()
    audit.note(
        session,
        viewer,
        "lab.write",
        "lab_result",
        now,
        subject_id=new.id,
        patient_id=new.patient_id,
    )


def withdraw_lab(
    session: Session, viewer: Viewer, lab_id: UUID, reason: str, now: datetime
) -> LabResult:
    """Take a wrong laboratory value out of everything that is read; the row stays.

    Returns:
        The row.

    Raises:
        NotFoundError: If the clinic has no such value, or it was withdrawn before.
    """
    viewer.require("lab.write")
    found = session.exec(
        select(LabResult).where(
            col(LabResult.id) == lab_id,
            col(LabResult.clinic_id) == viewer.clinic_id,
            col(LabResult.withdrawn_at).is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This laboratory value is not there any more.")
    found.withdrawn_at, found.withdrawn_reason = now, reason
    session.flush()
    audit.note(
        session,
        viewer,
        "lab.withdraw",
        "lab_result",
        now,
        subject_id=found.id,
        patient_id=found.patient_id,
    )
    return found
