"""Entering laboratory values, and withdrawing wrong ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from alerts.grading.lab_units import ANALYTES, known_unit, units
from alerts.results import RecordedDay, grade_again, record_labs
from db.access import Viewer
from db.models import LabResult
from db.stores import people, treatment
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.heads import head_of
from diary_app.services.kit import Kit
from diary_app.services.lab_form import LabCheck, LabForm, LabRead, LabTyped, check
from diary_app.text import _

LONGEST_REASON = 500


@dataclass(frozen=True)
class LabsKept:
    """What became of values that were entered.

    Attributes:
        count: How many were kept.
        alerted: Whether somebody is told of them.
        ungraded: Whether some could not be graded.
    """

    count: int
    alerted: bool
    ungraded: bool


class Labs:
    """The laboratory values of the viewer's patients."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def begin(self, patient_id: UUID) -> LabForm:
        """Return an empty form of today with units and limits as in the last results."""
        self._viewer.require("lab.write")
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            head = head_of(people.patient(session, self._viewer, patient_id), self._kit.clock())
            rows = treatment.labs(session, self._viewer, patient_id)
        newest = {row.name: row for row in rows}
        return LabForm(
            head.today.isoformat(), {name: _blank(name, newest.get(name)) for name in ANALYTES}
        )

    def check(self, patient_id: UUID, form: LabForm) -> LabCheck:
        """Return what the form says, with a sentence for every mistake."""
        self._viewer.require("lab.write")
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            head = head_of(people.patient(session, self._viewer, patient_id), self._kit.clock())
            rows = treatment.labs(session, self._viewer, patient_id)
        found = check(form, head.today, head.time_zone, head.born_on)
        typed = {value.name for value in found.values}
        twice = [
            _(
                "{test} of this day is on record already: {value} {unit}. "
                "If it was wrong, withdraw it; the value entered last counts."
            ).format(test=ANALYTES[row.name].label, value=f"{row.value:g}", unit=row.unit)
            for row in rows
            if row.taken_on == found.taken_on and row.name in typed
        ]
        return replace(found, doubts=(*found.doubts, *twice))

    def keep(self, patient_id: UUID, forms: Sequence[LabForm]) -> LabsKept:
        """Keep the values of one or more days, grade them and tell who must know.

        Raises:
            UnusableAnswerError: For the first mistake; nothing is kept then.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("lab.write")
        with self._kit.database.writing(viewer.clinic_id) as session:
            head = head_of(people.patient(session, viewer, patient_id), now)
            rows: list[LabResult] = []
            for form in forms:
                checked = check(form, head.today, head.time_zone, head.born_on)
                for where, sentence in checked.problems.items():
                    raise UnusableAnswerError(sentence, where)
                if checked.taken_on is None:
                    raise UnusableAnswerError(_("Give the day of the sample."), "taken_on")
                rows += [
                    self._row(patient_id, checked.taken_on, value, now) for value in checked.values
                ]
            made = record_labs(session, viewer, patient_id, rows, now)
        self._kit.changed(viewer.clinic_id, patient_id)
        return _kept(len(rows), made)

    def _row(self, patient_id: UUID, taken_on: date, value: LabRead, now: datetime) -> LabResult:
        return LabResult(
            clinic_id=self._viewer.clinic_id,
            patient_id=patient_id,
            taken_on=taken_on,
            name=value.name,
            value=value.value,
            unit=value.unit,
            lower_limit=value.lower_limit,
            upper_limit=value.upper_limit,
            sampled_at=value.sampled_at,
            last_dose_at=value.last_dose_at,
            entered_by=self._viewer.actor_id,
            entered_at=now,
        )

    def withdraw(self, lab_id: UUID, reason: str) -> None:
        """Take a wrong value out of everything that is shown and graded; the row stays.

        Raises:
            UnusableAnswerError: Without a reason of 1 to 500 characters.
            NotFoundError: If the clinic has no such value, or it was withdrawn before.
        """
        viewer, now = self._viewer, self._kit.clock()
        viewer.require("lab.write")
        reason = reason.strip()
        if not 0 < len(reason) <= LONGEST_REASON:
            raise UnusableAnswerError(_("Give the reason, up to 500 characters."), "reason")
        with self._kit.database.writing(viewer.clinic_id) as session:
            row = treatment.withdraw_lab(session, viewer, lab_id, reason, now)
            patient_id = row.patient_id
            grade_again(session, viewer, patient_id, row.taken_on, now)
        self._kit.changed(viewer.clinic_id, patient_id)


def _blank(name: str, last: LabResult | None) -> LabTyped:
    unit = None if last is None else known_unit(name, last.unit)
    if last is None or unit is None:
        return LabTyped(unit=units(name)[0])
    return LabTyped("", unit, _typed(last.lower_limit), _typed(last.upper_limit))


def _typed(limit: float | None) -> str:
    return "" if limit is None else f"{limit:.12g}"


def _kept(count: int, made: Sequence[RecordedDay]) -> LabsKept:
    return LabsKept(
        count=count,
        alerted=any(day.alert_id is not None for day in made),
        ungraded=any(day.level is None for day in made),
    )
