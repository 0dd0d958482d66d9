"""The ledger: who is told by which way, what becomes of each message, and who makes up for it.

Told as stories with a real database, a real mail server and a real web server.
"""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from alerts import acknowledge, alarm, dispatch
from alerts.delivery.register import transport_for
from alerts.dispatch import LEASE, Dispatch
from alerts.letters import Address, seal_address
from alerts.settings import DeliverySettings
from alerts.worker import Worker
from db.access import Viewer
from db.keys import MasterKey
from db.models import Alert, AlertEvent, ContactWay, Notification, Patient, Task
from db.stores import ledger, outbox, tasks, ways
from db.types import new_id
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.test_worker import Hands, fever, rows
from tests.alerts.web_peer import WebPeer, web_peer
from tests.people import NOW, ZONE, House

KEY = MasterKey(b"k" * 32)
BEN, DORA, ADA = "ben@north.example", "dora@north.example", "ada@north.example"


class RefusingMailbox(Mailbox):
    """A mail server that knows nobody of these addresses."""

    unknown: tuple[str, ...] = ()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.unknown:
            return "550 5.1.1 no such user"
        return await super().handle_RCPT(server, session, envelope, address, options)


class BusyMailbox(Mailbox):
    """A mail server that takes a letter while something else happens, once."""

    while_sending: Callable[[], None] | None = None

    async def handle_DATA(self, server, session, envelope):
        happens, self.while_sending = self.while_sending, None
        if happens is not None:
            await asyncio.to_thread(happens)
        return await super().handle_DATA(server, session, envelope)


class LosingMailbox(Mailbox):
    """A mail server that takes a letter and hangs up before it says so, once."""

    hang_up: bool = True

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(server, session, envelope)
        if self.hang_up:
            self.hang_up = False
            server.transport.abort()
            await asyncio.sleep(60)  # the lost connection ends this at once
        return answer


@contextmanager
def shift(house: House, mailbox: Mailbox, clock: Hands, **settings: object):
    """A worker whose mails go to the mailbox and who can open addresses."""
    with mail_server(mailbox) as port:
        delivery = DeliverySettings(
            way="smtp",
            sender="diary@north.example",
            base_url="https://diary.example",
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
            smtp_timeout_seconds=2,
            gateway_timeout_seconds=2,
        )
        yield Worker(
            database=house.database,
            dispatch=Dispatch(
                database=house.database,
                transport_for=lambda way: transport_for(way, delivery),
                link_for=lambda notification: f"https://diary.example/a/{notification.hex}",
                inbox_url="https://diary.example/",
                clock=clock,
                key=KEY,
            ),
            changed=lambda _clinic: None,
            clock=clock,
        )


def add_way(house: House, owner: Viewer, kind: str, to: str, *, of_clinic: bool = False) -> UUID:
    way_id = new_id()
    with house.database.writing() as session:
        ways.add_way(
            session,
            owner,
            ContactWay(
                id=way_id,
                clinic_id=house.clinic_id,
                user_id=None if of_clinic else owner.actor_id,
                kind=kind,
                label="Mobile",
                address_sealed=seal_address(KEY, way_id, Address(to, "secret")),
                created_by=owner.actor_id,
                created_at=NOW,
            ),
            NOW,
        )
    return way_id


def itch(house: House, at: datetime = NOW, level: str = "prompt") -> UUID:
    """Raise an alert, for the same day unless said otherwise, of a patient of its own."""
    with house.database.writing() as session:
        patient = Patient(
            clinic_id=house.clinic_id,
            code=f"P-{new_id().hex[-6:]}",
            name="Ivy Itch",
            born_on=NOW.date(),
            time_zone=ZONE,
            created_at=NOW,
        )
        session.add(patient)
        session.flush()
        return alarm.raise_alert(
            session,
            house.worker,
            patient_id=patient.id,
            entry_id=None,
            level=level,
            reason_codes=["R6_PRURITUS_G2_IN_WINDOW"],
            now=at,
        )


def alert_letters(mailbox: Mailbox) -> list[tuple[str, str]]:
    return [(mail["To"], mail["X-Diary-Alert"]) for mail in mailbox.received]


def code_of(house: House, alert_id: UUID) -> str:
    return next(alert.code for alert in rows(house, Alert) if alert.id == alert_id)


