"""The care team's inbox: who needs a call now, and taking, handing back and closing alerts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import acknowledge
from alerts.dose_log import counting
from alerts.undo import Undo, offered, undo, withdrawn
from db.access import Viewer
from db.models import Alert, AlertEvent, DoseRecord, Entry, Notification, PlanStep
from db.stores import alerting, audit, diary, digests, outbox, people
from db.stores import inbox as store
from diary_app.exports.bundle import ReasonLine
from diary_app.services import alert_page
from diary_app.services.alert_changes import with_changes
from diary_app.services.alert_page import AlertPage
from diary_app.services.alert_reasons import reasons_of_all
from diary_app.services.doses import DoseOfDay, dose_of
from diary_app.services.heads import PatientHead, head_of
from diary_app.services.kit import Kit, clinic_topic, patient_topic
from diary_app.services.on_call import OnCallLine, on_call_lines
from diary_app.services.task_lines import finish_task
from diary_app.services.trouble import Trouble, trouble
from diary_app.services.watch import Watch, watch

MOST_REASONS = 2


@dataclass(frozen=True)
class CallLine:
    """One call to the patient; ``end`` is one of ``alerts.acknowledge.CALL_ENDS``."""

    at: datetime
    end: str
    name: str


@dataclass(frozen=True)
class InboxRow:
    """One alert at a glance.

    Attributes:
        level: prompt or urgent.
        state: open, acknowledged or closed.
        reasons: Why, the two most urgent; the sentence is empty where none is kept.
        dose: Of the patient's own today.
        held_by: Name of who took it; None while nobody has.
        mine: Whether the viewer holds it.
        outcome: None until closed.
        snoozed_until: When its holder is told again; None = not snoozed.
        held_until: When quiet hours let go of the first message that they hold; None = none.
        calls: How often the patient was called about it.
        last_call: The newest of these calls; None = not called yet.
        undo: What the viewer may take back now; None = nothing.
    """

    alert_id: UUID
    code: str
    level: str
    state: str
    patient: PatientHead
    reasons: tuple[ReasonLine, ...]
    dose: DoseOfDay
    raised_at: datetime
    held_by: str | None
    held_at: datetime | None
    mine: bool
    closed_at: datetime | None
    outcome: str | None
    snoozed_until: datetime | None = None
    held_until: datetime | None = None
    calls: int = 0
    last_call: CallLine | None = None
    undo: Undo | None = None


@dataclass(frozen=True)
class InboxPage:
    """The whole inbox at one instant: by level, then by waiting; what is closed comes last.

    Attributes:
        closed_days: Of how many days, today included, the closed alerts are there.
        to_review: How many patients are on the weekly list, which is worked off as one.
        on_call: Who is on call now, rota by rota; empty when the clinic has no rota.
    """

    now: datetime
    rows: tuple[InboxRow, ...]
    watch: Watch
    trouble: Trouble
    on_call: tuple[OnCallLine, ...] = ()
    closed_days: int = 1
    to_review: int = 0

    @property
    def undo(self) -> InboxRow | None:
        """The alert to which the viewer did something last that they may still take back."""
        found = [row for row in self.rows if row.undo is not None]
        return max(found, key=lambda row: row.undo.until if row.undo else self.now, default=None)


@dataclass(frozen=True)
class _Known:
    """What was read of all alerts of the inbox, by alert or by patient."""

    heads: Mapping[UUID, PatientHead]
    plans: Mapping[UUID, Sequence[PlanStep]]
    entries: Mapping[UUID, Sequence[Entry]]
    doses: Mapping[UUID, Sequence[DoseRecord]]
    histories: Mapping[UUID, Sequence[AlertEvent]]
    messages: Mapping[UUID, Sequence[Notification]]
    reasons: Mapping[UUID, tuple[ReasonLine, ...]]


class Inbox:
    """The alerts of the viewer's clinic. Every act returns False when a colleague was first."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when the inbox changed."""
        return clinic_topic(self._viewer.clinic_id)

    def page(self, *, closed_days: int = 1) -> InboxPage:
        """Return the inbox as it is now; alerts closed lately come last.

        Args:
            closed_days: 1 = closed today, by the clinic's clock; 7 = or on the six days before.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("alert.read")
        with self._kit.database.reading(viewer.clinic_id) as session:
            guard = watch(session, viewer, now)
            today = now.astimezone(ZoneInfo(guard.time_zone)).date()
            first = today - timedelta(days=closed_days - 1)
            midnight = datetime.combine(first, time(), ZoneInfo(guard.time_zone))
            alerts = alerting.inbox(session, viewer, closed_since=midnight)
            names = people.staff_names(session, viewer)
            known = _read(session, viewer, alerts, now)
            return InboxPage(
                now,
                tuple(_row(viewer, alert, known, names, now) for alert in alerts),
                guard,
                replace(
                    trouble(session, viewer, alerts, known.messages, known.histories, names, now),
                    key_lost=bool(self._kit.key_trouble),
                ),
                on_call_lines(session, viewer, now),
                closed_days,
                digests.patients_to_review(session, viewer),
            )

    def open(self, alert_id: UUID, *, again: bool = False) -> AlertPage:
        """Return one alert's page.

        Opening marks its entries as seen and is written down in the audit, in the transaction
        that reads.

        Args:
            alert_id: An alert of the viewer's clinic.
            again: The page is open already and only reads what changed.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("alert.read")
        viewer.require("patient.read")
        if again:
            with self._kit.database.reading(viewer.clinic_id) as session:
                page = alert_page.read(session, viewer, alert_id, now)
            return with_changes(self._kit.database, viewer, page)
        with self._kit.database.writing(viewer.clinic_id) as session:
            page = alert_page.read(session, viewer, alert_id, now)
            rows = [diary.entry(session, viewer, entry.id) for entry in page.entries]
            diary.mark_seen(session, viewer, rows, now)
            audit.note(
                session,
                viewer,
                "patient.read",
                "alert",
                now,
                subject_id=alert_id,
                patient_id=page.patient.id,
            )
        self._kit.publish(patient_topic(page.patient.id))
        return with_changes(self._kit.database, viewer, page)

    def take(self, alert_id: UUID) -> bool:
        """Take an open alert."""
        return self._act(alert_id, acknowledge.take)

    def hand_back(self, alert_id: UUID) -> bool:
        """Give an alert that the viewer holds back to the team."""
        return self._act(alert_id, acknowledge.hand_back)

    def snooze(self, alert_id: UUID, minutes: int) -> bool:
        """Ask to be told again of an alert that the viewer holds; the caps are the rules'."""

        def rest(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
            length = timedelta(minutes=minutes)
            return acknowledge.snooze_alert(session, viewer, alert_id, length, now)

        return self._act(alert_id, rest)

    def add_note(self, alert_id: UUID, text: str) -> None:
        """Add a note of 1 to 2,000 characters to an alert's history."""

        def note(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
            acknowledge.add_note(session, viewer, alert_id, text, now)
            return True

        self._act(alert_id, note)

    def log_call(self, alert_id: UUID, end: str, text: str = "") -> bool:
        """Write down that the patient was called, how it ended and what was said."""

        def call(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
            acknowledge.log_call(session, viewer, alert_id, end, text, now)
            return True

        return self._act(alert_id, call)

    def undo(self, alert_id: UUID, event_id: UUID) -> bool:
        """Take back what the viewer did to an alert within the last minute."""

        def back(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
            return undo(session, viewer, alert_id, event_id, now)

        return self._act(alert_id, back)

    def close(self, alert_id: UUID, outcome: str, note: str = "") -> bool:
        """Close an alert with an outcome and, if there is something to say, a note."""

        def close(session: Session, viewer: Viewer, alert_id: UUID, now: datetime) -> bool:
            return acknowledge.close_alert(session, viewer, alert_id, outcome, note, now)

        return self._act(alert_id, close)

    def finish_task(self, task_id: UUID) -> bool:
        """Note that a task was done."""
        return finish_task(self._kit, self._viewer, task_id)

    def _act(self, alert_id: UUID, act: Callable[[Session, Viewer, UUID, datetime], bool]) -> bool:
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            done = act(session, self._viewer, alert_id, now)
            patient_id = alerting.alert(session, self._viewer, alert_id).patient_id
        self._kit.changed(self._viewer.clinic_id, patient_id)
        return done


def _read(session: Session, viewer: Viewer, alerts: Sequence[Alert], now: datetime) -> _Known:
    """Read what the rows show; as many questions for twenty alerts as for one."""
    ids = [alert.id for alert in alerts]
    whose = {alert.patient_id for alert in alerts}
    heads = {row.id: head_of(row, now) for row in store.patients(session, viewer, whose).values()}
    histories = store.histories(session, viewer, ids)
    # Today is another day for a patient in another time zone.
    days = {head.today for head in heads.values()} or {now.date()}
    return _Known(
        heads=heads,
        plans=store.plans(session, viewer, whose),
        entries=store.entries(session, viewer, whose, min(days), max(days)),
        doses=store.doses(session, viewer, whose, min(days), max(days)),
        histories=histories,
        messages=outbox.of_alerts(session, viewer, ids),
        reasons=reasons_of_all(session, viewer, alerts, histories),
    )


def _row(
    viewer: Viewer, alert: Alert, known: _Known, names: Mapping[UUID, str], now: datetime
) -> InboxRow:
    head, history = known.heads[alert.patient_id], known.histories[alert.id]
    gone = withdrawn(history)
    calls = [line for line in history if line.kind == "called" and str(line.id) not in gone]
    holder = alert.acknowledged_by
    return InboxRow(
        alert_id=alert.id,
        code=alert.code,
        level=alert.level,
        state=alert.state,
        patient=head,
        reasons=known.reasons[alert.id][:MOST_REASONS],
        dose=dose_of(
            known.plans.get(head.id, []),
            head.today,
            known.entries.get(head.id, []),
            counting(known.doses.get(head.id, [])),
        ),
        raised_at=alert.raised_at,
        held_by=None if holder is None else names.get(holder, ""),
        held_at=alert.acknowledged_at,
        mine=holder == viewer.actor_id,
        closed_at=alert.closed_at,
        outcome=alert.outcome,
        snoozed_until=alert.snoozed_until,
        held_until=_held(known.messages[alert.id]),
        calls=len(calls),
        last_call=_call(calls[-1]) if calls else None,
        undo=offered(history, viewer, now),
    )


def _call(line: AlertEvent) -> CallLine:
    return CallLine(line.at, str(line.detail.get("end", "")), line.actor_name)


def _held(messages: Sequence[Notification]) -> datetime | None:
    """Return when the first of the messages that quiet hours hold leaves; None = none is held."""
    ends = [end for row in messages if (end := alert_page.held_until(row)) is not None]
    return min(ends, default=None)
