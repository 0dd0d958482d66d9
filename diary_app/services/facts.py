"""What the rules must know of a patient besides the diary, and what else they take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from db.access import Viewer
from db.errors import NotFoundError
from db.models import OtherMedicine
from db.stores import facts, people
from diary_app.exports.bundle import MedicineLine
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.heads import head_of
from diary_app.services.kit import Kit
from diary_app.services.visit_lines import medicine_line
from diary_app.text import _

LONGEST_NAME = 120
LONGEST_DOSE = 120
LONGEST_REASON = 500
HIGHEST_USUAL = 3
# Skin and swelling first (clinical.md 6.1: eyelids and itch), then what the entry asks besides.
USUAL_SYMPTOMS = (
    "periorbital_edema",
    "pruritus",
    "rash",
    "limb_edema",
    "mucositis",
    "diarrhea",
    "nausea",
    "fatigue",
)
REACTIONS = ("maculopapular_g3", "exfoliative", "em_no_mucosa", "em_mucosal", "sjs_ten", "dress")
_AHEAD = timedelta(days=366)
_TRUTHS: Mapping[str, bool | None] = {"": None, "yes": True, "no": False}


@dataclass(frozen=True)
class PatientFacts:
    """What the rules know of a patient besides the diary. None = not known, never no.

    Attributes:
        prior_reaction_type: One of REACTIONS.
        on_systemic_steroid: Used where the plan says nothing of prednisolone.
        baseline_grades: Symptom -> grade that is usual for this patient.
        changed_by: Who changed it last here; empty = nobody did.
    """

    prior_severe_reaction: bool | None = None
    prior_reaction_type: str | None = None
    on_systemic_steroid: bool | None = None
    baseline_grades: Mapping[str, int] = field(default_factory=dict)
    changed_by: str = ""
    changed_at: datetime | None = None


NOTHING_KNOWN = PatientFacts()


@dataclass(frozen=True)
class FactsForm:
    """The form as chosen.

    Attributes:
        prior: Whether there was a severe reaction before: ``yes``, ``no``, empty = not known.
        kind: One of REACTIONS; empty = not known.
        steroid: Whether a steroid is taken beside the plan, as ``prior``.
        usual: Symptom -> grade as a digit; empty or ``0`` = nothing was there before.
    """

    prior: str
    kind: str
    steroid: str
    usual: Mapping[str, str]


@dataclass(frozen=True)
class MedicineForm:
    """The form as typed; days are YYYY-MM-DD, an empty day is not known."""

    name: str
    dose: str = ""
    since: str = ""
    until: str = ""
    reason: str = ""


class Facts:
    """What the care team notes of the patients of the viewer's clinic."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def keep(self, patient_id: UUID, form: FactsForm) -> bool:
        """Keep what is known; return whether anything changed. It counts from the next entry on.

        Raises:
            AccessDeniedError: The viewer may not.
            UnusableAnswerError: A choice cannot be used; it says which and why.
        """
        self._viewer.require("fact.write")
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            known = people.patient(session, self._viewer, patient_id).baseline_grades
            values = _facts(form, known)
            changed = facts.set_facts(session, self._viewer, patient_id, values, now)
        if changed:
            self._kit.changed(self._viewer.clinic_id, patient_id)
        return bool(changed)

    def add(self, patient_id: UUID, form: MedicineForm) -> None:
        """Note another medicine; raises what `keep` raises."""
        self._viewer.require("fact.write")
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            today = head_of(people.patient(session, self._viewer, patient_id), now).today
            read = _medicine(form, today)
            for row in facts.medicines(session, self._viewer, patient_id):
                if _is_listed(row, read["name"], today):
                    raise UnusableAnswerError(
                        _("This medicine is listed already; end it first if its dose changed."),
                        "name",
                    )
            new = OtherMedicine(
                clinic_id=self._viewer.clinic_id,
                patient_id=patient_id,
                added_by=self._viewer.actor_id,
                added_at=now,
                **read,
            )
            facts.add_medicine(session, self._viewer, new, now)
        self._kit.changed(self._viewer.clinic_id, patient_id)

    def end(self, patient_id: UUID, medicine_id: UUID, until: str, reason: str) -> None:
        """Say that a medicine is taken no more; raises what `keep` raises.

        Args:
            patient_id: Whose it is.
            medicine_id: Of the medicine.
            until: The last day it was taken, YYYY-MM-DD.
            reason: Why it ended; may be empty.
        """
        self._viewer.require("fact.write")
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            today = head_of(people.patient(session, self._viewer, patient_id), now).today
            row = self._row(session, patient_id, medicine_id)
            last_on = _day(until, "until")
            if last_on is None:
                raise UnusableAnswerError(_("Give the last day it was taken."), "until")
            if last_on > today or (row.since is not None and last_on < row.since):
                raise UnusableAnswerError(
                    _("The last day lies between the first day and today."), "until"
                )
            why = _text(reason, LONGEST_REASON, "end_reason")
            facts.end_medicine(session, self._viewer, medicine_id, last_on, why, now)
        self._kit.changed(self._viewer.clinic_id, patient_id)

    def withdraw(self, patient_id: UUID, medicine_id: UUID, reason: str) -> None:
        """Say that a medicine was added by mistake; raises what `keep` raises."""
        self._viewer.require("fact.write")
        now = self._kit.clock()
        why = _text(reason, LONGEST_REASON, "end_reason")
        if not why:
            raise UnusableAnswerError(_("Say what is wrong with this line."), "end_reason")
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            self._row(session, patient_id, medicine_id)
            facts.withdraw_medicine(session, self._viewer, medicine_id, why, now)
        self._kit.changed(self._viewer.clinic_id, patient_id)

    def _row(self, session: Session, patient_id: UUID, medicine_id: UUID) -> OtherMedicine:
        for row in facts.medicines(session, self._viewer, patient_id):
            if row.id == medicine_id:
                return row
        raise NotFoundError("This medicine is not in the patient's list.")


