"""A draft becomes an entry: the row as the patient gave it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.records import PlannedDose
from db.models import Draft, Entry, Patient
from diary_app.state.also import ticked_again
from diary_app.state.answers import COLUMNS
from diary_app.state.body import disagree, extent_percent, map_percent
from diary_app.state.entry_draft import EntryDraft, answered
from diary_app.state.questions import PlannedDay
from diary_app.state.typed_temperature import read_temperature


def entry_row(
    draft: Draft,
    patient: Patient,
    planned: PlannedDose,
    now: datetime,
    *,
    said_at: datetime,
    corrected: Entry | None = None,
) -> Entry:
    """Return the entry that a draft becomes.

    Args:
        draft: Its id becomes the entry's.
        planned: What the plan says for the day that the draft is about.
        now: When it was received.
        said_at: When the last answer was given.
        corrected: The version it replaces; None for a new entry.
    """
    told = EntryDraft.from_content(draft.content)
    # Once more by the rules of the form: what does not apply is unknown, whatever was sent.
    told = answered(told, planned_day(planned))
    values: dict[str, Any] = {name: told.answers.get(name) for name in COLUMNS}
    values.update(_extent(values))
    values["temperature_value"] = _typed_value(values)
    if values["temperature_value"] is None:
        values["temperature_unit"] = values["temperature_site"] = None
    values["words"] = (values["words"] or "").strip()
    on = day_of(told, said_at, patient)
    return Entry(
        id=draft.id,
        clinic_id=draft.clinic_id,
        patient_id=draft.patient_id,
        first_id=draft.id if corrected is None else corrected.first_id,
        version=1 if corrected is None else corrected.version + 1,
        replaces_id=None if corrected is None else corrected.id,
        kind=told.kind,
        diary_on=on,
        local_time=_clock(on, said_at, patient) if corrected is None else corrected.local_time,
        time_zone=patient.time_zone,
        written_at=now,
        received_at=now,
        imatinib_mg_prescribed=planned.imatinib_mg,
        prednisolone_mg_prescribed=planned.prednisolone_mg,
        **values,
    )


def planned_day(planned: PlannedDose) -> PlannedDay:
    """Return the plan of a day as the screens know it."""
    return PlannedDay(planned.imatinib_mg, planned.prednisolone_mg, planned.off_day)


def day_of(told: EntryDraft, said_at: datetime, patient: Patient) -> date:
    """Return the calendar day an entry is about: the one on which it was begun."""
    if told.day:
        return date.fromisoformat(told.day)
    return said_at.astimezone(ZoneInfo(patient.time_zone)).date()


def content_of(row: Entry) -> dict[str, Any]:
    """Return an entry's answers as a draft's content, to be corrected."""
    answers = {name: getattr(row, name) for name in COLUMNS}
    answers["also"] = ticked_again(answers)
    # Asked about when the entry was written: not once more with every correction.
    answers["handprints_sure"] = disagree(row.map_percent, row.handprints) or None
    return {name: value for name, value in answers.items() if value is not None and value != ""}


def _clock(on: date, said_at: datetime, patient: Patient) -> str:
    local = said_at.astimezone(ZoneInfo(patient.time_zone))
    # Finished after midnight: it is the end of the day it is about.
    return local.strftime("%H:%M") if local.date() == on else "23:59"


def _typed_value(values: Mapping[str, Any]) -> float | None:
    """Return the number typed, however unlikely: rule R4 must see it to judge it."""
    text = values.get("temperature_text")
    if not text:
        value: float | None = values.get("temperature_value")
        return value
    return read_temperature(text, values.get("temperature_unit") or "C").value


def _extent(values: Mapping[str, Any]) -> dict[str, float | None]:
    regions, handprints = values.get("regions"), values.get("handprints")
    drawn = map_percent(regions) if regions is not None else None
    return {"map_percent": drawn, "bsa_percent": extent_percent(drawn, handprints)}