def test_a_nurse_is_told_by_every_way_of_hers_and_each_keeps_its_receipt(house: House):
    mailbox, gateway, board, clock = Mailbox(), WebPeer(), WebPeer(), Hands()
    with web_peer(gateway) as phone, web_peer(board) as wall, shift(house, mailbox, clock) as night:
        add_way(house, house.ben, "apprise", f"json://{phone}/t0ken")
        add_way(house, house.ben, "email", "ward@north.example")
        add_way(house, house.admin, "webhook", f"http://{wall}/hook", of_clinic=True)
        code = code_of(house, fever(house))
        night.run_once()

    assert sorted(mailbox.recipients) == [BEN, "ward@north.example"]
    assert code in json.loads(gateway.received[0][2])["title"]
    # The clinic's own system is no person: its link takes nothing.
    assert json.loads(board.received[0][2])["link"] == "https://diary.example/"
    receipts = {row.way.partition(":")[0]: row.receipt for row in rows(house, Notification)}
    assert receipts == {
        "email": "250 2.0.0 Ok: queued as 4F2A",
        "apprise": "taken by the service",
        "webhook": "200 OK",
    }
    assert {row.state for row in rows(house, Notification)} == {"sent"}
    kept = str([row.model_dump() for row in rows(house, Notification) + rows(house, AlertEvent)])
    assert "t0ken" not in kept


def test_the_mail_server_refuses_this_nurses_address_and_the_administrator_gets_a_task(
    house: House,
):
    mailbox, clock = RefusingMailbox(), Hands()
    mailbox.unknown = (BEN,)
    with shift(house, mailbox, clock) as night:
        code = code_of(house, fever(house))
        night.run_once()

    (task,) = rows(house, Task)
    assert task.user_id == house.admin.actor_id
    assert task.kind == "undeliverable"
    assert "Ben could not be told by e-mail" in task.sentence
    assert code in task.sentence
    assert BEN not in task.sentence
    assert mailbox.recipients == [ADA]
    letter = mailbox.raw[0].decode()
    assert "a task for you" in mailbox.received[0]["Subject"]
    for secret in ("Ana", "Quiet", "P-001", "38.6", "burn"):
        assert secret not in letter


def test_a_task_whose_message_is_lost_too_goes_on_to_the_next_person(house: House):
    mailbox, clock = RefusingMailbox(), Hands()
    mailbox.unknown = (BEN, ADA)
    with shift(house, mailbox, clock) as night:
        fever(house)
        night.run_once()

    (task,) = rows(house, Task)
    assert task.user_id == house.dora.actor_id
    assert mailbox.recipients == [DORA]


def test_with_nobody_left_to_tell_the_task_stays_open_for_every_inbox(house: House):
    mailbox, clock = RefusingMailbox(), Hands()
    mailbox.unknown = (BEN, ADA, DORA)
    with shift(house, mailbox, clock) as night:
        fever(house)
        night.run_once()

    with house.database.reading() as session:
        (task,) = tasks.open_tasks(session, house.ben)
    assert "Ben could not be told" in task.sentence
    assert mailbox.received == []


def test_the_same_loss_asks_for_the_same_thing_once_until_it_is_done(house: House):
    mailbox, clock = RefusingMailbox(), Hands()
    mailbox.unknown = (BEN,)
    with shift(house, mailbox, clock) as night:
        fever(house)
        for _ in range(2):
            night.run_once()
            clock.forward(minutes=5)
        with house.database.writing() as session:
            (task,) = tasks.open_tasks(session, house.ben)
            assert tasks.finish(session, house.admin, task.id, "New address.", clock())
            assert not tasks.finish(session, house.dora, task.id, "", clock())
            assert tasks.open_tasks(session, house.ben) == []


def test_what_cannot_be_delivered_for_five_days_becomes_a_task(house: House):
    mailbox, clock = Mailbox(to_data=["451 4.3.0 try later"]), Hands()
    with shift(house, mailbox, clock) as night:
        fever(house)
        clock.forward(days=4, hours=23)
        night.run_once()
        (row,) = [row for row in rows(house, Notification) if row.round == 1]
        assert row.state == "failed_temporary"
        clock.forward(hours=2)
        night.run_once()

    (row,) = [row for row in rows(house, Notification) if row.round == 1]
    assert row.state == "failed_permanent"
    assert "for 5 days" in row.error
    assert any("Ben could not be told" in task.sentence for task in rows(house, Task))


