"""Moves the weekly answers from question to question and keeps every step."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from diary_app.state.draft_keeper import DraftKeeper, Keeping
from diary_app.state.faults import AlreadySentError, ChangedElsewhereError
from diary_app.state.weekly import Weekly, WeeklyAnswers, WeeklyDraftView

Outcome = Literal["sent", "elsewhere", "not_kept"]


class WeeklySteering:
    """The newest state of the answers, whatever the screen still shows.

    Args:
        weekly: Where they are kept.
        view: The answers as they were read.
        bounce_seconds: A tap this soon after a question appeared is a slip.
        show: Called with every new state.
        tell: Called when the keeping changes.
    """

    def __init__(
        self,
        weekly: Weekly,
        view: WeeklyDraftView,
        bounce_seconds: float,
        show: Callable[[WeeklyAnswers], None],
        tell: Callable[[Keeping], None],
    ) -> None:
        self._weekly = weekly
        self._codes = tuple(question.code for question in view.questions)
        self._bounce_seconds = bounce_seconds
        self._show = show
        self._tell = tell
        self._shown_at = float("-inf")
        self.is_sending = False
        self._keeper = DraftKeeper(weekly, view.id, view.revision, view.saved_clock, tell)
        self.answers = WeeklyAnswers.from_content(view.content)

    @property
    def place(self) -> str:
        """Return the question that is open now."""
        return self.answers.place(self._codes)

    def answer(self, code: str, score: int | None) -> None:
        """Answer the open question (None = leave it out) and go on."""
        since = asyncio.get_running_loop().time() - self._shown_at
        if self.place == code and since >= self._bounce_seconds:
            self._keep(self.answers.answered(self._codes, code, score))

    def back(self) -> bool:
        """Go back one question; False at the first."""
        before = self.answers.back(self._codes)
        if before is None:
            return False
        self._keep(before)
        return True

    def open(self, code: str) -> None:
        """Open a question from the review."""
        self._keep(self.answers.opened(code))

    async def send(self) -> Outcome:
        """Send the answers.

        Returns:
            ``sent``; ``elsewhere`` when another window was first (``tell`` has said so);
            ``not_kept`` when they could not be kept just now.
        """
        self.is_sending = True
        try:
            return await self._send()
        finally:
            self.is_sending = False

    async def _send(self) -> Outcome:
        if not await self._keeper.flush():
            return "not_kept" if self._keeper.keeping.can_go_on else "elsewhere"
        try:
            await asyncio.to_thread(self._weekly.send, self._keeper.draft_id, self._keeper.revision)
        except AlreadySentError as error:
            self._tell(Keeping("sent", error.clock))
        except ChangedElsewhereError:
            self._tell(replace(self._keeper.keeping, condition="changed"))
        else:
            return "sent"
        return "elsewhere"

    def _keep(self, answers: WeeklyAnswers) -> None:
        self._shown_at = asyncio.get_running_loop().time()
        self.answers = answers
        self._show(answers)
        self._keeper.keep(answers)
