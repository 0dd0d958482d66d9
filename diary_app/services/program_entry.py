"""An entry that another program sends: kept once, graded and told like one from the app.

What was not sent stays unknown. Nothing is dropped on the way: an answer that cannot stand beside
the others is refused with its name.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.intake import record_entry
from alerts.records import planned_dose
from db.access import Viewer
from db.errors import ConflictError, NotFoundError
from db.models import ApiWrite, Entry
from db.stores import diary, doors, people, programs, treatment
from db.types import new_id
from diary_app.services.kit import Kit
from diary_app.services.programs import Program
from diary_app.services.refusals import RefusedError
from diary_app.state.answers import COLUMNS, check
from diary_app.state.body import extent_percent, map_percent
from diary_app.state.faults import AnswerRefusedError

OLDEST = timedelta(days=7)
# Two clocks never agree; more than this is a wrong clock.
AHEAD = timedelta(minutes=5)
_READING = frozenset(
    {"temperature_value", "temperature_unit", "temperature_site", "antipyretic_within_6h"}
)
_OF_RASH = ("regions", "handprints", "generalized", "morphology")
_OF_TEMPERATURE = ("temperature_unit", "temperature_site", "antipyretic_within_6h")


@dataclass(frozen=True)
class Told:
    """What a program says of one patient.

    Attributes:
        kind: ``full``, or ``reading`` for a temperature alone.
        author: ``patient`` or ``carer``: whose words they are.
        said_at: When they said it; None = just now.
        corrects: The version of an entry that this one replaces; None for a new entry.
        answers: Column of the entry -> value; absent = unknown.
    """

    patient_id: UUID
    kind: str
    author: str
    said_at: datetime | None
    corrects: UUID | None
    answers: Mapping[str, Any]

    def digest(self) -> str:
        """Return the SHA-256 by which the same is recognized when it is sent again."""
        said = None if self.said_at is None else self.said_at.isoformat()
        content = [str(self.patient_id), self.kind, self.author, said, str(self.corrects)]
        return hashlib.sha256(
            json.dumps([*content, dict(self.answers)], sort_keys=True).encode()
        ).hexdigest()


@dataclass(frozen=True)
class Taken:
    """What became of it. ``again`` = it had been sent before, and nothing was done now."""

    entry_id: UUID
    again: bool


class UnusableFieldError(RefusedError, ValueError):
    """A field cannot be used.

    Attributes:
        field: Its name, such as ``answers.itch_nrs``.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class NotFollowedError(RefusedError):
    """The patient is no longer in follow-up, or said no to the consent text."""


class OtherBodyError(RefusedError):
    """The key was used before, for something else."""


def send(kit: Kit, program: Program, key: str, told: Told) -> Taken:
    """Keep an entry, grade it and queue who must know, in one transaction; once per key.

    Args:
        kit: Database and clock.
        program: Who sends it; it needs ``entries:write``.
        key: Of the request; the same key is the same entry, for ever.
        told: What is said.

    Raises:
        UnusableFieldError: A field cannot be used; nothing was kept.
        OtherBodyError: The key was used for something else.
        ConflictError: What it corrects was corrected already.
        NotFoundError: The patient, or what it corrects, is not in the clinic's diaries.
        NotFollowedError: The patient is no longer in follow-up, or said no to the consent text.
    """
    viewer = program.viewer(told.patient_id)
    viewer.require("diary.write", told.patient_id)
    _check(told)
    now = kit.clock()
    with kit.database.writing(viewer.clinic_id) as session:
        try:
            before = programs.sent_under(session, viewer, key)
        except ConflictError as error:
            raise OtherBodyError("This key was used before, for another entry.") from error
        if before is not None:
            if before.body_sha256 != told.digest():
                raise OtherBodyError("This key was used before, for another entry.")
            return Taken(before.entry_id, again=True)
        entry = _entry(session, viewer, told, now)
        record_entry(session, viewer, entry, now)
        kept = ApiWrite(
            clinic_id=viewer.clinic_id,
            patient_id=told.patient_id,
            token_id=program.token_id,
            entry_id=entry.id,
            key=key,
            body_sha256=told.digest(),
            at=now,
        )
        programs.keep_sent(session, viewer, kept)
        entry_id = entry.id
    kit.changed(viewer.clinic_id, told.patient_id)
    return Taken(entry_id, again=False)


