"""Visits agreed with patients, and plan and visits as a calendar file."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.local_time import instant_of
from db.access import Viewer
from db.stores import audit, people, treatment, visits
from diary_app.exports.calendar import CalendarOf, calendar_file
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.kit import Kit
from diary_app.services.step_up import require_recent
from diary_app.services.visit_lines import plan_line, visit_line
from diary_app.text import _, spoken

SHORTEST, LONGEST = 5, 480
_AHEAD = timedelta(days=3 * 366)


class Appointments:
    """The visits of the viewer's patients."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def add(self, patient_id: UUID, day: str, clock: str, minutes: str) -> None:
        """Agree on a visit.

        Args:
            patient_id: A patient of the viewer's clinic.
            day: "YYYY-MM-DD" by the patient's calendar.
            clock: "HH:MM" by the patient's clock.
            minutes: How long, a whole number from 5 to 480.

        Raises:
            AccessDeniedError: The viewer may not plan visits.
            UnusableAnswerError: A value cannot be used; it says which and why.
        """
        self._viewer.require("visit.write")
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            at = _instant(session, self._viewer, patient_id, day, clock, now)
            visits.add_visit(session, self._viewer, patient_id, at, _minutes(minutes), now)
        self._kit.changed(self._viewer.clinic_id, patient_id)

    def move(self, patient_id: UUID, visit_id: UUID, day: str, clock: str, minutes: str) -> None:
        """Change when a visit is; raises what `add` raises, NotFoundError when it is gone."""
        self._viewer.require("visit.write")
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            at = _instant(session, self._viewer, patient_id, day, clock, now)
            visits.move_visit(session, self._viewer, visit_id, at, _minutes(minutes), now)
        self._kit.changed(self._viewer.clinic_id, patient_id)

    def cancel(self, visit_id: UUID) -> None:
        """Cancel a visit; raises NotFoundError when it is gone."""
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            row = visits.cancel_visit(session, self._viewer, visit_id, now)
            patient_id = row.patient_id
        self._kit.changed(self._viewer.clinic_id, patient_id)

    def calendar(self, patient_id: UUID, *, named: bool = False) -> bytes:
        """Return plan and visits as an iCalendar file and write down that it left the diary.

        Args:
            patient_id: A patient of the viewer's clinic.
            named: The titles begin with the patient's name; nobody is named otherwise.

        Raises:
            AccessDeniedError: The viewer may not export.
            NotFoundError: The patient is not of this clinic.
        """
        self._viewer.require("patient.export", patient_id)
        now = self._kit.clock()
        require_recent(self._kit, self._viewer, now)
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            who = people.patient(session, self._viewer, patient_id)
            made = gather(session, self._viewer, patient_id, now, who.name if named else "")
            audit.note(
                session,
                self._viewer,
                "patient.export",
                "patient",
                now,
                subject_id=patient_id,
                patient_id=patient_id,
                detail={"shape": "calendar", "named": named},
            )
        return calendar_file(made)


def own_calendar(kit: Kit, viewer: Viewer, now: datetime) -> bytes:
    """Return the plan and visits of the patient who asks; raises AccessDeniedError for staff."""
    patient_id = viewer.actor_id
    viewer.require("diary.export", patient_id)
    with kit.database.writing(viewer.clinic_id) as session:
        who = people.patient(session, viewer, patient_id)
        made = gather(session, viewer, patient_id, now, "")
        audit.note(
            session,
            viewer,
            "diary.export",
            "patient",
            now,
            subject_id=patient_id,
            patient_id=patient_id,
            detail={"shape": "calendar"},
        )
    with spoken(who.language):
        return calendar_file(made)


def gather(
    session: Session, viewer: Viewer, patient_id: UUID, now: datetime, whose: str
) -> CalendarOf:
    """Return what a calendar file is made from."""
    clinic = people.own_clinic(session, viewer)
    return CalendarOf(
        patient_id=patient_id,
        whose=whose,
        clinic_name=clinic.name,
        clinic_phone=clinic.phone,
        steps=[plan_line(row, {}) for row in treatment.every_step(session, viewer, patient_id)],
        visits=[visit_line(row) for row in visits.visits(session, viewer, patient_id)],
        made_at=now,
    )


def _instant(
    session: Session, viewer: Viewer, patient_id: UUID, day: str, clock: str, now: datetime
) -> datetime:
    zone = ZoneInfo(people.patient(session, viewer, patient_id).time_zone)
    try:
        on = date.fromisoformat(day.strip())
    except ValueError:
        raise UnusableAnswerError(_("Type the day as YYYY-MM-DD."), "day") from None
    # Before the clock is asked: no zone knows the first and last days of the calendar.
    today = now.astimezone(zone).date()
    if not today <= on <= today + _AHEAD:
        raise UnusableAnswerError(_("A visit lies ahead, within three years."), "day")
    try:
        at = instant_of(on, clock.strip(), zone)
    except ValueError:
        raise UnusableAnswerError(_("Type the time as HH:MM, such as 09:30."), "clock") from None
    if at <= now:
        raise UnusableAnswerError(_("This time has passed already."), "clock")
    return at


def _minutes(typed: str) -> int:
    if not typed.strip().isdecimal() or not SHORTEST <= int(typed) <= LONGEST:
        raise UnusableAnswerError(
            _("A visit lasts from 5 to 480 minutes; please type a whole number."), "minutes"
        )
    return int(typed)
