"""The weekly questions of one patient: when they are due, the answers, and what is kept."""

import functools
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, ParamSpec, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from alerts.errors import ImpossibleValueError
from alerts.grading.pro_ctcae_items import RECALL_DAYS
from alerts.grading.pro_ctcae_week import check_answers, codes_of
from alerts.grading.pro_ctcae_wording import (
    INSTRUCTIONS,
    INSTRUMENT,
    OWNER,
    QUESTIONS,
    responses,
)
from db.access import Viewer
from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import Patient, WeeklyDraft, WeeklyReport
from db.stores import people
from db.stores import weekly as store
from db.types import new_id
from diary_app.services.kit import Kit, clinic_topic, patient_topic
from diary_app.state.faults import (
    AlreadySentError,
    AnswerRefusedError,
    ChangedElsewhereError,
    NotInDiaryError,
)
from diary_app.state.kept import Kept
from diary_app.state.weekly import WeeklyDraftView, WeeklyDue, WeeklyQuestion, WeeklySent
from diary_app.text import _

P = ParamSpec("P")
R = TypeVar("R")

CARRIED_OVER = timedelta(days=1)
"""A draft begun the evening before goes on; an older one is about other days."""


def _told(method: Callable[P, R]) -> Callable[P, R]:
    """Turn what the stores refuse into what the screens know."""

    @functools.wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(*args, **kwargs)
        except ConflictError as error:
            raise ChangedElsewhereError(
                _("These answers were changed in another window.")
            ) from error
        except ImpossibleValueError as error:
            raise AnswerRefusedError(_("One of these answers is not possible.")) from error
        except (NotFoundError, AccessDeniedError) as error:
            raise NotInDiaryError(_("These answers are not in your diary.")) from error

    return call


