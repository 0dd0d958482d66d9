"""Alerts of a bundle become rows again: closed ones as they ended, open ones open here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.models import Alert, AlertEvent, Patient
from db.models.base import ClinicRow
from db.types import new_id
from diary_app.exports.bundle import AlertLine, VisitBundle
from diary_app.services.importing_rows import Newcomers


def alert_rows(
    bundle: VisitBundle,
    patient: Patient,
    policy: Mapping[str, Any],
    people: Newcomers,
    now: datetime,
) -> tuple[list[ClinicRow], int]:
    """Return alerts with their histories, and how many of them are open here.

    An alert whose holder does not work in this clinic is open again, so that nobody's absence
    keeps it silent; its ladder begins now.

    Raises:
        pydantic.ValidationError: A value is of the wrong kind.
    """
    entries = {one.id for entry in bundle.entries for one in (*entry.earlier, entry)}
    alerts: list[ClinicRow] = []
    events: list[ClinicRow] = []
    still_open = 0
    for line in bundle.alerts:
        row = _alert(line, patient, policy, people, now)
        if row.entry_id not in entries:
            row.entry_id = None
        still_open += row.state == "open"
        alerts.append(row)
        events += [
            AlertEvent.model_validate(
                {
                    "clinic_id": patient.clinic_id,
                    "alert_id": row.id,
                    "at": event.at,
                    "kind": event.kind,
                    "actor_name": event.actor,
                    "detail": dict(event.detail),
                }
            )
            for event in line.events
        ]
        if line.state == "acknowledged" and row.state == "open":
            detail = {"because": "imported"}
            events.append(
                AlertEvent(
                    clinic_id=patient.clinic_id,
                    alert_id=row.id,
                    at=now,
                    kind="returned",
                    detail=detail,
                )
            )
    return [*alerts, *events], still_open


def _alert(
    line: AlertLine,
    patient: Patient,
    policy: Mapping[str, Any],
    people: Newcomers,
    now: datetime,
) -> Alert:
    state = line.state
    if state == "acknowledged" and not people.is_here(line.acknowledged_by or ""):
        state = "open"
    taken = state != "open" and line.acknowledged_at is not None
    closed = state == "closed"
    return Alert.model_validate(
        {
            "id": line.id or new_id(),
            "clinic_id": patient.clinic_id,
            "patient_id": patient.id,
            "entry_id": line.entry_id,
            "code": line.code,
            "level": line.level,
            "state": state,
            "reason_codes": list(line.reason_codes),
            "raised_at": line.raised_at,
            "level_since": line.level_since or line.raised_at,
            "policy": dict(policy),
            "next_look_at": None if closed else now,
            "acknowledged_by": people.id_of(line.acknowledged_by or "") if taken else None,
            "acknowledged_at": line.acknowledged_at if taken else None,
            "closed_by": people.id_of(line.closed_by) if closed and line.closed_by else None,
            "closed_at": line.closed_at if closed else None,
            "outcome": line.outcome if closed else None,
        }
    )
