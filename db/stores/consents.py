"""Consent texts in versions, and what each patient answered. Both are only added to."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, ImpossibleValueError
from db.models import Consent, ConsentWording
from db.stores import audit

ANSWERS = ("agreed", "refused")


def give(session: Session, viewer: Viewer, consent: Consent, now: datetime) -> None:
    """Keep what the patient answered, a yes or a no.

    Raises:
        ImpossibleValueError: The answer is neither.
    """
    viewer.require("consent.give", consent.patient_id)
    if consent.answer not in ANSWERS:
        raise ImpossibleValueError("Say yes or no to the consent text.")
    consent.clinic_id = viewer.clinic_id
    session.add(consent)
    session.flush()
    audit.note(
        session,
        viewer,
        "consent.give" if consent.answer == "agreed" else "consent.refuse",
        "consent",
        now,
        subject_id=consent.id,
        patient_id=consent.patient_id,
        detail={"version": consent.version},
    )


def own(session: Session, viewer: Viewer) -> list[Consent]:
    """Return all that the patient answered, newest first."""
    viewer.require("consent.give", viewer.patient_id)
    return list(
        session.exec(
            select(Consent)
            .where(
                col(Consent.clinic_id) == viewer.clinic_id,
                col(Consent.patient_id) == viewer.patient_id,
            )
            .order_by(col(Consent.agreed_at).desc(), col(Consent.id).desc())
        )
    )


def newest_answers(session: Session, viewer: Viewer) -> dict[UUID, Consent]:
    """Return the newest answer of every patient of the clinic who gave one, by patient."""
    viewer.require("consent.read")
    rows = session.exec(
        select(Consent)
        .where(col(Consent.clinic_id) == viewer.clinic_id)
        .order_by(col(Consent.agreed_at), col(Consent.id))
    )
    return {row.patient_id: row for row in rows}


def wordings(session: Session, viewer: Viewer) -> list[ConsentWording]:
    """Return every version that the clinic wrote, newest first; none = the standard text."""
    viewer.require("consent.read" if viewer.patient_id is None else "consent.give")
    return list(
        session.exec(
            select(ConsentWording)
            .where(col(ConsentWording.clinic_id) == viewer.clinic_id)
            .order_by(col(ConsentWording.number).desc())
        )
    )


def write(
    session: Session,
    viewer: Viewer,
    after: int,
    texts: Mapping[str, str],
    changes: Mapping[str, str],
    now: datetime,
) -> str:
    """Keep a new version, which every patient is asked from now on; return its name.

    Args:
        after: Number of the newest version that the writer saw; 0 = none.
        texts: Language tag -> text.
        changes: Language tag -> what is new, in plain words.

    Raises:
        ConflictError: Somebody else wrote one meanwhile.
    """
    viewer.require("consent.write")
    newest = next(iter(wordings(session, viewer)), None)
    number = 0 if newest is None else newest.number
    if number != after:
        raise ConflictError("A colleague wrote a new version meanwhile; please read it first.")
    row = ConsentWording(
        clinic_id=viewer.clinic_id,
        number=number + 1,
        version=f"{now:%Y-%m}-{number + 1}",
        texts=dict(texts),
        changes=dict(changes),
        written_by=viewer.actor_id,
        written_at=now,
    )
    session.add(row)
    session.flush()
    audit.note(
        session,
        viewer,
        "consent.write",
        "consent_text",
        now,
        subject_id=row.id,
        detail={"version": row.version, "languages": sorted(texts)},
    )
    return row.version
