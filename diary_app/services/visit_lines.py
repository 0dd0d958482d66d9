"""Rows become the lines of a visit bundle. Nothing is filled in: unknown stays None."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from alerts.dose_log import NO_LOG, Log, dose_answers
from alerts.grading.lab_units import is_trough
from alerts.lab_records import lab_grade
from alerts.records import last_step_up, step_of
from db.models import (
    Alert,
    Assessment,
    DoseRecord,
    Entry,
    LabResult,
    OtherMedicine,
    Photo,
    PlannedVisit,
    PlanStep,
    WeeklyReport,
)
from diary_app.exports.bundle import (
    AlertLine,
    DoseLine,
    EntryLine,
    LabLine,
    MedicineLine,
    PhotoLine,
    PlanStepLine,
    ReasonLine,
    VisitLine,
    WeekLine,
)
from diary_app.services.readable import readable, readable_values

# 800 mg are taken as 400 mg twice a day (clinical.md 6.6).
TWO_DOSES_MG = 800
# What says who, when and which version; everything else of an entry is an answer.
_FRAME = frozenset(
    {
        "id",
        "clinic_id",
        "patient_id",
        "first_id",
        "version",
        "replaces_id",
        "kind",
        "author",
        "diary_on",
        "local_time",
        "time_zone",
        "written_at",
        "received_at",
    }
)
ANSWERS = tuple(name for name in Entry.model_fields if name not in _FRAME)


def plan_line(row: PlanStep, names: Mapping[UUID, str]) -> PlanStepLine:
    """Return one step of the plan with its author's name."""
    return PlanStepLine(
        starts_on=row.starts_on,
        imatinib_mg=row.imatinib_mg,
        every_n_days=row.every_n_days,
        prednisolone_mg=row.prednisolone_mg,
        reason=readable(row.reason),
        author=names.get(row.author_id, ""),
        approved_at=row.approved_at,
        superseded_at=row.superseded_at,
    )


def medicine_line(row: OtherMedicine, names: Mapping[UUID, str]) -> MedicineLine:
    """Return one other medicine with the names of who added and ended it."""
    return MedicineLine(
        id=row.id,
        name=readable(row.name),
        dose=readable(row.dose),
        since=row.since,
        until=row.until,
        taken_for=readable(row.reason),
        added_by=names.get(row.added_by, ""),
        added_at=row.added_at,
        ended_by=names.get(row.ended_by, "") if row.ended_by else "",
        ended_at=row.ended_at,
        end_reason=readable(row.end_reason),
        is_mistake=row.is_mistake,
    )


def visit_line(row: PlannedVisit, names: Mapping[UUID, str] | None = None) -> VisitLine:
    """Return one visit; without names, nobody is named."""
    return VisitLine(
        id=row.id,
        starts_at=row.starts_at,
        minutes=row.minutes,
        sequence=row.sequence,
        changed_at=row.changed_at,
        cancelled_at=row.cancelled_at,
        changed_by=(names or {}).get(row.changed_by, ""),
    )


def entry_line(
    row: Entry, made: Assessment | None, steps: Sequence[PlanStep], log: Log = NO_LOG
) -> EntryLine:
    """Return one entry with what the rules made of it.

    Args:
        made: None = never graded.
        log: The dose log; where it says something of the day, a full entry says the same.
    """
    doses = dose_answers(log, row.diary_on) if row.kind == "full" else {}
    step_up = last_step_up(steps, row.diary_on)
    graded = made is not None and made.outcome == "graded"
    return EntryLine(
        id=row.id,
        version=row.version,
        kind=row.kind,
        author=row.author,
        diary_on=row.diary_on,
        local_time=row.local_time,
        received_at=row.received_at,
        answers=readable_values({name: getattr(row, name) for name in ANSWERS}) | doses,
        temperature_celsius=made.temperature_celsius if made is not None else None,
        extent_percent=made.extent_percent if made is not None else None,
        level=made.level if made is not None and graded else None,
        grades=dict(made.grades) if made is not None else {},
        v6_rash_maculopapular=made.v6_rash_maculopapular if made is not None else None,
        reasons=reason_lines(made),
        rules_version=made.rules_version if made is not None and graded else None,
        day_since_step=None if step_up is None else (row.diary_on - step_up.on).days,
        first_id=row.first_id,
        time_zone=row.time_zone,
        written_at=row.written_at,
        said={name: getattr(row, name) for name in ANSWERS},
        assessed_at=made.assessed_at if made is not None else None,
        inputs=dict(made.inputs) if made is not None else {},
        recheck_minutes=made.recheck_minutes if made is not None else None,
    )


