"""What the rules and the care team made of a patient's entries, in the patient's words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import recheck
from alerts.dose_log import Log, counting, dose_answers
from alerts.records import planned_dose
from db.access import Viewer
from db.models import Assessment, Entry, EntrySeen, Patient
from db.stores import alerting, assessments, doses, outbox, people, treatment
from db.stores import diary as entries
from diary_app.services.advice import advise
from diary_app.services.entry_row import content_of, planned_day
from diary_app.services.readable import readable_values
from diary_app.services.reason_words import patient_words
from diary_app.state.advice import Advice
from diary_app.state.calendar import day_words
from diary_app.state.diary import AskedAgain, ClinicCard, EntryView, PhotoView, Recheck, Seen
from diary_app.text import _

# Older than this, the clinic's alerting counts as stopped and the patient is told to phone.
HEARTBEAT_LASTS = timedelta(minutes=2)
WORKER = "worker"


def clinic_card(session: Session, viewer: Viewer) -> ClinicCard:
    """Return the numbers of the viewer's clinic."""
    clinic = people.own_clinic(session, viewer)
    return ClinicCard(clinic.name, clinic.phone, clinic.emergency_number, clinic.hours)


class Meaning:
    """Reads, within one session and at one instant, what became of one patient's entries."""

    def __init__(self, session: Session, viewer: Viewer, patient: Patient, now: datetime) -> None:
        self._session = session
        self._viewer = viewer
        self._patient = patient
        self._now = now
        self._zone = ZoneInfo(patient.time_zone)
        self._clinic = clinic_card(session, viewer)
        self._names = people.staff_names(session, viewer)
        self._steps = treatment.plan(session, viewer, patient.id)
        self._dose_log: Log | None = None
        self._assessed: dict[UUID, Assessment] = {}
        self._seen: dict[UUID, EntrySeen] = {}
        self._known: set[UUID] = set()

    def clock(self, at: datetime) -> str:
        """Return "21:04" on the patient's clock."""
        return at.astimezone(self._zone).strftime("%H:%M")

    def look_up(self, rows: Sequence[Entry]) -> None:
        """Read what became of many entries at once."""
        ids = [row.id for row in rows if row.id not in self._known]
        self._known.update(ids)
        if ids:
            self._assessed.update(assessments.of_entries(self._session, self._viewer, ids))
            self._seen.update(entries.first_seen(self._session, self._viewer, ids))

    def seen(self, row: Entry) -> Seen | None:
        """Return who of the care team opened an entry first; None = nobody yet."""
        self.look_up([row])
        found = self._seen.get(row.id)
        if found is None:
            return None
        name = self._names.get(found.user_id, _("your care team"))
        return Seen(name, self._clock_since(row.written_at, found.seen_at))

    def level(self, row: Entry) -> str | None:
        """Return the level of an entry; None = it could not be graded yet."""
        self.look_up([row])
        made = self._assessed.get(row.id)
        return made.level if made is not None and made.outcome == "graded" else None

    def advice(self, row: Entry) -> Advice:
        """Return what the patient is told about an entry."""
        level = self.level(row)
        made = self._assessed.get(row.id)
        reasons = made.reasons if made is not None and level is not None else []
        return advise(
            self._clinic,
            level,
            [
                (reason["code"], patient_words(reason))
                for reason in reasons
                if reason["level"] != "none"
            ],
            row.red_flags or [],
            shaking=row.chills == "rigors",
        )

    def standing_advice(self) -> Advice | None:
        """Return the advice that still holds: of the most pressing alert nobody has closed."""
        alerts = alerting.open_alerts_of(self._session, self._viewer, self._patient.id)
        if not alerts:
            return None
        gravest = max(alerts, key=lambda alert: (alert.level == "urgent", alert.raised_at))
        if gravest.entry_id is None:
            return advise(self._clinic, gravest.level, [], [])
        row = entries.entry(self._session, self._viewer, gravest.entry_id)
        row = entries.newest_version(self._session, self._viewer, row.first_id)
        told = self.advice(row)
        # A later entry may have raised the alert above what its first entry alone asks for.
        if gravest.level == "urgent" and told.level != "urgent":
            return advise(self._clinic, "urgent", [("", why) for why in told.why], [])
        return told

    def recheck(self) -> Recheck | None:
        """Return the second temperature asked for and not entered yet; None when there is none."""
        readings = recheck.lately(self._session, self._viewer, self._patient, self._now)
        due_at = recheck.awaited(readings)
        return None if due_at is None else Recheck(self.clock(due_at), is_due=due_at <= self._now)

    def asked_again(self) -> AskedAgain | None:
        """Return the question of the morning after a pressing entry; None when there is none."""
        entry = recheck.unresolved(self._session, self._viewer, self._patient)
        today = self._now.astimezone(self._zone).date()
        if entry is None or entry.diary_on >= today:
            return None
        return AskedAgain(entry.diary_on)

    def alerting_stopped(self) -> bool:
        """Return whether the clinic's automatic alerting has not run lately, by this clock."""
        beat = outbox.last_beat(self._session, self._viewer, WORKER)
        return beat is None or abs(self._now - beat) > HEARTBEAT_LASTS

    def stopped_since(self) -> str:
        """Return when it last ran, with the day when that was not today; empty = never."""
        beat = outbox.last_beat(self._session, self._viewer, WORKER)
        if beat is None:
            return ""
        return self._clock_since(self._now, beat)

    def _clock_since(self, known: datetime, at: datetime) -> str:
        """Return an instant's clock, with its day when that is not the day of a known instant."""
        day = at.astimezone(self._zone).date()
        if day == known.astimezone(self._zone).date():
            return self.clock(at)
        return _("{day}, {clock}").format(day=day_words(day), clock=self.clock(at))

    def entry_view(
        self,
        row: Entry,
        *,
        newest: UUID | None = None,
        earlier: Sequence[Entry] = (),
        photos: tuple[PhotoView, ...] = (),
    ) -> EntryView:
        """Return an entry for the history.

        Args:
            newest: The version that counts; None = this one.
            earlier: Versions before it, oldest first.
        """
        return EntryView(
            id=row.id,
            kind="reading" if row.kind == "reading" else "full",
            on=row.diary_on,
            clock=row.local_time or self.clock(row.written_at),
            level=self.level(row),
            answers=readable_values(self._answers(row, counts=newest is None or newest == row.id)),
            planned=planned_day(planned_dose(self._steps, row.diary_on)),
            version=row.version,
            seen=self.seen(row),
            can_correct=newest is None or newest == row.id,
            photos=photos,
            earlier=tuple(self.entry_view(version, newest=row.id) for version in earlier),
        )

    def _log(self) -> Log:
        if self._dose_log is None:
            rows = doses.records(self._session, self._viewer, self._patient.id)
            self._dose_log = counting(rows)
        return self._dose_log

    def _answers(self, row: Entry, *, counts: bool) -> dict[str, Any]:
        """Return an entry's answers; of the version that counts, the doses as the log has them."""
        answers = content_of(row)
        if counts and row.kind == "full":
            answers |= dose_answers(self._log(), row.diary_on)
        return {
            name: value
            for name, value in answers.items()
            if value is not None and not name.endswith("_mg_prescribed")
        }