def _entry(session: Session, viewer: Viewer, told: Told, now: datetime) -> Entry:
    patient = people.patient(session, viewer, told.patient_id)
    if patient.is_test:
        raise NotFoundError("This patient is not in your clinic's list.")
    if not patient.active:
        raise NotFollowedError("This patient is no longer in follow-up; nothing was kept.")
    if doors.said_no(session, patient.id):
        raise NotFollowedError("This patient said no to the consent text; nothing was kept.")
    said_at = _said_at(told, now)
    local = said_at.astimezone(ZoneInfo(patient.time_zone))
    place: dict[str, Any] = {"diary_on": local.date(), "local_time": f"{local:%H:%M}"}
    entry_id = new_id()
    version: dict[str, Any] = {"first_id": entry_id}
    if told.corrects is not None:
        place, version = _of_corrected(session, viewer, told, told.corrects)
    planned = planned_dose(treatment.plan(session, viewer, patient.id), place["diary_on"])
    return Entry(
        id=entry_id,
        clinic_id=viewer.clinic_id,
        patient_id=patient.id,
        kind=told.kind,
        author=told.author,
        time_zone=patient.time_zone,
        written_at=said_at,
        received_at=now,
        imatinib_mg_prescribed=planned.imatinib_mg,
        prednisolone_mg_prescribed=planned.prednisolone_mg,
        **place,
        **version,
        **_columns(told.answers),
    )


def _of_corrected(
    session: Session, viewer: Viewer, told: Told, entry_id: UUID
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return day and time, and the place among the versions, of what is corrected."""
    before = diary.entry(session, viewer, entry_id)
    if before.kind != told.kind:
        raise UnusableFieldError("kind", "A correction is of the same kind as the entry.")
    place = {"diary_on": before.diary_on, "local_time": before.local_time}
    return place, {"first_id": before.first_id, "replaces_id": before.id}


def _said_at(told: Told, now: datetime) -> datetime:
    if told.said_at is None or told.corrects is not None:
        return now
    if told.said_at > now + AHEAD:
        raise UnusableFieldError("said_at", "This lies in the future; check the clock.")
    if told.said_at < now - OLDEST:
        raise UnusableFieldError("said_at", "This is more than 7 days ago; it is not kept.")
    return min(told.said_at, now)


def _check(told: Told) -> None:
    """Pass, or refuse the first answer that cannot stand there."""
    answers = told.answers
    if not answers:
        raise UnusableFieldError("answers", "Please send at least one answer.")
    for name, value in answers.items():
        try:
            check({name: value})
        except AnswerRefusedError as error:
            raise UnusableFieldError(f"answers.{name}", _reason(name)) from error
        if told.kind == "reading" and name not in _READING:
            raise UnusableFieldError(
                f"answers.{name}", "A reading holds a temperature and nothing else."
            )
    if "\0" in answers.get("words", ""):
        raise UnusableFieldError("answers.words", _reason("words"))
    if "temperature_value" in answers and "temperature_unit" not in answers:
        raise UnusableFieldError("answers.temperature_unit", "Please say C or F.")
    if told.kind == "reading" and "temperature_value" not in answers:
        raise UnusableFieldError("answers.temperature_value", "A reading needs a temperature.")
    if "temperature_value" not in answers:
        _refuse(answers, _OF_TEMPERATURE, "This needs a temperature beside it.")
    if answers.get("rash_present") is not True:
        _refuse(answers, _OF_RASH, "This needs rash_present: true beside it.")


def _refuse(answers: Mapping[str, Any], names: tuple[str, ...], sentence: str) -> None:
    for name in names:
        # "No rash" and "not generalized" say the same.
        if name in answers and answers[name] is not False:
            raise UnusableFieldError(f"answers.{name}", sentence)


def _reason(name: str) -> str:
    if name not in COLUMNS:
        return "The diary does not know this answer."
    return "This value is not possible; the API's description says which are."


def _columns(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of an entry; what only the app asks follows as in the app."""
    values = dict(answers)
    regions, handprints = values.get("regions"), values.get("handprints")
    drawn = map_percent(regions) if regions is not None else None
    values["map_percent"] = drawn
    values["bsa_percent"] = extent_percent(drawn, handprints)
    values["words"] = values.get("words", "").strip()
    rash, itch = values.get("rash_present") is True, (values.get("itch_nrs") or 0) > 0
    limited = values.get("adl") in {"instrumental", "self_care"}
    if limited and "adl_due_to" not in values and rash != itch:
        values["adl_due_to"] = ["skin"] if rash else ["itch"]
    return values
