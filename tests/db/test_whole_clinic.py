"""What is read of all patients of a clinic at once, and what is found before signing in."""

from datetime import date, timedelta

import pytest

from alerts.grading.assessment import Assessment as Grading
from alerts.intake import record_entry
from db.access import Viewer, worker_viewer
from db.errors import AccessDeniedError, UnreachableError
from db.models import Alert, Entry, Notification, PlanStep, SignIn
from db.stores import alerting, assessments, diary, doors, outbox, people, treatment
from tests.people import NOW, House

YESTERDAY = NOW - timedelta(days=1)
EVER = date(2026, 1, 1)
EVER_AT = NOW - timedelta(days=100)


def recorded(house: House, **answers: object) -> Entry:
    entry = house.entry(**answers)
    with house.database.writing() as session:
        record_entry(session, house.ana, entry, NOW)
    return entry


def kept(house: House, **answers: object) -> Entry:
    """An entry that the rules never saw."""
    entry = house.entry(**answers)
    with house.database.writing() as session:
        diary.add_entry(session, house.ana, entry, NOW)
    return entry


def unread(house: House, **answers: object) -> Entry:
    """An entry at which the rules raised."""

    def broken(*_known: object) -> Grading:
        raise ValueError

    entry = house.entry(**answers)
    with house.database.writing() as session:
        record_entry(session, house.ana, entry, NOW, assessor=broken)
    return entry


def test_the_plans_of_a_clinic_are_its_own_oldest_step_first(house: House):
    later = PlanStep(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        starts_on=NOW.date() + timedelta(days=3),
        imatinib_mg=300,
        author_id=house.dora.actor_id,
        approved_at=NOW,
    )
    with house.database.writing() as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [later], NOW)

    with house.database.reading() as session:
        found = treatment.plans(session, house.ben)
        assert treatment.plans(session, house.cleo) == {}
    assert [step.imatinib_mg for step in found[house.ana.actor_id]] == [400, 300]


def test_a_replaced_plan_is_not_among_the_plans(house: House):
    instead = PlanStep(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        starts_on=NOW.date() - timedelta(days=200),
        imatinib_mg=200,
        author_id=house.dora.actor_id,
        approved_at=NOW,
    )
    with house.database.writing() as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [instead], NOW)

    with house.database.reading() as session:
        found = treatment.plans(session, house.ben)
    assert [step.imatinib_mg for step in found[house.ana.actor_id]] == [200]


def test_the_newest_level_is_that_of_the_newest_day(house: House):
    recorded(house, temperature_value=36.6, temperature_unit="C")
    recorded(house, at=YESTERDAY, temperature_value=39.2, temperature_unit="C")

    with house.database.reading() as session:
        found = assessments.newest_levels(session, house.ben, EVER)
        later = assessments.newest_levels(session, house.ben, NOW.date() + timedelta(days=1))
        elsewhere = assessments.newest_levels(session, house.cleo, EVER)
    assert found == {house.ana.actor_id: "none"}
    assert later == elsewhere == {}


def test_the_newest_level_is_unknown_until_the_entry_is_graded(house: House):
    kept(house)

    with house.database.reading() as session:
        found = assessments.newest_levels(session, house.ben, EVER)
    assert found == {house.ana.actor_id: None}


@pytest.mark.parametrize("name", ["ben", "dora", "worker"])
def test_care_team_and_worker_find_what_was_not_graded(house: House, name):
    second = unread(house)
    first = unread(house, at=YESTERDAY)
    never = kept(house, at=YESTERDAY - timedelta(days=1))
    recorded(house, temperature_value=36.6, temperature_unit="C")

    with house.database.reading() as session:
        found = assessments.ungraded(session, getattr(house, name))
        one = assessments.ungraded(session, getattr(house, name), limit=1)
        every = assessments.ungraded(session, getattr(house, name), everywhere=True)
    assert [row.id for row in found] == [first.id, second.id]
    assert [row.id for row in one] == [first.id]
    assert [row.id for row in every] == [never.id, first.id, second.id]


def test_a_replaced_version_is_left_out_when_it_does_not_count(house: House):
    before = unread(house)
    after = unread(house, replaces_id=before.id)

    with house.database.reading() as session:
        counting = assessments.ungraded(session, house.ben, replaced=False, limit=None)
        every = assessments.ungraded(session, house.ben)
    assert [row.id for row in counting] == [after.id]
    assert {row.id for row in every} == {before.id, after.id}


@pytest.mark.parametrize("name", ["ana", "admin"])
def test_whoever_may_not_read_every_diary_is_denied(house: House, name):
    viewer: Viewer = getattr(house, name)
    with house.database.reading() as session:
        with pytest.raises(AccessDeniedError):
            assessments.ungraded(session, viewer)
        with pytest.raises(AccessDeniedError):
            assessments.newest_levels(session, viewer, EVER)
        with pytest.raises(AccessDeniedError):
            treatment.plans(session, viewer)


def test_the_entries_of_the_other_clinic_are_not_counted(house: House):
    kept(house)

    with house.database.reading() as session:
        assert diary.received_since(session, house.ben, YESTERDAY) == 1
        assert diary.received_since(session, house.cleo, YESTERDAY) == 0


