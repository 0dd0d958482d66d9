"""A whole diary from elsewhere, kept as it came."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.exc import StatementError
from sqlmodel import Session

from db.access import Viewer
from db.errors import AccessDeniedError, ConflictError
from db.models import Patient
from db.models.base import ClinicRow
from db.stores import audit


def keep_diary(
    session: Session,
    viewer: Viewer,
    patient: Patient,
    rows: Sequence[ClinicRow],
    now: datetime,
    detail: Mapping[str, object],
) -> None:
    """Keep a patient and all rows of their diary, in the order that foreign keys ask for.

    Args:
        rows: Rows of the viewer's clinic, those that others point to first.
        detail: Counts for the audit row.

    Raises:
        ConflictError: A value cannot be kept, or a row is kept in this installation already.
    """
    viewer.require("diary.import")
    if any(row.clinic_id != viewer.clinic_id for row in (patient, *rows)):
        raise AccessDeniedError("A row of this diary belongs to another clinic.")
    try:
        session.add(patient)
        session.flush()
        before: type[ClinicRow] | None = None
        for row in rows:
            # One kind after the other: the unit of work orders by tables, not within one.
            if before is not None and type(row) is not before:
                session.flush()
            session.add(row)
            before = type(row)
        session.flush()
    except StatementError as error:
        raise ConflictError(
            "This diary holds a value that cannot be kept, or it is in this installation already."
        ) from error
    audit.note(
        session,
        viewer,
        "diary.import",
        "patient",
        now,
        subject_id=patient.id,
        patient_id=patient.id,
        detail=detail,
    )
