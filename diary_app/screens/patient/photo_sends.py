"""Photos on their way into an entry, and what is done with those that are there."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import flet as ft

from diary_app.components.photo_sending import OnItsWay
from diary_app.ground.picker import Again, Chosen, Sending
from diary_app.screens.patient.photo_card import CardActs
from diary_app.state.diary import Diary
from diary_app.state.faults import DiaryError
from diary_app.state.pictures import Picture


@dataclass(frozen=True)
class Sends:
    """What is under way.

    Attributes:
        under_way: By key; being sent, or not added for a reason.
        trouble: What went wrong with the entry's photos as a whole; empty when nothing did.
        forget: Takes a file off the list.
        sending: Returns how further photos are sent.
        acts: What can be done with a photo of the entry.
    """

    under_way: Mapping[int, OnItsWay]
    trouble: str
    forget: Callable[[int], None]
    sending: Callable[[], Sending]
    acts: CardActs


def use_sends(diary: Diary, draft_id: UUID, look: Callable[[], None]) -> Sends:
    """Return what is under way into a draft; a hook.

    Args:
        diary: Keeps the photos.
        draft_id: The entry being written.
        look: Reads the entry's photos again.
    """
    nothing: dict[int, OnItsWay] = {}
    under_way, set_under_way = ft.use_state(nothing)
    trouble, set_trouble = ft.use_state("")
    there_before: dict[str, set[UUID]] = ft.use_memo(lambda: {}, [])

    async def act(method: Callable[..., Any], *arguments: Any) -> None:
        try:
            await asyncio.to_thread(method, *arguments)
        except DiaryError as error:
            set_trouble(str(error))
        else:
            set_trouble("")
        look()

    def forget(key: int) -> None:
        set_under_way(lambda now: {each: one for each, one in now.items() if each != key})

    def make_ticket(_name: str, _size: int) -> str | None:
        try:
            return diary.make_ticket(draft_id)
        except DiaryError as error:
            set_trouble(str(error))
            return None

    async def replace(old: Picture, chosen: Chosen) -> None:
        """Give the photo that just came the place and words of the one it was taken for."""
        before = there_before.pop(chosen.address, set())
        new = [
            photo.id
            for photo in await asyncio.to_thread(diary.photos, draft_id)
            if photo.id not in before
        ]
        if before and new:
            await act(diary.describe_photo, new[-1], old.region, old.description)
            await act(diary.remove_photo, old.photo.id)

    async def done(
        chosen: Chosen, error: str | None, again: Again | None, instead: Picture | None
    ) -> None:
        if error is None:
            forget(chosen.key)
            if instead is not None:
                await replace(instead, chosen)
        else:
            # The browser tells only that sending failed; the server kept the reason.
            why = await asyncio.to_thread(diary.photo_refusal, chosen.address)
            row = OnItsWay(chosen.key, chosen.name, 0.0, why or error, None if why else again)
            set_under_way(lambda now: {**now, chosen.key: row})
        look()

    def sending(instead: Picture | None = None) -> Sending:
        def ticket(name: str, size: int) -> str | None:
            there = {photo.id for photo in diary.photos(draft_id)} if instead else set()
            address = make_ticket(name, size)
            if address is not None:
                there_before[address] = there
            return address

        def progress(chosen: Chosen, part: float) -> None:
            row = OnItsWay(chosen.key, chosen.name, part)
            set_under_way(lambda now: {**now, chosen.key: row})

        def arrived(chosen: Chosen, error: str | None, again: Again | None) -> None:
            ft.context.page.run_task(done, chosen, error, again, instead)

        return Sending(ticket, progress, arrived)

    acts = CardActs(
        lambda photo, region, words: act(diary.describe_photo, photo.photo.id, region, words),
        lambda photo: act(diary.remove_photo, photo.photo.id),
        lambda photo: act(diary.pictures.keep, photo.photo.id),
        sending,
    )
    return Sends(under_way, trouble, forget, sending, acts)
