"""Is everything still what it was? The audit chains and the kept photos, checked."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from alerts.reckoning import DUTY as BOOKS
from db.stores import audit, doors, rules
from diary_app.services.kit import Kit

Receipt: TypeAlias = tuple[int, str]


@dataclass(frozen=True)
class Verification:
    """What was checked and what is wrong.

    Attributes:
        faults: One sentence each, without patient data; empty when everything is whole.
        counts: What was checked, by its plural name.
    """

    faults: list[str]
    counts: dict[str, int]


def verify_installation(kit: Kit, receipts: Collection[Receipt] = ()) -> Verification:
    """Check every clinic's audit chain, its rules, and every kept photo against its digest.

    A chain that was cut off at its end, or written anew, is whole in itself: it no longer holds
    the receipts of the books that were mailed every morning.

    Args:
        receipts: Number and hash, out of the mails of the books, beside those kept here.
    """
    faults: list[str] = []
    with kit.database.reading() as session:
        clinics = doors.clinics(session)
        books = doors.beats(session)
        for clinic in clinics:
            number = audit.first_broken_link(session, clinic.id)
            if number is not None:
                faults.append(f"{clinic.name}: the audit chain is broken at row {number}.")
            kept = books.get(f"{BOOKS}:{clinic.id}")
            mailed = kept[1]["receipt"] if kept is not None else None
            if mailed and not audit.holds(session, clinic.id, mailed["number"], mailed["hash"]):
                faults.append(
                    f"{clinic.name}: the audit chain has lost row {mailed['number']},"
                    " of which a receipt was mailed."
                )
        faults.extend(
            f"No audit chain holds row {number} with the hash of this receipt."
            for number, link in receipts
            if not any(audit.holds(session, clinic.id, number, link) for clinic in clinics)
        )
        faults.extend(
            f"The rules {row.version} are not those that were approved; the reviewed rules hold."
            for row in rules.unlike_approved(session)
        )
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
