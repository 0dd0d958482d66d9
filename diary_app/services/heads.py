"""Who a page is about: two identifiers and how to reach them, for every care-team screen."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from db.models import Patient


@dataclass(frozen=True)
class PatientHead:
    """One patient in the head of a page. ``today`` is the patient's own calendar day."""

    id: UUID
    name: str
    code: str
    born_on: date
    phone: str
    time_zone: str
    today: date


def head_of(row: Patient, now: datetime) -> PatientHead:
    """Return what identifies a patient."""
    return PatientHead(
        id=row.id,
        name=row.name,
        code=row.code,
        born_on=row.born_on,
        phone=row.phone,
        time_zone=row.time_zone,
        today=now.astimezone(ZoneInfo(row.time_zone)).date(),
    )
