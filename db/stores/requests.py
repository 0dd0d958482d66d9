"""Data requests: everything about a patient, corrections, and erasure with a tombstone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, func, select, update
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import METADATA, Alert, AlertEvent, DataRequest, Patient, Photo
from db.stores import audit, people

# These stay when a patient is erased: without a name they say that the clinic did its duty.
KEPT = frozenset({"alert", "audit_event", "consent", "data_request"})
NOBODY_BORN_ON = date(1900, 1, 1)
# Events whose detail holds ids and words of ours; every other may hold what somebody wrote.
_PLAIN_EVENTS = (
    "step_reached", "nobody_to_notify", "notified", "notification_failed", "acknowledged",
    "snoozed", "holder_told", "returned", "closed",
)  # fmt: skip
_SECRET = ("_hash", "_sealed")


def all_requests(session: Session, viewer: Viewer, *, limit: int = 200) -> list[DataRequest]:
    """Return the clinic's data requests, newest first."""
    viewer.require("data.request")
    return list(
        session.exec(
            rows_of(DataRequest)
            .where(col(DataRequest.clinic_id) == viewer.clinic_id)
            .order_by(col(DataRequest.asked_at).desc(), col(DataRequest.id))
            .limit(limit)
        )
    )


def ask_erasure(
    session: Session, viewer: Viewer, patient_id: UUID, reason: str, now: datetime
) -> UUID:
    """Note that a patient's data are to be erased, which another person must confirm.

    Raises:
        ConflictError: It was asked for already, was done, or an alert is not closed.
    """
    viewer.require("data.request")
    _require_erasable(session, viewer, patient_id)
    waiting = session.exec(
        rows_of(DataRequest.id).where(
            col(DataRequest.clinic_id) == viewer.clinic_id,
            col(DataRequest.patient_id) == patient_id,
            col(DataRequest.kind) == "erasure",
            col(DataRequest.state) == "open",
        )
    ).first()
    if waiting is not None:
        raise ConflictError("The erasure of this patient's data already waits for confirmation.")
    new = _add(session, viewer, patient_id, "erasure", reason, now)
    detail = {"request": str(new.id)}
    audit.note(
        session, viewer, "data.erase_ask", "data_request", now,
        subject_id=new.id, patient_id=patient_id, detail=detail,
    )  # fmt: skip
    return new.id


def waiting_for(session: Session, viewer: Viewer) -> int:
    """Return how many erasures wait for a second person who may be this viewer."""
    viewer.require("data.erase")
    return session.exec(
        rows_of(func.count())
        .select_from(DataRequest)
        .where(
            col(DataRequest.clinic_id) == viewer.clinic_id,
            col(DataRequest.kind) == "erasure",
            col(DataRequest.state) == "open",
            col(DataRequest.asked_by) != viewer.actor_id,
        )
    ).one()


def withdraw(session: Session, viewer: Viewer, request_id: UUID, now: datetime) -> None:
    """Take back an erasure that nobody carried out yet."""
    viewer.require("data.request")
    row = _open_erasure(session, viewer, request_id)
    row.state, row.decided_by, row.decided_at = "withdrawn", viewer.actor_id, now
    session.add(row)
    session.flush()
    audit.note(
        session, viewer, "data.erase_withdraw", "data_request", now,
        subject_id=row.id, patient_id=row.patient_id,
    )  # fmt: skip


def photos_to_erase(session: Session, viewer: Viewer, request_id: UUID) -> list[UUID]:
    """Return the ids of all photos of the patient whose erasure was asked for."""
    viewer.require("data.erase")
    row = _open_erasure(session, viewer, request_id)
    return list(
        session.exec(
            rows_of(Photo.id).where(
                col(Photo.clinic_id) == viewer.clinic_id, col(Photo.patient_id) == row.patient_id
            )
        )
    )


def erase(session: Session, viewer: Viewer, request_id: UUID, now: datetime) -> dict[str, int]:
    """Erase everything about a patient but what must be kept; leave a tombstone.

    Whatever table names a patient is emptied of them, so that a new table is never forgotten.

    Returns:
        Table -> how many rows were erased.

    Raises:
        ConflictError: The viewer asked for it themselves, or an alert is not closed.
    """
    viewer.require("data.erase")
    request = _open_erasure(session, viewer, request_id)
    if request.asked_by == viewer.actor_id:
        raise ConflictError("Somebody else than the person who asked must confirm the erasure.")
    patient_id = request.patient_id
    _require_erasable(session, viewer, patient_id)
    request.state, request.decided_by, request.decided_at = "erasing", viewer.actor_id, now
    session.add(request)
    session.flush()
    connection = session.connection()
    alerts = select(col(Alert.id)).where(col(Alert.patient_id) == patient_id)
    counts = {
        "alert_event": connection.execute(
            delete(AlertEvent).where(
                col(AlertEvent.alert_id).in_(alerts), col(AlertEvent.kind).not_in(_PLAIN_EVENTS)
            )
        ).rowcount
    }
    connection.execute(
        update(Alert)
        .where(col(Alert.patient_id) == patient_id)
        .values(entry_id=None, reason_codes=[])
    )
    for table in reversed(METADATA.sorted_tables):
        if _is_erased(table):
            _untie(session, table, patient_id)
            mine = table.c.patient_id == patient_id
            counts[table.name] = connection.execute(table.delete().where(mine)).rowcount
    session.expire_all()
    _bury(session, viewer, patient_id, now)
    request.state, request.outcome = "done", {name: n for name, n in counts.items() if n}
    session.add(request)
    session.flush()
    audit.note(
        session, viewer, "data.erase", "data_request", now,
        subject_id=request_id, patient_id=patient_id, detail=request.outcome,
    )  # fmt: skip
    return request.outcome


