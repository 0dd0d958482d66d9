"""The alarm tries itself: an urgent entry of the test patient goes the whole real way to a person.

The test patient is nobody. Its alerts are marked as tests when they are kept (``Alert.is_test``,
from ``Patient.is_test`` alone), climb no ladder and are in no list; the diary closes them itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import intake
from alerts.asking import ask, helper_of, tell
from alerts.grading.terms import Level
from db.access import Viewer, viewer_for
from db.models import Clinic, Entry, Patient
from db.stores import alerting, beats, outbox, people
from db.types import new_id

DUTY = "probe"
PATIENCE = timedelta(minutes=5)
# A test whose hour was missed by more than this waits for the next day.
LATEST_START = timedelta(hours=12)
TEST_CELSIUS = 39.5  # urgent by any rules a clinic may choose
CODE = "TEST-ALARM"
NAME = "Test patient"
_ARRIVED = ("sent", "delivered")


@dataclass(frozen=True)
class Probe:
    """The clinic's last test of the alarm.

    Attributes:
        on: The clinic's day on which it began.
        state: running, arrived or lost.
        alert_id: Of the test alert; None when there was none.
        seconds: From the entry to the last recipient's way out; None unless arrived.
        because: Why it was lost; empty otherwise.
    """

    on: date
    started_at: datetime
    state: str
    alert_id: UUID | None = None
    seconds: float | None = None
    because: str = ""

    def to_detail(self) -> dict[str, Any]:
        """Return it as the heartbeat keeps it."""
        return {
            "on": self.on.isoformat(),
            "started_at": self.started_at.isoformat(),
            "state": self.state,
            "alert": None if self.alert_id is None else str(self.alert_id),
            "seconds": self.seconds,
            "because": self.because,
        }


def probe_of(detail: Mapping[str, Any]) -> Probe:
    """Return a kept test."""
    return Probe(
        on=date.fromisoformat(detail["on"]),
        started_at=datetime.fromisoformat(detail["started_at"]),
        state=detail["state"],
        alert_id=None if detail["alert"] is None else UUID(detail["alert"]),
        seconds=detail["seconds"],
        because=detail["because"],
    )


def is_due(clinic: Clinic, last: Probe | None, now: datetime) -> bool:
    """Return whether today's test is still to begin, by the clinic's clock."""
    if clinic.probe_hour is None:
        return False
    local = now.astimezone(ZoneInfo(clinic.time_zone))
    begins = local.replace(hour=clinic.probe_hour, minute=0, second=0, microsecond=0)
    today_done = last is not None and last.on >= local.date() and last.started_at <= now
    return not today_done and begins <= local < begins + LATEST_START


def start(session: Session, viewer: Viewer, clinic: Clinic, now: datetime) -> Probe:
    """Send an urgent entry of the test patient on its way; the caller commits.

    While one is on its way no other begins.
    """
    running = last_probe(session, viewer)
    if running is not None and running.state == "running":
        running = look_after(session, viewer, running, now)
        if running.state == "running":
            return running
    local = now.astimezone(ZoneInfo(clinic.time_zone))
    patient = people.test_patient(session, viewer) or _new_patient(session, viewer, clinic, now)
    made = intake.record_entry(session, _as(patient), _entry(patient, local, now), now)
    probe = Probe(local.date(), now, "running", made.alert_id)
    recipients = _recipients(session, viewer, clinic)
    if made.level is not Level.URGENT or made.alert_id is None:
        return _end(session, viewer, probe, now, because="The rules raised no urgent alert.")
    if not recipients:
        return _end(session, viewer, probe, now, because="There is nobody whom it could reach.")
    tell(session, viewer, recipients, "probe", {}, now, alert_id=made.alert_id)
    beats.note(session, viewer, DUTY, now, probe.to_detail())
    return probe


def look_after(session: Session, viewer: Viewer, probe: Probe, now: datetime) -> Probe:
    """See whether a running test arrived; the caller commits.

    When it did not within ``PATIENCE`` it is lost: a person is asked to see why.
    """
    if probe.alert_id is None:
        return probe
    messages = outbox.of_alerts(session, viewer, [probe.alert_id])[probe.alert_id]
    if messages and all(message.state in _ARRIVED for message in messages):
        last = max(message.sent_at or now for message in messages)
        seconds = (last - probe.started_at).total_seconds()
        return _end(session, viewer, probe, now, seconds=seconds)
    late = abs(now - probe.started_at) >= PATIENCE
    dead = any(message.state == "failed_permanent" for message in messages)
    if not (late or dead):
        return probe
    errors = [message.error for message in messages if message.error]
    minutes = int(PATIENCE.total_seconds() // 60)
    because = errors[0] if errors else f"Its message did not leave within {minutes} minutes."
    return _end(session, viewer, probe, now, because=because)


def last_probe(session: Session, viewer: Viewer) -> Probe | None:
    """Return the clinic's last test; None before the first."""
    beat = beats.beats(session, viewer).get(DUTY)
    return None if beat is None else probe_of(beat.detail)


def _end(
    session: Session,
    viewer: Viewer,
    probe: Probe,
    now: datetime,
    *,
    seconds: float | None = None,
    because: str = "",
) -> Probe:
    ended = Probe(
        probe.on,
        probe.started_at,
        "lost" if because else "arrived",
        probe.alert_id,
        seconds,
        because,
    )
    if probe.alert_id is not None:
        alerting.close_test(session, viewer, probe.alert_id, now)
    if because:
        sentence = (
            "The test of the alarm did not arrive, so alerts may not arrive either. Look at the "
            "inbox often, and have the way out put right."
        )
        ask(session, viewer, "probe_lost", f"{sentence} {because}", now)
    beats.note(session, viewer, DUTY, now, ended.to_detail())
    return ended


def _recipients(session: Session, viewer: Viewer, clinic: Clinic) -> list[UUID]:
    chosen = outbox.recipient(session, viewer, clinic.probe_to)
    if chosen is not None:
        return [chosen.id]
    staff = people.staff(session, viewer)
    administrators = [user.id for user in staff if user.role == "administrator"]
    anybody = helper_of(staff)
    return administrators or ([] if anybody is None else [anybody.id])


def _new_patient(session: Session, viewer: Viewer, clinic: Clinic, now: datetime) -> Patient:
    new = Patient(
        clinic_id=clinic.id,
        code=CODE,
        name=NAME,
        born_on=date(1900, 1, 1),
        time_zone=clinic.time_zone,
        created_at=now,
    )
    people.add_test_patient(session, viewer, new, now)
    return new


def _as(patient: Patient) -> Viewer:
    return viewer_for(
        "patient",
        clinic_id=patient.clinic_id,
        actor_id=patient.id,
        name=patient.name,
        patient_id=patient.id,
    )


def _entry(patient: Patient, local: datetime, now: datetime) -> Entry:
    entry_id = new_id()
    return Entry(
        id=entry_id,
        clinic_id=patient.clinic_id,
        patient_id=patient.id,
        first_id=entry_id,
        kind="reading",
        diary_on=local.date(),
        local_time=f"{local:%H:%M}",
        time_zone=patient.time_zone,
        temperature_value=TEST_CELSIUS,
        temperature_unit="C",
        temperature_text=f"{TEST_CELSIUS}",
        words="This is a test of the alarm.",
        written_at=now.astimezone(UTC),
        received_at=now.astimezone(UTC),
    )
