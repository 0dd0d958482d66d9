"""A patient's diary in a SQLite file, with a clock that tests move by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from db.access import Viewer
from db.keyring import attach
from db.keys import MasterKey
from db.photos.vault import PhotoVault
from db.stores import outbox
from diary_app.services.diary import PatientDiary
from diary_app.services.kit import Kit
from diary_app.state.diary import DraftView, SentView
from tests.people import NOW, House


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Desk:
    """Everything a test of the patient's side needs."""

    house: House
    kit: Kit
    clock: Clock
    rung: list[str] = field(default_factory=list)
    sign_in_id: str = ""

    def diary(self, viewer: Viewer | None = None) -> PatientDiary:
        return PatientDiary(self.kit, viewer or self.house.ana, self.sign_in_id)

    def beat(self) -> None:
        with self.house.database.writing() as session:
            outbox.beat(session, self.house.worker, "worker", self.clock.now)


def desk_for(house: House, folder: Path) -> Desk:
    clock, rung = Clock(), []
    key = MasterKey(bytes(range(32)))
    ring = attach(house.database, key)
    kit = Kit(
        database=house.database,
        key=key,
        vault=PhotoVault(folder / "photos", key, ring),
        ring=ring,
        clock=clock,
        wake_worker=lambda: rung.append("worker"),
        publish=rung.append,
        origin="http://test",
    )
    return Desk(house, kit, clock, rung)


QUIET: dict[str, Any] = {
    "itch_nrs": 0,
    "rash_present": False,
    "red_flags": [],
    "chills": "none",
    "imatinib_mg_taken": 400.0,
}


def save(diary: PatientDiary, draft: DraftView | None = None, **answers: Any) -> SentView:
    """Write and save an entry with these answers on top of a quiet day's."""
    draft = draft or diary.begin("full")
    content = {**draft.content, **QUIET, **answers}
    kept = diary.save_answers(draft.id, draft.revision, content)
    return diary.sent(diary.send(draft.id, kept.revision))


def save_only(diary: PatientDiary, **answers: Any) -> tuple[UUID, int]:
    draft = diary.begin("full")
    kept = diary.save_answers(draft.id, draft.revision, {**draft.content, **answers})
    return draft.id, kept.revision
