"""Fill an empty installation with the synthetic clinic, through the same doors as real entries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts import acknowledge, intake, records
from alerts.escalation.policy import DEFAULT_POLICY, policy_to_json
from alerts.grading.pro_ctcae_wording import INSTRUMENT
from alerts.posting import BUNDLE_WITHIN
from db.access import Viewer, viewer_for, worker_viewer
from db.models import (
    Clinic,
    Entry,
    LabResult,
    OtherMedicine,
    Patient,
    Photo,
    PlanStep,
    User,
    WeeklyReport,
)
from db.photos import clean_photo
from db.stores import doors, doses, drafts, facts, ledger, outbox, people, treatment, weekly
from db.stores.ledger import Outcome
from db.types import new_id
from diary_app.demo.course import Course, Other, Said
from diary_app.demo.pictures import rash_photo
from diary_app.demo.published import HWANG, LEE
from diary_app.demo.quiet import quiet_courses
from diary_app.demo.weekly import weeks_of
from diary_app.services import passwords, totp
from diary_app.services.kit import Kit

ZONE = "Europe/Berlin"
PASSWORD = "quiet-river-400"  # noqa: S105 - for synthetic data on this machine alone
TAKEN_BY_NURSE = "P-004"


STAFF = (
    ("Nora Berg", "nurse", "nurse@north.example"),
    ("Dr. Carl Weiss", "clinician", "doctor@north.example"),
    ("Ada Stein", "administrator", "admin@north.example"),
)
OTHER_CLINIC_STAFF = (("Olga Sauer", "nurse", "nurse@south.example"),)


def seed(kit: Kit, now: datetime, progress: Callable[[str, int, int], None]) -> None:
    """Make the two demo clinics and everything that happened there until ``now``.

    Args:
        kit: An installation whose tables are there and empty.
        now: Today is the day of this instant in the clinic's zone.
        progress: Called with the patient's code, how many are done, and how many there are.
    """
    courses = [HWANG, LEE, *quiet_courses()]
    with kit.database.writing() as session:
        staff = _clinic(session, kit, "North Clinic (demo)", STAFF, now)
        _clinic(session, kit, "South Clinic (demo)", OTHER_CLINIC_STAFF, now)
    for done, course in enumerate(courses):
        progress(course.code, done, len(courses))
        with kit.database.writing() as session:
            _Seeding(kit, session, staff, now).patient(course)
    progress("", len(courses), len(courses))


def _clinic(
    session: Session, kit: Kit, name: str, staff: tuple[tuple[str, str, str], ...], now: datetime
) -> dict[str, Viewer]:
    clinic = Clinic(
        name=name,
        time_zone=ZONE,
        phone="+49 30 555 0100",
        emergency_number="112",
        hours="Monday to Friday, 8:00 to 17:00",
        policy=policy_to_json(DEFAULT_POLICY),
        weekly_questions=True,
        is_demo=True,
        created_at=now - timedelta(days=400),
        digest_sent_on=(now - timedelta(days=1)).astimezone(ZoneInfo(ZONE)).date(),
    )
    doors.add_clinic(session, clinic)
    machine = viewer_for("administrator", clinic_id=clinic.id, actor_id=clinic.id, name="demo")
    password = passwords.hashed(PASSWORD)
    viewers = {}
    for person, role, email in staff:
        user_id = new_id()
        user = User(
            id=user_id,
            clinic_id=clinic.id,
            email=email,
            name=person,
            role=role,
            password_hash=password,
            totp_sealed=totp.sealed(kit.key, user_id, totp.new_secret()),
            created_at=now - timedelta(days=400),
        )
        people.add_staff(session, machine, user, user.created_at)
        viewers[role] = viewer_for(role, clinic_id=clinic.id, actor_id=user.id, name=person)
    return viewers


def _as_patient(patient: Patient) -> Viewer:
    return viewer_for(
        "patient",
        clinic_id=patient.clinic_id,
        actor_id=patient.id,
        name=patient.name,
        patient_id=patient.id,
    )


@dataclass(frozen=True)
class _Seeding:
    kit: Kit
    session: Session
    staff: dict[str, Viewer]
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(ZONE)

    def patient(self, course: Course) -> None:
        """Enroll one patient and play the course up to now."""
        first_day = self.now.astimezone(self.zone).date() - timedelta(days=course.started_days_ago)
        patient = Patient(
            clinic_id=self.staff["nurse"].clinic_id,
            code=course.code,
            name=course.name,
            born_on=course.born_on,
            phone=course.phone,
            time_zone=ZONE,
            created_at=self._instant(first_day, 8),
            **course.patient,
        )
        people.enroll(self.session, self.staff["nurse"], patient, patient.created_at)
        self._plan(course, patient.id, first_day)
        for lab in course.labs:
            row = LabResult(
                clinic_id=patient.clinic_id,
                patient_id=patient.id,
                taken_on=first_day + timedelta(days=lab.day),
                name=lab.name,
                value=lab.value,
                unit=lab.unit,
                lower_limit=lab.lower_limit,
                upper_limit=lab.upper_limit,
                entered_by=self.staff["nurse"].actor_id,
                entered_at=self.now,
            )
            treatment.add_lab(self.session, self.staff["nurse"], row, self.now)
        for other in course.others:
            self._other(patient, other, first_day)
        for number, said in enumerate(course.entries):
            self._entry(patient, said, first_day, number)
        self._weeks(patient)

    def _other(self, patient: Patient, other: Other, first_day: date) -> None:
        """Note another medicine, and its end, by the nurse."""
        nurse = self.staff["nurse"]
        row = OtherMedicine(
            clinic_id=patient.clinic_id,
            patient_id=patient.id,
            name=other.name,
            dose=other.dose,
            since=first_day + timedelta(days=other.day),
            reason=other.reason,
            added_by=nurse.actor_id,
            added_at=self.now,
        )
        facts.add_medicine(self.session, nurse, row, self.now)
        if other.until_day is not None:
            last_on = first_day + timedelta(days=other.until_day)
            facts.end_medicine(self.session, nurse, row.id, last_on, "", self.now)

    def _weeks(self, patient: Patient) -> None:
        """Keep the weekly answers as the patient sent them in the evening of each last day."""
        today = self.now.astimezone(self.zone).date()
        for days_ago, told in weeks_of(patient.code):
            ends_on = today - timedelta(days=days_ago)
            at = self._instant(ends_on, 19)
            report = WeeklyReport(
                clinic_id=patient.clinic_id,
                patient_id=patient.id,
                period_ends_on=ends_on,
                time_zone=ZONE,
                instrument=INSTRUMENT,
                answers=told,
                written_at=at,
                received_at=at,
            )
            weekly.add(self.session, _as_patient(patient), report, at)

    def _plan(self, course: Course, patient_id: UUID, first_day: date) -> None:
        steps = [
            PlanStep(
                clinic_id=self.staff["clinician"].clinic_id,
                patient_id=patient_id,
                starts_on=first_day + timedelta(days=step.day),
                imatinib_mg=step.imatinib_mg,
                every_n_days=step.every_n_days,
                prednisolone_mg=step.prednisolone_mg,
                reason=step.reason,
                author_id=self.staff["clinician"].actor_id,
                approved_at=self._instant(first_day + timedelta(days=step.day), 8),
            )
            for step in course.plan
        ]
        treatment.change_plan(
            self.session, self.staff["clinician"], patient_id, steps, self._instant(first_day, 8)
        )
        patient = people.patient(self.session, self.staff["clinician"], patient_id)
        doses.read_plan(self.session, _as_patient(patient), self.now)

    def _entry(self, patient: Patient, said: Said, first_day: date, number: int) -> None:
        day = first_day + timedelta(days=said.day)
        at = self._instant(day, said.hour, number % 50)
        if at > self.now:
            at = max(self.now - timedelta(minutes=35), self._instant(day, 0))
        viewer = _as_patient(patient)
        draft = drafts.begin_draft(self.session, viewer, {}, at)
        for region in said.photos:
            self._photo(viewer, draft.id, region, at, number)
        planned = records.planned_dose(treatment.plan(self.session, viewer, patient.id), day)
        entry = Entry(
            id=draft.id,
            first_id=draft.id,
            clinic_id=patient.clinic_id,
            patient_id=patient.id,
            diary_on=day,
            local_time=f"{at.astimezone(self.zone):%H:%M}",
            time_zone=ZONE,
            written_at=at,
            received_at=at,
            imatinib_mg_prescribed=planned.imatinib_mg,
            imatinib_mg_taken=planned.imatinib_mg if said.taken is None else said.taken,
            prednisolone_mg_prescribed=planned.prednisolone_mg,
            prednisolone_mg_taken=planned.prednisolone_mg,
            **said.answers,
        )
        drafts.mark_sent(self.session, viewer, draft.id, at)
        recorded = intake.record_entry(self.session, viewer, entry, at)
        if recorded.alert_id is not None:
            self._handle(recorded.alert_id, said, patient.code, at)

    def _handle(self, alert_id: UUID, said: Said, code: str, at: datetime) -> None:
        """Send what was queued at the time, and act as the care team did."""
        worker = worker_viewer(self.staff["nurse"].clinic_id)
        rows = outbox.lease(self.session, worker, at + BUNDLE_WITHIN, at + 2 * BUNDLE_WITHIN)
        sent = [Outcome(row.id, "sent", receipt="synthetic") for row in rows]
        ledger.record(self.session, worker, "", sent, at)
        nurse = self.staff["nurse"]
        if said.outcome is not None:
            acknowledge.take(self.session, nurse, alert_id, at + timedelta(minutes=9))
            closed_at = at + timedelta(minutes=42)
            acknowledge.close_alert(self.session, nurse, alert_id, said.outcome, "", closed_at)
        elif code == TAKEN_BY_NURSE:
            acknowledge.take(
                self.session, nurse, alert_id, min(at + timedelta(minutes=6), self.now)
            )

    def _photo(self, viewer: Viewer, draft_id: UUID, region: str, at: datetime, seed: int) -> None:
        clean = clean_photo(rash_photo(seed * 7 + len(region)))
        photo_id = new_id()
        self.kit.vault.put(photo_id, clean, viewer.clinic_id)
        drafts.add_photo(
            self.session,
            viewer,
            Photo(
                id=photo_id,
                clinic_id=viewer.clinic_id,
                patient_id=viewer.actor_id,
                draft_id=draft_id,
                region=region,
                description="Synthetic picture",
                width=clean.width,
                height=clean.height,
                sha256_received=clean.sha256_received,
                sha256_kept=clean.sha256_kept,
                received_bytes=clean.received_bytes,
                received_at=at,
            ),
        )

    def _instant(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)
