"""The weekly report is counted for the clinic's week and mailed once, on Monday."""

from datetime import datetime, timedelta

from alerts import clinic_week, digest
from alerts.delivery.digest_message import digest_message
from alerts.delivery.watch_message import message_of
from db.models import Clinic, Notification
from db.stores import alerting, people
from tests.alerts.test_worker import rows
from tests.diary_app.care_house import hot_evening
from tests.people import NOW, House

NEXT_MONDAY = NOW + timedelta(days=7)


def clinic_of(house: House) -> Clinic:
    with house.database.reading() as session:
        return people.own_clinic(session, house.worker)


def queue(house: House, at: datetime) -> bool:
    with house.database.writing() as session:
        return clinic_week.queue_if_due(session, house.worker, clinic_of(house), at)


def test_last_weeks_alert_its_answer_and_the_silence_are_in_the_mail_and_her_name_is_not(
    house: House,
) -> None:
    alert_id = hot_evening(house)  # raised 12 minutes before NOW, Monday
    with house.database.writing() as session:
        alerting.acknowledge(session, house.ben, alert_id, NOW)
        alerting.close(session, house.ben, alert_id, "seen_same_day", NOW)

    assert queue(house, NOW) is False  # the first Monday only begins to count
    assert queue(house, NEXT_MONDAY) is True
    assert queue(house, NEXT_MONDAY) is False
    letters = [row for row in rows(house, Notification) if row.kind == "report"]
    assert {row.user_id for row in letters} == {
        house.ben.actor_id, house.dora.actor_id, house.admin.actor_id,
    }  # fmt: skip
    mail = message_of(
        "report", to="ben@north.example", message_id="<1@diary>", clinic_name="North clinic",
        content=letters[0].content, link="http://test/", now=NEXT_MONDAY,
    )  # fmt: skip
    assert "Week from 2026-03-02 to 2026-03-08" in mail.text
    assert "Urgent: 1 alerts. Until taken: median 12 min, longest 12 min; within 15 min: 100 %" in (
        mail.text
    )
    assert "closed without an outcome: none" in mail.text
    assert "Silent patients at the end of the week: 1." in mail.text
    for secret in ("Ana", "P-001", "38", "hot"):
        assert secret not in mail.text.replace("03-08", "")


def test_a_week_that_nobody_answered_says_so(house: House) -> None:
    hot_evening(house)
    with house.database.reading() as session:
        week = clinic_week.week_of(session, house.admin, NOW.date(), NOW + timedelta(hours=1))

    urgent = week.levels[0]
    assert (urgent.waiting, urgent.median, urgent.worst, urgent.share) == (1, None, 72, 0)
    assert (week.not_closed, week.without_outcome, week.whole) == (1, 0, False)


def test_the_summary_leads_straight_to_each_alert_by_an_address_without_the_patient(
    house: House,
) -> None:
    alert_id = hot_evening(house)
    with house.database.reading() as session:
        content = digest.content_of(digest.figures(session, house.worker, NOW), NOW.date(), [], NOW)
    mail = digest_message(
        to="ben@north.example", message_id="<1@diary>", clinic_name="North clinic",
        content=content, as_of="19:04", worker_last_ran_at="19:04", link="http://test/", now=NOW,
    )  # fmt: skip

    assert f"Alert K7Q-4T: http://test/alerts/{alert_id}" in mail.text
    assert f'href="http://test/alerts/{alert_id}"' in (mail.html or "")
    assert str(house.ana.actor_id) not in mail.text
