"""One patient's diary as the patient's screens ask for it."""

import functools
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.grading.body_surface import PERCENT_BY_REGION
from alerts.intake import record_entry
from alerts.records import planned_dose
from db.access import Viewer
from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import Draft, Patient, Photo
from db.stores import diary as entries
from db.stores import drafts, people, treatment
from diary_app import routes
from diary_app.services import photos as photo_service
from diary_app.services.entry_row import content_of, entry_row, planned_day
from diary_app.services.kit import Kit, patient_topic
from diary_app.services.meaning import Meaning, clinic_card
from diary_app.services.refusals import RefusedError
from diary_app.state.answers import check
from diary_app.state.diary import (
    ClinicCard,
    DraftView,
    EntryView,
    Kept,
    OpenDraft,
    PhotoView,
    SavedEntry,
    SentView,
    TodayView,
)
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.faults import (
    AlreadySentError,
    AnswerRefusedError,
    ChangedElsewhereError,
    NotInDiaryError,
)
from diary_app.state.questions import REVIEW, PlannedDay
from diary_app.text import _

P = ParamSpec("P")
R = TypeVar("R")


def _told(method: Callable[P, R]) -> Callable[P, R]:
    """Turn what the stores refuse into what the screens know."""

    @functools.wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except ConflictError as error:
            raise ChangedElsewhereError(_("This entry was changed in another window.")) from error
        except RefusedError as error:
            raise AnswerRefusedError(str(error)) from error
        except (NotFoundError, AccessDeniedError) as error:
            raise NotInDiaryError(_("This entry is not in your diary.")) from error

    return call


