"""Entries, patients, plans and alerts as plain values for other programs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.dose_log import NO_LOG, Log, counting, dose_answers
from db.access import Viewer
from db.models import Alert, Assessment, Entry, Patient
from db.stores import alerting, assessments, audit, diary, doses, paging, people, treatment
from diary_app.services.kit import Kit

_HEAD = frozenset(
    {
        "id",
        "patient_id",
        "first_id",
        "replaces_id",
        "version",
        "kind",
        "author",
        "diary_on",
        "local_time",
        "time_zone",
        "written_at",
        "received_at",
    }
)
_INTERNAL = frozenset({"clinic_id"})
_OF_STEP = {
    "id",
    "patient_id",
    "starts_on",
    "imatinib_mg",
    "every_n_days",
    "prednisolone_mg",
    "reason",
    "approved_at",
}


@dataclass(frozen=True)
class Page:
    """Part of a list. ``next`` = the id to go on after; None when this is the end."""

    items: list[dict[str, Any]]
    next: UUID | None


def entries(
    kit: Kit,
    viewer: Viewer,
    patient_id: UUID,
    now: datetime,
    *,
    first_on: date | None = None,
    last_on: date | None = None,
    after: UUID | None = None,
    most: int = 100,
) -> Page:
    """Return the newest versions of a patient's entries; others reading them is written down.

    Raises:
        AccessDeniedError: If the viewer may not read this patient's diary.
        NotFoundError: If the patient is not in the viewer's clinic.
    """
    viewer.require("diary.read", patient_id)
    with kit.database.writing(viewer.clinic_id) as session:
        people.patient(session, viewer, patient_id)
        rows = paging.some_entries(session, viewer, patient_id, most + 1, after, first_on, last_on)
        rows, more = rows[:most], len(rows) > most
        made = assessments.of_entries(session, viewer, [row.id for row in rows])
        log = _log(session, viewer, patient_id, rows)
        _written_down(session, viewer, "diary.read", now, patient_id=patient_id, entries=len(rows))
    items = [_entry(row, made.get(row.id), log) for row in rows]
    return Page(items, rows[-1].id if more else None)


def entry(kit: Kit, viewer: Viewer, entry_id: UUID, now: datetime) -> dict[str, Any]:
    """Return one entry, any version; raises NotFoundError when it is not the viewer's to read."""
    viewer.require("diary.read")
    with kit.database.writing(viewer.clinic_id) as session:
        row = diary.entry(session, viewer, entry_id)
        made = assessments.of_entries(session, viewer, [row.id])
        log = _log(session, viewer, row.patient_id, [row])
        _written_down(session, viewer, "diary.read", now, patient_id=row.patient_id, entries=1)
    return _entry(row, made.get(row.id), log)


def patients(
    kit: Kit, viewer: Viewer, now: datetime, *, after: UUID | None = None, most: int = 100
) -> Page:
    """Return the clinic's patients, former ones too, in the order they joined; written down."""
    viewer.require("patient.list")
    with kit.database.writing(viewer.clinic_id) as session:
        rows = paging.some_patients(session, viewer, most + 1, after)
        rows, more = rows[:most], len(rows) > most
        _written_down(session, viewer, "patient.list", now, patients=len(rows))
    return Page([_patient(row) for row in rows], rows[-1].id if more else None)


def patient(kit: Kit, viewer: Viewer, patient_id: UUID, now: datetime) -> dict[str, Any]:
    """Return one patient; raises NotFoundError for another clinic's."""
    with kit.database.writing(viewer.clinic_id) as session:
        row = people.patient(session, viewer, patient_id)
        _written_down(session, viewer, "patient.list", now, patient_id=patient_id, patients=1)
    return _patient(row)


