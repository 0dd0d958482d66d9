"""The diary asks again: after a fever, and on the morning after. Written from rule R4, clause 5."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from alerts import acknowledge, recheck
from alerts.intake import record_entry
from db.models import Alert, Assessment, LabResult
from db.stores import patient_ways, people, treatment
from db.types import new_id
from diary_app.services import alert_page
from diary_app.services.alert_changes import with_changes
from tests.alerts.test_reminders import (
    BERLIN,
    MONDAY,
    fates,
    give_way,
    local,
    look,
    messages,
    on,
    rows,
)
from tests.alerts.test_silence import alerts
from tests.people import House

EVENING = local(MONDAY, "20:00")


@pytest.fixture(autouse=True)
def reachable(house: House) -> None:
    """Ana has a way, the worker looked this morning; neutrophils were 2.1 five days ago."""
    look(house, local(MONDAY, "09:00"))
    give_way(house, "ana@home.example", at=local(MONDAY, "09:00"))
    count = LabResult(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        taken_on=on(-5),
        name="anc",
        value=2.1,
        unit="10^9/L",
        entered_by=house.ben.actor_id,
        entered_at=local(on(-5), "12:00"),
    )
    with house.database.writing() as session:
        treatment.add_lab(session, house.ben, count, count.entered_at)
        patient = people.patient(session, house.worker, house.ana.actor_id)
        patient.prior_severe_reaction = False
        patient.on_systemic_steroid = False


def say(house: House, at: datetime, celsius: float | None = None, **answers: object) -> str:
    """Ana saves an entry; returns its level."""
    said: dict[str, object] = {
        "itch_nrs": 0,
        "rash_present": False,
        "red_flags": [],
        "chills": "none",
        "imatinib_mg_taken": 400.0,
    }
    if celsius is not None:
        said |= {
            "temperature_value": celsius,
            "temperature_unit": "C",
            "temperature_site": "oral",
        }
    here = at.astimezone(BERLIN)
    entry = house.entry(at=at, diary_on=here.date(), local_time=f"{here:%H:%M}", **(said | answers))
    with house.database.writing() as session:
        made = record_entry(session, house.ana, entry, at)
    assert made.level is not None
    return made.level.word


def after(**passed: float) -> datetime:
    return EVENING + timedelta(**passed)


def test_a_low_risk_fever_is_asked_about_after_an_hour_and_urgent_after_ninety_minutes(
    house: House,
):
    assert say(house, EVENING, 38.1) == "prompt"
    look(house, after(minutes=59))
    assert messages(house) == []
    look(house, after(minutes=60))
    assert messages(house) == [("question", "E-mail")]
    look(house, after(minutes=89))
    assert [alert.level for alert in alerts(house)] == ["prompt"]

    look(house, after(minutes=90))
    [alert] = alerts(house)
    assert alert.level == "urgent"
    assert "R4_RECHECK_NOT_ENTERED_90MIN" in alert.reason_codes
    with house.database.reading() as session:
        made = session.exec(select(Assessment).where(Assessment.timer_of != None)).one()  # noqa: E711
        page = alert_page.read(session, house.ben, alert.id, after(minutes=91))
    assert (made.level, made.inputs["timer_event"]) == ("urgent", "recheck_not_entered")
    assert page.reasons[0].sentence == (
        "No second temperature within 90 minutes after a fever of 38.1 °C."
    )
    found = with_changes(house.database, house.ben, page).changes
    assert found is not None
    assert (found.about, found.level) == ("reading", "urgent")
    assert "second reading" in found.lines[-1][1]


def test_a_second_reading_in_time_keeps_it_quiet(house: House):
    say(house, EVENING, 38.1)
    say(house, after(minutes=55), 37.2, kind="reading")
    look(house, after(minutes=90))

    assert [alert.level for alert in alerts(house)] == ["prompt"]
    assert fates(house, "recheck") == {0: ("done", "entered")}
    assert fates(house, "recheck_missing") == {0: ("done", "entered")}
    assert messages(house) == []


def test_a_reading_soon_after_the_first_is_not_the_one_asked_for(house: House):
    say(house, EVENING, 38.1)
    say(house, after(minutes=10), 37.2, kind="reading")
    look(house, after(minutes=90))

    assert [alert.level for alert in alerts(house)] == ["urgent"]


def test_an_hour_of_the_worker_asleep_is_late_and_not_lost(house: House):
    say(house, EVENING, 38.1)
    look(house, after(hours=7))

    assert [alert.level for alert in alerts(house)] == ["urgent"]
    assert fates(house, "recheck") == {0: ("done", "sent")}


def test_a_raised_temperature_is_asked_about_after_four_hours_and_alarms_nobody(house: House):
    assert say(house, EVENING, 37.7) == "digest"
    look(house, after(minutes=239))
    assert messages(house) == []
    look(house, after(minutes=240))
    look(house, after(hours=8))

    assert messages(house)[:1] == [("question", "E-mail")]
    assert alerts(house) == []


def test_a_correction_takes_back_what_it_makes_needless(house: House):
    say(house, EVENING, 38.1)
    first = rows(house, "recheck")[0].entry_id
    second = new_id()
    say(house, after(minutes=20), 37.1, id=second, replaces_id=first)
    look(house, after(minutes=90))

    assert fates(house, "recheck") == {0: ("cancelled", "corrected")}
    assert fates(house, "recheck_missing") == {0: ("cancelled", "corrected")}
    assert messages(house) == []
    # It was a fever after all: the ninety minutes are over, and nobody measured again.
    say(house, after(minutes=100), 38.1, replaces_id=second)
    look(house, after(minutes=100))
    assert [alert.level for alert in alerts(house)] == ["urgent"]


def test_the_morning_after_a_prompt_entry_the_diary_asks_each_day_until_it_is_better(house: House):
    assert say(house, EVENING, itch_nrs=8) == "prompt"
    look(house, local(on(1), "07:59"))
    assert messages(house) == []
    look(house, local(on(1), "08:00"))
    assert messages(house) == [("question", "E-mail")]
    with house.database.reading() as session:
        patient = people.patient(session, house.ana, house.ana.actor_id)
        assert recheck.unresolved(session, house.ana, patient) is not None

    say(house, local(on(1), "12:00"), itch_nrs=8)
    look(house, local(on(2), "08:00"))
    assert messages(house).count(("question", "E-mail")) == 2

    say(house, local(on(2), "12:00"), itch_nrs=1)
    look(house, local(on(3), "08:00"))
    assert messages(house).count(("question", "E-mail")) == 2
    assert fates(house, "morning")[3] == ("done", "resolved")
    look(house, local(on(4), "08:00"))
    assert 4 not in fates(house, "morning")


def test_a_temperature_alone_answers_a_fever_and_not_a_rash(house: House):
    def open_question() -> bool:
        with house.database.reading() as session:
            patient = people.patient(session, house.worker, house.ana.actor_id)
            return recheck.unresolved(session, house.worker, patient) is not None

    say(house, EVENING, 38.1)
    say(house, local(on(1), "07:00"), 36.8, kind="reading")
    assert not open_question()
    say(house, local(on(1), "09:00"), itch_nrs=8)
    say(house, local(on(1), "10:00"), 36.8, kind="reading", itch_nrs=None)
    assert open_question()


def test_closing_the_alert_ends_the_questions(house: House):
    say(house, EVENING, itch_nrs=8)
    with house.database.writing() as session:
        alert = session.exec(select(Alert)).one()
        acknowledge.take(session, house.ben, alert.id, after(minutes=5))
        acknowledge.close_alert(session, house.ben, alert.id, "advice", "", after(minutes=6))
    look(house, local(on(1), "08:00"))

    assert fates(house, "morning") == {1: ("done", "resolved")}
    assert messages(house) == []


def test_a_patient_without_a_way_is_still_watched(house: House):
    with house.database.writing() as session:
        [way] = patient_ways.ways_of_patient(session, house.ana, house.ana.actor_id)
        patient_ways.end_patient_way(session, house.ana, way.id, EVENING)
    say(house, EVENING, 38.1)
    look(house, after(minutes=90))

    assert fates(house, "recheck") == {0: ("done", "no_way")}
    assert [alert.level for alert in alerts(house)] == ["urgent"]
