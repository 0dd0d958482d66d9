"""The entry being written: begun, kept answer by answer, sent, or filled again to correct one."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.intake import record_entry
from alerts.records import planned_dose
from db.access import Viewer
from db.errors import ConflictError
from db.models import Draft, Patient, Photo
from db.models.doses import DRUGS
from db.sealing import Unreadable
from db.stores import diary as entries
from db.stores import drafts, people, treatment
from diary_app.services.dose_log import log_answers
from diary_app.services.entry_row import content_of, entry_row, planned_day
from diary_app.services.kit import Kit
from diary_app.services.readable import readable
from diary_app.services.refusals import RefusedError
from diary_app.state.answers import check
from diary_app.state.diary import DraftView, OpenDraft, PhotoView
from diary_app.state.doses import with_log
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.faults import AlreadySentError
from diary_app.state.kept import Kept
from diary_app.state.questions import REVIEW
from diary_app.text import _


def begin(kit: Kit, viewer: Viewer, kind: str) -> DraftView:
    """Return the open draft of this day, or begin one and set older ones aside.

    An open full entry is never set aside for a temperature alone: it asks for one too.
    """
    viewer.require("diary.write", viewer.patient_id)
    now = kit.clock()
    with kit.database.writing(viewer.clinic_id) as session:
        patient = _patient(session, viewer)
        today = _local(now, patient).date()
        row = drafts.open_draft(session, viewer)
        if row is not None:
            told = EntryDraft.from_content(row.content)
            same_day = told.day == today.isoformat()
            if same_day and row.correcting_id is None and told.kind in {kind, "full"}:
                return draft_view(session, viewer, row)
        blank = EntryDraft(
            kind="reading" if kind == "reading" else "full",
            day=today.isoformat(),
            answers={"temperature_unit": unit_used_last(session, viewer, patient)},
        )
        content = _with_log(session, viewer, patient, blank, today).content()
        return draft_view(session, viewer, drafts.begin_draft(session, viewer, content, now))


def save_answers(
    kit: Kit, viewer: Viewer, draft_id: UUID, revision: int, answers: Mapping[str, Any]
) -> Kept:
    """Keep the whole content of a draft.

    Raises:
        AnswerRefusedError: An answer is impossible; nothing was changed.
        AlreadySentError: Another window saved this entry.
        ConflictError: Another window changed the draft.
    """
    viewer.require("diary.write", viewer.patient_id)
    check(answers)
    now = kit.clock()
    with kit.database.writing(viewer.clinic_id) as session:
        patient = _patient(session, viewer)
        row = drafts.draft(session, viewer, draft_id)
        _refuse_sent(row, patient)
        # The day and the kind were set when the draft was begun; no client changes them.
        told = EntryDraft.from_content(row.content)
        content = {**answers, "kind": told.kind, "day": told.day}
        newest = drafts.save_draft(session, viewer, draft_id, revision, content, now)
    return Kept(newest, _clock(now, patient))


def send(kit: Kit, viewer: Viewer, draft_id: UUID, revision: int) -> None:
    """Make a draft an entry, graded and told to the clinic, in one transaction.

    Raises:
        AlreadySentError: Another window saved this entry.
        ConflictError: Another window changed or replaced the draft.
    """
    viewer.require("diary.write", viewer.patient_id)
    now = kit.clock()
    with kit.database.writing(viewer.clinic_id) as session:
        patient = _patient(session, viewer)
        row = drafts.draft(session, viewer, draft_id)
        _refuse_sent(row, patient)
        if row.revision != revision or row.discarded_at is not None:
            raise ConflictError("This entry was changed in another window.")
        become_entry(session, viewer, row, patient, now)
    kit.changed(viewer.clinic_id, viewer.patient_id)


def become_entry(
    session: Session, viewer: Viewer, row: Draft, patient: Patient, now: datetime
) -> None:
    """Make an unsent draft an entry in the caller's transaction: kept, graded, told.

    Raises:
        AnswerRefusedError: An answer is impossible.
        ConflictError: Another window sent it.
    """
    check(row.content)
    corrected = None
    if row.correcting_id is not None:
        corrected = entries.entry(session, viewer, row.correcting_id)
    on = _day(row, patient)
    new = entry_row(
        row,
        patient,
        planned_dose(treatment.plan(session, viewer, patient.id), on),
        now,
        said_at=now if _local(now, patient).date() == on else row.updated_at,
        corrected=corrected,
    )
    if not drafts.mark_sent(session, viewer, row.id, now):
        raise ConflictError("This entry was saved in another window.")
    settled = EntryDraft.from_content(row.content).settled
    not_yet = [drug for drug in DRUGS if settled.get(drug) == "not_yet"]
    record_entry(session, viewer, new, now, not_taken_yet=not_yet)


def correct(kit: Kit, viewer: Viewer, entry_id: UUID) -> DraftView:
    """Begin a new version of an entry, filled with its answers, open at the review.

    Raises:
        NotFoundError: It is not the patient's own entry.
        RefusedError: Its words cannot be read without the key.
    """
    viewer.require("diary.write", viewer.patient_id)
    now = kit.clock()
    with kit.database.writing(viewer.clinic_id) as session:
        asked = entries.entry(session, viewer, entry_id)
        row = entries.newest_version(session, viewer, asked.first_id)
        already = drafts.open_draft(session, viewer)
        if already is not None and already.correcting_id == row.id:
            return draft_view(session, viewer, already)
        if isinstance(row.words, Unreadable):
            raise RefusedError(
                _("The words of this entry cannot be read without the key.")
                + " "
                + _("It can be corrected once the clinic has put the key back.")
            )
        filled = EntryDraft(
            kind=row.kind, day=row.diary_on.isoformat(), answers=content_of(row), at=REVIEW
        )
        patient = _patient(session, viewer)
        content = _with_log(session, viewer, patient, filled, row.diary_on).content()
        new = drafts.begin_draft(session, viewer, content, now, correcting_id=row.id)
        return draft_view(session, viewer, new)


def draft_view(session: Session, viewer: Viewer, row: Draft) -> DraftView:
    """Return a draft as the screens know it."""
    viewer.require("diary.write", row.patient_id)
    patient = _patient(session, viewer)
    steps = treatment.plan(session, viewer, patient.id)
    on, zone = _day(row, patient), ZoneInfo(patient.time_zone)
    logged = log_answers(session, viewer, patient.id, on, zone)
    return DraftView(
        id=row.id,
        revision=row.revision,
        content=row.content,
        planned=planned_day(planned_dose(steps, on)),
        saved_clock=_clock(row.updated_at, patient),
        corrects=row.correcting_id,
        photos=photo_views(drafts.draft_photos(session, viewer, row.id)),
        doses={drug: said for drug, said in logged.items() if said is not None},
    )


def brief(row: Draft | None, zone: ZoneInfo, today: date) -> OpenDraft | None:
    """Return an unsaved entry in short; None when there is none."""
    if row is None:
        return None
    told = EntryDraft.from_content(row.content)
    on = date.fromisoformat(told.day) if told.day else row.created_at.astimezone(zone).date()
    return OpenDraft(
        id=row.id,
        kind=told.kind,
        on=on,
        clock=row.updated_at.astimezone(zone).strftime("%H:%M"),
        is_of_today=on == today,
        corrects=row.correcting_id is not None,
    )


def photo_views(rows: list[Photo]) -> tuple[PhotoView, ...]:
    """Return photos as screens know them."""
    return tuple(PhotoView(row.id, row.region, readable(row.description)) for row in rows)


def _patient(session: Session, viewer: Viewer) -> Patient:
    return people.patient(session, viewer, viewer.actor_id)


def _with_log(
    session: Session, viewer: Viewer, patient: Patient, told: EntryDraft, day: date
) -> EntryDraft:
    """Return a draft whose dose questions are answered as the dose log answers them."""
    if told.kind != "full":
        return told
    said = log_answers(session, viewer, patient.id, day, ZoneInfo(patient.time_zone))
    if not said:
        return told
    planned = planned_dose(treatment.plan(session, viewer, patient.id), day)
    return with_log(told, planned_day(planned), said)


def unit_used_last(session: Session, viewer: Viewer, patient: Patient) -> str:
    """Return the unit the patient used last; at first the one of their record."""
    rows = entries.entries(session, viewer, patient.id)
    used = [row.temperature_unit for row in rows if row.temperature_unit is not None]
    return used[-1] if used else patient.temperature_unit


def _day(row: Draft, patient: Patient) -> date:
    told = EntryDraft.from_content(row.content)
    return date.fromisoformat(told.day) if told.day else _local(row.created_at, patient).date()


def _refuse_sent(row: Draft, patient: Patient) -> None:
    if row.sent_at is not None:
        clock = _clock(row.sent_at, patient)
        sentence = _("This entry was already saved at {clock} in another window.")
        raise AlreadySentError(sentence.format(clock=clock), clock)


def _local(at: datetime, patient: Patient) -> datetime:
    return at.astimezone(ZoneInfo(patient.time_zone))


def _clock(at: datetime, patient: Patient) -> str:
    return _local(at, patient).strftime("%H:%M")
