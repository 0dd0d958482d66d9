"""One alert's page: who, why, what was said, what was done, and who was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from alerts.alarm import facts_of
from alerts.dose_log import counting
from alerts.escalation.snooze import choices_left
from alerts.undo import Undo, offered, withdrawn
from db.access import Viewer
from db.errors import NotFoundError
from db.models import Alert, AlertEvent, Entry, Notification
from db.stores import alerting, assessments, diary, doses, outbox, people, treatment
from diary_app.exports.bundle import EntryLine, LabLine, MedicineLine, PhotoLine, ReasonLine
from diary_app.services.alert_reasons import days_behind, entry_ids, reasons_of
from diary_app.services.doses import DoseOfDay, dose_of
from diary_app.services.earlier_photos import earlier_photos
from diary_app.services.facts import (
    NOTHING_KNOWN,
    PatientFacts,
    known_of,
    medicines_of,
    newest_first,
)
from diary_app.services.heads import PatientHead, head_of
from diary_app.services.on_call import OnCallLine, on_call_lines
from diary_app.services.readable import readable_values
from diary_app.services.visit_lines import entry_line, lab_line, photo_line
from diary_app.services.watch import Watch, watch

RECENT_DAYS = 14


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened to the alert.

    Attributes:
        kind: One of ``db.models.AlertEvent``.
        actor: Name of the person; empty for the patient's entries and for the worker.
        detail: Short values by name, such as ``text`` of a note or ``outcome``.
        withdrawn: A note or a call that its author took back.
    """

    at: datetime
    kind: str
    actor: str
    detail: Mapping[str, object]
    withdrawn: bool = False


@dataclass(frozen=True)
class MessageLine:
    """One message about the alert; ``state`` is one of ``db.models.Notification``.

    Attributes:
        held_until: When quiet hours let it go; None = nothing holds it.
    """

    created_at: datetime
    to: str
    way: str
    state: str
    attempts: int
    sent_at: datetime | None
    error: str
    held_until: datetime | None = None


@dataclass(frozen=True)
class RecentDay:
    """One of the last days; ``level`` None = could not be graded, ``entries`` empty = silent."""

    on: date
    entries: tuple[EntryLine, ...]
    dose: DoseOfDay


@dataclass(frozen=True)
class Changes:
    """What would have changed the level of the most urgent of what is behind an alert.

    Attributes:
        about: ``entry``, ``results`` of a day, ``silence`` of a day, or ``reading``: a second
            temperature that never came.
        received_at: When that entry came; None for all else.
        on: The day of the results or of the silence; None for all else.
        level: Its own level; an alert may have been raised above it since.
        lines: Level that would be reached and its sentence, what raises it first; empty when
            nothing looked at would change the level.
    """

    about: str
    received_at: datetime | None
    on: date | None
    level: str
    rules_version: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Numbers:
    """Whom a patient may be told to call; empty = not known."""

    helpline: str = ""
    emergency: str = ""


@dataclass(frozen=True)
class AlertPage:
    """Everything a nurse needs before the call.

    Attributes:
        reasons: Of all entries behind the alert, most urgent first; a code without a kept
            sentence stands for itself.
        entries: The entries behind it, newest first, each with its newest version.
        dose: Of the day of the newest entry behind it, or of the patient's today.
        recent: The last 14 days, newest first; days without an entry are there, empty.
        earlier: By photo, the newest one of the same region from an entry before its own.
        labs: Laboratory values of the days behind it, oldest first.
        changes: None until they are looked for, and when they cannot be told.
        snoozed_until: When its holder is told again; None = not snoozed.
        told_again_at: When its holder was told again; None = not since they took or snoozed it.
        snoozes: For how many minutes its holder may snooze it now; empty for everybody else.
        undo: What the viewer may take back now; None = nothing.
        numbers: Of the clinic: its helpline and the emergency number.
        on_call: Who is on call now, rota by rota.
        facts: What the rules know of the patient besides the diary.
        medicines: What else was taken on one of the last 14 days, the newest first.
    """

    alert_id: UUID
    code: str
    level: str
    state: str
    raised_at: datetime
    level_since: datetime
    held_by: str | None
    held_at: datetime | None
    mine: bool
    closed_by: str | None
    closed_at: datetime | None
    outcome: str | None
    patient: PatientHead
    reasons: tuple[ReasonLine, ...]
    entries: tuple[EntryLine, ...]
    photos: tuple[PhotoLine, ...]
    dose: DoseOfDay
    recent: tuple[RecentDay, ...]
    history: tuple[HistoryLine, ...]
    messages: tuple[MessageLine, ...]
    now: datetime
    watch: Watch
    labs: tuple[LabLine, ...] = ()
    changes: Changes | None = None
    snoozed_until: datetime | None = None
    told_again_at: datetime | None = None
    snoozes: tuple[int, ...] = ()
    earlier: Mapping[UUID, PhotoLine] = field(default_factory=dict)
    undo: Undo | None = None
    numbers: Numbers = Numbers()
    on_call: tuple[OnCallLine, ...] = ()
    facts: PatientFacts = NOTHING_KNOWN
    medicines: tuple[MedicineLine, ...] = ()