def test_an_unanswered_webhook_is_tried_again_when_it_asked_to(house: House):
    mailbox, clock = Mailbox(), Hands()
    board = WebPeer([(503, {"Retry-After": "900"}), (200, {})])
    with web_peer(board) as wall, shift(house, mailbox, clock) as night:
        add_way(house, house.admin, "webhook", f"http://{wall}/hook", of_clinic=True)
        itch(house, level="urgent")
        night.run_once()
        (row,) = [row for row in rows(house, Notification) if row.way_id is not None]
        assert row.next_attempt_at == NOW + timedelta(minutes=15)
        clock.forward(minutes=15)
        night.run_once()

    ids = [headers["Diary-Message-Id"] for _path, headers, _body in board.received]
    assert ids.count(row.message_id) == 2


def test_alerts_for_today_within_a_minute_leave_as_one_message_with_a_link_each(house: House):
    mailbox, clock = Mailbox(), Hands()
    with shift(house, mailbox, clock) as night:
        first = itch(house)
        night.run_once()
        assert mailbox.received == []
        clock.forward(seconds=40)
        second = itch(house, clock())
        clock.forward(seconds=20)
        night.run_once()

    codes = [code_of(house, alert_id) for alert_id in (first, second)]
    assert alert_letters(mailbox) == [(BEN, ", ".join(codes))]
    body = mailbox.received[0].get_body(("plain",)).get_content()
    sent = [row for row in rows(house, Notification) if row.state == "sent"]
    for row in sent:
        assert f"https://diary.example/a/{row.id.hex}" in body
    assert len(sent) == 2
    assert len({row.bundle_id for row in sent}) == 1
    words = re.sub(r"https://\S+", "", body)  # a link's token may hold any letters
    for code in codes:
        words = words.replace(code, "")
    for word in ("Ivy", "Itch", "R6_", "P-"):
        assert word not in words


def test_an_urgent_alert_never_waits_for_company(house: House):
    mailbox, clock = Mailbox(), Hands()
    with shift(house, mailbox, clock) as night:
        itch(house)
        urgent = fever(house)
        night.run_once()

    assert alert_letters(mailbox) == [(BEN, code_of(house, urgent))]


def test_a_bundle_that_did_not_go_through_is_repeated_as_the_same_message(house: House):
    mailbox, clock = Mailbox(to_data=["451 4.3.0 try later", "250 Ok"]), Hands()
    with shift(house, mailbox, clock) as night:
        for _ in range(2):
            itch(house)
        clock.forward(minutes=1)
        night.run_once()
        tried = {row.bundle_id for row in rows(house, Notification)}
        late = itch(house, clock())
        clock.forward(minutes=1)
        night.run_once()

    letters = {mail["X-Diary-Alert"]: mail["Message-ID"] for mail in mailbox.received}
    (bundle_id,) = tried
    assert f"<{bundle_id}@diary>" in letters.values()
    # What came later is a message of its own, so that the repeat is the same.
    assert code_of(house, late) in letters
    assert len(letters) == 2


def test_what_is_left_of_a_bundle_repeats_it_as_the_same_message(house: House):
    """Ben has the letter, the diary does not know, and he takes one of its two alerts."""
    mailbox, clock = LosingMailbox(), Hands()
    with shift(house, mailbox, clock) as night:
        taken, left = itch(house), itch(house)
        clock.forward(minutes=1)
        night.run_once()
        with house.database.writing() as session:
            acknowledge.take(session, house.ben, taken, clock())
        clock.forward(minutes=1)
        night.run_once()

    first, second = mailbox.received
    assert second["X-Diary-Alert"] == code_of(house, left)
    assert second["Message-ID"] == first["Message-ID"]


