"""Several workers on one PostgreSQL: each takes what nobody holds and waits for nobody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from queue import Empty, Queue
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from alerts.delivery.transport import Message
from alerts.dispatch import LEASE, Dispatch
from db.models import Alert, Clinic, DueRow, Notification
from db.stores import alerting, beats, outbox, reminding
from db.types import new_id
from tests import people
from tests.alerts.test_worker import fever
from tests.people import NOW, House, build_house


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(people, "ENGINE", "postgresql")
    built = build_house(tmp_path)
    yield built
    built.database.close()


def letter(house: House, session: Session) -> UUID:
    """A message of its own kind to Ben, so that none leaves in a bundle."""
    message_id = new_id()
    outbox.add_notification(
        session,
        house.worker,
        Notification(
            id=message_id, clinic_id=house.clinic_id, user_id=house.ben.actor_id, kind="digest",
            content={}, message_id=f"<{message_id}@diary>", created_at=NOW, next_attempt_at=NOW,
        ),
    )  # fmt: skip
    return message_id


def lease(house: House, session: Session) -> list[UUID]:
    return [row.id for row in outbox.lease(session, house.worker, NOW, NOW + LEASE)]


def test_a_message_does_not_wait_for_the_audit_of_its_clinic(house: House) -> None:
    with house.database.writing(house.clinic_id) as session:
        wanted = letter(house, session)

    with house.database.writing(house.clinic_id) as audit:
        beats.take_turn(audit, house.worker)
        settings = audit.get(Clinic, house.clinic_id)
        assert settings is not None
        settings.phone = "+49 30 555 0199"
        audit.add(settings)
        audit.flush()

        with house.database.claiming(house.clinic_id) as session:
            assert lease(house, session) == [wanted]


def test_a_message_that_another_holds_is_passed_over_and_the_next_one_leaves(house: House) -> None:
    with house.database.writing(house.clinic_id) as session:
        held, free = letter(house, session), letter(house, session)

    with house.database.claiming(house.clinic_id) as other:
        other.exec(select(Notification).where(Notification.id == held).with_for_update()).one()
        with house.database.claiming(house.clinic_id) as session:
            assert lease(house, session) == [free]
    with house.database.claiming(house.clinic_id) as session:
        assert lease(house, session) == [held]


def test_two_workers_never_split_the_messages_of_one_clinic(house: House) -> None:
    with house.database.writing(house.clinic_id) as session:
        both = {letter(house, session), letter(house, session)}

    with house.database.claiming(house.clinic_id) as one:
        assert set(lease(house, one)) == both
        with house.database.claiming(house.clinic_id) as two:
            assert lease(house, two) == []


def test_what_was_passed_over_is_asked_for_again_at_once(house: House) -> None:
    sent: Queue[str] = Queue()

    class Post:
        def send(self, message: Message) -> str:
            sent.put(message.message_id)
            return "250 Ok"

    with house.database.writing(house.clinic_id) as session:
        letter(house, session)
    post = Dispatch(
        house.database, lambda _way: Post(), lambda _id: "", "", lambda: NOW + timedelta(seconds=1)
    )
    with house.database.claiming(house.clinic_id) as other:
        assert other.connection().scalar(
            text("SELECT pg_try_advisory_xact_lock(1146046295, :clinic)"),
            {"clinic": int.from_bytes(house.clinic_id.bytes[-4:], "big", signed=True)},
        )
        # Nobody ticks here: it is woken once, while another worker has the clinic's turn.
        post.start(lambda _clinic: None)
        post.wake()
        with pytest.raises(Empty):
            sent.get(timeout=0.5)
    try:
        assert sent.get(timeout=30)
    finally:
        post.stop()


def test_a_reminder_and_an_alert_are_carried_out_by_one_worker(house: House) -> None:
    fever(house)
    with house.database.writing(house.clinic_id) as session:
        waiting = DueRow(
            clinic_id=house.clinic_id, patient_id=house.ana.actor_id, kind="entry", key="entry:1",
            local_day=NOW.date(), due_at=NOW,
        )  # fmt: skip
        session.add(waiting)
        session.flush()
        alert_id = session.exec(select(Alert.id)).one()

    with house.database.claiming(house.clinic_id) as one:
        assert reminding.take(one, house.worker, waiting.id)
        claimed = alerting.claim(one, house.worker, alert_id)
        assert claimed is not None
        with house.database.claiming(house.clinic_id) as two:
            assert not reminding.take(two, house.worker, waiting.id)
            assert alerting.claim(two, house.worker, alert_id) is None
    with house.database.claiming(house.clinic_id) as three:
        assert reminding.take(three, house.worker, waiting.id)
