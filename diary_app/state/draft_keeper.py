"""Keeps a draft on the disk while it is being written, and says truthfully whether it is there."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol
from uuid import UUID

from diary_app.state.faults import AlreadySentError, AnswerRefusedError, ChangedElsewhereError
from diary_app.state.kept import Kept

TYPING_PAUSE_SECONDS = 0.6
TRY_AGAIN_SECONDS = 3.0

Condition = Literal["saved", "saving", "waiting", "changed", "sent", "refused"]


@dataclass(frozen=True, slots=True)
class Keeping:
    """Whether what is on the screen is on the disk.

    Attributes:
        condition: ``saved``; ``saving``; ``waiting`` (it failed and is tried again); ``changed``
            (another window changed the draft); ``sent`` (another window saved the entry);
            ``refused`` (an answer is impossible).
        clock: When it was last kept, "21:04"; of the sending when ``sent``.
        sentence: For ``refused``.
    """

    condition: Condition
    clock: str
    sentence: str = ""

    @property
    def can_go_on(self) -> bool:
        """Return whether later answers can still be kept in this window."""
        return self.condition in {"saved", "saving", "waiting", "refused"}


class Written(Protocol):
    """Answers being given, of whatever kind."""

    def content(self) -> dict[str, Any]:
        """Return what is kept."""
        ...


class Keeps(Protocol):
    """Where answers being given are kept."""

    def save_answers(self, draft_id: UUID, revision: int, answers: Mapping[str, Any]) -> Kept:
        """Keep the whole content of a draft."""
        ...


class DraftKeeper:
    """Saves one draft, one save at a time, always the newest content.

    Args:
        diary: Where it is kept; called in a thread.
        draft_id: Whose content is kept.
        revision: The revision that the screen shows.
        clock: When that was kept.
        tell: Called with the new condition, in the event loop, after every change.
    """

    def __init__(
        self,
        diary: Keeps,
        draft_id: UUID,
        revision: int,
        clock: str,
        tell: Callable[[Keeping], None],
    ) -> None:
        self._diary = diary
        self.draft_id = draft_id
        self.revision = revision
        self.keeping = Keeping("saved", clock)
        self._tell = tell
        self._newest: Written | None = None
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def keep(self, draft: Written, *, typing: bool = False) -> None:
        """Keep this content soon: at once, or after a pause in typing."""
        self._newest = draft
        self._become(replace(self.keeping, condition="saving", sentence=""))
        if not typing:
            self._hurry.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(wait=typing))

    async def flush(self) -> bool:
        """Wait until the newest content is kept, trying once; return whether it is."""
        self._hurry.set()
        task = self._task
        while task is not None and not task.done():
            self._hurry.set()
            if self.keeping.condition in {"changed", "sent", "refused"}:
                return False
            await asyncio.wait([task], timeout=0.02)
            if self.keeping.condition == "waiting":
                return False
        return self.keeping.condition == "saved"

    async def _run(self, *, wait: bool) -> None:
        if wait:
            await self._pause(TYPING_PAUSE_SECONDS)
        while self._newest is not None and self.keeping.can_go_on:
            draft, self._newest = self._newest, None
            self._hurry.clear()
            if not await self._save(draft):
                return

    async def _save(self, draft: Written) -> bool:
        """Save one content; return whether saving goes on."""
        try:
            kept = await asyncio.to_thread(
                self._diary.save_answers, self.draft_id, self.revision, draft.content()
            )
        except AlreadySentError as error:
            return self._end(Keeping("sent", error.clock))
        except ChangedElsewhereError:
            return self._end(replace(self.keeping, condition="changed"))
        except AnswerRefusedError as error:
            return self._end(replace(self.keeping, condition="refused", sentence=str(error)))
        except Exception:
            # A disk or a network may come back: nothing is lost as long as the screen is open.
            self._newest = self._newest or draft
            self._become(replace(self.keeping, condition="waiting"))
            await self._pause(TRY_AGAIN_SECONDS)
            return True
        self.revision = kept.revision
        self._become(Keeping("saving" if self._newest is not None else "saved", kept.clock))
        return True

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), seconds)

    def _end(self, keeping: Keeping) -> bool:
        self._newest = None
        self._become(keeping)
        return False

    def _become(self, keeping: Keeping) -> None:
        if keeping != self.keeping:
            self.keeping = keeping
            self._tell(keeping)
