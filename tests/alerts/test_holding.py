"""What people hold and what quiet hours hold, with a real database and a real mail server."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from alerts import acknowledge
from alerts.escalation.policy import DEFAULT_POLICY, policy_to_json
from alerts.intake import record_entry
from db.errors import ImpossibleValueError
from db.models import Absence, Alert, AlertEvent, Clinic, Notification, RotaShift, User
from db.stores import policies, rotas, teams
from tests.alerts.mail_server import Mailbox
from tests.alerts.test_worker import Hands, fever, night_shift, rows
from tests.people import NOW, House

BEN, DORA, ADA = "ben@north.example", "dora@north.example", "ada@north.example"
# NOW is Monday, 2 March 2026, 20:04 in Berlin.
NIGHT = {"starts": "20:00", "ends": "07:00", "days": [0, 1, 2, 3, 4, 5, 6]}
MORNING = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)


def itch(house: House) -> UUID:
    """A same-day matter at NOW: strong itch that keeps her awake."""
    with house.database.writing() as session:
        made = record_entry(session, house.ana, house.entry(itch_nrs=8, sleep_loss="major"), NOW)
    assert made.alert_id is not None
    return made.alert_id


def told(mailbox: Mailbox) -> list[str]:
    """Who got a mail about an alert; the daily summary goes out in the morning as well."""
    return [letter["To"] for letter in mailbox.received if "alert" in letter["Subject"].lower()]


def keep(house: House, **changes: object) -> None:
    with house.database.writing() as session:
        known = policies.policy(session, house.dora)
        policies.keep_policy(session, house.dora, known | changes, known, NOW)


def first_step(*words: str) -> dict[str, object]:
    urgent = policy_to_json(DEFAULT_POLICY)["urgent"]
    steps = [{"wait_seconds": 0, "notify": list(words)}, *urgent["steps"][1:]]
    return {"urgent": urgent | {"steps": steps}}


def take(house: House, alert_id: UUID, clock: Hands) -> None:
    with house.database.writing() as session:
        assert acknowledge.take(session, house.ben, alert_id, clock())


def rest(house: House, alert_id: UUID, minutes: int, clock: Hands) -> bool:
    with house.database.writing() as session:
        length = timedelta(minutes=minutes)
        return acknowledge.snooze_alert(session, house.ben, alert_id, length, clock())


def kinds(house: House) -> list[str]:
    return [event.kind for event in rows(house, AlertEvent) if event.kind != "notified"]


def test_a_snoozed_alert_is_told_again_and_then_goes_back_to_the_team(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        alert_id = fever(house)
        worker.run_once()
        take(house, alert_id, clock)
        assert rest(house, alert_id, 30, clock)
        clock.forward(minutes=29)
        worker.run_once()
        quiet = len(mailbox.received)
        clock.forward(minutes=1)
        worker.run_once()
        again = mailbox.received[-1]
        alert = rows(house, Alert)[0]
        clock.forward(minutes=15)
        worker.run_once()

    assert quiet == 1
    assert "You have taken it and it is not closed." in again.get_body(("plain",)).get_content()
    assert (alert.state, alert.snoozed_until, alert.acknowledged_by) == (
        "acknowledged",
        None,
        house.ben.actor_id,
    )
    back = rows(house, Alert)[0]
    assert (back.state, back.acknowledged_by) == ("open", None)
    # 45 minutes after the start: everyone on the ladder.
    assert set(mailbox.recipients[2:]) == {BEN, DORA, ADA}
    assert kinds(house) == [
        "raised",
        "step_reached",
        "acknowledged",
        "snoozed",
        "holder_told",
        "returned",
        "step_reached",
    ]


def test_who_took_an_urgent_alert_and_forgot_it_is_told_after_four_hours(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        alert_id = fever(house)
        worker.run_once()
        take(house, alert_id, clock)
        worker.run_once()
        clock.forward(hours=3, minutes=59)
        worker.run_once()
        assert len(mailbox.received) == 1
        clock.forward(minutes=1)
        worker.run_once()

    assert mailbox.recipients == [BEN, BEN]


def test_closing_during_a_snooze_ends_it(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        alert_id = fever(house)
        worker.run_once()
        take(house, alert_id, clock)
        rest(house, alert_id, 15, clock)
        with house.database.writing() as session:
            acknowledge.close_alert(session, house.ben, alert_id, "advice", "", clock())
        clock.forward(hours=30)
        worker.run_once()

    assert len([mail for mail in mailbox.received if mail["X-Diary-Alert"]]) == 1


def test_an_alert_whose_holder_left_goes_back_at_once(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        alert_id = fever(house)
        worker.run_once()
        take(house, alert_id, clock)
        rest(house, alert_id, 15, clock)
        with house.database.writing() as session:
            session.get_one(User, house.ben.actor_id).active = False
        clock.forward(minutes=15)
        worker.run_once()

    assert rows(house, Alert)[0].state == "open"
    assert DORA in mailbox.recipients[1:]


def test_nobody_snoozes_an_alert_of_a_colleague_or_one_that_nobody_took(house: House):
    alert_id = fever(house)
    with house.database.writing() as session:
        with pytest.raises(ImpossibleValueError, match="Take the alert first"):
            acknowledge.snooze_alert(session, house.ben, alert_id, timedelta(minutes=15), NOW)
        acknowledge.take(session, house.dora, alert_id, NOW)

        assert not acknowledge.snooze_alert(
            session, house.ben, alert_id, timedelta(minutes=15), NOW
        )


def test_an_urgent_alert_rests_for_an_hour_in_all(house: House):
    clock = Hands()
    alert_id = fever(house)
    take(house, alert_id, clock)
    assert rest(house, alert_id, 60, clock)
    clock.forward(minutes=60)

    with pytest.raises(ImpossibleValueError, match="60 minutes in all; 0 are left"):
        rest(house, alert_id, 15, clock)


def test_quiet_hours_hold_a_same_day_message_until_the_morning(house: House):
    keep(house, quiet_hours=NIGHT)
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        itch(house)
        worker.run_once()
        (held,) = rows(house, Notification)
        assert (held.held_because, held.next_attempt_at) == ("quiet_hours", MORNING)
        clock.now = MORNING - timedelta(minutes=1)
        worker.run_once()
        assert told(mailbox) == []
        clock.now = MORNING
        worker.run_once()

    # Both rounds of the night leave in the morning; the steps went on meanwhile.
    assert set(told(mailbox)) == {BEN}
    assert kinds(house) == ["raised", "step_reached", "step_reached"]


def test_quiet_hours_never_hold_an_urgent_message(house: House):
    keep(house, quiet_hours=NIGHT)
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()

    assert mailbox.recipients == [BEN]


def test_what_becomes_urgent_in_quiet_hours_is_told_at_once_and_once(house: House):
    keep(house, quiet_hours=NIGHT)
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        itch(house)
        worker.run_once()
        clock.forward(minutes=30)
        fever(house, at=clock(), celsius=38.6)
        worker.run_once()
        clock.now = MORNING
        with house.database.writing() as session:
            for alert in session.exec(select(Alert)):
                acknowledge.close_alert(session, house.ben, alert.id, "advice", "", clock())
        worker.run_once()

    assert told(mailbox) == [BEN]
    assert rows(house, Alert)[0].level == "urgent"
    states = [row.state for row in rows(house, Notification) if row.kind == "alert"]
    assert sorted(states) == ["sent", "superseded"]


def test_what_is_held_when_a_day_is_over_becomes_one_urgent_message(house: House):
    prompt = policy_to_json(DEFAULT_POLICY)["prompt"] | {"repeat_seconds": 23 * 1800}
    keep(house, quiet_hours=NIGHT | {"starts": "19:00"}, prompt=prompt)
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        itch(house)
        # Rounds at 20:04, 00:04, 08:04 and, held again, 19:34.
        for hours in (0, 4, 8, 11.5):
            clock.forward(hours=hours)
            worker.run_once()
        before = told(mailbox)
        clock.now = NOW + timedelta(hours=24)
        worker.run_once()

    urgent = told(mailbox)[len(before) :]
    assert sorted(urgent) == [BEN, DORA]
    assert rows(house, Alert)[0].level == "urgent"
    assert [letter["Subject"][:20] for letter in mailbox.received[-2:]] == [
        "Urgent symptom alert"
    ] * 2


def test_the_rota_tells_who_is_on_call_and_the_cover_of_who_is_away(house: House):
    with house.database.writing() as session:
        rota_id = rotas.add_rota(session, house.dora, "Nights", NOW)
        week = [
            RotaShift(
                clinic_id=house.clinic_id,
                rota_id=rota_id,
                weekday=0,
                starts="20:00",
                ends="08:00",
                user_id=house.ben.actor_id,
            )
        ]
        rotas.set_shifts(session, house.dora, rota_id, week, NOW)
    keep(house, **first_step(f"rota:{rota_id}"))
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()
        with house.database.writing() as session:
            away = Absence(
                clinic_id=house.clinic_id,
                user_id=house.ben.actor_id,
                first_on=NOW.date(),
                last_on=NOW.date(),
                cover_id=house.dora.actor_id,
            )
            rotas.add_absence(session, house.dora, away, NOW)
            for alert in session.exec(select(Alert)):
                acknowledge.close_alert(session, house.ben, alert.id, "advice", "", clock())
        clock.forward(minutes=1)
        fever(house, at=clock())
        worker.run_once()

    assert mailbox.recipients == [BEN, DORA]


def test_a_step_with_an_empty_team_is_passed_at_once_and_logged(house: House):
    with house.database.writing() as session:
        team_id = teams.add_team(session, house.dora, "Ward 3", NOW)
    keep(house, **first_step(f"team:{team_id}"))
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        worker.run_once()

    assert mailbox.recipients == [BEN]
    assert kinds(house) == ["raised", "nobody_to_notify", "step_reached"]


def test_a_changed_policy_leaves_open_alerts_alone(house: House):
    mailbox, clock = Mailbox(), Hands()
    with night_shift(house, mailbox, clock) as worker:
        fever(house)
        keep(house, **first_step("role:administrator"))
        worker.run_once()

    assert mailbox.recipients == [BEN]
    assert rows(house, Alert)[0].policy == policy_to_json(DEFAULT_POLICY)
    assert rows(house, Clinic)[0].policy != rows(house, Alert)[0].policy
