"""Keeping a draft: in order, the newest last, and never called saved before it is."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from diary_app.state import draft_keeper
from diary_app.state.draft_keeper import DraftKeeper, Keeping
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.faults import AlreadySentError, AnswerRefusedError, ChangedElsewhereError
from diary_app.state.kept import Kept


class Disk:
    """What a draft is kept on; it can fail, be slow, or belong to another window."""

    def __init__(self, *troubles: Exception | None) -> None:
        self.troubles = list(troubles)
        self.kept: list[tuple[int, Mapping[str, Any]]] = []
        self.in_use = 0
        self.most_in_use = 0

    def save_answers(self, _id: UUID, revision: int, answers: Mapping[str, Any]) -> Kept:
        self.in_use += 1
        self.most_in_use = max(self.most_in_use, self.in_use)
        try:
            trouble = self.troubles.pop(0) if self.troubles else None
            if trouble is not None:
                raise trouble
            self.kept.append((revision, answers))
            return Kept(revision + 1, f"21:{len(self.kept):02}")
        finally:
            self.in_use -= 1


def keeper_on(disk: Disk) -> tuple[DraftKeeper, list[Keeping]]:
    told: list[Keeping] = []
    keeper = DraftKeeper(disk, uuid4(), 0, "21:00", told.append)  # type: ignore[arg-type]
    return keeper, told


def draft(itch: int) -> EntryDraft:
    return EntryDraft(answers={"itch_nrs": itch})


def conditions(told: list[Keeping]) -> list[str]:
    return [each.condition for each in told]


def test_says_saved_only_after_it_is() -> None:
    async def story() -> None:
        disk = Disk()
        keeper, told = keeper_on(disk)

        keeper.keep(draft(3))
        at_once = list(told)
        assert await keeper.flush()

        assert conditions(at_once) == ["saving"]
        assert not disk.kept[1:]
        assert told[-1] == Keeping("saved", "21:01")

    asyncio.run(story())


def test_saves_one_at_a_time_with_the_revision_of_the_save_before() -> None:
    async def story() -> None:
        disk = Disk()
        keeper, _told = keeper_on(disk)

        for itch in range(8):
            keeper.keep(draft(itch))
            await asyncio.sleep(0)
        assert await keeper.flush()

        assert disk.most_in_use == 1
        assert [revision for revision, _content in disk.kept] == list(range(len(disk.kept)))
        assert disk.kept[-1][1]["itch_nrs"] == 7
        assert keeper.revision == len(disk.kept)

    asyncio.run(story())


def test_tries_again_until_the_disk_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_keeper, "TRY_AGAIN_SECONDS", 0.01)

    async def story() -> None:
        disk = Disk(OSError("disk"), OSError("disk"), None)
        keeper, told = keeper_on(disk)

        keeper.keep(draft(5))
        while keeper.keeping.condition != "saved":
            await asyncio.sleep(0.005)

        assert "waiting" in conditions(told)
        assert disk.kept[-1][1]["itch_nrs"] == 5

    asyncio.run(story())


def test_a_flush_that_fails_says_so() -> None:
    async def story() -> None:
        keeper, _told = keeper_on(Disk(OSError("disk")))

        keeper.keep(draft(5))

        assert not await keeper.flush()
        assert keeper.keeping.condition == "waiting"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("trouble", "condition", "goes_on"),
    [
        (ChangedElsewhereError("changed"), "changed", False),
        (AlreadySentError("sent", "20:59"), "sent", False),
        (AnswerRefusedError("One answer is not possible."), "refused", True),
    ],
)
def test_stops_where_the_diary_refuses(trouble: Exception, condition: str, goes_on: bool) -> None:
    async def story() -> None:
        disk = Disk(trouble)
        keeper, told = keeper_on(disk)

        keeper.keep(draft(5))
        assert not await keeper.flush()

        assert told[-1].condition == condition
        assert keeper.keeping.can_go_on is goes_on
        assert disk.kept == []

    asyncio.run(story())


def test_typing_is_kept_after_a_pause_or_at_once_when_leaving_the_field() -> None:
    async def story() -> None:
        disk = Disk()
        keeper, _told = keeper_on(disk)

        for itch in range(4):
            keeper.keep(draft(itch), typing=True)
            await asyncio.sleep(0)
        before = len(disk.kept)
        keeper.keep(draft(9))
        assert await keeper.flush()

        assert before == 0
        assert [content["itch_nrs"] for _revision, content in disk.kept] == [9]

    asyncio.run(story())
