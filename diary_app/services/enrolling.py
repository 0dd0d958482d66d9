"""A new patient as the care team typed them: read, checked, and not yet kept."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import Session

from db.access import Viewer
from db.errors import ConflictError
from db.models import Clinic, Patient
from db.stores import people
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.text import _
from diary_app.text.languages import LANGUAGES

LONGEST_NAME = 120
LONGEST_CODE = 20
LONGEST_PHONE = 40
OLDEST_YEARS = 120


@dataclass(frozen=True)
class NewPatient:
    """The form as typed.

    Attributes:
        born_on: YYYY-MM-DD.
        time_zone: Empty = the clinic's.
        language: Tag, such as ``ko``; empty = the clinic's.
    """

    name: str
    code: str
    born_on: str
    time_zone: str = ""
    phone: str = ""
    language: str = ""


def enrolled(session: Session, viewer: Viewer, form: NewPatient, now: datetime) -> Patient:
    """Return the row of a new patient.

    Raises:
        UnusableAnswerError: For the first field that cannot be used.
        ConflictError: If the clinic already uses this code, also for somebody who left.
    """
    row = checked(form, people.own_clinic(session, viewer), now)
    require_free(session, viewer, row.code)
    return row


def require_free(session: Session, viewer: Viewer, code: str) -> None:
    """Pass when no patient of the clinic has or had this code.

    Raises:
        ConflictError: Somebody has.
    """
    known = people.everybody(session, viewer)
    if any(row.code.casefold() == code.casefold() for row in known):
        raise ConflictError(_("Another patient of the clinic already has this code."))


def checked(form: NewPatient, clinic: Clinic, now: datetime) -> Patient:
    """Return the row of a new patient, whatever codes there are.

    Raises:
        UnusableAnswerError: For the first field that cannot be used.
    """
    name = " ".join(form.name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise UnusableAnswerError(_("Give the patient's name."), "name")
    code = code_typed(form.code)
    time_zone = form.time_zone.strip() or clinic.time_zone
    today = now.astimezone(_zone(time_zone)).date()
    if len(form.phone.strip()) > LONGEST_PHONE:
        raise UnusableAnswerError(_("Check the phone number; it is too long."), "phone")
    return Patient(
        clinic_id=clinic.id,
        code=code,
        name=name,
        born_on=birth_date(form.born_on, today),
        phone=form.phone.strip(),
        time_zone=time_zone,
        language=_language(form.language) or clinic.language,
        temperature_unit=clinic.temperature_unit,
        created_at=now,
    )


def code_typed(typed: str) -> str:
    """Return a clinic code as it is kept.

    Raises:
        UnusableAnswerError: It is empty or too long.
    """
    code = " ".join(typed.split())
    if not 0 < len(code) <= LONGEST_CODE:
        raise UnusableAnswerError(_("Give a code of up to 20 characters, such as P-014."), "code")
    return code


def _language(typed: str) -> str:
    tag = typed.strip()
    if tag and tag not in LANGUAGES:
        raise UnusableAnswerError(
            _("Give the language as one of {tags}.").format(tags=", ".join(LANGUAGES)), "language"
        )
    return tag


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