def sign_in(house: House, viewer: Viewer, token_hash: str, **more: object) -> SignIn:
    staff = viewer.patient_id is None
    values: dict[str, object] = {
        "clinic_id": viewer.clinic_id,
        "token_hash": token_hash,
        "kind": "staff" if staff else "patient",
        "user_id": viewer.actor_id if staff else None,
        "patient_id": viewer.patient_id,
        "created_at": NOW,
        "last_seen_at": NOW,
        "expires_at": NOW + timedelta(hours=1),
    }
    row = SignIn(**(values | more))
    with house.database.writing() as session:
        doors.add_sign_in(session, row)
    return row


@pytest.mark.parametrize("name", ["ana", "ben"])
def test_everybody_finds_their_own_living_sign_ins(house: House, name):
    viewer: Viewer = getattr(house, name)
    mine = sign_in(house, viewer, "mine")
    sign_in(house, viewer, "ended", ended_at=NOW)
    sign_in(house, viewer, "over", expires_at=NOW)
    sign_in(house, house.dora, "a colleague's")
    sign_in(house, house.otto, "another patient's")

    with house.database.reading() as session:
        assert [row.id for row in people.own_sign_ins(session, viewer, NOW)] == [mine.id]
        assert people.own_sign_ins(session, house.cleo, NOW) == []


def test_a_sign_in_is_found_until_it_ends(house: House):
    row = sign_in(house, house.ana, "t")
    with house.database.writing() as session:
        assert doors.sign_in(session, row.id) is not None
        doors.end_sign_in(session, row.id, NOW)
    with house.database.reading() as session:
        assert doors.sign_in(session, row.id) is None


def test_tries_are_counted_taken_back_and_forgotten(house: House):
    with house.database.writing() as session:
        doors.add_tries(session, ["account", "address"], YESTERDAY)
        right = doors.add_tries(session, ["account", "address"], NOW)
        both = doors.tries_since(session, "account", YESTERDAY - timedelta(seconds=1))
        after = doors.tries_since(session, "account", YESTERDAY)
        doors.take_back_tries(session, right)
        without = doors.tries_since(session, "address", EVER_AT)
        doors.forget_tries(session, "account")
        accounts = doors.tries_since(session, "account", EVER_AT)
        addresses = doors.tries_since(session, "address", EVER_AT)
        doors.forget_tries_before(session, YESTERDAY)
        at_the_bound = doors.tries_since(session, "address", EVER_AT)
        doors.forget_tries_before(session, NOW)
        nothing = doors.tries_since(session, "address", EVER_AT)

    assert both == [YESTERDAY, NOW]
    assert after == [NOW]
    assert without == [YESTERDAY]
    assert accounts == []
    assert addresses == at_the_bound == [YESTERDAY]
    assert nothing == []


def message(house: House, alert: Alert, viewer: Viewer) -> Notification:
    """A message put into the queue behind the store's back, to whomever."""
    row = Notification(
        clinic_id=viewer.clinic_id,
        alert_id=alert.id,
        user_id=viewer.actor_id,
        message_id=f"<{viewer.actor_id}@diary>",
        created_at=NOW,
        next_attempt_at=NOW,
    )
    with house.database.writing() as session:
        session.add(row)
    return row


def test_the_messages_of_the_other_clinic_are_not_due_here(house: House):
    recorded(house, temperature_value=39.2, temperature_unit="C")

    with house.database.reading() as session:
        assert outbox.anything_due(session, house.worker, NOW)
        assert not outbox.anything_due(session, worker_viewer(house.cleo.clinic_id), NOW)


def test_the_alert_behind_a_message_is_found_for_the_recipients_clinic_alone(house: House):
    recorded(house, temperature_value=39.2, temperature_unit="C")
    with house.database.reading() as session:
        alert = alerting.open_alerts_of(session, house.ben, house.ana.actor_id)[0]
    to_ada, to_cleo = message(house, alert, house.admin), message(house, alert, house.cleo)

    with house.database.reading() as session:
        assert doors.notification(session, alert.id) is None
        found = doors.notification(session, to_ada.id)
        assert found is not None
        assert doors.recipient_of(session, found).name == "Ada"
        behind = doors.alert_of(session, found)
        assert behind is not None
        assert behind.id == alert.id
        assert doors.alert_of(session, to_cleo) is None


def test_an_address_is_taken_in_every_clinic(house: House):
    with house.database.reading() as session:
        assert doors.email_taken(session, "cleo@south.example")
        assert not doors.email_taken(session, "cleo@north.example")


def test_monitors_learn_when_the_worker_last_ran(house: House):
    with house.database.writing() as session:
        never = doors.last_beat(session, "worker")
        outbox.beat(session, house.worker, "worker", NOW)
        now = doors.last_beat(session, "worker")

    assert (never, now) == (None, NOW)


def test_monitors_learn_that_the_database_does_not_answer(house: House):
    with house.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE heartbeat")

    with house.database.reading() as session, pytest.raises(UnreachableError):
        doors.last_beat(session, "worker")