def read(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> AlertPage:
    """Return one alert's page from rows; raises NotFoundError for another clinic's alert."""
    alert = alerting.alert(session, viewer, alert_id)
    history = alerting.events(session, viewer, alert_id)
    head = head_of(people.patient(session, viewer, alert.patient_id), now)
    names = people.staff_names(session, viewer)
    steps = treatment.plan(session, viewer, head.id)
    behind = _entries_behind(session, viewer, alert, history)
    made = assessments.of_entries(session, viewer, [row.id for row in behind])
    first_on = head.today - timedelta(days=RECENT_DAYS - 1)
    lately = diary.entries(session, viewer, head.id, first_on=first_on)
    made_lately = assessments.of_entries(session, viewer, [row.id for row in lately])
    dose_days = days_behind(history, "doses")
    of_day = behind[0].diary_on if behind else max(dose_days, default=head.today)
    log = counting(doses.records(session, viewer, head.id, first_on=min(first_on, of_day)))
    photos = [
        photo_line(photo, row)
        for row in behind
        for photo in diary.photos(session, viewer, head.id, entry_id=row.id)
    ]
    clinic = people.own_clinic(session, viewer)
    gone = withdrawn(history)
    labs = treatment.labs(session, viewer, head.id)
    lab_days = days_behind(history, "labs")
    messages = outbox.of_alerts(session, viewer, [alert_id])[alert_id]
    holder, closer = alert.acknowledged_by, alert.closed_by
    return AlertPage(
        alert_id=alert.id,
        code=alert.code,
        level=alert.level,
        state=alert.state,
        raised_at=alert.raised_at,
        level_since=alert.level_since,
        held_by=None if holder is None else names.get(holder, ""),
        held_at=alert.acknowledged_at,
        mine=holder == viewer.actor_id,
        closed_by=None if closer is None else names.get(closer, ""),
        closed_at=alert.closed_at,
        outcome=alert.outcome,
        patient=head,
        reasons=reasons_of(session, viewer, alert, history),
        entries=tuple(entry_line(row, made.get(row.id), steps, log) for row in behind),
        photos=tuple(photos),
        dose=dose_of(steps, of_day, [*lately, *behind], log),
        recent=tuple(
            RecentDay(
                on=on,
                entries=tuple(
                    entry_line(row, made_lately.get(row.id), steps, log)
                    for row in lately
                    if row.diary_on == on
                ),
                dose=dose_of(steps, on, lately, log),
            )
            for on in (head.today - timedelta(days=back) for back in range(RECENT_DAYS))
        ),
        history=tuple(
            HistoryLine(
                at=event.at,
                kind=event.kind,
                # The worker acts under the clinic's id; nobody did it in person.
                actor="" if event.actor_id == viewer.clinic_id else event.actor_name,
                detail=readable_values(event.detail),
                withdrawn=str(event.id) in gone,
            )
            for event in history
            if event.kind != "withdrawn"
        ),
        messages=tuple(
            MessageLine(
                created_at=row.created_at,
                to="" if row.user_id is None else names.get(row.user_id, ""),
                way=row.way,
                state=row.state,
                attempts=row.attempts,
                sent_at=row.sent_at,
                error=row.error,
                held_until=held_until(row),
            )
            for row in messages
        ),
        now=now,
        watch=watch(session, viewer, now),
        labs=tuple(lab_line(row, labs, steps) for row in labs if row.taken_on in lab_days),
        snoozed_until=alert.snoozed_until,
        told_again_at=alert.holder_told_at,
        snoozes=_snoozes(alert, now) if holder == viewer.actor_id else (),
        earlier=earlier_photos(session, viewer, head.id, behind) if photos else {},
        undo=offered(history, viewer, now),
        numbers=Numbers(clinic.phone, clinic.emergency_number),
        on_call=on_call_lines(session, viewer, now),
        facts=known_of(session, viewer, head.id),
        medicines=newest_first(
            line
            for line in medicines_of(session, viewer, head.id)
            if line.was_taken(first_on, head.today)
        ),
    )


def held_until(row: Notification) -> datetime | None:
    """Return when quiet hours let a message go; None when they do not hold it."""
    held = row.state == "pending" and row.held_because == alerting.QUIET_HOURS
    return row.next_attempt_at if held else None


def _snoozes(alert: Alert, now: datetime) -> tuple[int, ...]:
    spent = timedelta(seconds=alert.snoozed_seconds)
    left = choices_left(facts_of(alert), spent, now)
    return tuple(int(length.total_seconds()) // 60 for length in left)


def _entries_behind(
    session: Session, viewer: Viewer, alert: Alert, history: Sequence[AlertEvent]
) -> list[Entry]:
    """Return the entries behind an alert and their corrections, newest first."""
    rows: dict[UUID, Entry] = {}
    for entry_id in entry_ids(alert, history):
        try:
            row = diary.entry(session, viewer, entry_id)
        except NotFoundError:
            continue
        newest = diary.newest_version(session, viewer, row.first_id)
        rows[newest.id], rows[row.id] = newest, row
    return sorted(rows.values(), key=lambda row: (row.received_at, row.version), reverse=True)
