"""Is everything still what it was? The audit chains and the kept photos, checked."""

from dataclasses import dataclass
from uuid import UUID

from db.stores import audit, doors
from diary_app.services.kit import Kit


@dataclass(frozen=True)
class Verification:
    """What was checked and what is wrong.

    Attributes:
        faults: One sentence each, without patient data; empty when everything is whole.
        counts: What was checked, by its plural name.
    """

    faults: list[str]
    counts: dict[str, int]


def verify_installation(kit: Kit) -> Verification:
    """Check every clinic's audit chain and every kept photo against its digest."""
    faults: list[str] = []
    with kit.database.reading() as session:
        clinics = doors.clinics(session)
        for clinic in clinics:
            number = audit.first_broken_link(session, clinic.id)
            if number is not None:
                faults.append(f"{clinic.name}: the audit chain is broken at row {number}.")
        rows = doors.count_audit_rows(session)
        photos = doors.kept_photos(session)
    faults.extend(
        f"Photo {photo.id} is missing or was changed."
        for photo in photos
        if not kit.vault.verify(photo.id, photo.sha256_kept)
    )
    return Verification(
        faults, {"clinics": len(clinics), "audit rows": rows, "photos": len(photos)}
    )


def damaged_photos(kit: Kit, clinic_id: UUID | None) -> tuple[int, int]:
    """Return how many photos are kept, and how many of those are missing or were changed.

    Args:
        clinic_id: Of this clinic; None = of all.
    """
    with kit.database.reading(clinic_id) as session:
        photos = [
            photo
            for photo in doors.kept_photos(session)
            if clinic_id is None or photo.clinic_id == clinic_id
        ]
    return len(photos), sum(not kit.vault.verify(each.id, each.sha256_kept) for each in photos)
