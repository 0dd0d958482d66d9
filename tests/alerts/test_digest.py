"""The daily summary with a real database and mail server: what it says, and its own alarm."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from alerts import digest, summary_alarm
from alerts.delivery.digest_message import DigestCounts
from alerts.intake import record_entry
from db.models import Alert, Assessment, Clinic, Notification, Patient, Task
from db.stores import digests
from tests.alerts.mail_server import Mailbox, mail_server
from tests.alerts.test_worker import Hands, fever, night_shift, rows, worker_to
from tests.people import NOW, House

# 7:00 in Berlin on 3 March; the house's last summary is that of 2 March.
SEVEN = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)


def set_clinic(house: House, **values: object) -> None:
    with house.database.writing() as session:
        clinic = session.get(Clinic, house.clinic_id)
        for name, value in values.items():
            setattr(clinic, name, value)


def counted(house: House, now: datetime = SEVEN) -> digest.Figures:
    with house.database.reading() as session:
        return digest.figures(session, house.worker, now)


def tasks(house: House) -> list[str]:
    return [row.sentence for row in rows(house, Task) if row.clinic_id == house.clinic_id]


def broken(*_args):
    raise RuntimeError


def listed(house: House, patient_id, day: date = date(2026, 3, 1)) -> None:
    with house.database.writing() as session:
        session.add(
            Assessment(
                clinic_id=house.clinic_id,
                patient_id=patient_id,
                silent_on=day,
                assessed_at=NOW,
                outcome="graded",
                level="digest",
                rules_version="1",
            )
        )


def test_the_mail_has_text_and_html_with_figures_and_codes_and_no_patient_data(house: House):
    mailbox, clock = Mailbox(), Hands(SEVEN)
    fever(house, SEVEN - timedelta(minutes=65))
    listed(house, house.ana.actor_id)
    code = rows(house, Alert)[0].code
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()

    letter = next(
        mail
        for mail in mailbox.received
        if mail["To"] == "ben@north.example" and "summary" in mail["Subject"]
    )
    for part in ("plain", "html"):
        body = letter.get_body((part,)).get_content()
        for words in (code, "Urgent", "OVERDUE", "1 h 5 min", "above the budget"):
            assert words in body, (part, words)
        for secret in ("Ana", "Quiet", "P-001", "38.6", "burn", "fever", "R4_TEMP", "1955"):
            assert secret not in body, (part, secret)
    text = letter.get_body(("plain",)).get_content().replace("\r", "")
    assert re.search(r"^Patients on the weekly list +1$", text, re.MULTILINE)
    # One urgent alert in one patient-week.
    assert re.search(r"^Urgent +above the budget +1 +1\.00 +0\.05$", text, re.MULTILINE)


def test_a_test_patient_is_in_no_figure(house: House):
    fever(house, SEVEN - timedelta(hours=1))
    listed(house, house.ana.actor_id)
    with house.database.writing() as session:
        record_entry(session, house.ana, house.entry(at=SEVEN), SEVEN, assessor=broken)
    real = counted(house)
    with house.database.writing() as session:
        session.get(Patient, house.ana.actor_id).is_test = True
        session.exec(select(Alert)).one().is_test = True

    probe = counted(house)

    assert (real.counts.new_alerts, real.counts.entries, real.patient_weeks) == (1, 2, 1)
    assert (real.counts.review_patients, real.counts.ungraded_entries) == (1, 1)
    assert probe.counts == DigestCounts()
    assert (probe.lines, probe.alerts, probe.patient_weeks) == ((), (), 0)
    assert [each.alerts for each in probe.load] == [0, 0]


def test_the_weekly_list_holds_until_somebody_reviewed_it(house: House):
    listed(house, house.ana.actor_id)
    with house.database.reading() as session:
        waiting = digests.to_review(session, house.ben)
        assert digests.to_review(session, house.cleo) == []
    assert counted(house, SEVEN + timedelta(days=60)).counts.review_patients == 1

    ids = [row.id for row in waiting]
    with house.database.writing() as session:
        assert digests.review(session, house.ben, ids, NOW) == 1
        assert digests.review(session, house.dora, ids, NOW) == 0
    assert counted(house).counts.review_patients == 0


def test_only_the_weekly_list_can_be_reviewed_away(house: House):
    fever(house)
    urgent = [row.id for row in rows(house, Assessment)]

    with house.database.writing() as session:
        assert digests.review(session, house.ben, urgent, NOW) == 0


def test_a_worker_that_was_down_sends_todays_and_says_that_yesterdays_is_missing(house: House):
    set_clinic(house, digest_sent_on=date(2026, 3, 1))
    mailbox, clock = Mailbox(), Hands(SEVEN + timedelta(hours=3))
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()
        clock.forward(minutes=1)
        worker.run_once()

    north = [
        mail
        for mail in mailbox.received
        if mail["To"].endswith("@north.example") and "daily summary" in mail["Subject"]
    ]
    assert sorted(mail["To"] for mail in north) == ["ben@north.example", "dora@north.example"]
    for part in ("plain", "html"):
        body = north[0].get_body((part,)).get_content()
        assert "There was no summary on 2 March 2026." in body
    assert len(tasks(house)) == 1
    assert tasks(house)[0].startswith("There was no summary on 2 March 2026.")
    assert rows(house, Task)[0].user_id == house.admin.actor_id


def test_a_summary_that_cannot_be_queued_is_told_after_an_hour_and_once(house: House, monkeypatch):
    monkeypatch.setattr(digest, "figures", broken)
    mailbox, clock = Mailbox(), Hands(SEVEN + timedelta(minutes=59))
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()
        assert tasks(house) == []
        clock.forward(minutes=1)
        worker.run_once()
        worker.run_once()

    assert len(tasks(house)) == 1
    assert tasks(house)[0].startswith("There was no summary on 3 March 2026.")
    assert {row.kind for row in rows(house, Notification)} == {"task"}
    assert mailbox.recipients.count("ada@north.example") == 1


def test_a_dead_mail_server_is_told_after_two_hours_and_no_longer_when_it_works(house: House):
    clock = Hands(SEVEN)
    with mail_server(Mailbox()) as port:
        pass
    dead = worker_to(house, port, clock)
    dead.run_once()
    clock.forward(hours=2)
    dead.run_once()
    assert tasks(house) == []
    clock.forward(minutes=1)
    dead.run_once()
    dead.run_once()
    assert tasks(house) == [
        "The daily summary of 3 March 2026 has reached nobody for two hours. Look after the mail "
        "server, and tell the nurses to read Summary on the desk."
    ]

    with night_shift(house, Mailbox(), clock) as worker:
        clock.forward(hours=2)
        worker.run_once()
    with house.database.reading() as session:
        assert summary_alarm.found_now(session, house.ben, clock()) == ()


def test_an_address_refused_for_good_is_told_by_name_once_also_after_it_is_done(house: House):
    mailbox, clock = Mailbox(to_rcpt=["550 5.1.1 no such user"]), Hands(SEVEN)
    with night_shift(house, mailbox, clock) as worker:
        worker.run_once()
        worker.run_once()
        asked = sorted(tasks(house))
        with house.database.writing() as session:
            for task in session.exec(Task.__table__.select()).all():
                session.get(Task, task.id).done_at = clock()
        worker.run_once()

    assert [
        words.split(" could not be told by e-mail of the daily summary")[0] for words in asked
    ] == [
        "Ben",
        "Dora",
    ]
    assert sorted(tasks(house)) == asked
    for row in rows(house, Task):
        assert row.kind == "undeliverable"
        assert row.notification_id is not None


@pytest.mark.parametrize(("created_days_ago", "kinds"), [(0, []), (3, ["late"])])
def test_a_new_clinic_owes_no_summary_for_the_day_it_began(
    house: House, created_days_ago: int, kinds: list[str]
):
    now = SEVEN + timedelta(hours=2)
    set_clinic(house, digest_sent_on=None, created_at=now - timedelta(days=created_days_ago))

    with house.database.reading() as session:
        found = summary_alarm.found_now(session, house.worker, now)
    assert [each.kind for each in found] == kinds


def test_a_message_about_an_open_alert_that_was_lost_is_counted(house: House):
    mailbox, clock = Mailbox(to_rcpt=["550 5.1.1 no such user"]), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()

    assert counted(house, NOW).counts.lost_messages == 1
