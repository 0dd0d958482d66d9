"""The worker with a real database and a real mail server, its clock moved by hand."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from alerts import acknowledge
from alerts.delivery.register import transport_for
from alerts.dispatch import LEASE, Dispatch
from alerts.intake import record_entry
from alerts.settings import DeliverySettings
from alerts.worker import HEARTBEAT, Worker
from db.models import Alert, AlertEvent, Assessment, Clinic, Notification
from db.stores import alerting, outbox
from tests.alerts.mail_server import Mailbox, mail_server
from tests.people import NOW, House


@dataclass
class Hands:
    """A clock moved by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@contextmanager
def night_shift(house: House, mailbox: Mailbox, clock: Hands):
    """A worker on this database whose mails go to the mailbox."""
    with mail_server(mailbox) as port:
        yield worker_to(house, port, clock)


def worker_to(house: House, port: int, clock: Hands) -> Worker:
    settings = DeliverySettings(
        way="smtp",
        sender="diary@north.example",
        base_url="https://diary.example",
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        smtp_timeout_seconds=2,
    )
    return Worker(
        database=house.database,
        dispatch=Dispatch(
            database=house.database,
            transport_for=lambda way: transport_for(way, settings),
            link_for=lambda notification: f"https://diary.example/a/{notification.hex}",
            inbox_url="https://diary.example/",
            clock=clock,
        ),
        changed=lambda _clinic: None,
        clock=clock,
    )


def fever(house: House, at: datetime = NOW, celsius: float = 38.6) -> UUID:
    with house.database.writing() as session:
        made = record_entry(
            session,
            house.ana,
            house.entry(at=at, temperature_value=celsius, temperature_unit="C", words="I burn"),
            at,
        )
    assert made.alert_id is not None
    return made.alert_id


def rows(house: House, table: type) -> list:
    with house.database.reading() as session:
        return list(session.exec(select(table).order_by(table.id)))


