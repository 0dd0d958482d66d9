"""The watch over the alarm: audit, nightly books, test alarm, ping; it only looks what is due."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from alerts import auditor, probe, reckoning
from alerts.ping import Ping, Pinged
from db.access import Viewer, worker_viewer
from db.engine import Database
from db.models import Clinic
from db.stores import beats, people
from db.stores.beats import Beat

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(minutes=3)  # between two audits of a worker that runs


@dataclass
class Watcher:
    """The watch over one installation's alarm.

    Attributes:
        ping_url: A monitor outside that is told each minute that the alarm works; empty = none.
    """

    database: Database
    ping_url: str = ""
    _running_since: datetime | None = field(default=None, init=False)
    _ping: Ping | None = field(default=None, init=False)
    _clinic_id: UUID | None = field(default=None, init=False)
    _sound: dict[UUID, bool] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Prepare the ping."""
        if self.ping_url:
            self._ping = Ping(self.ping_url, self._pinged)

    def look(self, clinic_id: UUID, now: datetime) -> bool:
        """Do what is due for one clinic; returns whether its screens show something else now."""
        viewer = worker_viewer(clinic_id)
        with self.database.reading(clinic_id) as session:
            known = beats.beats(session, viewer)
            clinic = people.own_clinic(session, viewer)
        last_audit = known[auditor.DUTY].at if auditor.DUTY in known else None
        since = self._since(last_audit, now)
        changed = False
        if auditor.is_due(last_audit, now):
            with self.database.writing(clinic_id) as session:
                beats.take_turn(session, viewer)
                changed |= auditor.run(session, viewer, now, since) > 0
                known = beats.beats(session, viewer)
        self._sound[clinic_id] = not known[auditor.DUTY].detail["left"]
        changed |= self._books(viewer, clinic, known, now)
        changed |= self._probe(viewer, clinic, known, now)
        return changed

    def pulse(self, clinics: Collection[UUID], failed: Collection[str], now: datetime) -> None:
        """Tell the monitor outside that all is well, if it is.

        Args:
            clinics: All that were looked at.
            failed: Duties that raised in this round.
        """
        sound = not failed and all(self._sound.get(clinic, False) for clinic in clinics)
        if self._ping is not None and clinics and sound and self._ping.is_due(now):
            self._clinic_id = next(iter(clinics))
            self._ping.send(now)

    def stop(self) -> None:
        """Wait a moment for a ping under way."""
        if self._ping is not None:
            self._ping.wait(1)

    def _since(self, last_audit: datetime | None, now: datetime) -> datetime:
        """Return since when this worker runs; a machine that slept begins anew when it wakes."""
        began = self._running_since
        slept = last_audit is None or abs(now - last_audit) > LONGEST_PAUSE
        if began is None or slept or began > now:
            self._running_since = began = now
        return began

    def _books(self, viewer: Viewer, clinic: Clinic, known: dict[str, Beat], now: datetime) -> bool:
        days = reckoning.days_due(clinic, _last_day(known), now)
        for day in days:
            with self.database.reading(viewer.clinic_id) as session:
                book = reckoning.count(session, viewer, clinic, day)
            with self.database.writing(viewer.clinic_id) as session:
                last = _last_day(beats.take_turn(session, viewer))
                if last is None or last < day:
                    reckoning.keep(session, viewer, day, book, now)
        return bool(days)

    def _probe(self, viewer: Viewer, clinic: Clinic, known: dict[str, Beat], now: datetime) -> bool:
        beat = known.get(probe.DUTY)
        last = None if beat is None else probe.probe_of(beat.detail)
        running = last is not None and last.state == "running"
        if not running and not probe.is_due(clinic, last, now):
            return False
        with self.database.writing(viewer.clinic_id) as session:
            beats.take_turn(session, viewer)
            last = probe.last_probe(session, viewer)
            if last is not None and last.state == "running":
                return probe.look_after(session, viewer, last, now).state != "running"
            if probe.is_due(clinic, last, now):
                probe.start(session, viewer, clinic, now)
        return True

    def _pinged(self, how: Pinged) -> None:
        if self._clinic_id is None:
            return
        detail = {"failed_in_a_row": how.failed_in_a_row, "error": how.error}
        try:
            with self.database.writing() as session:
                beats.note(session, worker_viewer(self._clinic_id), "ping", how.at, detail)
        except Exception as error:
            logger.error("ping not recorded: %s", type(error).__name__)  # noqa: TRY400


def _last_day(known: dict[str, Beat]) -> date | None:
    beat = known.get(reckoning.DUTY)
    return None if beat is None else date.fromisoformat(beat.detail["day"])
