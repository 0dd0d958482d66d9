"""The administrator's view of the alarm, and what monitors are told."""

from datetime import timedelta
from pathlib import Path

import pytest

from alerts.watcher import Watcher
from db.access import Viewer
from db.errors import AccessDeniedError, NotFoundError
from db.stores import beats, outbox
from diary_app.services.alarm_system import AlarmSystem
from diary_app.services.health import health
from tests.diary_app.care_house import kit_for
from tests.people import NOW, House

MINUTE = timedelta(minutes=1)


@pytest.fixture
def alarm(house: House, tmp_path: Path) -> AlarmSystem:
    return AlarmSystem(kit_for(house, tmp_path), house.admin)


def test_nothing_ran_yet(alarm: AlarmSystem) -> None:
    page = alarm.page()

    assert (page.worker_at, page.audit, page.books, page.probe, page.ping) == (None,) * 5
    assert (page.probe_hour, page.probe_to) == (10, None)


def test_an_administrator_tries_the_alarm_and_chooses_its_hour(
    house: House, alarm: AlarmSystem
) -> None:
    alarm.choose_probe(None, house.ben.actor_id)
    alarm.try_now()
    alarm.try_now()
    page = alarm.page()

    assert (page.probe_hour, page.probe_to) == (None, house.ben.actor_id)
    assert page.probe is not None
    assert page.probe.state == "running"
    with house.database.reading() as session:
        [message] = outbox.lease(session, house.worker, NOW + MINUTE, NOW + 2 * MINUTE)
    assert (message.kind, message.user_id) == ("probe", house.ben.actor_id)


def test_nobody_of_another_clinic_can_be_chosen(house: House, alarm: AlarmSystem) -> None:
    with pytest.raises(NotFoundError):
        alarm.choose_probe(9, house.cleo.actor_id)


@pytest.mark.parametrize("name", ["ben", "dora", "ana"])
def test_only_administrators_see_and_try_it(house: House, tmp_path: Path, name: str) -> None:
    viewer: Viewer = getattr(house, name)
    alarm = AlarmSystem(kit_for(house, tmp_path), viewer)

    with pytest.raises(AccessDeniedError):
        alarm.page()
    with pytest.raises(AccessDeniedError):
        alarm.try_now()
    with pytest.raises(AccessDeniedError):
        alarm.choose_probe(9, None)


def test_monitors_are_told_in_words_what_is_wrong(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    alarm = AlarmSystem(kit, house.admin)
    with house.database.writing() as session:
        outbox.beat(session, house.worker, "worker", NOW, failed=[])
    alarm.choose_probe(None, None)
    watcher = Watcher(house.database)
    for viewer in (house.worker, house.cleo):
        watcher.look(viewer.clinic_id, NOW)
    alarm.try_now()
    with house.database.writing() as session:
        sound = beats.beats(session, house.admin)["audit"]
        fine = health(kit, NOW + MINUTE, worker_expected=True).reasons
        beats.note(session, house.worker, "audit", sound.at, {"found": 2, "left": 1})
    watcher.look(house.clinic_id, NOW + 6 * MINUTE)
    red = health(kit, NOW + 6 * MINUTE, worker_expected=True)

    assert [words for words in fine if "test" not in words.lower()] == []
    assert not red.healthy
    assert "The worker has not run for 6 minutes." in red.reasons
    assert "A message has been due for 6 minutes." in red.reasons
    assert "The last test of the alarm did not arrive." in red.reasons
    assert all(str(house.clinic_id) not in words for words in red.reasons)
