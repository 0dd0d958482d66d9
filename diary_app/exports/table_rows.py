"""A visit bundle as tables of plain values: everything in it, each thing in one place.

Wide tables have a column for every answer; long ones (``entries_long``, ``proctcae_long``) a row
for every answer given. An absent answer is None in the first and no row in the second.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from alerts.grading.pro_ctcae_week import items_of_week
from diary_app.exports import table_columns as columns
from diary_app.exports.bundle import (
    DoseLine,
    EntryLine,
    PhotoLine,
    PlanStepLine,
    ReasonLine,
    VisitBundle,
)
from diary_app.exports.table_facts import (
    Row,
    Table,
    medicines_table,
    questions_table,
    visits_table,
)
from diary_app.exports.table_meanings import unit_of


def tables_of(bundle: VisitBundle) -> dict[str, Table]:
    """Return the tables of ``table_columns.TABLES`` by name, oldest rows first.

    Those of the weekly questions are left out when no week was answered.
    """
    found = _tables(bundle)
    return {
        name: table for name, table in found.items() if bundle.weeks or name not in columns.WEEKLY
    }


def _tables(bundle: VisitBundle) -> dict[str, Table]:
    versions = [one for entry in bundle.entries for one in (*entry.earlier, entry)]
    symptoms = _symptoms(versions)
    current = sorted(bundle.entries, key=lambda entry: (entry.diary_on, entry.received_at))
    earlier = [one for entry in current for one in entry.earlier]
    about = bundle.patient_code
    return {
        "patient": _patient(bundle),
        "entries": _entries(about, current, symptoms),
        "entries_long": Table(
            columns.LONG, [row for entry in current for row in _long(about, entry)]
        ),
        "entries_earlier": _entries(about, earlier, symptoms),
        "grading": Table(
            columns.GRADING,
            [
                (about, one.id, one.assessed_at, one.recheck_minutes, _json(one.inputs))
                for one in versions
            ],
        ),
        "reasons": Table(columns.REASONS, list(_reasons(bundle, versions))),
        "plan": _plan(about, sorted(bundle.plan, key=lambda step: step.starts_on)),
        "plan_former": _plan(about, bundle.former_plan),
        "doses": _doses(about, sorted(bundle.doses, key=lambda dose: (dose.on, dose.drug))),
        "doses_said": _doses(about, bundle.dose_words),
        "medicines": medicines_table(bundle),
        "visits": visits_table(bundle),
        "visit_questions": questions_table(bundle),
        "labs": _labs(bundle),
        "alerts": _alerts(bundle),
        "alert_events": Table(
            columns.EVENTS,
            [
                (about, alert.code, place, one.at, one.kind, one.actor or None, _json(one.detail))
                for alert in bundle.alerts
                for place, one in enumerate(alert.events, start=1)
            ],
        ),
        "findings": Table(
            columns.FINDINGS,
            [
                (
                    about,
                    number,
                    one.about,
                    one.on,
                    one.entry_id,
                    one.assessed_at,
                    one.level,
                    one.grades,
                    one.rules_version or None,
                    _json(one.inputs),
                )
                for number, one in enumerate(bundle.findings, start=1)
            ],
        ),
        "photos": Table(
            columns.PHOTOS,
            [
                (
                    about,
                    one.id,
                    one.entry_id,
                    one.taken_on,
                    one.region,
                    one.description or None,
                    photo_path(one),
                    one.sent_with,
                    one.received_at,
                    one.is_kept,
                )
                for one in sorted(bundle.photos, key=lambda photo: photo.taken_on)
            ],
        ),
        "proctcae": _proctcae(bundle),
        "proctcae_long": Table(
            columns.PROCTCAE_LONG,
            [
                (about, number, week.ends_on, question, score)
                for number, week in enumerate(bundle.weeks, start=1)
                for question, score in week.answers.items()
            ],
        ),
    }


def photo_path(photo: PhotoLine) -> str:
    """Return where a photo lies in the archive."""
    return f"photos/{photo.id}.jpg"


def _patient(bundle: VisitBundle) -> Table:
    who = bundle.person
    person: Row = (
        (None,) * len(columns.PERSON)
        if who is None
        else (
            who.phone or None,
            who.language,
            who.temperature_unit,
            who.prior_severe_reaction,
            who.prior_reaction_type,
            who.on_systemic_steroid,
            who.baseline_grades,
        )
    )
    frame = [getattr(bundle, name) for name in columns.PATIENT]
    return Table(
        (*columns.PATIENT, *columns.PERSON), [[_text(value) for value in (*frame, *person)]]
    )


def _entries(about: str, lines: Sequence[EntryLine], symptoms: Sequence[str]) -> Table:
    header = (
        *columns.ENTRY_START,
        *columns.ANSWER_COLUMNS,
        *columns.ENTRY_MIDDLE,
        *(f"grade_{symptom}" for symptom in symptoms),
        *columns.ENTRY_END,
        *columns.ENTRY_ORIGIN,
        *(f"said_{name}" for name in columns.DOSE_ANSWERS),
    )
    return Table(header, [_entry(about, line, symptoms) for line in lines])


def _entry(about: str, entry: EntryLine, symptoms: Sequence[str]) -> Row:
    said = entry.answers if entry.said is None else entry.said
    return (
        about,
        entry.id,
        entry.version,
        entry.kind,
        entry.author,
        entry.diary_on,
        entry.local_time,
        entry.received_at,
        *(_answer(entry, name) for name in columns.ANSWER_COLUMNS),
        entry.temperature_celsius,
        entry.extent_percent,
        entry.level,
        *(entry.grades.get(symptom) for symptom in symptoms),
        entry.v6_rash_maculopapular,
        [reason.code for reason in entry.reasons] if entry.rules_version else None,
        entry.rules_version,
        entry.day_since_step,
        entry.first_id,
        entry.time_zone,
        entry.written_at,
        *(said.get(name) for name in columns.DOSE_ANSWERS),
    )


def _answer(entry: EntryLine, name: str) -> object:
    said = entry.answers.get(name)
    return said or None if name == "words" else said


def _long(about: str, entry: EntryLine) -> Iterable[Row]:
    """Yield a row for every answer and every result; nothing for what was not asked."""
    values: dict[str, object] = {name: _answer(entry, name) for name in columns.ANSWER_COLUMNS}
    values |= {name: getattr(entry, name) for name in columns.ENTRY_MIDDLE}
    values |= {f"grade_{symptom}": grade for symptom, grade in entry.grades.items()}
    values["v6_rash_maculopapular"] = entry.v6_rash_maculopapular
    start = (about, entry.id, entry.diary_on, entry.local_time, entry.author)
    for name, value in values.items():
        match value:
            case None:
                continue
            case Mapping() if value:
                pairs = [(f"{name}.{key}", amount) for key, amount in value.items()]
            case list() | tuple() if value:
                pairs = [(name, item) for item in value]
            case _:
                pairs = [(name, value)]
        for variable, single in pairs:
            yield (*start, variable, single, unit_of(name) or None)


def _reasons(bundle: VisitBundle, versions: Iterable[EntryLine]) -> Iterable[Row]:
    for entry in versions:
        for place, reason in enumerate(entry.reasons, start=1):
            yield _reason(bundle.patient_code, entry.id, None, place, reason)
    for number, finding in enumerate(bundle.findings, start=1):
        for place, reason in enumerate(finding.reasons, start=1):
            yield _reason(bundle.patient_code, finding.entry_id, number, place, reason)


def _reason(
    about: str, entry_id: object, finding: int | None, place: int, reason: ReasonLine
) -> Row:
    return (
        about,
        entry_id,
        finding,
        place,
        reason.code,
        reason.level,
        reason.sentence or None,
        reason.patient_sentence or None,
        reason.source or None,
        _json(reason.values),
    )


def _plan(about: str, steps: Iterable[PlanStepLine]) -> Table:
    rows = [
        (
            about,
            step.starts_on,
            step.imatinib_mg,
            step.every_n_days,
            step.prednisolone_mg,
            step.reason or None,
            step.author or None,
            step.approved_at,
            step.superseded_at,
        )
        for step in steps
    ]
    return Table(columns.PLAN, rows)


def _doses(about: str, doses: Iterable[DoseLine]) -> Table:
    rows = [
        (
            about,
            dose.on,
            dose.drug,
            dose.planned_mg,
            dose.how,
            dose.taken_mg,
            dose.taken_clock,
            dose.vomited_after,
            dose.recorded_at,
            dose.id,
            dose.entry_id,
            dose.time_zone,
        )
        for dose in doses
    ]
    return Table(columns.DOSES, rows)


def _labs(bundle: VisitBundle) -> Table:
    rows = [
        (
            bundle.patient_code,
            lab.taken_on,
            lab.name,
            lab.value,
            lab.unit or None,
            lab.lower_limit,
            lab.upper_limit,
            lab.id,
            lab.grade,
            lab.sampled_at,
            lab.last_dose_at,
            lab.is_trough,
            lab.entered_at,
            lab.entered_by or None,
        )
        for lab in sorted(bundle.labs, key=lambda lab: (lab.taken_on, lab.name))
    ]
    return Table(columns.LABS, rows)


def _alerts(bundle: VisitBundle) -> Table:
    rows = [
        (
            bundle.patient_code,
            alert.code,
            alert.level,
            alert.state,
            alert.raised_at,
            alert.acknowledged_at,
            alert.acknowledged_by,
            alert.closed_at,
            alert.outcome,
            alert.reason_codes,
            alert.id,
            alert.entry_id,
            alert.level_since,
            alert.closed_by,
        )
        for alert in sorted(bundle.alerts, key=lambda alert: alert.raised_at)
    ]
    return Table(columns.ALERTS, rows)


def _proctcae(bundle: VisitBundle) -> Table:
    """Return one row a week, with columns as the R package ProAE names them.

    ``PROCTCAE_9A_SCL`` and so on (``_IND`` where yes or no is asked) of every symptom asked in the
    period, and its composite grade ``PROCTCAE_9_COMP``.
    """
    weeks = [(week, items_of_week(week.answers)) for week in bundle.weeks]
    asked = {each.item.number: each for _week, items in weeks for each in items}
    symptoms = [asked[number] for number in sorted(asked)]
    rows = []
    for number, (week, items) in enumerate(weeks, start=1):
        found = {each.item.number: each for each in items}
        row: list[object] = [
            bundle.patient_code,
            number,
            week.ends_on,
            week.received_at,
            week.author,
            week.instrument,
            week.id,
            week.time_zone,
            week.written_at,
        ]
        for symptom in symptoms:
            each = found.get(symptom.item.number)
            row += each.scores if each is not None else [None] * len(symptom.scores)
            if not symptom.is_presence:
                row.append(None if each is None else each.grade)
        rows.append(row)
    header = [
        *columns.PROCTCAE,
        *(
            name
            for symptom in symptoms
            for name in (
                *symptom.item.columns,
                *([] if symptom.is_presence else [f"PROCTCAE_{symptom.item.number}_COMP"]),
            )
        ),
    ]
    return Table(header, rows)


def _symptoms(entries: Iterable[EntryLine]) -> tuple[str, ...]:
    found = {symptom for entry in entries for symptom in entry.grades}
    return (*columns.GRADED_SYMPTOMS, *sorted(found.difference(columns.GRADED_SYMPTOMS)))


def _json(values: Mapping[str, object]) -> str | None:
    return json.dumps(values, ensure_ascii=False, allow_nan=False) if values else None


def _text(value: object) -> object:
    return None if value == "" else value
