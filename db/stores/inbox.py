"""What the inbox shows of many alerts at once: one question each, however many alerts are open."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import AlertEvent, Assessment, DoseRecord, Entry, Patient, PlanStep

Told = TypeVar("Told", PlanStep, Entry, DoseRecord)


def histories(
    session: Session, viewer: Viewer, alert_ids: Collection[UUID]
) -> dict[UUID, list[AlertEvent]]:
    """Return the history of each of these alerts, oldest first."""
    viewer.require("alert.read")
    found: dict[UUID, list[AlertEvent]] = {alert_id: [] for alert_id in alert_ids}
    for event in session.exec(
        select(AlertEvent)
        .where(
            col(AlertEvent.clinic_id) == viewer.clinic_id,
            col(AlertEvent.alert_id).in_(list(alert_ids)),
        )
        .order_by(col(AlertEvent.at), col(AlertEvent.id))
    ):
        found[event.alert_id].append(event)
    return found


def patients(
    session: Session, viewer: Viewer, patient_ids: Collection[UUID]
) -> dict[UUID, Patient]:
    """Return these patients of the clinic by id, also those no longer in follow-up."""
    viewer.require("patient.list")
    rows = session.exec(
        select(Patient).where(
            col(Patient.clinic_id) == viewer.clinic_id, col(Patient.id).in_(list(patient_ids))
        )
    )
    return {row.id: row for row in rows}


def plans(
    session: Session, viewer: Viewer, patient_ids: Collection[UUID]
) -> dict[UUID, list[PlanStep]]:
    """Return the plan in force of each of these patients, oldest step first."""
    viewer.require("patient.list")
    viewer.require("plan.read")
    return _by_patient(
        session.exec(
            select(PlanStep)
            .where(
                col(PlanStep.clinic_id) == viewer.clinic_id,
                col(PlanStep.patient_id).in_(list(patient_ids)),
                col(PlanStep.superseded_at).is_(None),
            )
            .order_by(col(PlanStep.starts_on), col(PlanStep.approved_at))
        )
    )


def entries(
    session: Session, viewer: Viewer, patient_ids: Collection[UUID], first_on: date, last_on: date
) -> dict[UUID, list[Entry]]:
    """Return the newest version of each entry of a period of these patients, oldest first."""
    viewer.require("patient.list")
    viewer.require("diary.read")
    later = aliased(Entry)
    return _by_patient(
        session.exec(
            select(Entry)
            .where(
                col(Entry.clinic_id) == viewer.clinic_id,
                col(Entry.patient_id).in_(list(patient_ids)),
                col(Entry.diary_on) >= first_on,
                col(Entry.diary_on) <= last_on,
                ~select(later.id).where(later.replaces_id == Entry.id).exists(),
            )
            .order_by(col(Entry.diary_on), col(Entry.written_at), col(Entry.id))
        )
    )


def doses(
    session: Session, viewer: Viewer, patient_ids: Collection[UUID], first_on: date, last_on: date
) -> dict[UUID, list[DoseRecord]]:
    """Return all that these patients said of the doses of a period, in the order it was said."""
    viewer.require("patient.list")
    viewer.require("dose.read")
    return _by_patient(
        session.exec(
            select(DoseRecord)
            .where(
                col(DoseRecord.clinic_id) == viewer.clinic_id,
                col(DoseRecord.patient_id).in_(list(patient_ids)),
                col(DoseRecord.diary_on) >= first_on,
                col(DoseRecord.diary_on) <= last_on,
            )
            .order_by(col(DoseRecord.recorded_at), col(DoseRecord.id))
        )
    )


def beside_entries(
    session: Session,
    viewer: Viewer,
    patient_ids: Collection[UUID],
    entry_ids: Collection[UUID],
    days: Collection[date],
) -> list[Assessment]:
    """Return what the rules made of these patients' days and timers, no entry's own, oldest first.

    Args:
        patient_ids: Whose.
        entry_ids: After which no second temperature came.
        days: Of laboratory values, of doses alone, or without an entry.
    """
    viewer.require("patient.list")
    viewer.require("diary.read")
    viewer.require("lab.read")
    on = func.coalesce(col(Assessment.lab_on), col(Assessment.silent_on), col(Assessment.dose_on))
    return list(
        session.exec(
            select(Assessment)
            .where(
                col(Assessment.clinic_id) == viewer.clinic_id,
                col(Assessment.patient_id).in_(list(patient_ids)),
                col(Assessment.entry_id).is_(None),
                or_(col(Assessment.timer_of).in_(list(entry_ids)), on.in_(list(days))),
            )
            .order_by(col(Assessment.assessed_at), col(Assessment.id))
        )
    )


def _by_patient(rows: Iterable[Told]) -> dict[UUID, list[Told]]:
    found: dict[UUID, list[Told]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return dict(found)
