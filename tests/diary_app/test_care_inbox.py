"""The inbox service: what the nurse sees, and what taking and closing do."""

from datetime import timedelta
from pathlib import Path

import pytest

from alerts.acknowledge import ImpossibleValueError
from db.errors import AccessDeniedError, NotFoundError
from db.models import Notification
from db.stores import alerting, assessments, audit, diary, outbox
from db.types import new_id
from diary_app.services.inbox import Inbox
from diary_app.services.kit import clinic_topic, patient_topic
from tests.diary_app.care_house import (
    HOT,
    beat,
    hot_evening,
    keep_alert,
    keep_entry,
    kit_for,
)
from tests.people import NOW, House


def test_shows_the_reason_dose_and_step_beside_the_patient(house: House, tmp_path: Path) -> None:
    hot_evening(house)
    (row,) = Inbox(kit_for(house, tmp_path), house.ben).page().rows
    assert (row.patient.name, row.patient.code) == ("Ana Quiet", "P-001")
    assert [reason.sentence for reason in row.reasons] == [
        "Temperature 38.5 C, at or above 38.3 C.",
        "Itch 5 of 10, widespread.",
    ]
    assert (row.dose.planned_mg, row.dose.taken_mg) == (400, 400)
    assert row.dose.step_up is not None
    assert row.dose.step_up.days == 100


def test_orders_by_level_then_by_what_waits_and_for_how_long(house: House, tmp_path: Path) -> None:
    entry_id = keep_entry(house, house.entry(), "prompt")
    keep_alert(house, "OLD-PR", "prompt", entry_id, minutes_ago=300)
    taken = keep_alert(house, "TAK-EN", "urgent", entry_id, minutes_ago=200)
    keep_alert(house, "NEW-UR", "urgent", entry_id, minutes_ago=5)
    keep_alert(house, "OLD-UR", "urgent", entry_id, minutes_ago=50)
    inbox = Inbox(kit_for(house, tmp_path), house.ben)
    inbox.take(taken)
    assert [row.code for row in inbox.page().rows] == ["OLD-UR", "NEW-UR", "TAK-EN", "OLD-PR"]