def test_a_fever_reaches_the_nurse_by_mail_and_carries_no_patient_data(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()

    assert mailbox.recipients == ["ben@north.example"]
    letter = mailbox.raw[0].decode()
    code = rows(house, Alert)[0].code
    assert code in letter
    for secret in ("Ana", "Quiet", "P-001", "38.6", "burn", "R4_TEMP", "fever"):
        assert secret not in letter
    assert rows(house, Notification)[0].state == "sent"


def test_unacknowledged_urgent_alerts_repeat_and_go_up_the_ladder(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()
        for _ in range(4):
            clock.forward(minutes=15)
            worker.run_once()

    ben, dora, ada = "ben@north.example", "dora@north.example", "ada@north.example"
    assert mailbox.recipients[:2] == [ben, ben]
    assert sorted(mailbox.recipients[2:4]) == sorted([ben, dora])
    assert sorted(mailbox.recipients[4:7]) == sorted([ben, dora, ada])
    assert sorted(mailbox.recipients[7:]) == sorted([ben, dora, ada])


def test_taking_the_alert_stops_the_mails(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        alert_id = fever(house)
        worker.run_once()
        with house.database.writing() as session:
            assert acknowledge.take(session, house.ben, alert_id, clock())
        for _ in range(3):
            clock.forward(hours=1)
            worker.run_once()

    assert len(mailbox.received) == 1
    events = [event.kind for event in rows(house, AlertEvent)]
    assert events == ["raised", "step_reached", "notified", "acknowledged"]


def test_handing_back_starts_the_mails_again(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        alert_id = fever(house)
        worker.run_once()
        with house.database.writing() as session:
            acknowledge.take(session, house.ben, alert_id, clock())
        clock.forward(minutes=20)
        with house.database.writing() as session:
            acknowledge.hand_back(session, house.ben, alert_id, clock())
        worker.run_once()

    assert len(mailbox.received) > 1


def test_the_second_nurse_is_told_that_a_colleague_was_first(house: House):
    alert_id = fever(house)
    with house.database.writing() as session:
        first = acknowledge.take(session, house.ben, alert_id, NOW)
        second = acknowledge.take(session, house.dora, alert_id, NOW)

    assert (first, second) == (True, False)
    assert rows(house, Alert)[0].acknowledged_by == house.ben.actor_id


def test_a_worker_that_slept_is_late_and_loses_nothing(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        clock.forward(hours=3)
        worker.run_once()

    assert "ben@north.example" in mailbox.recipients
    assert len({letter["Message-ID"] for letter in mailbox.received}) == len(mailbox.received)


def test_a_stopped_mail_server_delays_the_mail_and_it_arrives_later(house: House):
    clock = Hands()
    with mail_server(Mailbox()) as port:
        pass
    dead = worker_to(house, port, clock)
    fever(house)
    dead.run_once()
    failed = rows(house, Notification)[0]
    assert failed.state == "failed_temporary"
    assert failed.next_attempt_at > clock()
    assert "north.example" not in failed.error

    mailbox = Mailbox()
    clock.forward(minutes=1)
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()

    assert mailbox.recipients == ["ben@north.example"]
    assert mailbox.received[0]["Message-ID"] == failed.message_id


def test_an_address_refused_for_good_is_not_tried_again_and_shown(house: House):
    mailbox, clock = Mailbox(to_rcpt=["550 5.1.1 no such user"]), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()

    assert rows(house, Notification)[0].state == "failed_permanent"
    assert "notification_failed" in [event.kind for event in rows(house, AlertEvent)]


def test_a_message_whose_sender_died_is_sent_again_with_the_same_id(house: House):
    mailbox, clock = Mailbox(), Hands()
    fever(house)
    with house.database.writing() as session:
        leased = outbox.lease(session, house.worker, clock(), clock() + LEASE)
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()
        assert mailbox.received == []
        clock.forward(seconds=LEASE.total_seconds())
        worker.run_once()

    assert [letter["Message-ID"] for letter in mailbox.received] == [leased[0].message_id]


def test_two_workers_never_lease_the_same_message(house: House):
    fever(house)
    with house.database.writing() as session:
        first = outbox.lease(session, house.worker, NOW, NOW + LEASE)
    with house.database.writing() as session:
        second = outbox.lease(session, house.worker, NOW, NOW + LEASE)

    assert (len(first), len(second)) == (1, 0)


def test_a_step_without_anybody_goes_on_to_the_next_at_once(house: House):
    mailbox, clock = Mailbox(), Hands()
    with house.database.writing() as session:
        session.exec(select(Clinic).where(Clinic.id == house.clinic_id)).one()
        ben = outbox.recipient(session, house.worker, house.ben.actor_id)
        assert ben is not None
        ben.active = False
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()

    assert mailbox.recipients == ["dora@north.example"]
    assert "nobody_to_notify" in [event.kind for event in rows(house, AlertEvent)]


def test_a_prompt_alert_that_nobody_closed_becomes_urgent_after_a_day(house: House):
    mailbox, clock = Mailbox(), Hands()
    with house.database.writing() as session:
        made = record_entry(session, house.ana, house.entry(itch_nrs=8), NOW)
        assert made.alert_id is not None
        acknowledge.take(session, house.ben, made.alert_id, NOW)
    clock.forward(hours=24)
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()

    alert = rows(house, Alert)[0]
    assert (alert.level, alert.state) == ("urgent", "open")
    alerts_told = [letter["To"] for letter in mailbox.received if letter["X-Diary-Alert"]]
    assert alerts_told == ["ben@north.example"]


def test_an_entry_that_could_not_be_graded_is_graded_later(house: House):
    def broken(*_args):
        raise RuntimeError

    mailbox, clock = Mailbox(), Hands()
    with house.database.writing() as session:
        record_entry(
            session,
            house.ana,
            house.entry(temperature_value=39.1, temperature_unit="C"),
            NOW,
            assessor=broken,
        )
    clock.forward(minutes=2)
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()

    assert [row.outcome for row in rows(house, Assessment)] == ["failed", "graded"]
    assert [alert.level for alert in rows(house, Alert)] == ["urgent"]


def test_the_daily_summary_comes_once_at_the_clinics_hour_even_when_nothing_happened(house: House):
    # 5:59 UTC is 6:59 in Berlin on 3 March; the summary is due at 7.
    mailbox, clock = Mailbox(), Hands(datetime(2026, 3, 3, 5, 59, tzinfo=UTC))
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()
        assert mailbox.received == []
        clock.forward(minutes=1)
        worker.run_once()
        worker.run_once()
        clock.forward(hours=8)
        worker.run_once()

    north = [to for to in mailbox.recipients if to.endswith("@north.example")]
    assert sorted(north) == ["ben@north.example", "dora@north.example"]
    body = mailbox.received[0].get_body(("plain",)).get_content()
    assert "Daily summary" in body


def test_the_heartbeat_tells_when_it_last_looked(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        clock.forward(minutes=7)
        worker.run_once()

    with house.database.reading() as session:
        assert outbox.last_beat(session, house.ben, HEARTBEAT) == clock()


def test_one_broken_duty_stops_no_other(house: House, monkeypatch, caplog):
    mailbox, clock = Mailbox(), Hands()

    def broken(*_args):
        raise RuntimeError("Ana Quiet")

    monkeypatch.setattr(alerting, "due_alerts", broken)
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()

    assert len(mailbox.received) == 1
    assert "Ana" not in caplog.text


@pytest.mark.parametrize("wake", [True, False])
def test_a_running_worker_sends_when_woken_or_at_the_next_tick(house: House, wake: bool):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        worker.tick_seconds = 3600 if wake else 0.2
        worker.start()
        fever(house)
        if wake:
            worker.wake()
        deadline = time.monotonic() + 20
        while not mailbox.received and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.stop()

    assert len(mailbox.received) == 1
