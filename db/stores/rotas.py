"""Weekly rotas, overrides, and who is away."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import Absence, Rota, RotaOverride, RotaShift
from db.stores import audit, people, policies


def rotas(session: Session, viewer: Viewer) -> list[Rota]:
    """Return the clinic's rotas in use, by name."""
    viewer.require("policy.read")
    return list(
        session.exec(
            select(Rota)
            .where(col(Rota.clinic_id) == viewer.clinic_id, col(Rota.ended_at).is_(None))
            .order_by(col(Rota.name))
        )
    )


def shifts(session: Session, viewer: Viewer) -> list[RotaShift]:
    """Return the rows of all rotas of the clinic, in the order of the week."""
    viewer.require("policy.read")
    return list(
        session.exec(
            select(RotaShift)
            .where(col(RotaShift.clinic_id) == viewer.clinic_id)
            .order_by(col(RotaShift.weekday), col(RotaShift.starts), col(RotaShift.id))
        )
    )


def overrides(session: Session, viewer: Viewer, ends_after: datetime) -> list[RotaOverride]:
    """Return the overrides that have not ended by an instant, the next one first."""
    viewer.require("policy.read")
    return list(
        session.exec(
            select(RotaOverride)
            .where(
                col(RotaOverride.clinic_id) == viewer.clinic_id,
                col(RotaOverride.ends_at) > ends_after,
            )
            .order_by(col(RotaOverride.starts_at), col(RotaOverride.id))
        )
    )


def absences(session: Session, viewer: Viewer, from_day: date) -> list[Absence]:
    """Return who is away on a day or later, the next one first."""
    viewer.require("policy.read")
    return list(
        session.exec(
            select(Absence)
            .where(col(Absence.clinic_id) == viewer.clinic_id, col(Absence.last_on) >= from_day)
            .order_by(col(Absence.first_on), col(Absence.id))
        )
    )


def add_rota(session: Session, viewer: Viewer, name: str, now: datetime) -> UUID:
    """Keep a new rota without shifts and return its id.

    Raises:
        ConflictError: The clinic has a rota of this name in use.
    """
    viewer.require("policy.write")
    if any(rota.name.casefold() == name.casefold() for rota in rotas(session, viewer)):
        raise ConflictError(f"There is a rota {name} already.")
    new = Rota(clinic_id=viewer.clinic_id, name=name, created_at=now)
    session.add(new)
    session.flush()
    audit.note(session, viewer, "rota.add", "rota", now, subject_id=new.id)
    return new.id


def set_shifts(
    session: Session, viewer: Viewer, rota_id: UUID, rows: Sequence[RotaShift], now: datetime
) -> None:
    """Let the week of a rota be exactly these rows."""
    viewer.require("policy.write")
    _rota(session, viewer, rota_id)
    _refuse_strangers(session, viewer, *(row.user_id for row in rows))
    session.connection().execute(
        delete(RotaShift).where(
            col(RotaShift.rota_id) == rota_id, col(RotaShift.clinic_id) == viewer.clinic_id
        )
    )
    for row in rows:
        row.clinic_id, row.rota_id = viewer.clinic_id, rota_id
        session.add(row)
    session.flush()
    week = [[row.weekday, row.starts, row.ends, str(row.user_id)] for row in rows]
    audit.note(
        session, viewer, "rota.week", "rota", now, subject_id=rota_id, detail={"shifts": week}
    )


def end_rota(session: Session, viewer: Viewer, rota_id: UUID, now: datetime) -> None:
    """Give a rota up.

    Raises:
        ConflictError: The clinic's policy, or that of an open alert, tells it.
    """
    viewer.require("policy.write")
    row = _rota(session, viewer, rota_id)
    if policies.tells(session, viewer, f"rota:{rota_id}"):
        raise ConflictError(
            f"The policy, or an alert that is open, tells the rota {row.name}. Take it out of the "
            "policy and close these alerts first."
        )
    row.ended_at = now
    session.add(row)
    session.flush()
    audit.note(session, viewer, "rota.end", "rota", now, subject_id=rota_id)


def add_override(session: Session, viewer: Viewer, new: RotaOverride, now: datetime) -> None:
    """Put somebody on call instead of the weekly rota for a while."""
    viewer.require("policy.write")
    _rota(session, viewer, new.rota_id)
    _refuse_strangers(session, viewer, new.user_id)
    new.clinic_id = viewer.clinic_id
    session.add(new)
    session.flush()
    _note(session, viewer, "rota.override", new, now)


def remove_override(session: Session, viewer: Viewer, override_id: UUID, now: datetime) -> None:
    """Take an override back; the audit keeps what it was."""
    viewer.require("policy.write")
    found = session.exec(
        select(RotaOverride).where(
            col(RotaOverride.id) == override_id, col(RotaOverride.clinic_id) == viewer.clinic_id
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This override is not in your clinic's list.")
    _note(session, viewer, "rota.override_removed", found, now)
    session.delete(found)
    session.flush()


def add_absence(session: Session, viewer: Viewer, new: Absence, now: datetime) -> None:
    """Note when somebody is away and who takes over."""
    viewer.require("policy.write")
    cover = [] if new.cover_id is None else [new.cover_id]
    _refuse_strangers(session, viewer, new.user_id, *cover)
    new.clinic_id = viewer.clinic_id
    session.add(new)
    session.flush()
    _note(session, viewer, "absence.add", new, now)


def remove_absence(session: Session, viewer: Viewer, absence_id: UUID, now: datetime) -> None:
    """Take an absence back; the audit keeps what it was."""
    viewer.require("policy.write")
    found = session.exec(
        select(Absence).where(
            col(Absence.id) == absence_id, col(Absence.clinic_id) == viewer.clinic_id
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This absence is not in your clinic's list.")
    _note(session, viewer, "absence.remove", found, now)
    session.delete(found)
    session.flush()


def _rota(session: Session, viewer: Viewer, rota_id: UUID) -> Rota:
    found = session.exec(
        select(Rota).where(
            col(Rota.id) == rota_id,
            col(Rota.clinic_id) == viewer.clinic_id,
            col(Rota.ended_at).is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError("This rota is not in your clinic's list.")
    return found


def _refuse_strangers(session: Session, viewer: Viewer, *user_ids: UUID) -> None:
    if not set(user_ids) <= people.staff_names(session, viewer).keys():
        raise NotFoundError("This person is not in your clinic's list.")


def _note(
    session: Session, viewer: Viewer, verb: str, row: RotaOverride | Absence, now: datetime
) -> None:
    detail: dict[str, Any] = {
        name: str(value) for name, value in row.model_dump(exclude={"id", "clinic_id"}).items()
    }
    audit.note(session, viewer, verb, row.__tablename__, now, subject_id=row.id, detail=detail)
