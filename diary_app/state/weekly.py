"""The weekly questions as the patient's screens know them, and the steps through them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from diary_app.state.kept import Kept

REVIEW = "review"


@dataclass(frozen=True, slots=True)
class WeeklyQuestion:
    """One question, word for word as its owner published it.

    Attributes:
        code: Its column, such as ``PROCTCAE_28A_SCL``.
        responses: Score and words, in the order they are shown.
    """

    code: str
    text: str
    responses: tuple[tuple[int, str], ...]

    def words(self, score: int) -> str:
        """Return an answer as it was picked."""
        return dict(self.responses)[score]


@dataclass(frozen=True, slots=True)
class WeeklyDue:
    """The weekly questions wait to be answered.

    Attributes:
        questions: How many.
        begun: Some are answered and not sent.
    """

    questions: int
    begun: bool = False


@dataclass(frozen=True, slots=True)
class WeeklyDraftView:
    """The weekly answers being given.

    Attributes:
        revision: Sent back with every save.
        content: What `WeeklyAnswers.from_content` reads.
        questions: In the order they are asked.
        instructions: Stand above the first question.
        owner: Stands below every question.
    """

    id: UUID
    revision: int
    content: Mapping[str, Any]
    questions: tuple[WeeklyQuestion, ...]
    instructions: str
    owner: str
    saved_clock: str


@dataclass(frozen=True, slots=True)
class WeeklySent:
    """The newest weekly answers that were sent.

    Attributes:
        answered: How many of the ``asked`` questions.
        ends_on: The last of the seven days.
        next_on: From this day on the questions are asked again.
    """

    asked: int
    answered: int
    ends_on: date
    next_on: date


@dataclass(frozen=True, slots=True)
class WeeklyAnswers:
    """What was answered so far, and which question is open.

    Attributes:
        answers: Code -> score; None = passed without an answer. Not yet asked: absent.
        at: A code, or ``review``; empty = the first question.
        from_review: The question was opened to be changed.
    """

    answers: Mapping[str, int | None] = field(default_factory=dict)
    at: str = ""
    from_review: bool = False

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "WeeklyAnswers":
        """Return the state that was kept."""
        return cls(dict(content.get("answers", {})), str(content.get("at", "")))

    def content(self) -> dict[str, Any]:
        """Return what is kept."""
        return {"answers": dict(self.answers), "at": self.at}

    def place(self, codes: tuple[str, ...]) -> str:
        """Return the open question; one that is not asked any more = the first open one."""
        if self.at == REVIEW or self.at in codes:
            return self.at
        return next((code for code in codes if code not in self.answers), REVIEW)

    def answered(self, codes: tuple[str, ...], code: str, score: int | None) -> "WeeklyAnswers":
        """Answer a question (None = pass it) and go on."""
        following = (*codes[codes.index(code) + 1 :], REVIEW)[0]
        return WeeklyAnswers(
            {**self.answers, code: score}, REVIEW if self.from_review else following
        )

    def back(self, codes: tuple[str, ...]) -> "WeeklyAnswers | None":
        """Go back one question; None at the first."""
        at = self.place(codes)
        if self.from_review and at != REVIEW:
            return replace(self, at=REVIEW, from_review=False)
        index = len(codes) if at == REVIEW else codes.index(at)
        return None if index == 0 else replace(self, at=codes[index - 1], from_review=False)

    def opened(self, code: str) -> "WeeklyAnswers":
        """Open a question from the review."""
        return replace(self, at=code, from_review=True)


class Weekly(Protocol):
    """The weekly questions of one patient. Call every method in a thread.

    Methods raise `DiaryError` with a sentence for the patient.
    """

    def due(self) -> WeeklyDue | None:
        """Return what waits to be answered; None when nothing does."""
        ...

    def begin(self) -> WeeklyDraftView | None:
        """Return the answers being given, or begin; None when nothing is due."""
        ...

    def save_answers(self, draft_id: UUID, revision: int, answers: Mapping[str, Any]) -> Kept:
        """Keep the whole content of the draft."""
        ...

    def send(self, draft_id: UUID, revision: int) -> None:
        """Make the draft a report; what was passed or not reached is not answered."""
        ...

    def skip(self) -> None:
        """Leave this week out, unless an answer was given: every question is not answered."""
        ...

    def sent(self) -> WeeklySent | None:
        """Return the newest report in short; None when there is none."""
        ...
