"""Sending an entry: nothing says saved before the clinic's disk has it, and it is there once."""

import asyncio
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlmodel import col, select

from db.models import Entry
from diary_app.state import draft_keeper
from tests.diary_app.patient_house import QUIET, Desk, save_only
from tests.diary_app.test_patient_screens import Phone, desk, on_phone

__all__ = ["desk"]
RECEIVED = "Saved 20:04 · received by the clinic"
NOT_SENT = "Kept at 20:04 · not sent yet"


def entries(desk: Desk) -> int:
    with desk.house.database.reading() as session:
        return len(session.exec(select(col(Entry.id))).all())


@contextmanager
def another_program_writing(desk: Desk) -> Iterator[sqlite3.Connection]:
    """Hold the write lock of the database: every commit waits for it."""
    held = sqlite3.connect(desk.house.database.engine.url.database or "", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    try:
        yield held
    finally:
        held.close()


@contextmanager
def a_full_disk() -> Iterator[None]:
    """Let no file of this process grow: SQLite fails where it writes, at the commit."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_says_received_only_when_a_commit_that_hung_is_through(desk: Desk) -> None:
    save_only(desk.diary(), **QUIET, at="review")

    async def story(phone: Phone) -> None:
        await phone.shows("Please check")
        save = phone.screen.key("save")
        with another_program_writing(desk) as held:
            taps = [asyncio.create_task(phone.screen.fire(save)) for _ in range(3)]
            await phone.shows("Saving...")
            await phone.screen.settle(0.2)
            assert phone.screen.shows(NOT_SENT)
            assert not phone.screen.shows("received by the clinic")
            assert entries(desk) == 0
            held.execute("ROLLBACK")
            await phone.shows(RECEIVED)
        await asyncio.gather(*taps)
        assert not phone.screen.shows("another window")

    on_phone(desk, story, route="/entry")

    assert entries(desk) == 1


def test_a_commit_that_failed_is_not_called_saved_and_pressing_again_makes_one_entry(
    desk: Desk,
) -> None:
    save_only(desk.diary(), **QUIET, at="review")

    async def story(phone: Phone) -> None:
        await phone.shows("Please check")
        with a_full_disk():
            await phone.tap("save")
            await phone.shows("This could not be saved just now.")
            assert phone.screen.shows(NOT_SENT)
            assert not phone.screen.shows("received by the clinic")
        assert entries(desk) == 0
        await phone.tap("save")
        await phone.shows(RECEIVED)

    on_phone(desk, story, route="/entry")

    assert entries(desk) == 1


def test_an_answer_that_cannot_be_kept_is_told_until_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_keeper, "TRY_AGAIN_SECONDS", 0.05)

    async def story(phone: Phone) -> None:
        await phone.shows("What is your temperature?")
        desk.clock.pass_(minutes=2)
        with a_full_disk():
            await phone.tap("not-measured")
            await phone.shows("Not kept since 20:04 · trying again")
        await phone.shows("Kept at 20:06 · not sent yet")

    save_only(desk.diary())
    on_phone(desk, story, route="/entry")
