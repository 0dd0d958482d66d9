"""The dose log, and whether a patient has read the newest plan."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import DoseRecord, Patient
from db.stores import audit


def add(session: Session, viewer: Viewer, new: DoseRecord, now: datetime) -> bool:
    """Keep what was said of one dose; False when this very row is kept already.

    The audit row of an entry stands for the doses that came with it.

    Raises:
        ConflictError: Another patient's row has this id.
    """
    viewer.require("dose.write", new.patient_id)
    new.clinic_id = viewer.clinic_id
    kept = session.exec(select(DoseRecord).where(col(DoseRecord.id) == new.id)).one_or_none()
    if kept is not None:
        if (kept.clinic_id, kept.patient_id) != (new.clinic_id, new.patient_id):
            raise ConflictError("This dose cannot be kept under this id.")
        return False
    session.add(new)
    session.flush()
    if new.entry_id is not None:
        return True
    audit.note(
        session,
        viewer,
        "dose.write",
        "dose_record",
        now,
        subject_id=new.id,
        patient_id=new.patient_id,
        detail={"drug": new.drug, "how": new.how},
    )
    return True


def records(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    *,
    first_on: date | None = None,
    last_on: date | None = None,
) -> list[DoseRecord]:
    """Return all that was said of the doses of a period, in the order it was said."""
    viewer.require("dose.read", patient_id)
    query = select(DoseRecord).where(
        col(DoseRecord.clinic_id) == viewer.clinic_id, col(DoseRecord.patient_id) == patient_id
    )
    if first_on is not None:
        query = query.where(col(DoseRecord.diary_on) >= first_on)
    if last_on is not None:
        query = query.where(col(DoseRecord.diary_on) <= last_on)
    return list(session.exec(query.order_by(col(DoseRecord.recorded_at), col(DoseRecord.id))))


def read_plan(session: Session, viewer: Viewer, now: datetime) -> None:
    """Note that the patient who asks has read the plan as it is now."""
    viewer.require("dose.write", viewer.patient_id)
    claim = (
        update(Patient)
        .where(col(Patient.id) == viewer.patient_id, col(Patient.clinic_id) == viewer.clinic_id)
        .values(plan_read_at=now)
    )
    if session.connection().execute(claim).rowcount != 1:
        raise NotFoundError("Only patients read their own plan.")
    session.expire_all()
    audit.note(session, viewer, "plan.read", "plan", now, patient_id=viewer.patient_id)