def test_a_nurse_of_another_clinic_sees_and_reaches_nothing(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    inbox = Inbox(kit_for(house, tmp_path), house.cleo)
    assert inbox.page().rows == ()
    for act in (inbox.open, inbox.take, inbox.hand_back):
        with pytest.raises(NotFoundError):
            act(alert_id)
    with pytest.raises(NotFoundError):
        inbox.close(alert_id, "advice")


def test_a_patient_may_not_look_into_the_inbox(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    inbox = Inbox(kit_for(house, tmp_path), house.ana)
    with pytest.raises(AccessDeniedError):
        inbox.page()
    with pytest.raises(AccessDeniedError):
        inbox.open(alert_id)


def test_only_the_first_of_two_nurses_takes_an_alert(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    kit = kit_for(house, tmp_path)
    assert Inbox(kit, house.ben).take(alert_id) is True
    assert Inbox(kit, house.dora).take(alert_id) is False
    page = Inbox(kit, house.dora).open(alert_id)
    assert (page.held_by, page.mine) == ("Ben", False)


def test_taking_tells_the_clinic_and_the_patient_after_the_commit(
    house: House, tmp_path: Path
) -> None:
    alert_id = hot_evening(house)
    states: list[tuple[str, str]] = []

    def publish(topic: str) -> None:
        with house.database.reading() as session:
            states.append((topic, alerting.alert(session, house.ben, alert_id).state))

    Inbox(kit_for(house, tmp_path, publish=publish), house.ben).take(alert_id)
    assert states == [
        (clinic_topic(house.clinic_id), "acknowledged"),
        (patient_topic(house.ana.actor_id), "acknowledged"),
    ]


def test_handing_back_opens_the_alert_again(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    inbox = Inbox(kit_for(house, tmp_path), house.ben)
    inbox.take(alert_id)
    assert inbox.hand_back(alert_id) is True
    assert inbox.open(alert_id).state == "open"


def test_closing_needs_an_outcome_and_keeps_the_note(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    inbox = Inbox(kit_for(house, tmp_path), house.ben)
    with pytest.raises(ImpossibleValueError, match="Choose what was done"):
        inbox.close(alert_id, "")
    assert inbox.close(alert_id, "dose_held", "Called at once.") is True
    page = inbox.open(alert_id)
    assert (page.state, page.outcome, page.closed_by) == ("closed", "dose_held", "Ben")
    notes = [line.detail["text"] for line in page.history if line.kind == "noted"]
    assert notes == ["Called at once."]
    assert [row.outcome for row in inbox.page().rows] == ["dose_held"]


def test_yesterdays_closed_alerts_leave_the_inbox(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    Inbox(kit_for(house, tmp_path), house.ben).close(alert_id, "advice")
    tomorrow = kit_for(house, tmp_path, now=NOW + timedelta(days=1))
    assert Inbox(tomorrow, house.ben).page().rows == ()


def test_opening_marks_the_entry_seen_and_is_audited_once(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    inbox = Inbox(kit_for(house, tmp_path), house.ben)
    page = inbox.open(alert_id)
    inbox.open(alert_id, again=True)
    with house.database.reading() as session:
        seen = diary.first_seen(session, house.ben, [page.entries[0].id])
        acts = [act.verb for act in audit.events(session, house.admin)]
    assert seen[page.entries[0].id].user_id == house.ben.actor_id
    assert acts == ["patient.read"]


def test_the_page_gathers_what_a_nurse_needs_before_the_call(house: House, tmp_path: Path) -> None:
    page = Inbox(kit_for(house, tmp_path), house.ben).open(hot_evening(house))
    (entry,) = page.entries
    assert entry.answers["temperature_text"] == "38,5"
    assert entry.answers["chills"] is None
    assert entry.grades == {"fever": 1, "pruritus": 2}
    assert (page.dose.planned_mg, page.dose.taken_mg) == (400, 400)
    assert [len(day.entries) for day in page.recent] == [1] + [0] * 13


def test_a_corrected_entry_is_shown_beside_the_one_that_raised_the_alert(
    house: House, tmp_path: Path
) -> None:
    alert_id = hot_evening(house)
    inbox = Inbox(kit_for(house, tmp_path), house.ben)
    first = inbox.open(alert_id).entries[0]
    keep_entry(
        house,
        house.entry(
            at=NOW + timedelta(minutes=9),
            first_id=first.id,
            version=2,
            replaces_id=first.id,
            temperature_text="36,5",
        ),
        "none",
    )
    assert [entry.version for entry in inbox.open(alert_id).entries] == [2, 1]


def test_an_alert_without_an_entry_still_names_its_rule(house: House, tmp_path: Path) -> None:
    alert_id = keep_alert(house, "SIL-NT", "urgent", None, "R12_PROMPT_UNHANDLED_24H")
    page = Inbox(kit_for(house, tmp_path), house.ben).open(alert_id)
    assert [reason.code for reason in page.reasons] == ["R12_PROMPT_UNHANDLED_24H"]
    assert page.entries == ()


def test_says_which_entry_could_not_be_graded(house: House, tmp_path: Path) -> None:
    keep_entry(house, house.entry(), None)
    (line,) = Inbox(kit_for(house, tmp_path), house.ben).page().trouble.ungraded
    assert (line.patient_name, line.diary_on) == ("Ana Quiet", NOW.date())


def test_an_entry_graded_at_the_second_try_is_no_trouble(house: House, tmp_path: Path) -> None:
    entry = house.entry()
    keep_entry(house, entry, None)
    with house.database.writing() as session:
        rows = assessments.of_entries(session, house.ben, [entry.id])
        failed = rows[entry.id].model_dump(exclude={"id"})
        session.add(type(rows[entry.id])(**failed | {"outcome": "graded", "level": "none"}))
    assert Inbox(kit_for(house, tmp_path), house.ben).page().trouble.ungraded == ()


def test_says_whom_a_message_never_reached(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    with house.database.writing() as session:
        message_id = new_id()
        outbox.add_notification(
            session,
            house.worker,
            Notification(
                id=message_id,
                clinic_id=house.clinic_id,
                alert_id=alert_id,
                user_id=house.dora.actor_id,
                message_id=f"<{message_id}@diary>",
                state="failed_permanent",
                error="No such mailbox.",
                created_at=NOW,
                next_attempt_at=NOW,
            ),
        )
        alerting.add_event(session, house.worker, alert_id, "nobody_to_notify", NOW)
    lines = Inbox(kit_for(house, tmp_path), house.ben).page().trouble.untold
    assert [(line.whom, line.error) for line in lines] == [("Dora", "No such mailbox."), (None, "")]


@pytest.mark.parametrize(("seconds", "running"), [(60, True), (61, False)])
def test_alerting_counts_as_stopped_after_a_minute(
    house: House, tmp_path: Path, seconds: int, running: bool
) -> None:
    beat(house, NOW - timedelta(seconds=seconds))
    assert Inbox(kit_for(house, tmp_path), house.ben).page().watch.running is running


def test_alerting_that_never_ran_does_not_run(house: House, tmp_path: Path) -> None:
    watch = Inbox(kit_for(house, tmp_path), house.ben).page().watch
    assert (watch.checked_at, watch.running) == (None, False)


def test_the_most_urgent_reason_comes_first_whatever_came_first(
    house: House, tmp_path: Path
) -> None:
    entry_id = keep_entry(house, house.entry(), "urgent", HOT)
    keep_alert(house, "TWO-RE", "prompt", entry_id, "R6_UNKNOWN", "R4_TEMP_GE_38_3")
    (row,) = Inbox(kit_for(house, tmp_path), house.ben).page().rows
    assert [reason.code for reason in row.reasons] == ["R4_TEMP_GE_38_3", "R6_UNKNOWN"]
