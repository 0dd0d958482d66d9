"""The audit chain: who did what to whose data, each row sealing the one before it."""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from db.access import PROGRAM, Viewer
from db.models import AuditEvent

START = "0" * 64


def note(
    session: Session,
    viewer: Viewer,
    verb: str,
    subject_kind: str,
    now: datetime,
    *,
    subject_id: UUID | None = None,
    patient_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add one row to the clinic's chain, in the caller's transaction, and return it.

    What a program does under a token carries the token's name in ``detail``.

    Args:
        detail: Ids, counts and words of ours; never what a patient wrote.
    """
    newest = session.exec(
        select(AuditEvent)
        .where(col(AuditEvent.clinic_id) == viewer.clinic_id)
        .order_by(col(AuditEvent.number).desc())
        .limit(1)
    ).first()
    event = AuditEvent(
        clinic_id=viewer.clinic_id,
        number=1 if newest is None else newest.number + 1,
        at=now,
        actor_id=viewer.actor_id,
        actor_role=viewer.role,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        patient_id=patient_id,
        detail=dict(detail or {}) | _by_program(viewer),
        previous_hash=START if newest is None else newest.hash,
        hash="",
    )
    event.hash = _hash(event)
    session.add(event)
    session.flush()
    return event


def _by_program(viewer: Viewer) -> dict[str, str]:
    return {"token": viewer.name} if viewer.role == PROGRAM else {}


def events(session: Session, viewer: Viewer, *, limit: int = 200) -> list[AuditEvent]:
    """Return the clinic's newest audit rows, newest first."""
    viewer.require("audit.read")
    return list(
        session.exec(
            select(AuditEvent)
            .where(col(AuditEvent.clinic_id) == viewer.clinic_id)
            .order_by(col(AuditEvent.number).desc())
            .limit(limit)
        )
    )


def last_export(
    session: Session, viewer: Viewer, patient_id: UUID, shape: str, before: datetime
) -> AuditEvent | None:
    """Return the newest export of a shape about a patient before an instant; None = there is none.

    Args:
        shape: Such as ``report``; looked for among the last 100 exports.
    """
    viewer.require("patient.export", patient_id)
    rows = session.exec(
        select(AuditEvent)
        .where(
            col(AuditEvent.clinic_id) == viewer.clinic_id,
            col(AuditEvent.patient_id) == patient_id,
            col(AuditEvent.verb) == "patient.export",
            col(AuditEvent.at) < before,
        )
        .order_by(col(AuditEvent.number).desc())
        .limit(100)
    )
    return next((row for row in rows if row.detail.get("shape") == shape), None)


def search(
    session: Session,
    viewer: Viewer,
    *,
    actor_ids: Collection[UUID] | None = None,
    patient_id: UUID | None = None,
    verb: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    below: int | None = None,
    limit: int = 200,
) -> list[AuditEvent]:
    """Return the clinic's audit rows that fit all that is given, newest first.

    Args:
        actor_ids: Who did it, any of these; None = anybody.
        verb: The act, or its beginning, such as ``patient.``.
        since: From this instant.
        until: Before this instant.
        below: With a smaller number alone: the next page.
    """
    viewer.require("audit.read")
    query = select(AuditEvent).where(col(AuditEvent.clinic_id) == viewer.clinic_id)
    if actor_ids is not None:
        query = query.where(col(AuditEvent.actor_id).in_(list(actor_ids)))
    if patient_id is not None:
        query = query.where(col(AuditEvent.patient_id) == patient_id)
    if verb:
        query = query.where(col(AuditEvent.verb).startswith(verb, autoescape=True))
    if since is not None:
        query = query.where(col(AuditEvent.at) >= since)
    if until is not None:
        query = query.where(col(AuditEvent.at) < until)
    if below is not None:
        query = query.where(col(AuditEvent.number) < below)
    return list(session.exec(query.order_by(col(AuditEvent.number).desc()).limit(limit)))


def about_me(
    session: Session, viewer: Viewer, *, below: int | None = None, limit: int | None = None
) -> list[AuditEvent]:
    """Return what others did with the data of the patient who asks, newest first.

    What the patient did, and what the diary did by itself, is left out.

    Args:
        below: With a smaller number alone: the next page.
    """
    viewer.require("access.read", viewer.patient_id)
    query = select(AuditEvent).where(
        col(AuditEvent.clinic_id) == viewer.clinic_id,
        col(AuditEvent.patient_id) == viewer.patient_id,
        col(AuditEvent.actor_id) != viewer.actor_id,
        col(AuditEvent.actor_role).not_in(("patient", "worker")),
    )
    if below is not None:
        query = query.where(col(AuditEvent.number) < below)
    return list(session.exec(query.order_by(col(AuditEvent.number).desc()).limit(limit)))


def verbs(session: Session, viewer: Viewer) -> list[str]:
    """Return the acts that the clinic's audit has, by name."""
    viewer.require("audit.read")
    mine = col(AuditEvent.clinic_id) == viewer.clinic_id
    return sorted(session.exec(select(AuditEvent.verb).where(mine).distinct()))


def check(session: Session, viewer: Viewer) -> tuple[int, int | None]:
    """Return how many rows the clinic's chain has, and the number of the first that is broken."""
    viewer.require("audit.read")
    mine = col(AuditEvent.clinic_id) == viewer.clinic_id
    rows = session.exec(select(func.count()).select_from(AuditEvent).where(mine)).one()
    return rows, first_broken_link(session, viewer.clinic_id)


def first_broken_link(session: Session, clinic_id: UUID) -> int | None:
    """Return the number of the first row that does not fit the chain; None when it is whole.

    Asked by `diary verify` on the machine itself, where there is no viewer.
    """
    expected, previous = 1, START
    for event in session.exec(
        select(AuditEvent)
        .where(col(AuditEvent.clinic_id) == clinic_id)
        .order_by(col(AuditEvent.number))
    ):
        intact = (
            event.number == expected
            and event.previous_hash == previous
            and event.hash == _hash(event)
        )
        if not intact:
            return expected
        expected, previous = expected + 1, event.hash
    return None


def chains(session: Session) -> list[UUID]:
    """Return whose chains there are: the clinics with an audit row, for the machine itself."""
    return sorted(session.exec(select(AuditEvent.clinic_id).distinct()))


def last_link(session: Session, clinic_id: UUID) -> tuple[int, str]:
    """Return the number and the hash of a clinic's newest row; (0, "000...") without any.

    Asked by backups on the machine itself, where there is no viewer.
    """
    newest = session.exec(
        select(AuditEvent)
        .where(col(AuditEvent.clinic_id) == clinic_id)
        .order_by(col(AuditEvent.number).desc())
        .limit(1)
    ).first()
    return (0, START) if newest is None else (newest.number, newest.hash)


def holds(session: Session, clinic_id: UUID, number: int, link: str) -> bool:
    """Return whether a clinic's chain has this row with this hash, as a receipt says.

    Asked by `diary verify` on the machine itself, where there is no viewer.
    """
    found = select(AuditEvent.id).where(
        col(AuditEvent.clinic_id) == clinic_id,
        col(AuditEvent.number) == number,
        col(AuditEvent.hash) == link,
    )
    return session.exec(found).first() is not None


def _hash(event: AuditEvent) -> str:
    content = {
        name: _plain(getattr(event, name))
        for name in sorted(type(event).model_fields)
        if name != "hash"
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