class PatientDiary:
    """The diary of the patient who is signed in; every method is one look or one act.

    Args:
        kit: Database, clock and bells.
        viewer: The signed-in patient.

    Raises:
        AccessDeniedError: The viewer is not a patient.
    """

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        viewer.require("diary.write")
        if viewer.patient_id is None:
            raise AccessDeniedError("Only patients write a diary.")
        self._kit = kit
        self._viewer = viewer
        self._patient_id = viewer.patient_id

    @property
    def topic(self) -> str:
        """Name of the bell that rings when something about this patient changed."""
        return patient_topic(self._patient_id)

    def clinic(self) -> ClinicCard:
        """Return whom to call."""
        with self._kit.database.reading() as session:
            return clinic_card(session, self._viewer)

    @_told
    def today(self) -> TodayView:
        """Return what the first screen shows."""
        now = self._kit.clock()
        with self._kit.database.reading() as session:
            patient = self._patient(session)
            zone = ZoneInfo(patient.time_zone)
            today = now.astimezone(zone).date()
            rows = entries.entries(session, self._viewer, self._patient_id, first_on=today)
            meaning = Meaning(session, self._viewer, patient, now)
            newest = max(rows, key=lambda row: row.written_at, default=None)
            saved = None
            if newest is not None:
                saved = SavedEntry(
                    newest.id, meaning.clock(newest.written_at), meaning.seen(newest)
                )
            return TodayView(
                first_name=(patient.name.split() or [""])[0],
                on=today,
                planned=self._planned(session, today),
                draft=self._brief(drafts.open_draft(session, self._viewer), zone, today),
                saved=saved,
                recheck=meaning.recheck(),
                advice=meaning.standing_advice(),
                alerting_stopped=meaning.alerting_stopped(),
            )

    @_told
    def open_draft(self) -> DraftView | None:
        """Return the entry being written; None when there is none."""
        with self._kit.database.reading() as session:
            row = drafts.open_draft(session, self._viewer)
            return None if row is None else self._draft_view(session, row)

    @_told
    def begin(self, kind: str) -> DraftView:
        """Return the open draft of this day, or begin one and set older ones aside.

        An open full entry is never set aside for a temperature alone: it asks for one too.
        """
        now = self._kit.clock()
        with self._kit.database.writing() as session:
            patient = self._patient(session)
            today = now.astimezone(ZoneInfo(patient.time_zone)).date()
            row = drafts.open_draft(session, self._viewer)
            if row is not None:
                told = EntryDraft.from_content(row.content)
                same_day = told.day == today.isoformat()
                if same_day and row.correcting_id is None and told.kind in {kind, "full"}:
                    return self._draft_view(session, row)
            content = EntryDraft(
                kind="reading" if kind == "reading" else "full",
                day=today.isoformat(),
                answers={"temperature_unit": self._unit(session, patient)},
            ).content()
            new = drafts.begin_draft(session, self._viewer, content, now)
            return self._draft_view(session, new)

    @_told
    def save_answers(self, draft_id: UUID, revision: int, answers: Mapping[str, Any]) -> Kept:
        """Keep the whole content of a draft.

        Raises:
            AnswerRefusedError: An answer is impossible; nothing was changed.
            AlreadySentError: Another window saved this entry.
            ChangedElsewhereError: Another window changed the draft.
        """
        check(answers)
        now = self._kit.clock()
        with self._kit.database.writing() as session:
            patient = self._patient(session)
            row = drafts.draft(session, self._viewer, draft_id)
            self._refuse_sent(row, patient)
            # The day and the kind were set when the draft was begun; no client changes them.
            told = EntryDraft.from_content(row.content)
            content = {**answers, "kind": told.kind, "day": told.day}
            newest = drafts.save_draft(session, self._viewer, draft_id, revision, content, now)
        return Kept(newest, _clock(now, patient))

    @_told
    def send(self, draft_id: UUID, revision: int) -> SentView:
        """Make the draft an entry and return what it means.

        Raises:
            AlreadySentError: Another window saved this entry.
            ChangedElsewhereError: Another window changed the draft.
        """
        now = self._kit.clock()
        with self._kit.database.writing() as session:
            patient = self._patient(session)
            row = drafts.draft(session, self._viewer, draft_id)
            self._refuse_sent(row, patient)
            if row.revision != revision or row.discarded_at is not None:
                raise ConflictError("This entry was changed in another window.")
            check(row.content)
            corrected = None
            if row.correcting_id is not None:
                corrected = entries.entry(session, self._viewer, row.correcting_id)
            told = EntryDraft.from_content(row.content)
            on = date.fromisoformat(told.day) if told.day else _local(now, patient).date()
            new = entry_row(
                row,
                patient,
                planned_dose(treatment.plan(session, self._viewer, self._patient_id), on),
                now,
                said_at=now if _local(now, patient).date() == on else row.updated_at,
                corrected=corrected,
            )
            if not drafts.mark_sent(session, self._viewer, draft_id, now):
                raise ConflictError("This entry was saved in another window.")
            record_entry(session, self._viewer, new, now)
        self._kit.changed(self._viewer.clinic_id, self._patient_id)
        return self.sent(draft_id)

    @_told
    def sent(self, entry_id: UUID) -> SentView:
        """Return what a saved entry means, as far as is known now."""
        now = self._kit.clock()
        with self._kit.database.reading() as session:
            row = entries.entry(session, self._viewer, entry_id)
            meaning = Meaning(session, self._viewer, self._patient(session), now)
            newest = entries.newest_version(session, self._viewer, row.first_id)
            return SentView(
                entry_id=row.id,
                clock=meaning.clock(row.written_at),
                advice=meaning.advice(row),
                recheck=meaning.recheck(),
                seen=meaning.seen(row),
                alerting_stopped=meaning.alerting_stopped(),
                still_counts=newest.id == row.id,
            )

    @_told
    def history(self) -> tuple[EntryView, ...]:
        """Return the entries that count, newest first."""
        now = self._kit.clock()
        with self._kit.database.reading() as session:
            rows = entries.entries(session, self._viewer, self._patient_id)
            meaning = Meaning(session, self._viewer, self._patient(session), now)
            meaning.look_up(rows)
            return tuple(meaning.entry_view(row) for row in reversed(rows))

    @_told
    def entry_view(self, entry_id: UUID) -> EntryView:
        """Return one entry with its earlier versions and photos."""
        now = self._kit.clock()
        with self._kit.database.reading() as session:
            row = entries.entry(session, self._viewer, entry_id)
            every = entries.versions(session, self._viewer, row.first_id)
            meaning = Meaning(session, self._viewer, self._patient(session), now)
            meaning.look_up(every)
            pictures = [
                photo
                for version in every
                if version.version <= row.version
                for photo in entries.photos(
                    session, self._viewer, self._patient_id, entry_id=version.id
                )
            ]
            return meaning.entry_view(
                row,
                newest=every[-1].id,
                earlier=[version for version in every if version.version < row.version],
                photos=_photo_views(pictures),
            )

    @_told
    def correct(self, entry_id: UUID) -> DraftView:
        """Begin a new version of an entry, filled with its answers, open at the review."""
        now = self._kit.clock()
        with self._kit.database.writing() as session:
            asked = entries.entry(session, self._viewer, entry_id)
            row = entries.newest_version(session, self._viewer, asked.first_id)
            already = drafts.open_draft(session, self._viewer)
            if already is not None and already.correcting_id == row.id:
                return self._draft_view(session, already)
            content = {
                **EntryDraft(kind=row.kind, day=row.diary_on.isoformat(), at=REVIEW).content(),
                **content_of(row),
            }
            new = drafts.begin_draft(session, self._viewer, content, now, correcting_id=row.id)
            return self._draft_view(session, new)

    @_told
    def photos(self, draft_id: UUID) -> tuple[PhotoView, ...]:
        """Return the photos of a draft, oldest first."""
        with self._kit.database.reading() as session:
            return _photo_views(drafts.draft_photos(session, self._viewer, draft_id))

    @_told
    def make_ticket(self, draft_id: UUID) -> str:
        """Return the address to which one photo may be sent within ten minutes."""
        now = self._kit.clock()
        ticket = photo_service.issue_ticket(self._kit, self._viewer, draft_id, now)
        return routes.photo_upload(ticket)

    @_told
    def describe_photo(self, photo_id: UUID, region: str | None, description: str) -> None:
        """Set what a photo of an unsaved entry shows.

        Raises:
            AnswerRefusedError: The region is not on the map or the words are too many.
        """
        kept = photo_service.check_words(region or "", description, PERCENT_BY_REGION)
        with self._kit.database.writing() as session:
            drafts.describe_photo(
                session, self._viewer, photo_id, region=kept, description=description
            )

    @_told
    def remove_photo(self, photo_id: UUID) -> None:
        """Take a photo out of an unsaved entry."""
        photo_service.take_out(self._kit, self._viewer, photo_id, self._kit.clock())

    def _patient(self, session: Session) -> Patient:
        return people.patient(session, self._viewer, self._patient_id)

    def _planned(self, session: Session, on: date) -> PlannedDay:
        steps = treatment.plan(session, self._viewer, self._patient_id)
        return planned_day(planned_dose(steps, on))

    def _unit(self, session: Session, patient: Patient) -> str:
        """Return the unit the patient used last; at first the one of their record."""
        rows = entries.entries(session, self._viewer, self._patient_id)
        used = [row.temperature_unit for row in rows if row.temperature_unit is not None]
        return used[-1] if used else patient.temperature_unit

    def _draft_view(self, session: Session, row: Draft) -> DraftView:
        patient = self._patient(session)
        told = EntryDraft.from_content(row.content)
        on = date.fromisoformat(told.day) if told.day else _local(row.created_at, patient).date()
        pictures = drafts.draft_photos(session, self._viewer, row.id)
        return DraftView(
            id=row.id,
            revision=row.revision,
            content=row.content,
            planned=self._planned(session, on),
            saved_clock=_clock(row.updated_at, patient),
            corrects=row.correcting_id,
            photos=_photo_views(pictures),
        )

    def _brief(self, row: Draft | None, zone: ZoneInfo, today: date) -> OpenDraft | None:
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

    def _refuse_sent(self, row: Draft, patient: Patient) -> None:
        if row.sent_at is not None:
            clock = _clock(row.sent_at, patient)
            raise AlreadySentError(
                _("This entry was already saved at {clock} in another window.").format(clock=clock),
                clock,
            )


def _local(at: datetime, patient: Patient) -> datetime:
    return at.astimezone(ZoneInfo(patient.time_zone))


def _clock(at: datetime, patient: Patient) -> str:
    return _local(at, patient).strftime("%H:%M")


def _photo_views(rows: list[Photo]) -> tuple[PhotoView, ...]:
    return tuple(PhotoView(row.id, row.region, row.description) for row in rows)