def correct(
    session: Session,
    viewer: Viewer,
    patient_id: UUID,
    values: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> tuple[str, ...]:
    """Correct who a patient is (name, code, birth date, phone); return the fields that changed.

    The audit names the fields, not what they held.
    """
    viewer.require("data.request")
    row = people.patient(session, viewer, patient_id)
    named = {"name", "code", "born_on", "phone"} & set(values)
    changed = tuple(sorted(name for name in named if getattr(row, name) != values[name]))
    if not changed:
        return ()
    for name in changed:
        setattr(row, name, values[name])
    session.add(row)
    new = _add(session, viewer, patient_id, "correction", reason, now)
    new.state, new.decided_by, new.decided_at = "done", viewer.actor_id, now
    new.outcome = {"fields": list(changed)}
    session.flush()
    audit.note(
        session, viewer, "data.correct", "patient", now,
        subject_id=patient_id, patient_id=patient_id, detail=new.outcome,
    )  # fmt: skip
    return changed


def everything(
    session: Session, viewer: Viewer, patient_id: UUID, now: datetime
) -> dict[str, list[dict[str, Any]]]:
    """Return every row about a patient by table, secrets left out, and write down that it left."""
    viewer.require("data.request")
    viewer.require("patient.export")
    row = people.patient(session, viewer, patient_id)
    connection = session.connection()
    alerts = select(col(Alert.id)).where(col(Alert.patient_id) == patient_id)
    found = {"patient": [_plain(row.model_dump())]}
    for table in METADATA.sorted_tables:
        if "patient_id" in table.c or table.name == "alert_event":
            mine = (
                table.c.alert_id.in_(alerts)
                if table.name == "alert_event"
                else table.c.patient_id == patient_id
            )
            query = table.select().where(mine, table.c.clinic_id == viewer.clinic_id)
            rows = connection.execute(query.order_by(table.c.id)).mappings()
            found[table.name] = [_plain(dict(each)) for each in rows]
    audit.note(
        session, viewer, "data.export", "patient", now,
        subject_id=patient_id, patient_id=patient_id,
        detail={name: len(rows) for name, rows in found.items() if rows},
    )  # fmt: skip
    return found


def how_much(session: Session, viewer: Viewer, patient_id: UUID) -> dict[str, int]:
    """Return table -> how many rows about a patient an erasure would erase."""
    viewer.require("data.request")
    people.patient(session, viewer, patient_id)
    connection = session.connection()
    counts = {
        table.name: connection.scalar(
            select(func.count()).select_from(table).where(table.c.patient_id == patient_id)
        )
        for table in METADATA.sorted_tables
        if _is_erased(table)
    }
    return {name: n for name, n in counts.items() if n}


def _is_erased(table: Table) -> bool:
    return "patient_id" in table.c and table.name not in KEPT


def _untie(session: Session, table: Table, patient_id: UUID) -> None:
    """Let go of what still points to rows that are about to be erased."""
    mine = select(table.c.id).where(table.c.patient_id == patient_id)
    for other in METADATA.sorted_tables:
        if _is_erased(other) or other.name in {"audit_event", "consent"}:
            continue
        for key in other.foreign_keys:
            if key.column.table is table and key.parent.nullable:
                tied = key.parent.in_(mine)
                session.connection().execute(
                    other.update().where(tied).values({key.parent.name: None})
                )


def _bury(session: Session, viewer: Viewer, patient_id: UUID, now: datetime) -> None:
    row = people.patient(session, viewer, patient_id)
    blank = Patient(
        id=patient_id,
        clinic_id=viewer.clinic_id,
        code=f"erased-{patient_id.hex[-8:]}",
        name="-",
        born_on=NOBODY_BORN_ON,
        time_zone=people.own_clinic(session, viewer).time_zone,
        active=False,
        is_test=row.is_test,
        erased_at=now,
        created_at=row.created_at,
    )
    for name in Patient.model_fields:
        setattr(row, name, getattr(blank, name))
    session.add(row)
    session.flush()


def _require_erasable(session: Session, viewer: Viewer, patient_id: UUID) -> None:
    if people.patient(session, viewer, patient_id).erased_at is not None:
        raise ConflictError("This patient's data were erased already.")
    living = session.exec(
        rows_of(Alert.id).where(
            col(Alert.clinic_id) == viewer.clinic_id,
            col(Alert.patient_id) == patient_id,
            col(Alert.state) != "closed",
        )
    ).first()
    if living is not None:
        raise ConflictError(
            "This patient has an alert that nobody closed; an erasure ends no alert."
        )


def _open_erasure(session: Session, viewer: Viewer, request_id: UUID) -> DataRequest:
    row = session.exec(
        rows_of(DataRequest).where(
            col(DataRequest.clinic_id) == viewer.clinic_id,
            col(DataRequest.id) == request_id,
            col(DataRequest.kind) == "erasure",
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such request in your clinic.")
    if row.state != "open":
        raise ConflictError("This request was already carried out or withdrawn.")
    return row


def _add(
    session: Session, viewer: Viewer, patient_id: UUID, kind: str, reason: str, now: datetime
) -> DataRequest:
    new = DataRequest(
        clinic_id=viewer.clinic_id,
        patient_id=patient_id,
        kind=kind,
        reason=reason,
        asked_by=viewer.actor_id,
        asked_at=now,
    )
    session.add(new)
    session.flush()
    return new


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON can hold it, without secrets."""
    return {
        name: value if isinstance(value, str | int | float | dict | list | None) else str(value)
        for name, value in row.items()
        if not name.endswith(_SECRET) and name not in {"clinic_id", "previous_hash", "hash"}
        and not isinstance(value, bytes)
    }  # fmt: skip
