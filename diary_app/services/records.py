"""Entries and alerts as plain values for other programs."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from alerts.dose_log import NO_LOG, Log, counting, dose_answers
from db.access import Viewer
from db.models import Alert, Assessment, Entry
from db.stores import alerting, assessments, audit, diary, doses, people
from diary_app.services.kit import Kit

CLOSED_FOR = timedelta(days=1)
_HEAD = frozenset(
    {
        "id",
        "first_id",
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
_INTERNAL = frozenset({"clinic_id", "patient_id", "replaces_id"})


def entries(
    kit: Kit,
    viewer: Viewer,
    patient_id: UUID,
    first_on: date | None,
    last_on: date | None,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the newest versions of a patient's entries; staff reading them is written down.

    Raises:
        AccessDeniedError: If the viewer may not read this patient's diary.
        NotFoundError: If the patient is not in the viewer's clinic.
    """
    viewer.require("diary.read", patient_id)
    with kit.database.writing(viewer.clinic_id) as session:
        people.patient(session, viewer, patient_id)
        rows = diary.entries(session, viewer, patient_id, first_on=first_on, last_on=last_on)
        made = assessments.of_entries(session, viewer, [row.id for row in rows])
        log = counting(
            doses.records(session, viewer, patient_id, first_on=first_on, last_on=last_on)
        )
        if viewer.patient_id is None:
            audit.note(
                session,
                viewer,
                "diary.read",
                "patient",
                now,
                subject_id=patient_id,
                patient_id=patient_id,
                detail={"entries": len(rows)},
            )
    return [_entry(row, made.get(row.id), log) for row in rows]


def alerts(kit: Kit, viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """Return the clinic's alerts, those closed within a day at the end; written down.

    Raises:
        AccessDeniedError: If the viewer may not read alerts.
    """
    viewer.require("alert.read")
    with kit.database.writing(viewer.clinic_id) as session:
        rows = alerting.inbox(session, viewer, closed_since=now - CLOSED_FOR)
        audit.note(session, viewer, "alert.read", "inbox", now, detail={"alerts": len(rows)})
    return [_alert(row) for row in rows]


def _entry(row: Entry, made: Assessment | None, log: Log = NO_LOG) -> dict[str, Any]:
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
        "level",
        "state",
        "reason_codes",
        "raised_at",
        "acknowledged_at",
        "closed_at",
        "outcome",
    }
    return row.model_dump(include=wanted)