class PatientWeekly:
    """The weekly questions of the signed-in patient; nothing here is graded or alerted.

    Args:
        kit: Database, clock and bells.
        viewer: The signed-in patient.
    """

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    @_told
    def due(self) -> WeeklyDue | None:
        """Return what waits to be answered; None when nothing does, or the clinic asks nothing."""
        with self._kit.database.reading() as session:
            return self.due_in(session)

    def due_in(self, session: Session) -> WeeklyDue | None:
        """Return what `due` says, read in a session that is open already."""
        codes = _asked(session, self._viewer)
        today = self._today(session)
        last = store.last_period_end(session, self._viewer)
        if not codes or (last is not None and today < last + timedelta(days=RECALL_DAYS)):
            return None
        row = self._open(session, today)
        return WeeklyDue(len(codes), begun=row is not None and bool(row.content.get("answers")))

    @_told
    def begin(self) -> WeeklyDraftView | None:
        """Return the answers being given, or begin; None when nothing is due."""
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            if self.due_in(session) is None:
                return None
            row = self._open(session, self._today(session))
            if row is None:
                row = store.begin_draft(session, self._viewer, {"answers": {}, "at": ""}, now)
            return WeeklyDraftView(
                id=row.id,
                revision=row.revision,
                content=row.content,
                questions=tuple(
                    WeeklyQuestion(code, QUESTIONS[code], responses(code))
                    for code in _asked(session, self._viewer)
                ),
                instructions=INSTRUCTIONS,
                owner=OWNER,
                saved_clock=self._clock_words(session, row),
            )

    @_told
    def save_answers(self, draft_id: UUID, revision: int, answers: Mapping[str, Any]) -> Kept:
        """Keep the whole content of the draft.

        Raises:
            AnswerRefusedError: An answer is impossible; nothing was changed.
            AlreadySentError: Another window sent these answers.
            ChangedElsewhereError: Another window changed them.
        """
        now = self._kit.clock()
        kept = check_answers(dict(answers.get("answers", {})))
        content = {"answers": kept, "at": str(answers.get("at", ""))}
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            row = store.draft(session, self._viewer, draft_id)
            self._refuse_sent(session, row)
            newest = store.save_draft(session, self._viewer, draft_id, revision, content, now)
            clock = now.astimezone(self._zone(session)).strftime("%H:%M")
        return Kept(newest, clock)

    @_told
    def send(self, draft_id: UUID, revision: int) -> None:
        """Make the draft a report; what was passed or not reached is not answered.

        Raises:
            AlreadySentError: Another window sent these answers.
            ChangedElsewhereError: Another window changed them.
        """
        now = self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            row = store.draft(session, self._viewer, draft_id)
            self._refuse_sent(session, row)
            if row.revision != revision or row.discarded_at is not None:
                raise ConflictError("These answers were changed in another window.")
            told = check_answers(dict(row.content.get("answers", {})))
            asked = dict.fromkeys(_asked(session, self._viewer))
            if not store.mark_sent(session, self._viewer, draft_id, now):
                raise ConflictError("These answers were sent in another window.")
            self._keep(session, row.id, {**asked, **told})
        self._tell()

    @_told
    def skip(self) -> None:
        """Leave this week out: every question is kept as not answered.

        Nothing happens when it is not due, or when some questions are answered already.
        """
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            due = self.due_in(session)
            if due is None or due.begun:
                return
            row = self._open(session, self._today(session))
            report_id = new_id() if row is None else row.id
            if row is not None:
                store.mark_sent(session, self._viewer, row.id, self._kit.clock())
            self._keep(session, report_id, dict.fromkeys(_asked(session, self._viewer)))
        self._tell()

    @_told
    def sent(self) -> WeeklySent | None:
        """Return the newest report in short; None when there is none."""
        patient_id = self._viewer.actor_id
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            rows = store.reports(session, self._viewer, patient_id)
        if not rows:
            return None
        answers, ends_on = rows[-1].answers, rows[-1].period_ends_on
        return WeeklySent(
            asked=len(answers),
            answered=sum(score is not None for score in answers.values()),
            ends_on=ends_on,
            next_on=ends_on + timedelta(days=RECALL_DAYS),
        )

    def _keep(self, session: Session, report_id: UUID, answers: dict[str, int | None]) -> None:
        now = self._kit.clock()
        patient = self._patient(session)
        report = WeeklyReport(
            id=report_id,
            clinic_id=self._viewer.clinic_id,
            patient_id=patient.id,
            period_ends_on=self._today(session),
            time_zone=patient.time_zone,
            instrument=INSTRUMENT,
            answers=answers,
            written_at=now,
            received_at=now,
        )
        store.add(session, self._viewer, report, now)

    def _tell(self) -> None:
        # Open screens read again; the worker has nothing to do with these answers.
        self._kit.publish(clinic_topic(self._viewer.clinic_id))
        self._kit.publish(patient_topic(self._viewer.actor_id))

    def _open(self, session: Session, today: date) -> WeeklyDraft | None:
        """Return the draft that goes on; one that was left lying longer is about other days."""
        row = store.open_draft(session, self._viewer)
        if row is None:
            return None
        begun_on = row.created_at.astimezone(self._zone(session)).date()
        return row if today - begun_on <= CARRIED_OVER else None

    def _refuse_sent(self, session: Session, row: WeeklyDraft) -> None:
        if row.sent_at is not None:
            clock = row.sent_at.astimezone(self._zone(session)).strftime("%H:%M")
            raise AlreadySentError(
                _("These answers were already sent at {clock}.").format(clock=clock), clock
            )

    def _patient(self, session: Session) -> Patient:
        return people.patient(session, self._viewer, self._viewer.actor_id)

    def _zone(self, session: Session) -> ZoneInfo:
        return ZoneInfo(self._patient(session).time_zone)

    def _today(self, session: Session) -> date:
        return self._kit.clock().astimezone(self._zone(session)).date()

    def _clock_words(self, session: Session, row: WeeklyDraft) -> str:
        return row.updated_at.astimezone(self._zone(session)).strftime("%H:%M")


def _asked(session: Session, viewer: Viewer) -> tuple[str, ...]:
    """Return the questions the clinic asks; none while they are switched off."""
    clinic = people.own_clinic(session, viewer)
    return codes_of(clinic.weekly_items) if clinic.weekly_questions else ()
