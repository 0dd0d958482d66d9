"""A patient's period as CSV tables (RFC 4180) and as one archive with photos."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from alerts.grading.pro_ctcae_week import items_of_week
from alerts.grading.pro_ctcae_wording import OWNER
from diary_app.exports import table_columns as columns
from diary_app.exports.bundle import EntryLine, PhotoLine, VisitBundle

# What a spreadsheet may read as the start of a formula, and the guard itself, so that taking
# one leading guard away always gives the text back. Source: OWASP, "CSV Injection".
_GUARD = "'"
_GUARDED_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", _GUARD)


def diary_csv(bundle: VisitBundle) -> str:
    """Return the entries, one row each, oldest first; lines end in CRLF.

    Columns: who and when, every answer by its database name, ``temperature_celsius``,
    ``extent_percent``, ``level``, ``grade_<symptom>``, ``v6_rash_maculopapular``,
    ``reason_codes``, ``rules_version``, ``day_since_step``. An empty cell = not asked or not
    answered, never 0; an asked list with nothing ticked is ``none``; items are joined with ";".
    Texts that a spreadsheet could run as a formula begin with one apostrophe (see ``guarded``).
    """
    symptoms = _symptoms(bundle.entries)
    header = [
        *columns.ENTRY_START,
        *columns.ANSWER_COLUMNS,
        *columns.ENTRY_MIDDLE,
        *(f"grade_{symptom}" for symptom in symptoms),
        *columns.ENTRY_END,
    ]
    entries = sorted(bundle.entries, key=lambda entry: (entry.diary_on, entry.received_at))
    return _table(header, (_entry(bundle.patient_code, line, symptoms) for line in entries))


def plan_csv(bundle: VisitBundle) -> str:
    """Return the steps of the plan, one row each, oldest first."""
    rows = (
        (
            bundle.patient_code,
            step.starts_on,
            step.imatinib_mg,
            step.every_n_days,
            step.prednisolone_mg,
            step.reason,
            step.author,
        )
        for step in sorted(bundle.plan, key=lambda step: step.starts_on)
    )
    return _table(columns.PLAN, rows)


def doses_csv(bundle: VisitBundle) -> str:
    """Return the dose log, one row per day and medicine, oldest first; the newest word counts."""
    rows = (
        (
            bundle.patient_code,
            dose.on,
            dose.drug,
            dose.planned_mg,
            dose.how,
            dose.taken_mg,
            dose.taken_clock,
            dose.vomited_after,
            dose.recorded_at,
        )
        for dose in sorted(bundle.doses, key=lambda dose: (dose.on, dose.drug))
    )
    return _table(columns.DOSES, rows)


def labs_csv(bundle: VisitBundle) -> str:
    """Return the laboratory values, one row each, oldest first; an empty limit = not given."""
    rows = (
        (
            bundle.patient_code,
            lab.taken_on,
            lab.name,
            lab.value,
            lab.unit,
            lab.lower_limit,
            lab.upper_limit,
        )
        for lab in sorted(bundle.labs, key=lambda lab: (lab.taken_on, lab.name))
    )
    return _table(columns.LABS, rows)


def alerts_csv(bundle: VisitBundle) -> str:
    """Return the alerts, one row each, oldest first; times are UTC."""
    rows = (
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
        )
        for alert in sorted(bundle.alerts, key=lambda alert: alert.raised_at)
    )
    return _table(columns.ALERTS, rows)


def photos_csv(bundle: VisitBundle) -> str:
    """Return the photos, one row each, oldest first, with their place in the archive."""
    rows = (
        (
            bundle.patient_code,
            photo.id,
            photo.entry_id,
            photo.taken_on,
            photo.region,
            photo.description,
            _photo_path(photo),
        )
        for photo in sorted(bundle.photos, key=lambda photo: photo.taken_on)
    )
    return _table(columns.PHOTOS, rows)


def proctcae_csv(bundle: VisitBundle) -> str:
    """Return the weekly questions, one row a week, oldest first, as the R package ProAE names them.

    Columns: ``PROCTCAE_9A_SCL`` and so on (``_IND`` where yes or no is asked) of every symptom
    asked in the period, and its composite grade ``PROCTCAE_9_COMP``.
    """
    weeks = [(week, items_of_week(week.answers)) for week in bundle.weeks]
    asked = {each.item.number: each for _week, items in weeks for each in items}
    symptoms = [asked[number] for number in sorted(asked)]
    rows = []
    for week, items in weeks:
        found = {each.item.number: each for each in items}
        row: list[object] = [
            bundle.patient_code,
            week.ends_on,
            week.received_at,
            week.author,
            week.instrument,
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
    return _table(header, rows)


def archive(bundle: VisitBundle) -> bytes:
    """Return a ZIP of all tables, their data dictionary and the photos; names hold ids alone.

    The same bundle gives the same bytes.
    """
    tables = {
        "entries.csv": diary_csv(bundle),
        "plan.csv": plan_csv(bundle),
        "labs.csv": labs_csv(bundle),
        "alerts.csv": alerts_csv(bundle),
        "photos.csv": photos_csv(bundle),
    }
    if bundle.doses:
        tables["doses.csv"] = doses_csv(bundle)
    if bundle.weeks:
        tables["proctcae.csv"] = proctcae_csv(bundle)
    kept = BytesIO()
    with ZipFile(kept, "w") as packed:
        for name, text in {**tables, "data-dictionary.csv": _dictionary(tables)}.items():
            packed.writestr(member(name, bundle.made_at), text.encode(), ZIP_DEFLATED)
        for photo in bundle.photos:
            place = member(_photo_path(photo), bundle.made_at)
            packed.writestr(place, photo.picture, ZIP_STORED)
    return kept.getvalue()


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula: risky starts get one apostrophe."""
    return _GUARD + text if text.startswith(_GUARDED_STARTS) else text


