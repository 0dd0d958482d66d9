"""Is everything still what it was? The audit chains and the kept photos, checked."""

from dataclasses import dataclass

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
