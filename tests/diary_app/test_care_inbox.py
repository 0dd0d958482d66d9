"""The inbox service: what the nurse sees, and what taking and closing do."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from alerts.acknowledge import ImpossibleValueError
from db.access import Viewer
from db.errors import AccessDeniedError, NotFoundError
from db.models import Notification
from db.stores import alerting, assessments, audit, diary, outbox
from db.types import new_id
from diary_app.components.care_inbox_tools import matches
from diary_app.services.inbox import Inbox
from diary_app.services.kit import clinic_topic, patient_topic
from tests.diary_app.care_house import (
    HOT,
    beat,
    hot_evening,
    keep_alert,
    keep_entry,
    keep_photo_row,
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


def later(house: House, folder: Path, seconds: int, viewer: Viewer) -> Inbox:
    return Inbox(kit_for(house, folder, now=NOW + timedelta(seconds=seconds)), viewer)


def test_a_closing_can_be_taken_back_within_a_minute_by_who_closed_it(
    house: House, tmp_path: Path
) -> None:
    alert_id = hot_evening(house)
    later(house, tmp_path, 0, house.dora).take(alert_id)
    later(house, tmp_path, 1, house.ben).close(alert_id, "no_action", "Oh no.")
    assert later(house, tmp_path, 30, house.dora).open(alert_id).undo is None
    offer = later(house, tmp_path, 61, house.ben).page().undo
    assert offer is not None
    assert offer.undo is not None
    assert offer.undo.kind == "closed"
    assert later(house, tmp_path, 61, house.ben).undo(alert_id, offer.undo.event_id) is True
    page = later(house, tmp_path, 61, house.ben).open(alert_id)
    assert (page.state, page.held_by, page.outcome, page.closed_by) == (
        "acknowledged",
        "Dora",
        None,
        None,
    )
    assert [line.kind for line in page.history][-3:] == ["closed", "noted", "reopened"]


def test_after_a_minute_or_another_act_nothing_is_taken_back(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    inbox = later(house, tmp_path, 0, house.ben)
    inbox.take(alert_id)
    taken = inbox.open(alert_id).undo
    assert taken is not None
    assert later(house, tmp_path, 61, house.ben).undo(alert_id, taken.event_id) is False
    assert later(house, tmp_path, 5, house.dora).undo(alert_id, taken.event_id) is False
    inbox.close(alert_id, "advice")
    assert later(house, tmp_path, 5, house.ben).undo(alert_id, taken.event_id) is False
    assert inbox.open(alert_id).state == "closed"


def test_taking_and_handing_back_undo_each_other(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    states = []
    inbox = later(house, tmp_path, 0, house.ben)
    inbox.take(alert_id)
    for seconds in (10, 20):
        inbox = later(house, tmp_path, seconds, house.ben)
        offer = inbox.open(alert_id).undo
        assert offer is not None
        assert inbox.undo(alert_id, offer.event_id) is True
        states.append(inbox.open(alert_id).state)
    assert states == ["open", "acknowledged"]


def test_a_call_is_logged_counted_and_may_be_taken_back(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    inbox = later(house, tmp_path, 0, house.ben)
    with pytest.raises(ImpossibleValueError, match="how the call ended"):
        inbox.log_call(alert_id, "")
    inbox.log_call(alert_id, "no_answer")
    later(house, tmp_path, 2, house.ben).log_call(alert_id, "spoke", "Goes to hospital.")
    (row,) = inbox.page().rows
    assert row.last_call is not None
    assert (row.calls, row.last_call.end, row.last_call.name) == (2, "spoke", "Ben")
    offer = later(house, tmp_path, 3, house.ben).open(alert_id).undo
    assert offer is not None
    assert later(house, tmp_path, 3, house.ben).undo(alert_id, offer.event_id) is True
    (row,) = inbox.page().rows
    assert (row.calls, row.last_call and row.last_call.end) == (1, "no_answer")
    calls = [line for line in inbox.open(alert_id).history if line.kind == "called"]
    assert [(line.detail["end"], line.withdrawn) for line in calls] == [
        ("no_answer", False),
        ("spoke", True),
    ]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", True),
        ("quiet ana", True),
        ("aná", True),
        ("p-001", True),
        ("k7q-4t", True),
        ("ben", False),
    ],
)
def test_searches_by_name_number_and_code(
    house: House, tmp_path: Path, typed: str, found: bool
) -> None:
    hot_evening(house)
    (row,) = Inbox(kit_for(house, tmp_path), house.dora).page().rows
    assert matches(row, typed) is found
    assert matches(row, row.patient.born_on.isoformat())


def test_a_photo_is_compared_with_the_newest_before_it_of_its_region(
    house: House, tmp_path: Path
) -> None:
    def photographed(days_ago: int, region: str) -> UUID:
        at = NOW - timedelta(days=days_ago)
        entry_id = keep_entry(house, house.entry(at=at), "none")
        return keep_photo_row(house, entry_id, region)

    photographed(9, "trunk_front")
    newest = photographed(3, "trunk_front")
    photographed(2, "head_front")
    alert_id = hot_evening(house)
    inbox = Inbox(kit_for(house, tmp_path), house.ben)
    entry_id = inbox.open(alert_id).entries[0].id
    photo_id = keep_photo_row(house, entry_id, "trunk_front")
    page = inbox.open(alert_id)
    assert {now: before.id for now, before in page.earlier.items()} == {photo_id: newest}


def test_the_inbox_shows_closed_alerts_of_a_week_when_asked(house: House, tmp_path: Path) -> None:
    alert_id = hot_evening(house)
    Inbox(kit_for(house, tmp_path), house.ben).close(alert_id, "advice")
    sixth = Inbox(kit_for(house, tmp_path, now=NOW + timedelta(days=6)), house.ben)
    assert sixth.page().rows == ()
    assert [row.outcome for row in sixth.page(closed_days=7).rows] == ["advice"]


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
