"""The course of the signed-in patient: months of the calendar, periods, the clinic's answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.records import dose_changes, planned_dose
from db.access import Viewer
from db.errors import AccessDeniedError, NotFoundError
from db.models import Patient, PlanStep
from db.stores import course as store
from db.stores import people, treatment
from db.stores.course import Said
from diary_app.services import clinic_answers
from diary_app.services.kit import Kit
from diary_app.state.course import (
    MARKS,
    ChartDay,
    ChartStep,
    ClinicAnswer,
    CourseChart,
    DayMark,
    Mark,
    MonthView,
    Period,
)
from diary_app.state.faults import NotInDiaryError
from diary_app.text import _

DAYS: Mapping[Period, int] = MappingProxyType({"weeks": 14, "month": 30, "months": 91})
SHORTEST_DAYS = 7
_MARKS: Mapping[str | None, Mark] = MappingProxyType(
    {"urgent": "urgent", "prompt": "prompt", "digest": "entry", "none": "entry"}
)


class PatientCourse:
    """The course of the signed-in patient; every method is one look.

    Args:
        kit: Database and clock.
        viewer: The signed-in patient.

    Raises:
        AccessDeniedError: The viewer is not a patient.
    """

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        if viewer.patient_id is None:
            raise AccessDeniedError("Only patients look back on their own diary.")
        self._kit = kit
        self._viewer = viewer
        self._patient_id = viewer.patient_id

    def month(self, of: date | None) -> MonthView:
        """Return the month that holds a day; None = the present one."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            today = self._today(self._patient(session))
            first_on = (of or today).replace(day=1)
            last_on = (first_on + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            rows = store.said(
                session, self._viewer, self._patient_id, first_on=first_on, last_on=last_on
            )
            earliest = store.first_day(session, self._viewer, self._patient_id)
        return MonthView(first_on, today, earliest, _marked(rows))

    def chart(self, period: Period) -> CourseChart:
        """Return the course of a period up to today, not longer than the diary is."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            today = self._today(self._patient(session))
            begun = store.first_day(session, self._viewer, self._patient_id) or today
            first_on = min(begun, today - timedelta(days=SHORTEST_DAYS - 1))
            if period in DAYS:
                first_on = max(first_on, today - timedelta(days=DAYS[period] - 1))
            rows = store.said(
                session, self._viewer, self._patient_id, first_on=first_on, last_on=today
            )
            steps = treatment.plan(session, self._viewer, self._patient_id)
        units = [row.temperature_unit for row in rows if row.temperature_unit]
        return CourseChart(
            first_on=first_on,
            last_on=today,
            unit="F" if units and units[-1] == "F" else "C",
            days=_days(rows, steps),
            steps=tuple(
                ChartStep(step.starts_on, step.imatinib_mg, step.every_n_days, step.prednisolone_mg)
                for step in sorted(steps, key=lambda step: step.starts_on)
                if step.starts_on <= today
            ),
            step_ups=tuple(
                change.on
                for change in dose_changes(steps)
                if change.is_step_up and change.on <= today
            ),
        )

    def answers(self) -> tuple[ClinicAnswer, ...]:
        """Return what became of every alert, newest first."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            return clinic_answers.every_answer(session, self._viewer, self._patient(session))

    def answer_about(self, entry_id: UUID) -> ClinicAnswer | None:
        """Return what became of the alert that holds an entry; None = it raised none.

        Raises:
            NotInDiaryError: The entry is not in this diary.
        """
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            try:
                return clinic_answers.answer_about(
                    session, self._viewer, self._patient(session), entry_id
                )
            except NotFoundError as error:
                raise NotInDiaryError(_("This entry is not in your diary.")) from error

    def _patient(self, session: Session) -> Patient:
        return people.patient(session, self._viewer, self._patient_id)

    def _today(self, patient: Patient) -> date:
        return self._kit.clock().astimezone(ZoneInfo(patient.time_zone)).date()


def _marked(rows: Iterable[Said]) -> dict[date, DayMark]:
    found: dict[date, list[Mark]] = defaultdict(list)
    for row in rows:
        found[row.diary_on].append(_MARKS.get(row.level, "unchecked"))
    return {on: DayMark(on, tuple(sorted(marks, key=MARKS.index))) for on, marks in found.items()}


def _days(rows: Sequence[Said], steps: Sequence[PlanStep]) -> tuple[ChartDay, ...]:
    by_day: dict[date, list[Said]] = defaultdict(list)
    for row in rows:
        by_day[row.diary_on].append(row)
    return tuple(_day(on, by_day[on], steps) for on in sorted(by_day))


def _day(on: date, rows: Sequence[Said], steps: Sequence[PlanStep]) -> ChartDay:
    itch = _highest(row.itch_nrs for row in rows)
    percent = _highest(
        0.0 if row.rash_present is False else row.rash_percent
        for row in rows
        if row.rash_present is not None
    )
    unsized = [row for row in rows if row.rash_present and row.rash_percent is None]
    everywhere = any(row.generalized for row in unsized)
    planned = planned_dose(steps, on)
    due = _highest(row.imatinib_mg_prescribed for row in rows)
    steroid_due = _highest(row.prednisolone_mg_prescribed for row in rows)
    return ChartDay(
        on=on,
        itch=None if itch is None else int(itch),
        celsius=_highest(row.temperature_celsius for row in rows),
        # A rash without a number is not the 0 % of another entry of that day.
        rash_percent=None if everywhere or (unsized and not percent) else percent,
        rash_words="everywhere" if everywhere else "unsized" if unsized and not percent else "",
        imatinib_mg=_highest(row.imatinib_mg_taken for row in rows),
        imatinib_due_mg=planned.imatinib_mg if due is None else due,
        prednisolone_mg=_highest(row.prednisolone_mg_taken for row in rows),
        prednisolone_due_mg=planned.prednisolone_mg if steroid_due is None else steroid_due,
    )


def _highest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)
