"""Reminders with a real database, the clock moved by hand. Ana lives in Berlin (UTC+1 in March)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from alerts import due, reminders
from alerts.intake import record_entry
from alerts.local_time import instant_of
from db.keys import MasterKey
from db.models import ContactWay, DueRow, Notification, Patient, PlanStep
from db.sealed_ways import seal_address
from db.stores import patient_ways, people, reminding, treatment
from db.types import new_id
from tests.alerts.mail_server import Mailbox
from tests.alerts.test_worker import Hands, night_shift
from tests.people import House

KEY = MasterKey(bytes(range(32)))
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)


def local(day: date, at: str) -> datetime:
    return instant_of(day, at, BERLIN)


def on(days: int) -> date:
    return MONDAY + timedelta(days=days)


def give_way(house: House, address: str, label: str = "E-mail", *, at: datetime) -> ContactWay:
    way_id = new_id()
    way = ContactWay(
        id=way_id,
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        kind="email",
        label=label,
        address_sealed=seal_address(KEY, way_id, address),
        created_by=house.ana.actor_id,
        created_at=at,
    )
    with house.database.writing() as session:
        patient_ways.add_patient_way(session, house.ana, way, at)
    return way


def set_rule(house: House, kind: str, at: str, now: datetime, *, is_on: bool = True) -> None:
    with house.database.writing() as session:
        reminding.set_rule(session, house.ana, kind, at, is_on, now)
        patient = people.patient(session, house.worker, house.ana.actor_id)
        reminders.move(session, house.worker, patient, now)


def look(house: House, now: datetime) -> None:
    """One look of the worker, and another one as long as it says that there may be more."""
    while due.carry_out(house.database, house.clinic_id, now).more:
        pass


def rows(house: House, kind: str) -> list[DueRow]:
    with house.database.reading() as session:
        return list(
            session.exec(
                select(DueRow)
                .where(DueRow.patient_id == house.ana.actor_id, DueRow.kind == kind)
                .order_by(DueRow.local_day)
            )
        )


def fates(house: House, kind: str) -> dict[int, tuple[str, str]]:
    """Days after Monday -> what became of the row of that day."""
    return {
        (row.local_day - MONDAY).days: (row.state, row.because)
        for row in rows(house, kind)
        if row.state != "waiting"
    }


def messages(house: House) -> list[tuple[str, object]]:
    with house.database.reading() as session:
        sent = session.exec(select(Notification).order_by(Notification.created_at)).all()
        ways = {way.id: way.label for way in session.exec(select(ContactWay))}
    return [(row.content["text"], ways[row.way_id]) for row in sent if row.patient_id is not None]


def write(house: House, at: datetime, **answers: object) -> None:
    with house.database.writing() as session:
        here = at.astimezone(BERLIN)
        entry = house.entry(
            at=at, diary_on=here.date(), local_time=f"{here:%H:%M}", itch_nrs=0, **answers
        )
        record_entry(session, house.ana, entry, at)


def test_the_first_look_lays_out_three_days_and_later_ones_keep_up(house: House):
    look(house, local(MONDAY, "09:00"))
    assert [row.due_at for row in rows(house, "entry")] == [local(on(n), "19:00") for n in range(3)]
    assert [row.due_at for row in rows(house, "silence")] == [
        local(on(n + 1), "00:00") for n in range(3)
    ]

    for hour in range(0, 24 * 5, 6):
        look(house, local(MONDAY, "09:00") + timedelta(hours=hour))
    assert [row.local_day for row in rows(house, "entry")] == [on(n) for n in range(7)]


def test_what_is_over_when_the_program_first_runs_is_not_made_up(house: House):
    look(house, local(MONDAY, "20:00"))

    assert [row.local_day for row in rows(house, "entry")] == [on(1), on(2)]
    assert rows(house, "silence")[0].local_day == MONDAY


def test_the_reminder_comes_by_mail_at_the_patients_hour_and_says_nothing(house: House):
    way = give_way(house, "ana@home.example", at=local(MONDAY, "09:00"))
    mailbox, clock = Mailbox(), Hands(local(MONDAY, "09:00"))
    with night_shift(house, mailbox, clock) as worker:
        worker.dispatch = replace(
            worker.dispatch,
            key=KEY,
        )
        worker.run_once()
        clock.now = local(MONDAY, "18:59")
        worker.run_once()
        assert "ana@home.example" not in mailbox.recipients
        clock.now = local(MONDAY, "19:00")
        worker.run_once()
        worker.run_once()

    assert mailbox.recipients.count("ana@home.example") == 1
    letter = mailbox.received[-1]
    body = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "Your diary waits for today's entry."
    assert "Open: https://diary.example/" in body.splitlines()
    assert "Slow phone? Short page: https://diary.example/now" in body.splitlines()
    for secret in ("Ana", "P-001", "North", "imatinib", "rash", "fever"):
        assert secret not in letter.as_string()
    assert way.address_sealed != b"ana@home.example"


def test_no_reminder_when_todays_entry_is_there(house: House):
    look(house, local(MONDAY, "09:00"))
    give_way(house, "ana@home.example", at=local(MONDAY, "09:00"))
    write(house, local(MONDAY, "12:00"))
    look(house, local(MONDAY, "19:00"))

    assert fates(house, "entry") == {0: ("done", "entry_there")}
    assert messages(house) == []


def test_a_temperature_alone_is_not_todays_entry(house: House):
    look(house, local(MONDAY, "09:00"))
    give_way(house, "ana@home.example", at=local(MONDAY, "09:00"))
    write(house, local(MONDAY, "12:00"), kind="reading")
    look(house, local(MONDAY, "19:00"))

    assert messages(house) == [("entry", "E-mail")]


def test_after_three_hours_without_an_entry_the_next_way_is_tried(house: House):
    look(house, local(MONDAY, "09:00"))
    give_way(house, "ana@home.example", "First", at=local(MONDAY, "09:00"))
    give_way(house, "son@home.example", "Second", at=local(MONDAY, "09:01"))
    look(house, local(MONDAY, "19:00"))
    look(house, local(MONDAY, "21:59"))
    assert messages(house) == [("entry", "First")]

    look(house, local(MONDAY, "22:00"))
    look(house, local(MONDAY, "23:00"))
    assert messages(house) == [("entry", "First"), ("entry", "Second")]


def test_the_next_way_is_left_alone_when_an_entry_came(house: House):
    look(house, local(MONDAY, "09:00"))
    give_way(house, "ana@home.example", "First", at=local(MONDAY, "09:00"))
    give_way(house, "son@home.example", "Second", at=local(MONDAY, "09:01"))
    look(house, local(MONDAY, "19:00"))
    write(house, local(MONDAY, "20:00"))
    look(house, local(MONDAY, "22:00"))

    assert messages(house) == [("entry", "First")]
    assert fates(house, "second") == {0: ("done", "entry_there")}


def test_a_reminder_that_is_hours_late_is_skipped_and_said_so(house: House):
    look(house, local(MONDAY, "09:00"))
    give_way(house, "ana@home.example", at=local(MONDAY, "09:00"))
    set_rule(house, "dose", "12:00", local(MONDAY, "09:00"))
    look(house, local(MONDAY, "15:01"))

    assert fates(house, "dose") == {0: ("skipped", "late")}
    assert messages(house) == []


def test_every_day_of_a_long_pause_is_accounted_for(house: House):
    look(house, local(MONDAY, "09:00"))
    look(house, local(on(6), "09:00"))

    assert fates(house, "entry") == dict.fromkeys(range(6), ("skipped", "late"))
    assert sorted(fates(house, "silence")) == [0, 1, 2, 3, 4, 5]


def test_an_every_other_day_plan_reminds_on_dosing_days_alone(house: House):
    step = PlanStep(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        starts_on=MONDAY,
        imatinib_mg=100,
        every_n_days=2,
        prednisolone_mg=10,
        author_id=house.dora.actor_id,
        approved_at=local(MONDAY, "07:00"),
    )
    with house.database.writing() as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [step], step.approved_at)
    look(house, local(MONDAY, "07:00"))
    give_way(house, "ana@home.example", at=local(MONDAY, "07:00"))
    set_rule(house, "dose", "08:00", local(MONDAY, "07:00"))
    set_rule(house, "entry", "19:00", local(MONDAY, "07:00"), is_on=False)
    for n in range(4):
        look(house, local(on(n), "08:00"))

    assert fates(house, "dose") == {
        0: ("done", "sent"),
        1: ("skipped", "no_dose"),
        2: ("done", "sent"),
        3: ("skipped", "no_dose"),
    }
    assert messages(house) == [("dose", "E-mail")] * 2


def test_without_a_way_the_row_says_so(house: House):
    look(house, local(MONDAY, "09:00"))
    look(house, local(MONDAY, "19:00"))

    assert fates(house, "entry") == {0: ("skipped", "no_way")}


def test_another_hour_moves_what_waits_and_a_past_hour_does_not_ring_at_once(house: House):
    look(house, local(MONDAY, "09:00"))
    give_way(house, "ana@home.example", at=local(MONDAY, "09:00"))
    set_rule(house, "entry", "08:30", local(MONDAY, "09:00"))
    look(house, local(MONDAY, "09:00"))
    assert messages(house) == []
    assert fates(house, "entry") == {0: ("skipped", "changed")}

    set_rule(house, "entry", "20:15", local(MONDAY, "10:00"))
    waiting = [row.due_at for row in rows(house, "entry") if row.state == "waiting"]
    assert waiting == [local(on(n), "20:15") for n in range(3)]


def test_a_patient_who_travels_is_reminded_once_a_day_by_the_new_clock(house: House):
    tokyo = ZoneInfo("Asia/Tokyo")
    look(house, local(MONDAY, "09:00"))
    before = {row.key: row.id for row in rows(house, "entry") + rows(house, "silence")}
    with house.database.writing() as session:
        reminding.set_time_zone(session, house.ana, "Asia/Tokyo", local(MONDAY, "09:00"))
        session.expire_all()
        patient = session.exec(select(Patient).where(Patient.id == house.ana.actor_id)).one()
        reminders.move(session, house.worker, patient, local(MONDAY, "09:00"))

    after = rows(house, "entry") + rows(house, "silence")
    assert {row.key: row.id for row in after} == before
    assert [row.due_at for row in rows(house, "entry")] == [
        instant_of(on(n), "19:00", tokyo) for n in range(3)
    ]


def test_two_looks_at_once_make_and_send_everything_once(house: House):
    look(house, local(MONDAY, "09:00"))
    give_way(house, "ana@home.example", at=local(MONDAY, "09:00"))
    [row] = [row for row in rows(house, "entry") if row.local_day == MONDAY]
    acted = []
    for _ in range(2):
        with house.database.writing() as session:
            acted.append(due.settle(session, house.worker, row, local(MONDAY, "19:00")))

    assert acted == [True, False]
    assert len(messages(house)) == 1


@pytest.mark.parametrize("gone", [{"active": False}, {"is_test": True}])
def test_nobody_in_follow_up_is_not_reminded(house: House, gone):
    look(house, local(MONDAY, "09:00"))
    with house.database.writing() as session:
        patient = session.exec(select(Patient).where(Patient.id == house.ana.actor_id)).one()
        for name, value in gone.items():
            setattr(patient, name, value)
        session.add(patient)
    look(house, local(on(1), "09:00"))

    assert fates(house, "entry") == {0: ("cancelled", "not_followed")}
    assert fates(house, "silence") == {0: ("cancelled", "not_followed")}


@pytest.mark.parametrize("first", [date(2026, 3, 26), date(2026, 10, 22)])
def test_over_a_clock_change_each_day_has_one_reminder(house: House, first):
    """At 02:30 the clock of Berlin jumps forward on 29 March and back on 25 October."""
    with house.database.writing() as session:
        reminding.set_rule(session, house.ana, "entry", "02:30", True, local(first, "00:00"))
        for hours in range(0, 24 * 7, 17):
            patient = people.patient(session, house.worker, house.ana.actor_id)
            session.refresh(patient)
            now = local(first, "00:00") + timedelta(hours=hours)
            reminders.lay_out(session, house.worker, patient, now)

    made = rows(house, "entry")
    assert [row.local_day for row in made] == [first + timedelta(days=n) for n in range(9)]
    gaps = [later.due_at - row.due_at for row, later in pairwise(made)]
    # In March 02:30 does not exist, so 03:00 of summer time rings, half an hour early by the sun.
    other = {gap for gap in gaps if gap != timedelta(days=1)}
    half, hour = timedelta(minutes=30), timedelta(hours=1)
    expected = {timedelta(days=1) - half} if first.month == 3 else {timedelta(days=1) + hour}
    assert other == expected
