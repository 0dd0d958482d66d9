"""The watch over the alarm, with a real database, a real mail server and a real monitor."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from alerts import acknowledge, probe
from alerts.ping import usable_address
from alerts.watcher import Watcher
from alerts.worker import Worker
from db.models import Alert, Assessment, Clinic, Entry, Notification, Patient, Task, User
from db.stores import alerting, audit, beats, diary, people, tasks
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.test_worker import Hands, fever, rows, worker_to
from tests.people import NOW, House

ADA, BEN = "ada@north.example", "ben@north.example"
DAY = timedelta(days=1)
REFUSED = ["550 5.1.1 no such user"]


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def worker(house: House, clock: Hands, mailbox: Mailbox) -> Iterator[Worker]:
    """A watched worker, of a clinic whose alarm does not try itself and whose books are made."""
    change(house, Clinic, probe_hour=None, created_at=NOW)
    with mail_server(mailbox) as port:
        made = worker_to(house, port, clock)
        made.watcher = Watcher(house.database)
        yield made


def change(house: House, table: type, row_id: UUID | None = None, **values: object) -> None:
    with house.database.writing() as session:
        query = update(table).values(**values)
        session.exec(query if row_id is None else query.where(col(table.id) == row_id))


def open_tasks(house: House) -> list[Task]:
    with house.database.reading() as session:
        return tasks.open_tasks(session, house.admin)


def last(house: House, duty: str) -> dict:
    with house.database.reading() as session:
        return dict(beats.beats(session, house.admin)[duty].detail)


def to(mailbox: Mailbox, address: str) -> list[str]:
    """The subjects of the letters to somebody."""
    return [
        str(letter["subject"])
        for letter, whom in zip(mailbox.received, mailbox.recipients, strict=True)
        if whom == address
    ]


def test_an_alert_that_lost_its_next_step_gets_one_and_one_person_is_asked_once(
    house, worker, clock, mailbox
):
    alert_id = fever(house)
    worker.run_once()
    change(house, Alert, alert_id, next_look_at=None)
    for _ in range(3):
        clock.forward(minutes=1)
        worker.run_once()
        change(house, Alert, alert_id, next_look_at=None)

    assert [task.kind for task in open_tasks(house)] == ["stuck"]
    assert open_tasks(house)[0].user_id == house.admin.actor_id
    assert to(mailbox, ADA) == ["Symptom diary: a task for you"]
    for minutes in (1, 15):
        clock.forward(minutes=minutes)
        worker.run_once()
    assert len(to(mailbox, BEN)) == 2  # the step that had been lost


def test_an_alert_whose_holder_left_goes_back_to_the_team(house, worker, clock):
    alert_id = fever(house)
    worker.run_once()
    with house.database.writing() as session:
        acknowledge.take(session, house.ben, alert_id, clock())
    change(house, User, house.ben.actor_id, active=False)
    clock.forward(minutes=1)
    worker.run_once()

    [alert] = rows(house, Alert)
    assert alert.state == "open"
    assert alert.acknowledged_by is None
    assert "no longer works here" in open_tasks(house)[0].sentence


def test_a_finished_task_is_asked_again_when_the_trouble_comes_back(house, worker, clock):
    alert_id = fever(house)
    worker.run_once()
    for _ in range(2):
        change(house, Alert, alert_id, next_look_at=None)
        clock.forward(minutes=1)
        worker.run_once()
        [task] = open_tasks(house)
        with house.database.writing() as session:
            assert tasks.finish(session, house.admin, task.id, "Ben has it.", clock())

    assert open_tasks(house) == []
    assert len(rows(house, Task)) == 2


def test_the_books_of_a_full_day_balance_and_are_sealed(house, worker, clock, mailbox):
    fever(house)
    with house.database.writing() as session:
        probe.start(session, house.worker, people.own_clinic(session, house.worker), NOW)
    worker.run_once()
    clock.now = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)  # 01:30 in Berlin
    worker.run_once()
    worker.run_once()

    kept = last(house, "books")
    assert kept["day"] == "2026-03-02"
    assert kept["differences"] == []
    assert (kept["received"], kept["graded"], kept["expected"], kept["found"]) == (1, 1, 1, 1)
    assert (kept["raised"], kept["waiting"]) == (1, 1)
    letters = [subject for subject in to(mailbox, ADA) if "books" in subject]
    assert letters == ["Symptom diary, books of 2026-03-02: North clinic"]
    text = mailbox.received[-1].get_body(("plain",)).get_content()
    assert "The books balance." in text
    assert kept["receipt"]["hash"] in text.replace("\n", "")
    for secret in ("Ana", "P-001", "38.6", "burn"):
        assert secret not in text
    with house.database.reading() as session:
        sealed = [e for e in audit.events(session, house.admin) if e.verb == "books.balance"]
        assert [event.hash for event in sealed] == [kept["receipt"]["hash"]]
        assert audit.first_broken_link(session, house.clinic_id) is None
    assert open_tasks(house) == []


def test_an_entry_that_reached_nobody_is_found_in_the_night(house, worker, clock, mailbox):
    fever(house)
    with house.database.writing() as session:
        diary.add_entry(session, house.ana, house.entry(), NOW)
    worker._read_whole.add(house.clinic_id)
    clock.now = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
    worker.run_once()

    told = "1 of 2 entries were neither graded nor given to a person to read."
    assert last(house, "books")["differences"] == [told]
    assert any("do not balance" in subject for subject in to(mailbox, ADA))
    assert [task.kind for task in open_tasks(house)] == ["books_differ"]
    assert told in open_tasks(house)[0].sentence


def test_each_day_has_its_books_when_the_machine_slept_and_an_empty_one_too(
    house, worker, clock, mailbox
):
    for days in (1, 4):
        clock.now = datetime(2026, 3, 2 + days, 1, 0, tzinfo=UTC)
        worker.run_once()

    books = [subject for subject in to(mailbox, ADA) if "task" not in subject]
    days = sorted(subject.split()[4].strip(":") for subject in books)
    assert days == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]


def test_the_alarm_tries_itself_once_a_day_without_anybody_taking_it_for_an_alert(
    house, worker, clock, mailbox
):
    change(house, Clinic, house.clinic_id, probe_hour=20)  # it is 20:04 in Berlin
    for _ in range(3):
        worker.run_once()
        clock.forward(seconds=5)

    assert to(mailbox, ADA) == ["Test of the alarm, nothing to do: North clinic"]
    assert mailbox.recipients == [ADA]
    assert "This is a test of the alarm. Nothing to do." in mailbox.raw[0].decode()
    assert last(house, "probe")["state"] == "arrived"
    [alert] = rows(house, Alert)
    assert (alert.level, alert.state, alert.closed_by, alert.is_test) == (
        "urgent",
        "closed",
        None,
        True,
    )
    with house.database.reading() as session:
        assert alerting.inbox(session, house.ben, closed_since=NOW - DAY) == []
        assert [row.code for row in people.patients(session, house.ben)] == ["P-001"]
        assert people.how_many(session, house.ben) == 1
        assert diary.received_since(session, house.ben, NOW - DAY) == 0
    clock.forward(hours=24)
    worker.run_once()
    assert [s for s in to(mailbox, ADA) if "Test" in s] == [to(mailbox, ADA)[0]] * 2


def test_a_test_that_does_not_arrive_asks_a_person(house, worker, clock, mailbox):
    change(house, Clinic, house.clinic_id, probe_hour=20)
    mailbox.to_rcpt[:] = REFUSED
    worker.run_once()
    clock.forward(seconds=5)
    worker.run_once()

    assert last(house, "probe")["state"] == "lost"
    assert [task.kind for task in open_tasks(house)] == ["probe_lost"]
    assert rows(house, Alert)[0].state == "closed"
    assert all(alert.is_test for alert in rows(house, Alert))


def test_a_fever_of_a_patient_is_never_a_test_however_the_patient_is_called(house, worker, mailbox):
    change(house, Patient, house.ana.actor_id, name=probe.NAME, code=probe.CODE)
    alert_id = fever(house)
    worker.run_once()

    assert mailbox.recipients == [BEN]
    with house.database.writing() as session:
        assert not alerting.close_test(session, house.worker, alert_id, NOW)
    assert rows(house, Alert)[0].state == "open"


@contextmanager
def monitor(answers: list[int]) -> Iterator[tuple[str, list[str]]]:
    """A monitor on loopback; gives its address and the paths that were asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/alive", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_monitor_outside_hears_each_minute_that_the_alarm_works(house, worker, clock):
    with monitor([200, 500, 200]) as (url, asked):
        worker.watcher = Watcher(house.database, url)
        failures = []
        for _ in range(3):
            worker.run_once()
            worker.run_once()
            worker.watcher.stop()
            failures.append(last(house, "ping")["failed_in_a_row"])
            clock.forward(minutes=1)

    assert asked == ["/alive"] * 3
    assert failures == [0, 1, 0]


