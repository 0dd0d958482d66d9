"""Audit rows as they are read: who did what, to whose data, and what it was about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.models import AuditEvent
from db.stores import people
from diary_app.text import _

LONGEST_ABOUT = 300


@dataclass(frozen=True)
class ActLine:
    """One audit row: who did what, to which patient's data (by code; empty for none).

    Attributes:
        actor: Name of a person or of a program, a patient's code, or the command line; empty
            for the worker and for who is erased.
        about: What the row says besides, such as the person whose role changed; may be empty.
    """

    number: int
    at: datetime
    actor: str
    role: str
    verb: str
    patient_code: str
    about: str


def act_lines(session: Session, viewer: Viewer, acts: Sequence[AuditEvent]) -> tuple[ActLine, ...]:
    """Return audit rows with the names of staff and programs and the codes of patients."""
    names = people.staff_names(session, viewer)
    codes = {
        patient_id: code for code, patient_id in people.some_after(session, viewer, "", 100_000)
    }
    return tuple(
        ActLine(
            number=act.number,
            at=act.at,
            actor=names.get(act.actor_id)
            or codes.get(act.actor_id)
            or str(act.detail.get("token", ""))
            # Whoever sits at the machine acts under the clinic's own id, like the worker.
            or (
                _("Command line")
                if act.actor_id == act.clinic_id and act.actor_role != "worker"
                else ""
            ),
            role=act.actor_role,
            verb=act.verb,
            patient_code="" if act.patient_id is None else codes.get(act.patient_id, ""),
            about=_about(act, names),
        )
        for act in acts
    )


def _about(act: AuditEvent, names: Mapping[UUID, str]) -> str:
    """Return whom it was done to and its details; what is only an id is left out."""
    whom = names.get(act.subject_id, "") if act.subject_kind == "user" and act.subject_id else ""
    parts = [whom] if whom and act.subject_id != act.actor_id else []
    detail = {name: value for name, value in act.detail.items() if name != "token"}
    if set(detail) == {"from", "to"}:
        parts.append(f"{detail['from']} → {detail['to']}")
    else:
        parts += [f"{name}: {said}" for name, value in detail.items() if (said := _said(value))]
    return ", ".join(parts)[:LONGEST_ABOUT]


def _said(value: Any) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{value[0]} → {value[1]}"
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    if isinstance(value, dict) or value is None:
        return ""
    said = str(value)
    try:
        UUID(said)
    except ValueError:
        return said
    return ""
