"""What the rules must know of a patient besides the diary, and what else they take."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import NotFoundError
from db.models import FactChange, OtherMedicine
from db.stores import audit
from db.stores.people import patient

FACTS = ("prior_severe_reaction", "prior_reaction_type", "on_systemic_steroid", "baseline_grades")
"""The columns of a patient that the care team may set."""


def set_facts(
    session: Session, viewer: Viewer, patient_id: UUID, values: Mapping[str, Any], now: datetime
) -> tuple[str, ...]:
    """Set what the rules know of a patient; return the columns that changed.

    What they held before is kept in a row of its own. The audit names the columns alone.

    Args:
        values: Columns of `FACTS` with what they hold from now on; others are passed over.
    """
    viewer.require("fact.write")
    row = patient(session, viewer, patient_id)
    changed = tuple(name for name in FACTS if name in values and getattr(row, name) != values[name])
    if not changed:
        return ()
    session.add(
        FactChange(
            clinic_id=viewer.clinic_id,
            patient_id=patient_id,
            before={name: getattr(row, name) for name in changed},
            after={name: values[name] for name in changed},
            changed_by=viewer.actor_id,
            changed_at=now,
        )
    )
    for name in changed:
        setattr(row, name, values[name])
    session.add(row)
    session.flush()
    audit.note(
        session, viewer, "fact.write", "patient", now,
        subject_id=patient_id, patient_id=patient_id, detail={"fields": list(changed)},
    )  # fmt: skip
    return changed


def last_change(session: Session, viewer: Viewer, patient_id: UUID) -> FactChange | None:
    """Return the newest change of these facts; None = nobody changed them here."""
    viewer.require("patient.read", patient_id)
    return session.exec(
        select(FactChange)
        .where(
            col(FactChange.clinic_id) == viewer.clinic_id,
            col(FactChange.patient_id) == patient_id,
        )
        .order_by(col(FactChange.changed_at).desc(), col(FactChange.id).desc())
        .limit(1)
    ).first()


def medicines(session: Session, viewer: Viewer, patient_id: UUID) -> list[OtherMedicine]:
    """Return every other medicine, ended ones and mistakes too, in the order they were added."""
    viewer.require("fact.read", patient_id)
    return list(
        session.exec(
            select(OtherMedicine)
            .where(
                col(OtherMedicine.clinic_id) == viewer.clinic_id,
                col(OtherMedicine.patient_id) == patient_id,
            )
            .order_by(col(OtherMedicine.added_at), col(OtherMedicine.id))
        )
    )


def add_medicine(session: Session, viewer: Viewer, new: OtherMedicine, now: datetime) -> None:
    """Keep one other medicine; raises NotFoundError when the patient is not of this clinic."""
    viewer.require("fact.write")
    patient(session, viewer, new.patient_id)
    new.clinic_id, new.added_by, new.added_at = viewer.clinic_id, viewer.actor_id, now
    session.add(new)
    session.flush()
    _note(session, viewer, new, "add", now)


def end_medicine(
    session: Session,
    viewer: Viewer,
    medicine_id: UUID,
    until: date,
    reason: str,
    now: datetime,
) -> OtherMedicine:
    """Say that a medicine is taken no more; raises NotFoundError when it has ended already."""
    viewer.require("fact.write")
    row = _standing(session, viewer, medicine_id)
    row.until = until
    _ended(session, viewer, row, reason, "end", now)
    return row


def withdraw_medicine(
    session: Session, viewer: Viewer, medicine_id: UUID, reason: str, now: datetime
) -> OtherMedicine:
    """Say that a medicine was added by mistake; raises NotFoundError when it has ended already."""
    viewer.require("fact.write")
    row = _standing(session, viewer, medicine_id)
    row.is_mistake = True
    _ended(session, viewer, row, reason, "withdraw", now)
    return row


def _standing(session: Session, viewer: Viewer, medicine_id: UUID) -> OtherMedicine:
    row = session.exec(
        select(OtherMedicine).where(
            col(OtherMedicine.id) == medicine_id,
            col(OtherMedicine.clinic_id) == viewer.clinic_id,
            col(OtherMedicine.ended_at).is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("This medicine was ended or withdrawn before.")
    return row


def _ended(
    session: Session, viewer: Viewer, row: OtherMedicine, reason: str, act: str, now: datetime
) -> None:
    row.ended_by, row.ended_at, row.end_reason = viewer.actor_id, now, reason
    session.add(row)
    session.flush()
    _note(session, viewer, row, act, now)


def _note(session: Session, viewer: Viewer, row: OtherMedicine, act: str, now: datetime) -> None:
    audit.note(
        session, viewer, f"medicine.{act}", "other_medicine", now,
        subject_id=row.id, patient_id=row.patient_id,
    )  # fmt: skip