def plan(kit: Kit, viewer: Viewer, patient_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Return the steps of the plan in force, oldest first; others reading it is written down.

    Raises:
        AccessDeniedError: If the viewer may not read this patient's plan.
        NotFoundError: If the patient is not in the viewer's clinic.
    """
    viewer.require("plan.read", patient_id)
    with kit.database.writing(viewer.clinic_id) as session:
        people.patient(session, viewer, patient_id)
        rows = treatment.plan(session, viewer, patient_id)
        _written_down(session, viewer, "plan.read", now, patient_id=patient_id, steps=len(rows))
    return [row.model_dump(include=_OF_STEP) for row in rows]


def alerts(
    kit: Kit,
    viewer: Viewer,
    now: datetime,
    *,
    states: Collection[str] = (),
    patient_id: UUID | None = None,
    after: UUID | None = None,
    most: int = 100,
) -> Page:
    """Return the clinic's alerts in the order they were raised; written down.

    Raises:
        AccessDeniedError: If the viewer may not read alerts.
    """
    viewer.require("alert.read")
    with kit.database.writing(viewer.clinic_id) as session:
        rows = paging.some_alerts(session, viewer, most + 1, after, states, patient_id)
        rows, more = rows[:most], len(rows) > most
        _written_down(session, viewer, "alert.read", now, patient_id=patient_id, alerts=len(rows))
    return Page([_alert(row) for row in rows], rows[-1].id if more else None)


def alert(kit: Kit, viewer: Viewer, alert_id: UUID, now: datetime) -> dict[str, Any]:
    """Return one alert; raises NotFoundError for another clinic's."""
    viewer.require("alert.read")
    with kit.database.writing(viewer.clinic_id) as session:
        row = alerting.alert(session, viewer, alert_id)
        _written_down(session, viewer, "alert.read", now, patient_id=row.patient_id, alerts=1)
    return _alert(row)


def today_of(kit: Kit, viewer: Viewer, patient_id: UUID, now: datetime) -> date:
    """Return a patient's own calendar day; raises NotFoundError for another clinic's."""
    with kit.database.reading(viewer.clinic_id) as session:
        zone = people.patient(session, viewer, patient_id).time_zone
    return now.astimezone(ZoneInfo(zone)).date()


def _written_down(
    session: Session,
    viewer: Viewer,
    verb: str,
    now: datetime,
    *,
    patient_id: UUID | None = None,
    **counts: int,
) -> None:
    """Write down that somebody else than the patient read."""
    if viewer.patient_id is None:
        kind = "clinic" if patient_id is None else "patient"
        audit.note(
            session,
            viewer,
            verb,
            kind,
            now,
            subject_id=patient_id,
            patient_id=patient_id,
            detail=counts,
        )


def _log(session: Session, viewer: Viewer, patient_id: UUID, rows: Sequence[Entry]) -> Log:
    days = [row.diary_on for row in rows]
    if not days:
        return NO_LOG
    said = doses.records(session, viewer, patient_id, first_on=min(days), last_on=max(days))
    return counting(said)


def _patient(row: Patient) -> dict[str, Any]:
    return {
        **row.model_dump(include={"id", "code", "name", "born_on", "time_zone"}),
        "in_follow_up": row.active,
        "joined_at": row.created_at,
    }


def _entry(row: Entry, made: Assessment | None, log: Log) -> dict[str, Any]:
    doses_said = dose_answers(log, row.diary_on) if row.kind == "full" else {}
    answers = {
        name: value
        for name, value in (row.model_dump() | doses_said).items()
        if name not in _HEAD | _INTERNAL and value is not None and value != ""
    }
    return {
        **row.model_dump(include=set(_HEAD)),
        "answers": answers,
        "assessment": None
        if made is None or made.outcome != "graded"
        else {
            "level": made.level,
            "grades": made.grades,
            "reason_codes": [reason["code"] for reason in made.reasons],
            "rules_version": made.rules_version,
            "ctcae_version": made.ctcae_version,
        },
    }


def _alert(row: Alert) -> dict[str, Any]:
    wanted = {
        "id",
        "code",
        "patient_id",
        "entry_id",
        "level",
        "state",
        "reason_codes",
        "raised_at",
        "acknowledged_at",
        "closed_at",
        "outcome",
    }
    return row.model_dump(include=wanted)
