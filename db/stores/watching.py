"""What the auditor and the nightly books read: who waits, and what a day brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, update
from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from db.access import Viewer
from db.models import Alert, AlertEvent, Assessment, Entry, LabResult, Notification, User
from db.stores.alerting import LIVING
from db.stores.people import TEST_PATIENTS

WAITING = ("pending", "sending", "failed_temporary")
_LOUDER = ("none", "digest", "prompt", "urgent", "failed")
_HOLDS = ("raised", "updated", "level_raised")


@dataclass(frozen=True)
class LivingAlert:
    """One alert that nobody closed.

    Attributes:
        holder_works_here: Whether an active member of staff holds it.
    """

    id: UUID
    code: str
    state: str
    next_look_at: datetime | None
    holder_works_here: bool
    revision: int
    raised_at: datetime


@dataclass(frozen=True)
class WaitingMessage:
    """One message that has not come to an end.

    Attributes:
        due_at: When it is to be tried, or its lease runs out; None = never.
    """

    id: UUID
    alert_id: UUID | None
    due_at: datetime | None


@dataclass(frozen=True)
class DayEvidence:
    """What a stretch of time brought, row by row where rows must be matched.

    Attributes:
        received: Entries that came in.
        levels: Entry -> level of its first graded assessment; an ungraded one is absent.
        ungraded: Entries that the rules could not read, and that were said so.
        labs: "patient day" of laboratory values -> their first level (``failed`` = not read).
        silences: "patient silent day" and entries after which an awaited reading did not come ->
            their level (``failed`` = not judged).
        held: Entries, and "patient day" of values and silences, that an alert took in.
        alerts: Alerts raised, by how they stand now: closed, held, open, or adrift (neither).
        messages: Messages made, by their state now.
    """

    received: frozenset[UUID]
    levels: dict[UUID, str]
    ungraded: frozenset[UUID]
    labs: dict[str, str]
    silences: dict[str, str]
    held: frozenset[str]
    alerts: dict[str, int]
    messages: dict[str, int]


def living_alerts(session: Session, viewer: Viewer) -> list[LivingAlert]:
    """Return the clinic's alerts that nobody closed, without test alerts."""
    viewer.require("alert.escalate")
    rows = session.connection().execute(
        columns(
            col(Alert.id),
            col(Alert.code),
            col(Alert.state),
            col(Alert.next_look_at),
            col(User.id),
            col(Alert.revision),
            col(Alert.raised_at),
        )
        .join(
            User,
            (col(User.id) == col(Alert.acknowledged_by)) & col(User.active).is_(True),
            isouter=True,
        )
        .where(
            col(Alert.clinic_id) == viewer.clinic_id,
            col(Alert.state).in_(LIVING),
            col(Alert.is_test).is_(False),
        )
    )
    return [
        LivingAlert(row_id, code, state, look, holder is not None, revision, raised_at)
        for row_id, code, state, look, holder, revision, raised_at in rows
    ]


def waiting_messages(session: Session, viewer: Viewer) -> list[WaitingMessage]:
    """Return the clinic's messages that have not come to an end."""
    viewer.require("notification.send")
    rows = session.exec(
        select(
            Notification.id,
            Notification.alert_id,
            case(
                (col(Notification.state) == "sending", col(Notification.lease_until)),
                else_=col(Notification.next_attempt_at),
            ),
        ).where(
            col(Notification.state).in_(WAITING),
            col(Notification.clinic_id) == viewer.clinic_id,
        )
    )
    return [WaitingMessage(row_id, alert_id, due_at) for row_id, alert_id, due_at in rows]


def send_now(session: Session, viewer: Viewer, notification_id: UUID, now: datetime) -> bool:
    """Make a message that waits for nothing due at once; False when it came to an end meanwhile."""
    viewer.require("notification.send")
    change = (
        update(Notification)
        .where(
            col(Notification.id) == notification_id,
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.state).in_(WAITING),
        )
        .values(state="pending", next_attempt_at=now, lease_until=None)
    )
    return session.connection().execute(change).rowcount == 1


def day_evidence(session: Session, viewer: Viewer, since: datetime, until: datetime) -> DayEvidence:
    """Return what a stretch of time brought, without the test patient.

    Args:
        since: First instant that counts.
        until: First instant that does not.
    """
    viewer.require("alert.escalate")
    viewer.require("notification.send")
    received, levels, ungraded = _entries(session, viewer, since, until)
    return DayEvidence(
        received=received,
        levels=levels,
        ungraded=ungraded,
        labs=_labs(session, viewer, since, until),
        silences=_silences(session, viewer, since, until),
        held=_held(session, viewer, since),
        alerts=_alerts(session, viewer, since, until),
        messages=_messages(session, viewer, since, until),
    )


def _entries(
    session: Session, viewer: Viewer, since: datetime, until: datetime
) -> tuple[frozenset[UUID], dict[UUID, str], frozenset[UUID]]:
    received: set[UUID] = set()
    levels: dict[UUID, str] = {}
    failed: set[UUID] = set()
    for entry_id, outcome, level in session.exec(
        select(Entry.id, Assessment.outcome, Assessment.level)
        .join(Assessment, col(Assessment.entry_id) == col(Entry.id), isouter=True)
        .where(
            col(Entry.clinic_id) == viewer.clinic_id,
            col(Entry.received_at) >= since,
            col(Entry.received_at) < until,
            col(Entry.patient_id).not_in(TEST_PATIENTS),
        )
        .order_by(col(Assessment.assessed_at), col(Assessment.id))
    ):
        received.add(entry_id)
        if outcome == "graded":
            levels.setdefault(entry_id, level or "none")
        elif outcome == "failed":
            failed.add(entry_id)
    return frozenset(received), levels, frozenset(failed - set(levels))