def test_a_clock_that_goes_back_does_not_tear_a_bundle_apart(house: House):
    """Two halves would carry one Message-ID, and a mailbox would take one for a repeat."""
    mailbox, clock = Mailbox(to_data=["451 4.3.0 try later", "250 Ok"]), Hands()
    with shift(house, mailbox, clock) as night:
        raised = {itch(house), itch(house, NOW + timedelta(seconds=50))}
        clock.forward(minutes=1)
        night.run_once()
        # By this clock only the second one was written too far ahead to be true.
        clock.now = NOW - timedelta(seconds=30)
        night.run_once()

    (letter,) = mailbox.received
    body = letter.get_body(("plain",)).get_content()
    assert all(code_of(house, alert_id) in body for alert_id in raised)


def test_an_alert_taken_in_time_is_left_out_of_the_bundle(house: House):
    mailbox, clock = Mailbox(), Hands()
    with shift(house, mailbox, clock) as night:
        taken, left = itch(house), itch(house)
        with house.database.writing() as session:
            acknowledge.take(session, house.ben, taken, NOW)
        clock.forward(minutes=1)
        night.run_once()

    assert alert_letters(mailbox) == [(BEN, code_of(house, left))]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("250 Ok", "sent"),
        ("451 4.3.0 try later", "superseded"),
        ("554 5.7.1 no", "failed_permanent"),
    ],
)
def test_an_alert_taken_while_its_message_is_in_flight_is_not_tried_again(
    house: House, answer: str, state: str
):
    mailbox, clock = BusyMailbox(to_data=[answer]), Hands()
    alert_id = fever(house)

    def take() -> None:
        with house.database.writing() as session:
            assert acknowledge.take(session, house.ben, alert_id, clock())

    mailbox.while_sending = take
    with shift(house, mailbox, clock) as night:
        night.run_once()

    assert next(row for row in rows(house, Notification) if row.kind == "alert").state == state


def test_switching_a_way_off_withdraws_what_waits_for_it(house: House):
    mailbox, clock = Mailbox(), Hands()
    with shift(house, mailbox, clock) as night:
        way_id = add_way(house, house.ben, "email", "ward@north.example")
        fever(house)
        with house.database.writing() as session:
            ways.switch_way(session, house.ben, way_id, NOW)
        night.run_once()

    assert mailbox.recipients == [BEN]
    states = {row.way_id: row.state for row in rows(house, Notification)}
    assert states == {None: "sent", way_id: "superseded"}


def test_an_address_moved_to_another_row_does_not_open_and_becomes_a_task(house: House):
    mailbox, clock = Mailbox(), Hands()
    with shift(house, mailbox, clock) as night:
        way_id = add_way(house, house.ben, "email", "ward@north.example")
        with house.database.writing() as session:
            row = ways.ways_by_id(session, house.worker, [way_id])[way_id]
            row.address_sealed = seal_address(KEY, new_id(), Address("thief@x.example"))
        fever(house)
        night.run_once()

    assert "thief@x.example" not in mailbox.recipients
    assert [task.kind for task in rows(house, Task)] == ["undeliverable"]


def test_a_message_stays_leased_while_its_sender_lives_and_not_much_longer(house: House):
    fever(house)
    with house.database.writing() as session:
        (row,) = outbox.lease(session, house.worker, NOW, NOW + LEASE, owner="one")
    later = NOW + LEASE - timedelta(seconds=1)
    with house.database.writing() as session:
        ledger.renew(session, house.worker, "one", [row.id], later + LEASE)
        ledger.renew(session, house.worker, "two", [row.id], later + 9 * LEASE)
    with house.database.writing() as session:
        assert outbox.lease(session, house.worker, NOW + LEASE, NOW + 2 * LEASE) == []
        again = outbox.lease(session, house.worker, later + LEASE, later + 2 * LEASE, owner="two")

    assert [each.id for each in again] == [row.id]
    assert timedelta(seconds=10) <= LEASE <= timedelta(seconds=20)


def test_a_mail_server_that_takes_longer_than_a_lease_costs_no_lease(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dispatch, "RENEW_EVERY", 0.05)
    mailbox, clock = BusyMailbox(), Hands()
    taken_by_another: list[Notification] = []

    def slowly() -> None:
        clock.now += LEASE - timedelta(seconds=1)
        time.sleep(0.4)
        clock.now += LEASE - timedelta(seconds=1)
        with house.database.writing() as session:
            until = clock() + LEASE
            taken_by_another.extend(
                outbox.lease(session, house.worker, clock(), until, owner="another")
            )

    mailbox.while_sending = slowly
    fever(house)
    with shift(house, mailbox, clock) as night:
        night.run_once()

    assert taken_by_another == []
    assert {row.state for row in rows(house, Notification)} == {"sent"}


