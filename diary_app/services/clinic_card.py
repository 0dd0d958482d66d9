"""What a clinic tells everybody: its name and whom to call."""

from dataclasses import dataclass
from uuid import UUID

from db.stores import doors
from diary_app.services.kit import Kit


@dataclass(frozen=True)
class ClinicShown:
    """Name and numbers of a clinic; empty where nobody knows which clinic it is."""

    name: str
    emergency_number: str
    phone: str


def clinic_shown(kit: Kit, clinic_id: UUID | None) -> ClinicShown:
    """Return the card of a clinic; without an id that of the only one, if there is only one."""
    with kit.database.reading(clinic_id) as session:
        found = doors.clinics(session)
    if clinic_id is not None:
        found = [clinic for clinic in found if clinic.id == clinic_id]
    if len(found) != 1:
        numbers = {clinic.emergency_number for clinic in found}
        return ClinicShown("", numbers.pop() if len(numbers) == 1 else "", "")
    return ClinicShown(found[0].name, found[0].emergency_number, found[0].phone)