def known_of(session: Session, viewer: Viewer, patient_id: UUID) -> PatientFacts:
    """Return what the rules know of a patient, and who changed it last."""
    row = people.patient(session, viewer, patient_id)
    last = facts.last_change(session, viewer, patient_id)
    names = {} if last is None else people.staff_names(session, viewer)
    return PatientFacts(
        prior_severe_reaction=row.prior_severe_reaction,
        prior_reaction_type=row.prior_reaction_type,
        on_systemic_steroid=row.on_systemic_steroid,
        baseline_grades=dict(row.baseline_grades),
        changed_by="" if last is None else names.get(last.changed_by, ""),
        changed_at=None if last is None else last.changed_at,
    )


def medicines_of(session: Session, viewer: Viewer, patient_id: UUID) -> tuple[MedicineLine, ...]:
    """Return every other medicine ever noted, in the order they were added."""
    rows = facts.medicines(session, viewer, patient_id)
    names = people.staff_names(session, viewer) if rows else {}
    return tuple(medicine_line(row, names) for row in rows)


def newest_first(lines: Iterable[MedicineLine]) -> tuple[MedicineLine, ...]:
    """Return medicines by their first day, the newest first; those of unknown days last."""
    return tuple(sorted(lines, key=lambda line: line.since or date.min, reverse=True))


def _facts(form: FactsForm, known: Mapping[str, int]) -> dict[str, object]:
    if form.prior not in _TRUTHS or form.steroid not in _TRUTHS:
        raise UnusableAnswerError(_("Choose yes, no or not known."), "prior")
    if form.kind and form.kind not in REACTIONS:
        raise UnusableAnswerError(_("Choose one of the kinds of reaction."), "kind")
    if form.kind and form.prior == "no":
        raise UnusableAnswerError(
            _("A kind of reaction is chosen, so there was a reaction. Please check."), "kind"
        )
    usual = {name: grade for name, grade in known.items() if name not in form.usual}
    for name, grade in form.usual.items():
        if name not in USUAL_SYMPTOMS or grade not in ("", *map(str, range(HIGHEST_USUAL + 1))):
            raise UnusableAnswerError(_("Choose one of the grades that are offered."), "usual")
        if grade not in ("", "0"):
            usual[name] = int(grade)
    return {
        "prior_severe_reaction": _TRUTHS[form.prior],
        "prior_reaction_type": form.kind or None,
        "on_systemic_steroid": _TRUTHS[form.steroid],
        "baseline_grades": usual,
    }


def _medicine(form: MedicineForm, today: date) -> dict[str, Any]:
    name = _text(form.name, LONGEST_NAME, "name")
    if not name:
        raise UnusableAnswerError(_("Give the name of the medicine."), "name")
    since, until = _day(form.since, "since"), _day(form.until, "until")
    if since is not None and since > today:
        raise UnusableAnswerError(_("The first day is today or earlier."), "since")
    if until is not None and (until > today + _AHEAD or (since is not None and until < since)):
        raise UnusableAnswerError(
            _("The last day is not before the first, and within a year."), "until"
        )
    return {
        "name": name,
        "dose": _text(form.dose, LONGEST_DOSE, "dose"),
        "since": since,
        "until": until,
        "reason": _text(form.reason, LONGEST_REASON, "reason"),
    }


def _is_listed(row: OtherMedicine, name: str, today: date) -> bool:
    is_taken = not row.is_mistake and (row.until is None or row.until >= today)
    return is_taken and row.name.casefold() == name.casefold()


def _text(typed: str, most: int, field_name: str) -> str:
    text = " ".join(typed.split())
    if len(text) > most:
        raise UnusableAnswerError(
            _("This is too long; give at most {most} characters.").format(most=most), field_name
        )
    return text


def _day(typed: str, field_name: str) -> date | None:
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise UnusableAnswerError(
            _("Type the day as YYYY-MM-DD, such as 2026-03-31."), field_name
        ) from None
