"""Visits agreed at the desk, and plan and visits as a calendar file for staff and patients."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from db.errors import AccessDeniedError, NotFoundError
from db.models import PlanStep
from db.stores import audit, treatment
from diary_app.services.appointments import Appointments, own_calendar
from diary_app.services.calendars import calendar
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.dose_log import PatientDoses
from diary_app.services.kit import Kit
from diary_app.services.reminding import PatientReminders
from diary_app.services.roster import Roster
from tests.diary_app.care_house import kit_for
from tests.people import NOW, House

TODAY = NOW.date()
SOON = (TODAY + timedelta(days=10)).isoformat()


def agree(house: House, kit: Kit, clock: str = "09:30") -> Any:
    Appointments(kit, house.ben).add(house.ana.actor_id, SOON, clock, "45")
    (visit,) = Roster(kit, house.ben).page(house.ana.actor_id, days=14, again=True).visits
    return visit


def change_plan(house: House, days: int, at: datetime, **step: Any) -> None:
    new = PlanStep(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        starts_on=TODAY + timedelta(days=days),
        author_id=house.dora.actor_id,
        approved_at=at,
        **step,
    )
    with house.database.writing(house.clinic_id) as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [new], at)


def events(content: bytes) -> dict[str, Any]:
    return {str(one["UID"]): one for one in Calendar.from_ical(content).walk("VEVENT")}


def of_day(content: bytes, day: date) -> Any:
    (found,) = [one for one in events(content).values() if one["DTSTART"].dt == day]
    return found


def test_a_visit_is_agreed_in_the_patients_time_and_the_patient_sees_it(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)

    visit = agree(house, kit)

    # Berlin is an hour ahead of UTC in winter.
    assert f"{visit.starts_at:%Y-%m-%d %H:%M}" == f"{SOON} 08:30"
    (seen,) = PatientDoses(kit, house.ana).plan().visits
    assert f"{seen:%H:%M}" == "09:30"


def test_moving_and_cancelling_keep_the_id_and_raise_the_sequence(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    appointments = Appointments(kit, house.ben)
    visit = agree(house, kit)
    before = events(appointments.calendar(house.ana.actor_id))[str(visit.id)]

    appointments.move(house.ana.actor_id, visit.id, SOON, "11:00", "30")
    moved = events(appointments.calendar(house.ana.actor_id))[str(visit.id)]
    appointments.cancel(visit.id)
    gone = events(appointments.calendar(house.ana.actor_id))[str(visit.id)]

    assert [one["SEQUENCE"] for one in (before, moved, gone)] == [0, 1, 2]
    assert [one["STATUS"] for one in (before, moved, gone)] == [
        "CONFIRMED",
        "CONFIRMED",
        "CANCELLED",
    ]
    assert moved["DTEND"].dt - moved["DTSTART"].dt == timedelta(minutes=30)
    with pytest.raises(NotFoundError):
        appointments.cancel(visit.id)


def test_a_step_keeps_its_id_through_every_change_of_the_plan(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    day = TODAY + timedelta(days=5)
    made = []

    change_plan(house, 5, NOW - timedelta(hours=5), imatinib_mg=100, every_n_days=2)
    made.append(of_day(own_calendar(kit, house.ana, NOW), day))
    change_plan(house, 5, NOW - timedelta(hours=4), imatinib_mg=200, prednisolone_mg=20)
    made.append(of_day(own_calendar(kit, house.ana, NOW), day))
    change_plan(house, 2, NOW - timedelta(hours=3), imatinib_mg=0)
    made.append(of_day(own_calendar(kit, house.ana, NOW), day))
    change_plan(house, 5, NOW - timedelta(hours=2), imatinib_mg=100)
    made.append(of_day(own_calendar(kit, house.ana, NOW), day))

    assert len({one["UID"] for one in made}) == 1
    sequences = [one["SEQUENCE"] for one in made]
    assert sequences == sorted(set(sequences))
    assert [one["STATUS"] for one in made] == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert "100 mg every other day" in made[0]["SUMMARY"]
    assert "200 mg daily, prednisolone 20 mg" in made[1]["SUMMARY"]


def test_the_private_calendar_has_the_ids_and_sequences_of_the_file(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    visit = agree(house, kit)
    Appointments(kit, house.ben).cancel(visit.id)
    change_plan(house, 5, NOW - timedelta(hours=5), imatinib_mg=200)
    change_plan(house, 3, NOW - timedelta(hours=4), imatinib_mg=0)
    link = PatientReminders(kit, house.ana).open_calendar(discreet=True)
    token = link.url.rsplit("/", 1)[1].removesuffix(".ics")

    found = calendar(kit, token)

    assert found is not None
    for word in (b"imatinib", b"North", b"mg"):
        assert word not in found
    mine, theirs = (
        {str(one["UID"]): (one["SEQUENCE"], one["STATUS"], one["DTSTART"].dt) for one in listed}
        for listed in (
            Calendar.from_ical(own_calendar(kit, house.ana, NOW)).walk("VEVENT"),
            [one for one in Calendar.from_ical(found).walk("VEVENT") if "SEQUENCE" in one],
        )
    )
    assert mine == theirs
    assert len(mine) == 4  # three steps, one of them struck out, and the visit


def test_no_name_is_in_the_file_unless_the_clinic_wants_it(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    agree(house, kit)
    appointments = Appointments(kit, house.ben)

    plain, named, own = (
        appointments.calendar(house.ana.actor_id),
        appointments.calendar(house.ana.actor_id, named=True),
        own_calendar(kit, house.ana, NOW),
    )

    for content in (plain, own):
        assert b"Ana" not in content
        assert b"P-001" not in content
    assert b"Ana Quiet" in named


def test_lines_are_folded_and_the_same_diary_gives_the_same_file(
    house: House, tmp_path: Path
) -> None:
    kit = kit_for(house, tmp_path)
    agree(house, kit)

    content = own_calendar(kit, house.ana, NOW)

    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert own_calendar(kit, house.ana, NOW) == content


def test_every_calendar_and_every_change_is_written_down(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    visit = agree(house, kit)
    Appointments(kit, house.ben).calendar(house.ana.actor_id)
    Appointments(kit, house.ben).cancel(visit.id)
    own_calendar(kit, house.ana, NOW)

    with house.database.reading(house.clinic_id) as session:
        acts = [(act.verb, act.detail.get("shape")) for act in audit.events(session, house.admin)]

    assert acts[:4] == [
        ("diary.export", "calendar"),
        ("visit.cancel", None),
        ("patient.export", "calendar"),
        ("visit.plan", None),
    ]


@pytest.mark.parametrize(
    ("day", "clock", "minutes", "field"),
    [
        ("tomorrow", "09:30", "30", "day"),
        ("2026-02-30", "09:30", "30", "day"),
        ((TODAY - timedelta(days=1)).isoformat(), "09:30", "30", "day"),
        ("9999-12-31", "09:30", "30", "day"),
        (SOON, "half nine", "30", "clock"),
        (TODAY.isoformat(), "00:01", "30", "clock"),
        (SOON, "09:30", "0", "minutes"),
        (SOON, "09:30", "²", "minutes"),
        (SOON, "09:30", "481", "minutes"),
    ],
)
def test_what_cannot_be_a_visit_is_told_at_its_field(
    house: House, tmp_path: Path, day: str, clock: str, minutes: str, field: str
) -> None:
    with pytest.raises(UnusableAnswerError) as told:
        Appointments(kit_for(house, tmp_path), house.ben).add(
            house.ana.actor_id, day, clock, minutes
        )
    assert told.value.field == field


def test_only_the_care_team_of_the_clinic_agrees_on_visits(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    for viewer in (house.ana, house.admin):
        with pytest.raises(AccessDeniedError):
            Appointments(kit, viewer).add(house.ana.actor_id, SOON, "09:30", "30")
    with pytest.raises(NotFoundError):
        Appointments(kit, house.cleo).add(house.ana.actor_id, SOON, "09:30", "30")
