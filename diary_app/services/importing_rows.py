"""Lines of a bundle become rows again, in the order that foreign keys ask for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from db.models import (
    Assessment,
    DoseRecord,
    Draft,
    Entry,
    LabResult,
    OtherMedicine,
    Patient,
    Photo,
    PlannedVisit,
    PlanStep,
    User,
    VisitQuestion,
    WeeklyReport,
)
from db.models.base import ClinicRow
from db.photos import CleanPhoto
from db.types import new_id
from diary_app.exports.bundle import (
    EntryLine,
    FindingLine,
    MedicineLine,
    PlanStepLine,
    QuestionLine,
    ReasonLine,
    VisitBundle,
    VisitLine,
)
from diary_app.services.visit_lines import ANSWERS

_ABOUT = {"labs": "lab_on", "silence": "silent_on", "doses": "dose_on"}


class Newcomers:
    """People named in the bundle: those of the clinic with the same name, or names without access.

    Args:
        active: The clinic's active staff.
        taken: Names of all staff, by id.
    """

    def __init__(
        self, clinic_id: UUID, active: Sequence[User], now: datetime, taken: Mapping[UUID, str]
    ) -> None:
        self._clinic_id = clinic_id
        self._now = now
        self._by_name = {name: user_id for user_id, name in taken.items()}
        self._by_name |= {user.name: user.id for user in active}
        self._active = {user.name for user in active}
        self.rows: list[User] = []

    def is_here(self, name: str) -> bool:
        """Return whether somebody of this name works in the clinic now."""
        return name in self._active

    def id_of(self, name: str, role: str = "nurse") -> UUID:
        """Return the id of a person; somebody unknown becomes a name that can never sign in."""
        if name not in self._by_name:
            user = User(
                clinic_id=self._clinic_id,
                email=f"{new_id().hex}@imported.invalid",
                name=name,
                role=role,
                active=False,
                created_at=self._now,
            )
            self.rows.append(user)
            self._by_name[name] = user.id
        return self._by_name[name]


def rows_of(
    bundle: VisitBundle, patient: Patient, photos: Mapping[UUID, CleanPhoto], people: Newcomers
) -> tuple[list[ClinicRow], dict[str, int]]:
    """Return the rows of everything but alerts, and how many there are of each kind.

    Raises:
        pydantic.ValidationError: A value is of the wrong kind.
    """
    about = {"clinic_id": patient.clinic_id, "patient_id": patient.id}
    zone = {"time_zone": bundle.time_zone}
    versions = [one for entry in bundle.entries for one in (*entry.earlier, entry)]
    by_version = {(line.first_id, line.version): line.id for line in versions}
    entries = [
        _entry(line, by_version.get((line.first_id, line.version - 1)), about | zone)
        for line in sorted(versions, key=lambda line: (line.version, line.received_at))
    ]
    steps = [_step(line, about, people) for line in (*bundle.plan, *bundle.former_plan)]
    labs = [
        LabResult.model_validate(
            about
            | _same(
                line,
                "taken_on name value unit lower_limit upper_limit sampled_at last_dose_at",
            )
            | {
                "id": line.id or new_id(),
                "entered_by": people.id_of(line.entered_by),
                "entered_at": line.entered_at or bundle.made_at,
            }
        )
        for line in bundle.labs
    ]
    known = {entry.id for entry in entries}
    said = [
        DoseRecord.model_validate(
            about
            | _same(line, "drug planned_mg how taken_mg taken_clock vomited_after recorded_at")
            | {
                "id": line.id or new_id(),
                "diary_on": line.on,
                "entry_id": line.entry_id if line.entry_id in known else None,
                "time_zone": line.time_zone or bundle.time_zone,
            }
        )
        for line in bundle.dose_words or bundle.doses
    ]
    weeks = [
        WeeklyReport.model_validate(
            about
            | _same(line, "author instrument received_at")
            | {
                "id": line.id or new_id(),
                "period_ends_on": line.ends_on,
                "answers": dict(line.answers),
                "time_zone": line.time_zone or bundle.time_zone,
                "written_at": line.written_at or line.received_at,
            }
        )
        for line in bundle.weeks
    ]
    drafts, pictures = _photos(bundle, photos, about)
    made: list[ClinicRow] = [_assessment(line, about) for line in versions]
    made += [_finding(line, about) for line in bundle.findings]
    taken = [_medicine(line, about, people) for line in bundle.medicines]
    agreed = [_visit(line, about, people) for line in bundle.visits]
    rows: list[ClinicRow] = [*entries, *made, *steps, *labs, *said, *weeks, *drafts, *pictures]
    asked = [_question(line, about, people) for line in bundle.questions]
    rows += [*taken, *agreed, *asked]
    counts = {
        "entries": len(bundle.entries),
        "versions": len(entries),
        "doses": len(said),
        "steps": len(steps),
        "labs": len(labs),
        "photos": len(pictures),
        "weeks": len(weeks),
        "medicines": len(taken),
        "visits": len(agreed),
        "questions": len(asked),
    }
    return rows, counts


def reasons_json(reasons: Iterable[ReasonLine]) -> list[dict[str, Any]]:
    """Return reasons as an assessment keeps them."""
    return [
        _same(reason, "code level sentence patient_sentence source")
        | {"values": dict(reason.values)}
        for reason in reasons
    ]


def _same(line: object, names: str) -> dict[str, Any]:
    return {name: getattr(line, name) for name in names.split()}


def _entry(line: EntryLine, replaces_id: UUID | None, frame: Mapping[str, Any]) -> Entry:
    answers = line.answers if line.said is None else line.said
    return Entry.model_validate(
        {**frame, **{name: answers[name] for name in ANSWERS if name in answers}}
        | _same(line, "id version kind author diary_on local_time received_at")
        | {
            "first_id": line.first_id or line.id,
            "replaces_id": replaces_id,
            "time_zone": line.time_zone or frame["time_zone"],
            "written_at": line.written_at or line.received_at,
            "words": answers.get("words") or "",
        }
    )


def _assessment(line: EntryLine, about: Mapping[str, Any]) -> Assessment:
    graded = line.level is not None
    return Assessment.model_validate(
        {
            **about,
            "entry_id": line.id,
            "assessed_at": line.assessed_at or line.received_at,
            "outcome": "graded" if graded else "failed",
            "grades": dict(line.grades),
            "reasons": reasons_json(line.reasons),
            "inputs": dict(line.inputs),
            "rules_version": line.rules_version or "",
        }
        | _same(
            line,
            "level v6_rash_maculopapular temperature_celsius extent_percent recheck_minutes",
        )
    )


def _finding(line: FindingLine, about: Mapping[str, Any]) -> Assessment:
    subject = (
        {"timer_of": line.entry_id} if line.about == "timer" else {_ABOUT[line.about]: line.on}
    )
    return Assessment.model_validate(
        {
            **about,
            **subject,
            "outcome": "failed" if line.level is None else "graded",
            "grades": dict(line.grades),
            "reasons": reasons_json(line.reasons),
            "inputs": dict(line.inputs),
        }
        | _same(line, "assessed_at level rules_version")
    )


def _step(line: PlanStepLine, about: Mapping[str, Any], people: Newcomers) -> PlanStep:
    return PlanStep.model_validate(
        {
            **about,
            "id": new_id(),
            "author_id": people.id_of(line.author, "clinician"),
            "approved_at": line.approved_at,
        }
        | _same(line, "starts_on imatinib_mg every_n_days prednisolone_mg reason superseded_at")
    )


def _medicine(line: MedicineLine, about: Mapping[str, Any], people: Newcomers) -> OtherMedicine:
    return OtherMedicine.model_validate(
        {
            **about,
            "reason": line.taken_for,
            "added_by": people.id_of(line.added_by),
            "ended_by": people.id_of(line.ended_by) if line.ended_at is not None else None,
        }
        | _same(line, "id name dose since until added_at ended_at end_reason is_mistake")
    )


def _visit(line: VisitLine, about: Mapping[str, Any], people: Newcomers) -> PlannedVisit:
    return PlannedVisit.model_validate(
        {**about, "changed_by": people.id_of(line.changed_by)}
        | _same(line, "id starts_at minutes sequence changed_at cancelled_at")
    )


def _question(line: QuestionLine, about: Mapping[str, Any], people: Newcomers) -> VisitQuestion:
    ended_by = None
    if line.ended_how is not None:
        taken_back = line.ended_how == "taken_back"
        ended_by = about["patient_id"] if taken_back else people.id_of(line.ended_by)
    return VisitQuestion.model_validate(
        {**about, "ended_by": ended_by} | _same(line, "id words asked_at ended_at ended_how")
    )


def _photos(
    bundle: VisitBundle, kept: Mapping[UUID, CleanPhoto], about: Mapping[str, Any]
) -> tuple[list[Draft], list[Photo]]:
    """Return the photos whose pictures were kept, and the sent drafts that they hang on."""
    drafts: dict[UUID, Draft] = {}
    photos = []
    sent = {one.id: one.received_at for entry in bundle.entries for one in (*entry.earlier, entry)}
    for line in bundle.photos:
        clean = kept.get(line.id)
        draft_id = line.sent_with if line.sent_with in sent else line.entry_id
        if clean is None or draft_id not in sent:
            continue
        at = sent[draft_id]
        drafts.setdefault(
            draft_id, Draft(id=draft_id, created_at=at, updated_at=at, sent_at=at, **about)
        )
        photos.append(
            Photo.model_validate(
                {
                    **about,
                    "draft_id": draft_id,
                    "width": clean.width,
                    "height": clean.height,
                    "sha256_received": clean.sha256_received,
                    "sha256_kept": clean.sha256_kept,
                    "received_bytes": clean.received_bytes,
                    "received_at": line.received_at or at,
                }
                | _same(line, "id region description")
            )
        )
    return list(drafts.values()), photos
