"""What another diary needs of a period and a screen does not: versions, histories, the person."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session

from alerts.dose_log import NO_LOG
from db.access import Viewer
from db.models import Assessment, PlanStep
from db.stores import (
    alerting,
    assessments,
    diary,
    doses,
    people,
    questions,
    treatment,
    visits,
)
from diary_app.exports.bundle import (
    AlertEventLine,
    AlertLine,
    EntryLine,
    FindingLine,
    PersonLine,
    VisitBundle,
)
from diary_app.services.visit_lines import (
    dose_line,
    entry_line,
    plan_line,
    reason_lines,
    visit_line,
)
from diary_app.services.visit_questions import question_line


def completed(
    session: Session, viewer: Viewer, patient_id: UUID, bundle: VisitBundle
) -> VisitBundle:
    """Return a filled bundle with everything that an import asks for.

    Args:
        viewer: Of the care team; patients do not read the history of alerts.
        bundle: As `diary_app.services.visit.fill` gave it.

    Raises:
        AccessDeniedError: The viewer may not read alerts.
        NotFoundError: The patient is not of this clinic.
    """
    who = people.patient(session, viewer, patient_id)
    names = people.staff_names(session, viewer)
    every = treatment.every_step(session, viewer, patient_id)
    labs = treatment.labs(
        session, viewer, patient_id, first_on=bundle.first_on, last_on=bundle.last_on
    )
    typed_by = {row.id: names.get(row.entered_by, "") for row in labs}
    return replace(
        bundle,
        person=PersonLine(
            phone=who.phone,
            language=who.language,
            temperature_unit=who.temperature_unit,
            prior_severe_reaction=who.prior_severe_reaction,
            prior_reaction_type=who.prior_reaction_type,
            on_systemic_steroid=who.on_systemic_steroid,
            baseline_grades=dict(who.baseline_grades),
        ),
        former_plan=tuple(plan_line(step, names) for step in every if step.superseded_at),
        entries=_with_versions(session, viewer, bundle.entries, every),
        labs=tuple(
            replace(lab, entered_by=typed_by.get(lab.id, "") if lab.id else "")
            for lab in bundle.labs
        ),
        alerts=tuple(_with_history(session, viewer, alert, names) for alert in bundle.alerts),
        dose_words=tuple(
            dose_line(row)
            for row in doses.records(
                session, viewer, patient_id, first_on=bundle.first_on, last_on=bundle.last_on
            )
        ),
        findings=_findings(session, viewer, patient_id, bundle),
        visits=tuple(visit_line(row, names) for row in visits.visits(session, viewer, patient_id)),
        questions=tuple(
            question_line(row, names)
            for row in questions.all_questions(session, viewer, patient_id)
        )
        if viewer.may("question.read")
        else (),
    )


def _with_versions(
    session: Session, viewer: Viewer, entries: Sequence[EntryLine], steps: Sequence[PlanStep]
) -> tuple[EntryLine, ...]:
    """Return the entries, those that were corrected with what they replaced."""
    former = {
        line.id: diary.versions(session, viewer, line.first_id)[:-1]
        for line in entries
        if line.version > 1 and line.first_id is not None
    }
    made = assessments.of_entries(
        session, viewer, [row.id for rows in former.values() for row in rows]
    )
    return tuple(
        replace(
            line,
            earlier=tuple(
                entry_line(row, made.get(row.id), steps, NO_LOG) for row in former[line.id]
            ),
        )
        if line.id in former
        else line
        for line in entries
    )


def _with_history(
    session: Session, viewer: Viewer, alert: AlertLine, names: Mapping[UUID, str]
) -> AlertLine:
    if alert.id is None:
        return alert
    return replace(
        alert,
        events=tuple(
            AlertEventLine(
                event.at,
                event.kind,
                event.actor_name or (names.get(event.actor_id, "") if event.actor_id else ""),
                dict(event.detail),
            )
            for event in alerting.events(session, viewer, alert.id)
        ),
    )


def _findings(
    session: Session, viewer: Viewer, patient_id: UUID, bundle: VisitBundle
) -> tuple[FindingLine, ...]:
    by_day = {
        "labs": assessments.of_labs(session, viewer, patient_id),
        "silence": assessments.of_silence(session, viewer, patient_id),
        "doses": assessments.of_doses(session, viewer, patient_id),
    }
    found = [
        _finding(about, row)
        for about, rows in by_day.items()
        for day, row in sorted(rows.items())
        if bundle.first_on <= day <= bundle.last_on
    ]
    timers = assessments.of_timers(session, viewer, [line.id for line in bundle.entries])
    return (*found, *(_finding("timer", row) for row in timers.values()))


def _finding(about: str, row: Assessment) -> FindingLine:
    return FindingLine(
        about=about,
        on=row.lab_on or row.silent_on or row.dose_on,
        entry_id=row.timer_of,
        assessed_at=row.assessed_at,
        level=row.level if row.outcome == "graded" else None,
        grades=dict(row.grades),
        reasons=reason_lines(row),
        rules_version=row.rules_version,
        inputs=dict(row.inputs),
    )
