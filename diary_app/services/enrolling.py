"""A new patient as the care team typed them: read, checked, and not yet kept."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from db.access import Viewer
from db.errors import ConflictError
from db.models import Patient
from db.stores import people
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.text import _

LONGEST_NAME = 120
LONGEST_CODE = 20
OLDEST_YEARS = 120


@dataclass(frozen=True)
class NewPatient:
    """The form as typed. ``born_on`` is YYYY-MM-DD; an empty time zone means the clinic's."""

    name: str
    code: str
    born_on: str
    time_zone: str = ""
    phone: str = ""


def enrolled(session: Session, viewer: Viewer, form: NewPatient, now: datetime) -> Patient:
    """Return the row of a new patient.

    Raises:
        UnusableAnswerError: For the first field that cannot be used.
        ConflictError: If the clinic already uses this code.
    """
    clinic = people.own_clinic(session, viewer)
    name, code = form.name.strip(), form.code.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise UnusableAnswerError(_("Give the patient's name."), "name")
    if not 0 < len(code) <= LONGEST_CODE:
        raise UnusableAnswerError(_("Give a code of up to 20 characters, such as P-014."), "code")
    if any(row.code.casefold() == code.casefold() for row in people.patients(session, viewer)):
        raise ConflictError(_("Another patient of the clinic already has this code."))
    time_zone = form.time_zone.strip() or clinic.time_zone
    today = now.astimezone(_zone(time_zone)).date()
    return Patient(
        clinic_id=viewer.clinic_id,
        code=code,
        name=name,
        born_on=birth_date(form.born_on, today),
        phone=form.phone.strip(),
        time_zone=time_zone,
        language=clinic.language,
        temperature_unit=clinic.temperature_unit,
        created_at=now,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnusableAnswerError(
            _("Give the time zone as a region and city, such as Europe/Madrid."), "time_zone"
        ) from None


def birth_date(typed: str, today: date) -> date:
    """Return a birth date typed as YYYY-MM-DD; raises UnusableAnswerError."""
    try:
        born_on = date.fromisoformat(typed.strip())
    except ValueError:
        raise UnusableAnswerError(
            _("Type the birth date as YYYY-MM-DD, such as 1958-03-31."), "born_on"
        ) from None
    if not today.year - OLDEST_YEARS <= born_on.year or born_on > today:
        raise UnusableAnswerError(_("Check the birth date."), "born_on")
    return born_on
