"""One patient's diary as the patient's screens ask for it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.grading.body_surface import PERCENT_BY_REGION
from alerts.records import planned_dose
from db.access import Viewer
from db.errors import AccessDeniedError
from db.models import Entry, Patient
from db.stores import course as course_rows
from db.stores import diary as entries
from db.stores import drafts, people, treatment
from diary_app import routes
from diary_app.services import drafting
from diary_app.services import photos as photo_service
from diary_app.services.body import PatientBody
from diary_app.services.clinic_answers import news
from diary_app.services.course import PatientCourse
from diary_app.services.dose_log import PatientDoses
from diary_app.services.entry_row import planned_day
from diary_app.services.explaining import explained
from diary_app.services.kit import Kit, card_topic, patient_topic
from diary_app.services.languages import OwnLanguage
from diary_app.services.meaning import Meaning, clinic_card
from diary_app.services.pictures import PatientPictures
from diary_app.services.reason_words import call_if_words
from diary_app.services.reminding import PatientReminders
from diary_app.services.telling import told
from diary_app.services.visit_questions import OwnQuestions
from diary_app.services.weekly import PatientWeekly
from diary_app.state.diary import (
    ClinicCard,
    DraftView,
    EntryView,
    PhotoView,
    SavedEntry,
    SentView,
    TodayView,
)
from diary_app.state.kept import Kept
from diary_app.state.questions import PlannedDay


class PatientDiary:
    """The diary of the patient who is signed in; every method is one look or one act.

    Args:
        kit: Database, clock and bells.
        viewer: The signed-in patient.
        sign_in_id: Of this device; empty = an unknown one, which shows no photo.

    Raises:
        AccessDeniedError: The viewer is not a patient.
    """

    def __init__(self, kit: Kit, viewer: Viewer, sign_in_id: str = "") -> None:
        viewer.require("diary.write")
        if viewer.patient_id is None:
            raise AccessDeniedError("Only patients write a diary.")
        self._kit = kit
        self._viewer = viewer
        self._patient_id = viewer.patient_id
        self._weekly = PatientWeekly(kit, viewer)
        self._doses = PatientDoses(kit, viewer)
        self._pictures = PatientPictures(kit, viewer, sign_in_id)

    @property
    def topic(self) -> str:
        """Name of the bell that rings when something about this patient changed."""
        return patient_topic(self._patient_id)

    @property
    def card_topic(self) -> str:
        """Name of the bell that rings when the clinic's name, numbers or hours changed."""
        return card_topic(self._viewer.clinic_id)

    @property
    def weekly(self) -> PatientWeekly:
        """The weekly questions of this patient."""
        return self._weekly

    @property
    def reminders(self) -> PatientReminders:
        """The reminders of the same patient."""
        return PatientReminders(self._kit, self._viewer)

    @property
    def course(self) -> PatientCourse:
        """The course of the same patient."""
        return PatientCourse(self._kit, self._viewer)

    @property
    def doses(self) -> PatientDoses:
        """The dose log and the plan of this patient."""
        return self._doses

    @property
    def body(self) -> PatientBody:
        """The earlier body maps of the same patient."""
        return PatientBody(self._kit, self._viewer)

    @property
    def pictures(self) -> PatientPictures:
        """The photos of the same patient on this device."""
        return self._pictures

    @property
    def questions(self) -> OwnQuestions:
        """What the same patient wants to ask at the next visit."""
        return OwnQuestions(self._kit, self._viewer)

    @property
    def speech(self) -> OwnLanguage:
        """The language of the same patient."""
        return OwnLanguage(self._kit, self._viewer)

    def clinic(self) -> ClinicCard:
        """Return whom to call."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            return clinic_card(session, self._viewer)

    @told
    def today(self) -> TodayView:
        """Return what the first screen shows."""
        now = self._kit.clock()
        with self._kit.database.reading(self._viewer.clinic_id) as session:
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
                draft=drafting.brief(drafts.open_draft(session, self._viewer), zone, today),
                saved=saved,
                recheck=meaning.recheck(),
                advice=meaning.standing_advice(),
                asked_again=None
                if any(row.kind == "full" for row in rows)
                else meaning.asked_again(),
                alerting_stopped=meaning.alerting_stopped(),
                stopped_since=meaning.stopped_since(),
                weekly=self._weekly.due_in(session),
                answer=news(session, self._viewer, patient, now),
                doses=self._doses.view_in(session, now),
            )

    @told
    def open_draft(self) -> DraftView | None:
        """Return the entry being written; None when there is none."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            row = drafts.open_draft(session, self._viewer)
            return None if row is None else drafting.draft_view(session, self._viewer, row)

    @told
    def begin(self, kind: str) -> DraftView:
        """Return the open draft of this day, or begin one and set older ones aside."""
        return drafting.begin(self._kit, self._viewer, kind)

    @told
    def save_answers(self, draft_id: UUID, revision: int, answers: Mapping[str, Any]) -> Kept:
        """Keep the whole content of a draft.

        Raises:
            AnswerRefusedError: An answer is impossible; nothing was changed.
            AlreadySentError: Another window saved this entry.
            ChangedElsewhereError: Another window changed the draft.
        """
        return drafting.save_answers(self._kit, self._viewer, draft_id, revision, answers)

    @told
    def send(self, draft_id: UUID, revision: int) -> UUID:
        """Make the draft an entry and return its id, for `sent`.

        Raises:
            AlreadySentError: Another window saved this entry.
            ChangedElsewhereError: Another window changed the draft.
        """
        drafting.send(self._kit, self._viewer, draft_id, revision)
        return draft_id

    @told
    def sent(self, entry_id: UUID) -> SentView:
        """Return what a saved entry means, as far as is known now."""
        now = self._kit.clock()
        with self._kit.database.reading(self._viewer.clinic_id) as session:
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
                stopped_since=meaning.stopped_since(),
                still_counts=newest.id == row.id,
            )

    @told
    def call_if(self, entry_id: UUID) -> str:
        """Return when to call at once from here on, one sentence; empty when it cannot be told."""
        nearest = explained(self._kit.database, self._viewer, entry_id)
        return "" if nearest is None else call_if_words(nearest)

    @told
    def history(self, most: int = 60) -> tuple[EntryView, ...]:
        """Return the entries that count, newest first, at most so many."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            rows = course_rows.newest(session, self._viewer, self._patient_id, most)
            return self._views(session, rows)

    @told
    def day(self, on: date) -> tuple[EntryView, ...]:
        """Return the entries about one day that count, oldest first."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            rows = entries.entries(session, self._viewer, self._patient_id, first_on=on, last_on=on)
            return self._views(session, rows)

    @told
    def entry_view(self, entry_id: UUID) -> EntryView:
        """Return one entry with its earlier versions and photos."""
        now = self._kit.clock()
        with self._kit.database.reading(self._viewer.clinic_id) as session:
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
                photos=drafting.photo_views(pictures),
            )

    @told
    def correct(self, entry_id: UUID) -> DraftView:
        """Begin a new version of an entry, filled with its answers, open at the review."""
        return drafting.correct(self._kit, self._viewer, entry_id)

    @told
    def photos(self, draft_id: UUID) -> tuple[PhotoView, ...]:
        """Return the photos of a draft, oldest first."""
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            return drafting.photo_views(drafts.draft_photos(session, self._viewer, draft_id))

    @told
    def make_ticket(self, draft_id: UUID) -> str:
        """Return the address to which one photo may be sent within ten minutes."""
        now = self._kit.clock()
        ticket = photo_service.issue_ticket(self._kit, self._viewer, draft_id, now)
        return routes.photo_upload(ticket)

    @told
    def photo_refusal(self, address: str) -> str | None:
        """Return why the photo sent to an address of `make_ticket` was refused; None if not."""
        ticket = address.rsplit("/", 1)[-1]
        return photo_service.refusal(self._kit, self._viewer, ticket)

    @told
    def describe_photo(self, photo_id: UUID, region: str | None, description: str) -> None:
        """Set what a photo of an unsaved entry shows.

        Raises:
            AnswerRefusedError: The region is not on the map or the words are too many.
        """
        kept = photo_service.check_words(region or "", description, PERCENT_BY_REGION)
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            drafts.describe_photo(
                session, self._viewer, photo_id, region=kept, description=description
            )

    @told
    def remove_photo(self, photo_id: UUID) -> None:
        """Take a photo out of an unsaved entry."""
        photo_service.take_out(self._kit, self._viewer, photo_id, self._kit.clock())

    def _views(self, session: Session, rows: Sequence[Entry]) -> tuple[EntryView, ...]:
        meaning = Meaning(session, self._viewer, self._patient(session), self._kit.clock())
        meaning.look_up(rows)
        return tuple(meaning.entry_view(row) for row in rows)

    def _patient(self, session: Session) -> Patient:
        return people.patient(session, self._viewer, self._patient_id)

    def _planned(self, session: Session, on: date) -> PlannedDay:
        steps = treatment.plan(session, self._viewer, self._patient_id)
        return planned_day(planned_dose(steps, on))