def _labs(session: Session, viewer: Viewer, since: datetime, until: datetime) -> dict[str, str]:
    """Return what the values entered in a stretch of time meant when they were entered.

    Values of which each had a newer one of its kind on record are left out: nobody is told then.
    """
    entered = session.exec(
        select(LabResult).where(
            col(LabResult.clinic_id) == viewer.clinic_id,
            col(LabResult.entered_at) >= since,
            col(LabResult.entered_at) < until,
            col(LabResult.patient_id).not_in(TEST_PATIENTS),
        )
    ).all()
    patients = {lab.patient_id for lab in entered}
    kept = session.exec(
        select(LabResult).where(
            col(LabResult.clinic_id) == viewer.clinic_id, col(LabResult.patient_id).in_(patients)
        )
    ).all()
    made = {
        (row.patient_id, row.lab_on, row.assessed_at): row
        for row in session.exec(
            select(Assessment).where(
                col(Assessment.clinic_id) == viewer.clinic_id,
                col(Assessment.patient_id).in_(patients),
                col(Assessment.lab_on).is_not(None),
            )
        )
    }
    found: dict[str, str] = {}
    for lab in entered:
        row = made.get((lab.patient_id, lab.taken_on, lab.entered_at))
        if row is None:
            found[f"{lab.patient_id} {lab.taken_on}"] = "failed"
        elif row.outcome == "failed" or not _has_newer(lab, kept):
            told = "failed" if row.outcome == "failed" else row.level or "none"
            before = found.get(f"{lab.patient_id} {lab.taken_on}", "none")
            found[f"{lab.patient_id} {lab.taken_on}"] = max(before, told, key=_LOUDER.index)
    return found


def _silences(session: Session, viewer: Viewer, since: datetime, until: datetime) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in session.exec(
        select(Assessment).where(
            col(Assessment.clinic_id) == viewer.clinic_id,
            col(Assessment.entry_id).is_(None),
            col(Assessment.lab_on).is_(None),
            col(Assessment.assessed_at) >= since,
            col(Assessment.assessed_at) < until,
            col(Assessment.patient_id).not_in(TEST_PATIENTS),
        )
    ):
        key = f"{row.patient_id} silent {row.silent_on}"
        if row.dose_on is not None:
            key = f"{row.patient_id} doses {row.dose_on}"
        elif row.silent_on is None:
            key = str(row.timer_of)
        told = "failed" if row.outcome == "failed" else row.level or "none"
        found[key] = max(found.get(key, "none"), told, key=_LOUDER.index)
    return found


def _has_newer(lab: LabResult, kept: Sequence[LabResult]) -> bool:
    return any(
        other.patient_id == lab.patient_id
        and other.name == lab.name
        and other.taken_on > lab.taken_on
        and other.entered_at <= lab.entered_at
        and (other.withdrawn_at is None or other.withdrawn_at > lab.entered_at)
        for other in kept
    )


def _held(session: Session, viewer: Viewer, since: datetime) -> frozenset[str]:
    found = set()
    for detail, patient_id in session.exec(
        select(AlertEvent.detail, Alert.patient_id)
        .join(Alert, col(Alert.id) == col(AlertEvent.alert_id))
        .where(
            col(AlertEvent.clinic_id) == viewer.clinic_id,
            col(AlertEvent.at) >= since,
            col(AlertEvent.kind).in_(_HOLDS),
        )
    ):
        if "entry" in detail:
            found.add(str(detail["entry"]))
        if "labs" in detail:
            found.add(f"{patient_id} {detail['labs']}")
        if "silent" in detail:
            found.add(f"{patient_id} silent {detail['silent']}")
        if "doses" in detail:
            found.add(f"{patient_id} doses {detail['doses']}")
    return frozenset(found)


def _alerts(session: Session, viewer: Viewer, since: datetime, until: datetime) -> dict[str, int]:
    raised = session.exec(
        select(Alert.id, Alert.state, Alert.next_look_at).where(
            col(Alert.clinic_id) == viewer.clinic_id,
            col(Alert.raised_at) >= since,
            col(Alert.raised_at) < until,
            col(Alert.is_test).is_(False),
        )
    ).all()
    held = {one.id for one in living_alerts(session, viewer) if one.holder_works_here}
    counts = {"closed": 0, "held": 0, "open": 0, "adrift": 0}
    for alert_id, state, next_look_at in raised:
        if state == "closed":
            counts["closed"] += 1
        elif state == "acknowledged" and alert_id in held:
            counts["held"] += 1
        elif state == "open" and next_look_at is not None:
            counts["open"] += 1
        else:
            counts["adrift"] += 1
    return counts


def _messages(session: Session, viewer: Viewer, since: datetime, until: datetime) -> dict[str, int]:
    rows = session.exec(
        select(Notification.state, func.count())
        .where(
            col(Notification.clinic_id) == viewer.clinic_id,
            col(Notification.created_at) >= since,
            col(Notification.created_at) < until,
        )
        .group_by(col(Notification.state))
    )
    return dict(rows.all())
