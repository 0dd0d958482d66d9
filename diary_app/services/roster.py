"""The clinic's patients: the list, one patient's page, enrolling, and changing the plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.dose_log import counting
from db.access import Viewer
from db.models import PlanStep
from db.stores import alerting, audit, diary, doses, people, treatment, visits
from diary_app.exports.bundle import VisitBundle, VisitLine
from diary_app.services import plan_change, plan_course
from diary_app.services.doses import DoseOfDay, dose_of
from diary_app.services.enrolling import NewPatient, enrolled
from diary_app.services.facts import NOTHING_KNOWN, PatientFacts, known_of
from diary_app.services.heads import PatientHead, head_of
from diary_app.services.kit import Kit, clinic_topic, patient_topic
from diary_app.services.plan_change import PlanChange, PlanCheck
from diary_app.services.plan_course import CourseCheck, TypedStep
from diary_app.services.reminding import problem_of
from diary_app.services.roster_list import RosterPage, roster_page
from diary_app.services.visit import check_period, fill
from diary_app.services.visit_lines import plan_line, visit_line
from diary_app.services.visit_since import last_visit_on
from diary_app.services.watch import Watch, watch


@dataclass(frozen=True)
class PatientPage:
    """One patient at the visit.

    Attributes:
        bundle: The chosen period with the replaced steps of the plan; bytes of photos are empty.
        plan_since: First day of the plan; None = no plan.
        open_alerts: Alerts nobody closed, as (id, code, level), newest first.
        asks_weekly: The clinic asks the weekly questions.
        reminder_problem: As ``reminding.problem_of``: why no reminder reaches the patient; empty
            when one does.
        last_visit_on: The last visit before today; None = none is known.
        visits: Those that were agreed and lie ahead, the next first.
        followed: Whether the patient is in follow-up.
        facts: What the rules know of the patient besides the diary.
    """

    patient: PatientHead
    dose: DoseOfDay
    bundle: VisitBundle
    plan_since: date | None
    open_alerts: tuple[tuple[UUID, str, str], ...]
    now: datetime
    watch: Watch
    asks_weekly: bool = False
    reminder_problem: str = ""
    last_visit_on: date | None = None
    visits: tuple[VisitLine, ...] = ()
    followed: bool = True
    facts: PatientFacts = NOTHING_KNOWN


class Roster:
    """The patients of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @property
    def topic(self) -> str:
        """The topic that is published when any patient of the clinic changed."""
        return clinic_topic(self._viewer.clinic_id)

    def watch(self) -> Watch:
        """Return whether alerting runs."""
        self._viewer.require("patient.list")
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            return watch(session, self._viewer, self._kit.clock())

    def list(self) -> RosterPage:
        """Return the patients in follow-up; whoever may not read diaries gets names alone."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("patient.list")
        with self._kit.database.reading(viewer.clinic_id) as session:
            return roster_page(session, viewer, now)

    def page(
        self,
        patient_id: UUID,
        first_on: date | None = None,
        last_on: date | None = None,
        *,
        days: int | None = None,
        again: bool = False,
    ) -> PatientPage:
        """Return one patient's page for a period.

        Opening marks the entries shown as seen and is written down in the audit, in the
        transaction that reads.

        Args:
            patient_id: A patient of the viewer's clinic.
            first_on: First day, inclusive; None = the first day of plan or diary.
            last_on: Last day, inclusive; None = the patient's today.
            days: Instead of ``first_on``: this many days up to ``last_on``.
            again: The page is open already and only reads what changed.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("patient.read")
        if again:
            with self._kit.database.reading(viewer.clinic_id) as session:
                return self._page(session, patient_id, first_on, last_on, days, now)
        with self._kit.database.writing(viewer.clinic_id) as session:
            page = self._page(session, patient_id, first_on, last_on, days, now)
            shown = page.bundle
            seen = diary.first_seen(session, viewer, [entry.id for entry in shown.entries])
            unseen = [
                row
                for row in diary.entries(
                    session, viewer, patient_id, first_on=shown.first_on, last_on=shown.last_on
                )
                if row.id not in seen
            ]
            diary.mark_seen(session, viewer, unseen, now)
            audit.note(
                session,
                viewer,
                "patient.read",
                "patient",
                now,
                subject_id=patient_id,
                patient_id=patient_id,
            )
        if unseen:
            self._kit.publish(patient_topic(patient_id))
        return page

    def enroll(self, form: NewPatient) -> UUID:
        """Keep a new patient and return their id.

        Raises:
            UnusableAnswerError: If a field cannot be used; it says which and why.
            ConflictError: If the clinic already uses this code.
        """
        now = self._kit.clock()
        self._viewer.require("patient.enroll")
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            new = enrolled(session, self._viewer, form, now)
            people.enroll(session, self._viewer, new, now)
            patient_id = new.id
        self._kit.changed(self._viewer.clinic_id, patient_id)
        return patient_id

    def check_plan(self, patient_id: UUID, change: PlanChange) -> PlanCheck:
        """Return what the change would do, with warnings, before anybody confirms it.

        Raises:
            UnusableAnswerError: If a field cannot be used; it says which and why.
        """
        self._viewer.require("plan.write")
        now = self._kit.clock()
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            head = head_of(people.patient(session, self._viewer, patient_id), now)
            steps = treatment.plan(session, self._viewer, patient_id)
        return plan_change.check(change, head.today, steps)

    def change_plan(self, patient_id: UUID, change: PlanChange) -> None:
        """Put a new step into force from its day on; raises what `check_plan` raises."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("plan.write")
        with self._kit.database.writing(viewer.clinic_id) as session:
            head = head_of(people.patient(session, viewer, patient_id), now)
            steps = treatment.plan(session, viewer, patient_id)
            checked = plan_change.check(change, head.today, steps)
            step = PlanStep(
                clinic_id=viewer.clinic_id,
                patient_id=patient_id,
                starts_on=checked.starts_on,
                imatinib_mg=checked.imatinib_mg,
                every_n_days=checked.every_n_days,
                prednisolone_mg=checked.prednisolone_mg,
                reason=checked.reason,
                author_id=viewer.actor_id,
                approved_at=now,
            )
            treatment.change_plan(session, viewer, patient_id, [step], now)
        self._kit.changed(viewer.clinic_id, patient_id)

    def check_course(self, patient_id: UUID, typed: Sequence[TypedStep]) -> CourseCheck:
        """Return what a whole plan would do, before anybody confirms it.

        Raises:
            UnusableAnswerError: If a step cannot be used; it says which and why.
        """
        self._viewer.require("plan.write")
        now = self._kit.clock()
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            head = head_of(people.patient(session, self._viewer, patient_id), now)
            steps = treatment.plan(session, self._viewer, patient_id)
        return plan_course.check(typed, head.today, steps)

    def change_course(self, patient_id: UUID, typed: Sequence[TypedStep]) -> None:
        """Put a whole plan into force, all steps or none; raises what `check_course` raises."""
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("plan.write")
        with self._kit.database.writing(viewer.clinic_id) as session:
            head = head_of(people.patient(session, viewer, patient_id), now)
            in_force = treatment.plan(session, viewer, patient_id)
            checked = plan_course.check(typed, head.today, in_force)
            steps = [
                PlanStep(
                    clinic_id=viewer.clinic_id,
                    patient_id=patient_id,
                    starts_on=step.starts_on,
                    imatinib_mg=step.imatinib_mg,
                    every_n_days=step.every_n_days,
                    prednisolone_mg=step.prednisolone_mg,
                    reason=step.reason,
                    author_id=viewer.actor_id,
                    approved_at=now,
                )
                for step in checked.steps
            ]
            treatment.change_plan(session, viewer, patient_id, steps, now)
        self._kit.changed(viewer.clinic_id, patient_id)

    def _page(
        self,
        session: Session,
        patient_id: UUID,
        first_on: date | None,
        last_on: date | None,
        days: int | None,
        now: datetime,
    ) -> PatientPage:
        viewer = self._viewer
        row = people.patient(session, viewer, patient_id)
        head = head_of(row, now)
        steps = treatment.plan(session, viewer, patient_id)
        plan_since = min((step.starts_on for step in steps), default=None)
        last_on = last_on or head.today
        if days is not None:
            first_on = last_on - timedelta(days=days - 1)
        if first_on is None:
            since = row.created_at.astimezone(ZoneInfo(row.time_zone)).date()
            first_on = min(since, last_on, plan_since or since)
        check_period(first_on, last_on)
        today = diary.entries(session, viewer, patient_id, first_on=head.today, last_on=head.today)
        log = counting(
            doses.records(session, viewer, patient_id, first_on=head.today, last_on=head.today)
        )
        return PatientPage(
            patient=head,
            dose=dose_of(steps, head.today, today, log),
            bundle=replace(
                fill(session, viewer, patient_id, first_on, last_on, now),
                former_plan=tuple(
                    plan_line(step, people.staff_names(session, viewer))
                    for step in treatment.every_step(session, viewer, patient_id)
                    if step.superseded_at is not None
                ),
            ),
            plan_since=plan_since,
            open_alerts=tuple(
                (alert.id, alert.code, alert.level)
                for alert in alerting.open_alerts_of(session, viewer, patient_id)
            ),
            now=now,
            watch=watch(session, viewer, now),
            asks_weekly=people.own_clinic(session, viewer).weekly_questions,
            reminder_problem=problem_of(session, viewer, patient_id, now),
            last_visit_on=last_visit_on(session, viewer, patient_id, head.today, head.time_zone)
            if viewer.may("patient.export")
            else None,
            visits=tuple(
                visit_line(visit)
                for visit in visits.visits(session, viewer, patient_id)
                if visit.cancelled_at is None and visit.starts_at > now
            ),
            followed=row.active,
            facts=known_of(session, viewer, patient_id),
        )