def unguarded(cell: str) -> str:
    """Return the text that ``guarded`` was given."""
    return cell.removeprefix(_GUARD)


def _dictionary(tables: Mapping[str, str]) -> str:
    rules = columns.rules_of_reading()
    if "proctcae.csv" in tables:
        rules.append(OWNER)
    rows: list[Sequence[object]] = [("", "", words, "") for words in rules]
    for name, text in tables.items():
        for column in next(csv.reader(StringIO(text))):
            meaning = columns.meaning_of(column)
            rows.append((name, column, meaning.words, meaning.values))
    return _table(("file", "column", "meaning", "values"), rows)


def _symptoms(entries: Iterable[EntryLine]) -> tuple[str, ...]:
    found = {symptom for entry in entries for symptom in entry.grades}
    return (*columns.GRADED_SYMPTOMS, *sorted(found.difference(columns.GRADED_SYMPTOMS)))


def _entry(patient_code: str, entry: EntryLine, symptoms: Sequence[str]) -> Sequence[object]:
    return (
        patient_code,
        entry.id,
        entry.version,
        entry.kind,
        entry.author,
        entry.diary_on,
        entry.local_time,
        entry.received_at,
        *(entry.answers.get(name) for name in columns.ANSWER_COLUMNS),
        entry.temperature_celsius,
        entry.extent_percent,
        entry.level,
        *(entry.grades.get(symptom) for symptom in symptoms),
        entry.v6_rash_maculopapular,
        [reason.code for reason in entry.reasons] if entry.rules_version else None,
        entry.rules_version,
        entry.day_since_step,
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | UUID():
            return str(value)
        case float():
            return repr(value).removesuffix(".0")
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case Mapping():
            return guarded(";".join(f"{key}={amount}" for key, amount in value.items()) or "none")
        case list() | tuple():
            return guarded(";".join(str(item) for item in value) or "none")
        case _:
            return guarded(str(value))


def _photo_path(photo: PhotoLine) -> str:
    return f"photos/{photo.id}.jpg"


def member(name: str, made_at: datetime) -> ZipInfo:
    """Return the place of one file in an archive, dated by the instant of the bundle."""
    at = made_at.astimezone(UTC)
    member = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    member.external_attr = 0o600 << 16
    return member