def test_what_a_paused_worker_sent_counts_and_what_it_missed_does_not(house: House):
    fever(house)
    with house.database.writing() as session:
        (row,) = outbox.lease(session, house.worker, NOW, NOW + LEASE, owner="paused")
        outbox.lease(session, house.worker, NOW + LEASE, NOW + 2 * LEASE, owner="other")
    late = NOW + LEASE
    failure = ledger.Outcome(row.id, "failed_permanent", error="x")
    success = ledger.Outcome(row.id, "sent", receipt="250 Ok")
    with house.database.writing() as session:
        assert ledger.record(session, house.worker, "paused", [failure], late) == set()
        assert ledger.record(session, house.worker, "paused", [success], late) == {row.id}
        assert ledger.record(session, house.worker, "other", [failure], late) == set()

    assert rows(house, Notification)[0].state == "sent"


def test_a_clock_that_was_hours_ahead_holds_no_message_up(house: House):
    mailbox, clock = Mailbox(), Hands()
    ahead = NOW + timedelta(hours=6)
    fever(house, ahead)
    with shift(house, mailbox, clock) as night:
        with house.database.writing() as session:
            outbox.lease(session, house.worker, ahead, ahead + LEASE, owner="ahead")
        night.run_once()

    assert BEN in mailbox.recipients


def test_a_gateway_that_hangs_holds_up_no_mail(house: House):
    mailbox, clock, gateway = Mailbox(), Hands(), WebPeer(hold=threading.Event())
    with web_peer(gateway) as phone, shift(house, mailbox, clock) as night:
        add_way(house, house.ben, "apprise", f"json://{phone}/")
        add_way(house, house.ben, "webhook", f"http://{phone}/")
        night.start()
        first = fever(house)
        night.wake()
        assert soon(lambda: gateway.received and mailbox.received)
        second = itch(house, level="urgent")
        night.wake()
        assert soon(lambda: len(mailbox.received) == 2)
        gateway.hold.set()
        night.stop()

    codes = [code_of(house, alert_id) for alert_id in (first, second)]
    assert [code for _to, code in alert_letters(mailbox)] == codes


def test_one_call_sends_a_backlog_longer_than_its_lane_has_room_for(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dispatch, "BATCH", 4)
    monkeypatch.setattr(dispatch, "MAIL_ROOM", 3)
    mailbox, clock = Mailbox(data_takes_seconds=0.05), Hands()
    with house.database.writing() as session:
        for _ in range(60):
            message_id = new_id()
            outbox.add_notification(
                session,
                house.worker,
                Notification(
                    id=message_id,
                    clinic_id=house.clinic_id,
                    user_id=house.ben.actor_id,
                    kind="test",
                    message_id=f"<{message_id}@diary>",
                    created_at=NOW,
                    next_attempt_at=NOW,
                ),
            )
    with shift(house, mailbox, clock) as night:
        night.tick_seconds = 3600
        night.start()
        assert soon(lambda: len(mailbox.received) == 60)
        night.stop()

    assert {row.state for row in rows(house, Notification)} == {"sent"}
    assert len({mail["Message-ID"] for mail in mailbox.received}) == 60


def test_a_worker_that_stops_gives_back_what_it_did_not_begin(house: House):
    mailbox, clock, gateway = Mailbox(), Hands(), WebPeer(hold=threading.Event())
    with web_peer(gateway) as phone, shift(house, mailbox, clock) as night:
        add_way(house, house.ben, "webhook", f"http://{phone}/")
        for _ in range(3):
            itch(house, level="urgent")
        night.start()
        night.wake()
        assert soon(lambda: gateway.received)
        threading.Timer(0.5, gateway.hold.set).start()
        night.stop()

    states = [row.state for row in rows(house, Notification) if row.way_id is not None]
    assert sorted(states) == ["pending", "pending", "sent"]
    assert len(gateway.received) == 1


def soon(true) -> bool:
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(true())


@pytest.fixture(autouse=True)
def _quiet_threads():
    yield
    for thread in threading.enumerate():
        if thread.name in ("diary-lane", "diary-apprise"):
            thread.join(5)
