"""How long a clinic keeps diaries, and whose follow-up ended when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Clinic, FollowUpChange, Patient
from db.stores import audit


def choose(session: Session, viewer: Viewer, years: int | None, now: datetime) -> None:
    """Set after how many years an erasure is proposed; None = never."""
    viewer.require("clinic.write")
    session.connection().execute(
        update(Clinic).where(col(Clinic.id) == viewer.clinic_id).values(keep_years=years)
    )
    session.expire_all()
    audit.note(session, viewer, "retention.choose", "clinic", now, detail={"years": years})


def ended(session: Session, viewer: Viewer) -> list[tuple[UUID, str, datetime]]:
    """Return id, code and end of follow-up of everybody who left, and was not erased.

    Whoever left before ends were written down is left out: when is not known.
    """
    viewer.require("data.request")
    rows = session.exec(
        select(Patient.id, Patient.code, func.max(FollowUpChange.at))
        .join(FollowUpChange, col(FollowUpChange.patient_id) == col(Patient.id))
        .where(
            col(Patient.clinic_id) == viewer.clinic_id,
            col(Patient.active).is_(False),
            col(Patient.is_test).is_(False),
            col(Patient.erased_at).is_(None),
            col(FollowUpChange.kind).in_(("ended", "moved_out")),
        )
        .group_by(col(Patient.id), col(Patient.code))
    )
    return list(rows)
