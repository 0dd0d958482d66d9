"""The worker: looks at what is due, now and at every tick. Rows hold all state.

APScheduler only ticks. A tick carries no information, so a missed, doubled or late one changes
nothing; an entry that comes in wakes the worker without waiting for it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from apscheduler.schedulers.background import BackgroundScheduler

from alerts import alarm, clinic_week, digest, due, intake, summary_alarm, sweeping
from alerts.dispatch import Dispatch
from alerts.night_backup import NightBackup
from alerts.watcher import Watcher
from db.access import Viewer, worker_viewer
from db.engine import Database
from db.stores import alerting, assessments, diary, doors, outbox

logger = logging.getLogger(__name__)

HEARTBEAT = "worker"
LONGEST_RETRY = timedelta(hours=1)
MOST = 100  # entries graded again in one round


def system_clock() -> datetime:
    """Return the present instant; an entry point's clock."""
    return datetime.now(UTC)


@dataclass
class Worker:
    """Grades what could not be graded, escalates, sends, writes the summary, and says it lives.

    Attributes:
        dispatch: How queued messages leave.
        changed: Called with a clinic's id after something its screens show was changed.
        clock: The present instant.
        tick_seconds: Pause between two looks when nobody wakes it.
        watcher: Audits, keeps the books, tries the alarm, pings; None = nobody does.
        night: Makes the nightly backup; None = nobody does.
    """

    database: Database
    dispatch: Dispatch
    changed: Callable[[UUID], None]
    clock: Callable[[], datetime] = system_clock
    tick_seconds: float = 10.0
    watcher: Watcher | None = None
    night: NightBackup | None = None
    _read_whole: set[UUID] = field(default_factory=set, init=False)
    _wanted: threading.Event = field(default_factory=threading.Event, init=False)
    _stopping: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _scheduler: BackgroundScheduler | None = field(default=None, init=False)

    def start(self) -> None:
        """Start looking, in a thread of its own, and sending, in another."""
        self.dispatch.start(self.changed)
        self._thread = threading.Thread(target=self._loop, name="diary-worker", daemon=True)
        self._thread.start()
        self._scheduler = BackgroundScheduler(timezone=UTC)
        # A laptop that slept wakes late, and APScheduler drops a tick that is more than a second
        # late; what it would have found is still due, so it runs however late it is.
        self._scheduler.add_job(
            self.wake,
            "interval",
            seconds=self.tick_seconds,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        self.wake()

    def wake(self) -> None:
        """Look at what is due now instead of at the next tick; safe from any thread."""
        self.dispatch.wake()
        self._wanted.set()

    def stop(self) -> None:
        """Finish what is being sent, then stop."""
        self._stopping.set()
        self._wanted.set()
        self.dispatch.stop()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        if self._thread is not None:
            self._thread.join(timeout=30)
        if self.watcher is not None:
            self.watcher.stop()
        if self.night is not None:
            self.night.wait(30)

    def run_once(self) -> None:
        """Do everything that is due now, clinic by clinic; one that fails stops no other."""
        with self.database.reading() as session:
            clinics = [clinic.id for clinic in doors.clinics(session)]
        failed = set()
        for clinic_id in clinics:
            for duty in (
                self._grade,
                self._carry_out_due,
                self._escalate,
                self._summarize,
                self._check_summary,
                self._send,
                self._watch,
                self._sweep,
            ):
                try:
                    duty(clinic_id)
                except Exception as error:
                    failed.add(duty.__name__.strip("_"))
                    logger.error("%s: %s", duty.__name__, type(error).__name__)  # noqa: TRY400
        if clinics:
            now, viewer = self.clock(), worker_viewer(clinics[0])
            with self.database.writing(viewer.clinic_id) as session:
                outbox.beat(session, viewer, HEARTBEAT, now, failed=sorted(failed))
            if self.watcher is not None:
                self.watcher.pulse(clinics, failed, now)
            if self.night is not None:
                self.night.look(clinics[0], now)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait()
            self._wanted.clear()
            if self._stopping.is_set():
                return
            try:
                self.run_once()
            except Exception as error:
                logger.error("worker: %s", type(error).__name__)  # noqa: TRY400

    def _grade(self, clinic_id: UUID) -> None:
        viewer, now = worker_viewer(clinic_id), self.clock()
        everywhere = clinic_id not in self._read_whole
        with self.database.reading(clinic_id) as session:
            found = assessments.ungraded(session, viewer, limit=MOST, everywhere=everywhere)
            waiting = [entry.id for entry in found if self._again(viewer, entry.id, now)]
        for entry_id in waiting:
            with self.database.writing(clinic_id) as session:
                intake.grade(session, viewer, diary.entry(session, viewer, entry_id), now)
            self.changed(clinic_id)
        if len(found) < MOST:
            self._read_whole.add(clinic_id)

    def _again(self, viewer: Viewer, entry_id: UUID, now: datetime) -> bool:
        """Return whether grading is due again: after 1, 2, 4 ... minutes, at most an hour."""
        with self.database.reading(viewer.clinic_id) as session:
            last = assessments.of_entries(session, viewer, [entry_id]).get(entry_id)
        if last is None:
            return True
        pause = min(timedelta(minutes=1) * (1 << min(last.attempt - 1, 10)), LONGEST_RETRY)
        return now - last.assessed_at >= pause

    def _carry_out_due(self, clinic_id: UUID) -> None:
        done = due.carry_out(self.database, clinic_id, self.clock())
        if done.settled:
            self.changed(clinic_id)
        if done.more:
            self.wake()

    def _escalate(self, clinic_id: UUID) -> None:
        viewer, now = worker_viewer(clinic_id), self.clock()
        with self.database.reading(clinic_id) as session:
            due = alerting.due_alerts(session, viewer, now)
        for alert_id in due:
            with self.database.writing(clinic_id) as session:
                alert = alerting.claim(session, viewer, alert_id)
                if alert is not None:
                    alarm.advance(session, viewer, alert, now)
            self.changed(clinic_id)

    def _summarize(self, clinic_id: UUID) -> None:
        viewer, now = worker_viewer(clinic_id), self.clock()
        with self.database.reading(clinic_id) as session:
            clinic = doors.clinic(session, clinic_id)
        if digest.is_due(clinic, now):
            with self.database.writing(clinic_id) as session:
                digest.queue_if_due(session, viewer, clinic, now)
        if clinic_week.is_due(clinic, now):
            with self.database.writing(clinic_id) as session:
                clinic_week.queue_if_due(session, viewer, clinic, now)

    def _check_summary(self, clinic_id: UUID) -> None:
        viewer, now = worker_viewer(clinic_id), self.clock()
        with self.database.reading(clinic_id) as session:
            if not summary_alarm.not_asked(session, viewer, now):
                return
        with self.database.writing(clinic_id) as session:
            new = summary_alarm.raise_tasks(session, viewer, now)
        if new:
            self.changed(clinic_id)

    def _send(self, clinic_id: UUID) -> None:
        if self.dispatch.send_due(clinic_id):
            self.changed(clinic_id)

    def _sweep(self, clinic_id: UUID) -> None:
        sweeping.sweep_if_due(self.database, clinic_id, self.clock())

    def _watch(self, clinic_id: UUID) -> None:
        if self.watcher is not None and self.watcher.look(clinic_id, self.clock()):
            self.changed(clinic_id)
            # A test of the alarm has just been queued, or a person asked.
            self._send(clinic_id)
