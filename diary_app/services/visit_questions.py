"""Questions for the visit: the patient writes them down, the care team ticks them off."""

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from db.access import Viewer
from db.errors import AccessDeniedError, NotFoundError
from db.models import VisitQuestion
from db.stores import people, questions
from diary_app.exports.bundle import QuestionLine
from diary_app.services.kit import Kit
from diary_app.services.readable import readable
from diary_app.state.faults import AnswerRefusedError, NotInDiaryError
from diary_app.state.visit_questions import LONGEST_WORDS, MOST_OPEN, AskedQuestion
from diary_app.text import _


class OwnQuestions:
    """The questions of the signed-in patient.

    Args:
        kit: Database, clock and bells.
        viewer: The signed-in patient.
    """

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def open(self) -> tuple[AskedQuestion, ...]:
        """Return what is still to be asked, the oldest first."""
        me = self._viewer.actor_id
        with self._kit.database.reading(self._viewer.clinic_id) as session:
            zone = ZoneInfo(people.patient(session, self._viewer, me).time_zone)
            return tuple(
                AskedQuestion(row.id, readable(row.words), row.asked_at.astimezone(zone).date())
                for row in questions.open_questions(session, self._viewer, me)
            )

    def ask(self, words: str) -> None:
        """Keep a question; nobody is told of it before the visit.

        Raises:
            AnswerRefusedError: It is empty or too long, or too many wait; nothing is kept.
        """
        said = " ".join(words.split())
        if not said:
            raise AnswerRefusedError(_("Write your question first."))
        if len(said) > LONGEST_WORDS:
            raise AnswerRefusedError(
                _("Please write at most {n} characters.").format(n=LONGEST_WORDS)
            )
        me, now = self._viewer.actor_id, self._kit.clock()
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            if len(questions.open_questions(session, self._viewer, me)) >= MOST_OPEN:
                raise AnswerRefusedError(
                    _("There are {n} questions already. Take one off the list first.").format(
                        n=MOST_OPEN
                    )
                )
            questions.ask(session, self._viewer, me, said, now)
        self._kit.changed(self._viewer.clinic_id, me)

    def take_back(self, question_id: UUID) -> None:
        """Take a question off the list; one that is not on it any more raises NotInDiaryError."""
        try:
            with self._kit.database.writing(self._viewer.clinic_id) as session:
                questions.take_back(session, self._viewer, question_id, self._kit.clock())
        except (NotFoundError, AccessDeniedError) as error:
            raise NotInDiaryError(_("This question is not on your list any more.")) from error
        self._kit.changed(self._viewer.clinic_id, self._viewer.actor_id)


class TeamQuestions:
    """The questions of the viewer's patients."""

    def __init__(self, kit: Kit, viewer: Viewer) -> None:
        self._kit = kit
        self._viewer = viewer

    def answer(self, question_id: UUID) -> None:
        """Tick a question off as talked about.

        Raises:
            AccessDeniedError: The viewer is not of the care team.
            NotFoundError: It is not open any more.
        """
        with self._kit.database.writing(self._viewer.clinic_id) as session:
            row = questions.answer(session, self._viewer, question_id, self._kit.clock())
            patient_id = row.patient_id
        self._kit.changed(self._viewer.clinic_id, patient_id)


def question_line(row: VisitQuestion, names: Mapping[UUID, str]) -> QuestionLine:
    """Return one question for a visit bundle with the name of who answered it."""
    return QuestionLine(
        id=row.id,
        words=readable(row.words),
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        ended_how=row.ended_how,
        ended_by=names.get(row.ended_by, "") if row.ended_by else "",
    )