def test_the_monitor_hears_nothing_while_an_alert_is_stuck_or_a_duty_fails(
    house, worker, clock, monkeypatch
):
    with monitor([200]) as (url, asked):
        worker.watcher = Watcher(house.database, url)
        worker.run_once()
        worker.watcher.stop()

        def broken(*_args: object) -> None:
            raise RuntimeError

        fever(house)
        monkeypatch.setattr(alerting, "due_alerts", broken)
        for _ in range(7):
            clock.forward(minutes=1)
            change(house, Alert, next_look_at=NOW)
            worker.run_once()
        worker.watcher.stop()
        monkeypatch.undo()
        assert last(house, "worker")["failed"] == ["escalate"]
        assert last(house, "audit")["left"] == 1
        assert asked == ["/alive"]

        clock.forward(minutes=1)
        worker.run_once()
        worker.watcher.stop()

    assert asked == ["/alive"] * 2


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://monitor.example/abc", True),
        ("http://127.0.0.1:9/abc", True),
        ("http://localhost/abc", True),
        ("http://monitor.example/abc", False),
        ("ftp://monitor.example", False),
        ("monitor.example", False),
    ],
)
def test_only_a_safe_address_is_pinged(url, usable):
    assert usable_address(url) is usable


def test_a_failed_grading_is_found_again_without_reading_the_diary(house, worker):
    with house.database.writing() as session:
        entry = house.entry(temperature_value=37.0, temperature_unit="C")
        diary.add_entry(session, house.ana, entry, NOW)
    worker._read_whole.add(house.clinic_id)
    worker.run_once()
    assert rows(house, Assessment) == []  # nobody ever looked at it, and it did not fail
    worker._read_whole.clear()
    worker.run_once()

    assert [row.outcome for row in rows(house, Assessment)] == ["graded"]
    with house.database.reading() as session:
        assert session.exec(select(Entry.id)).all() == [entry.id]
        assert session.exec(select(Notification)).all() == []


def test_patients_who_write_nothing_are_counted_without_the_test_patient(house):
    today = NOW.date()
    with house.database.writing() as session:
        probe.start(session, house.worker, people.own_clinic(session, house.worker), NOW)
        assert diary.silent_since(session, house.ben, today) == 1  # ana, here for 200 days
        diary.add_entry(session, house.ana, house.entry(at=NOW - DAY), NOW)
        assert diary.silent_since(session, house.ben, today) == 1
        assert diary.silent_since(session, house.ben, today - DAY) == 0
        assert diary.silent_since(session, house.ben, today - 400 * DAY) == 0
