"""What the watch over the alarm last found, clinic by clinic: audit, books, test alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Clinic, Heartbeat
from db.types import new_id

# Duties of the whole installation; all others are kept for each clinic.
COMMON = ("worker", "ping", "backup", "backup_begun")


@dataclass(frozen=True)
class Beat:
    """When a duty last ran, and what it found: ids, counts and words of ours."""

    at: datetime
    detail: Mapping[str, Any]


def take_turn(session: Session, viewer: Viewer) -> dict[str, Beat]:
    """Wait until no other worker is at this clinic's watch; returns the last run of each duty.

    Holds to the end of the transaction.

    SQLite has one writer at a time anyway; on PostgreSQL the clinic's row is locked.
    """
    viewer.require("notification.send")
    session.exec(
        select(Clinic.id).where(col(Clinic.id) == viewer.clinic_id).with_for_update(key_share=True)
    ).one()
    return beats(session, viewer)


def note(
    session: Session, viewer: Viewer, duty: str, now: datetime, detail: Mapping[str, Any]
) -> None:
    """Note that a duty of this clinic ran, and what it found."""
    viewer.require("notification.send")
    name = duty if duty in COMMON else f"{duty}:{viewer.clinic_id}"
    row = session.exec(select(Heartbeat).where(col(Heartbeat.name) == name)).one_or_none()
    if row is None:
        row = Heartbeat(id=new_id(), name=name, at=now)
    row.at, row.detail = now, dict(detail)
    session.add(row)
    session.flush()


def beats(session: Session, viewer: Viewer) -> dict[str, Beat]:
    """Return the last run of each duty, of this clinic and of the installation, by duty."""
    viewer.require("clinic.read")
    mine = f":{viewer.clinic_id}"
    return {
        row.name.removesuffix(mine): Beat(row.at, row.detail)
        for row in session.exec(
            select(Heartbeat).where(
                col(Heartbeat.name).in_(COMMON) | col(Heartbeat.name).endswith(mine)
            )
        )
    }