def reason_lines(made: Assessment | None) -> tuple[ReasonLine, ...]:
    """Return why an entry reached its level, as the rules ordered it: most urgent first."""
    return tuple(
        ReasonLine(
            code=str(reason["code"]),
            level=str(reason["level"]),
            sentence=str(reason["sentence"]),
            source=str(reason["source"]),
            values=dict(reason["values"]),
            patient_sentence=str(reason.get("patient_sentence", "")),
        )
        for reason in (made.reasons if made is not None else ())
    )


def lab_line(row: LabResult, labs: Sequence[LabResult], steps: Sequence[PlanStep]) -> LabLine:
    """Return one laboratory value.

    Args:
        row: The value.
        labs: The patient's values up to its day, oldest first, for limits that it lacks.
        steps: The plan, which says whether imatinib was taken once a day.
    """
    step = step_of(steps, row.taken_on)
    return LabLine(
        taken_on=row.taken_on,
        name=row.name,
        value=row.value,
        unit=row.unit,
        lower_limit=row.lower_limit,
        upper_limit=row.upper_limit,
        id=row.id,
        grade=lab_grade(row, labs),
        sampled_at=row.sampled_at,
        last_dose_at=row.last_dose_at,
        is_trough=is_trough(
            row.sampled_at,
            row.last_dose_at,
            once_daily=step is None or step.imatinib_mg < TWO_DOSES_MG,
        ),
        entered_at=row.entered_at,
    )


def dose_lines(log: Log) -> tuple[DoseLine, ...]:
    """Return what counts of the dose log, oldest day first; what was taken back is left out."""
    rows: list[DoseRecord] = [row for row in log.values() if row.how != "taken_back"]
    return tuple(dose_line(row) for row in sorted(rows, key=lambda row: (row.diary_on, row.drug)))


def dose_line(row: DoseRecord) -> DoseLine:
    """Return one thing said of one medicine of one day."""
    return DoseLine(
        on=row.diary_on,
        drug=row.drug,
        planned_mg=row.planned_mg,
        how=row.how,
        taken_mg=row.taken_mg,
        taken_clock=row.taken_clock,
        vomited_after=row.vomited_after,
        recorded_at=row.recorded_at,
        id=row.id,
        entry_id=row.entry_id,
        time_zone=row.time_zone,
    )


def alert_line(row: Alert, names: Mapping[UUID, str]) -> AlertLine:
    """Return one alert with the name of the person who took it."""
    taken_by = None if row.acknowledged_by is None else names.get(row.acknowledged_by, "")
    return AlertLine(
        code=row.code,
        level=row.level,
        state=row.state,
        raised_at=row.raised_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=taken_by,
        closed_at=row.closed_at,
        outcome=row.outcome,
        reason_codes=tuple(row.reason_codes),
        id=row.id,
        entry_id=row.entry_id,
        level_since=row.level_since,
        closed_by=None if row.closed_by is None else names.get(row.closed_by, ""),
    )


def photo_line(row: Photo, entry: Entry) -> PhotoLine:
    """Return one photo of an entry, still without its pictures."""
    return PhotoLine(
        id=row.id,
        entry_id=entry.id,
        taken_on=entry.diary_on,
        region=row.region,
        description=readable(row.description),
        picture=b"",
        thumbnail=b"",
        sent_with=row.draft_id,
        received_at=row.received_at,
    )


def week_line(row: WeeklyReport) -> WeekLine:
    """Return the weekly answers of one week."""
    return WeekLine(
        ends_on=row.period_ends_on,
        received_at=row.received_at,
        author=row.author,
        instrument=row.instrument,
        answers=row.answers,
        id=row.id,
        time_zone=row.time_zone,
        written_at=row.written_at,
    )
