"""Moves a draft from question to question and keeps every step; knows nothing of controls."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from diary_app.state.diary import Diary, DraftView
from diary_app.state.draft_keeper import DraftKeeper, Keeping
from diary_app.state.entry_draft import (
    EntryDraft,
    answered,
    backward,
    onward,
    opened,
    passed,
    place,
)
from diary_app.state.faults import AlreadySentError, ChangedElsewhereError
from diary_app.state.questions import REVIEW

Show = Callable[[EntryDraft], None]
Outcome = UUID | Literal["elsewhere", "not_kept"]


class Steering:
    """The newest state of one draft, whatever the screen still shows.

    Two quick taps come before the screen is drawn again; both must meet the newest draft, and a
    tap meant for a question that has gone must not answer the next one.

    Args:
        diary: Where the draft is kept.
        view: The draft as it was read.
        bounce_seconds: A tap this soon after a question appeared is a slip.
        show: Called with every new draft.
        tell: Called when the keeping of the draft changes.
    """

    def __init__(
        self,
        diary: Diary,
        view: DraftView,
        bounce_seconds: float,
        show: Show,
        tell: Callable[[Keeping], None],
    ) -> None:
        self._diary = diary
        self._planned = view.planned
        self._bounce_seconds = bounce_seconds
        self._show = show
        self._tell = tell
        self._shown_at = float("-inf")
        self.is_sending = False
        self._keeper = DraftKeeper(diary, view.id, view.revision, view.saved_clock, tell)
        self.draft = EntryDraft.from_content(view.content)

    @property
    def question(self) -> str:
        """Return the question that is open now."""
        return place(self.draft, self._planned)

    @property
    def keeping(self) -> Keeping:
        """Return whether the answers are kept now."""
        return self._keeper.keeping

    @property
    def is_waiting(self) -> bool:
        """Return whether the answers could not be kept just now and are tried again."""
        return self._keeper.keeping.condition == "waiting"

    def answer(self, question: str, *, typing: bool = False, **values: Any) -> None:
        """Keep columns and stay at the question."""
        if self.question == question:
            self._keep(self._at(question, answered(self.draft, self._planned, **values)), typing)

    def answer_on(self, question: str, **values: Any) -> None:
        """Keep columns and go on."""
        if not self._is_slip(question):
            changed = answered(self.draft, self._planned, **values)
            self._keep(onward(self._at(question, changed), self._planned))

    def pass_on(self, question: str, word: str) -> None:
        """Pass the question without a value and go on."""
        if not self._is_slip(question):
            changed = passed(self.draft, self._planned, question, word)
            self._keep(onward(self._at(question, changed), self._planned))

    def on(self, question: str) -> None:
        """Go on with what was answered."""
        if not self._is_slip(question):
            self._keep(onward(self._at(question, self.draft), self._planned))

    def back(self, question: str) -> bool:
        """Go back one question; False at the first."""
        before = backward(self._at(question, self.draft), self._planned)
        if before is None:
            return False
        self._keep(before)
        return True

    def open(self, question: str) -> None:
        """Open a question from the review."""
        self._keep(opened(self.draft, question))

    def to_review(self) -> None:
        """Leave out what is still to be asked."""
        self._keep(replace(self.draft, at=REVIEW, from_review=False))

    async def send(self) -> Outcome:
        """Save the entry.

        Returns:
            The entry's id; ``elsewhere`` when another window was first (``tell`` has said so);
            ``not_kept`` when the answers could not be kept just now.

        Raises:
            DiaryError: The diary refuses the entry; the sentence says why.
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
            return await asyncio.to_thread(
                self._diary.send, self._keeper.draft_id, self._keeper.revision
            )
        except AlreadySentError as error:
            self._tell(Keeping("sent", error.clock))
        except ChangedElsewhereError:
            self._tell(replace(self._keeper.keeping, condition="changed"))
        return "elsewhere"

    def _at(self, question: str, draft: EntryDraft) -> EntryDraft:
        return replace(draft, at=question)

    def _is_slip(self, question: str) -> bool:
        since = asyncio.get_running_loop().time() - self._shown_at
        return self.question != question or since < self._bounce_seconds

    def _keep(self, draft: EntryDraft, typing: bool = False) -> None:
        if place(draft, self._planned) != self.question:
            self._shown_at = asyncio.get_running_loop().time()
        self.draft = draft
        self._show(draft)
        self._keeper.keep(draft, typing=typing)
