"""R10 and R11 with doses logged beside entries. Ana takes 400 mg daily; day 0 is 2 March 2026."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from alerts.dosing import record_doses
from alerts.intake import record_entry
from db.models import Alert, Assessment, DoseRecord, PlanStep
from db.stores import people, treatment, watching
from diary_app.services import alert_page
from diary_app.services.replay import told_course
from tests.alerts.test_reminders import (
    MONDAY,
    fates,
    give_way,
    local,
    look,
    messages,
    on,
    set_rule,
    write,
)
from tests.alerts.test_silence import days, judged
from tests.people import ZONE, House


def log(
    house: House,
    n: int,
    taken: float | None,
    *,
    planned: float = 400,
    drug: str = "imatinib",
    how: str = "",
    clock: str = "20:00",
) -> None:
    """Log a dose on the n-th day after Monday."""
    at = local(on(n), clock)
    word = how or ("planned" if taken == planned else "different" if taken else "missed")
    said = DoseRecord(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        diary_on=on(n),
        drug=drug,
        planned_mg=planned,
        how=word,
        taken_mg=taken,
        time_zone=ZONE,
        recorded_at=at,
    )
    with house.database.writing() as session:
        record_doses(session, house.ana, [said], at)


def alone(house: House) -> dict[int, tuple[str | None, str]]:
    """Days after Monday -> level and first code of doses graded alone."""
    with house.database.reading() as session:
        rows = session.exec(select(Assessment).order_by(Assessment.assessed_at)).all()
    return {
        (row.dose_on - MONDAY).days: (row.level, row.reasons[0]["code"])
        for row in rows
        if row.dose_on is not None
    }


def alerts(house: House) -> list[Alert]:
    with house.database.reading() as session:
        return list(session.exec(select(Alert).order_by(Alert.raised_at)))


def prescribe(house: House, starts_on: date, mg: float, *, every: int = 1, steroid: float) -> None:
    step = PlanStep(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        starts_on=starts_on,
        imatinib_mg=mg,
        every_n_days=every,
        prednisolone_mg=steroid,
        author_id=house.dora.actor_id,
        approved_at=local(starts_on, "07:00"),
    )
    with house.database.writing() as session:
        treatment.change_plan(session, house.dora, house.ana.actor_id, [step], step.approved_at)


def test_the_third_missed_dose_in_a_row_calls_also_without_any_entry(house: House):
    for n in range(3):
        log(house, n, 0)

    assert alone(house) == {
        0: ("digest", "R10_MISSED_DOSE"),
        1: ("digest", "R10_MISSED_DOSE"),
        2: ("prompt", "R10_MISSED_3_CONSECUTIVE"),
    }
    assert [(alert.level, alert.entry_id) for alert in alerts(house)] == [("prompt", None)]


def test_missed_doses_of_the_log_and_of_entries_are_one_run(house: House):
    log(house, 0, 0)
    write(house, local(on(1), "19:00"), imatinib_mg_taken=0.0, imatinib_mg_prescribed=400.0)
    log(house, 2, 0)

    assert alone(house)[2] == ("prompt", "R10_MISSED_3_CONSECUTIVE")


@pytest.mark.parametrize(
    ("middle", "how", "third"),
    [
        (400, "", "R10_MISSED_DOSE"),  # taken: the run begins again
        (100, "", "R10_MISSED_DOSE"),
        (None, "vomited", "R10_MISSED_DOSE"),  # unknown: two missed, the run goes on
    ],
)
def test_a_dose_between_two_missed_ones(house: House, middle: float | None, how: str, third: str):
    log(house, 0, 0)
    log(house, 1, middle, how=how)
    log(house, 2, 0)

    assert alone(house)[2] == ("digest", third)


def test_a_vomited_dose_neither_counts_as_missed_nor_ends_the_run(house: House):
    for n, taken, how in ((0, 0, ""), (1, 0, ""), (2, None, "vomited"), (3, 0, "")):
        log(house, n, taken, how=how)

    assert alone(house)[2] == ("none", "NO_CRITERIA_MET")
    assert alone(house)[3] == ("prompt", "R10_MISSED_3_CONSECUTIVE")


def test_an_off_day_neither_counts_nor_ends_the_run(house: House):
    prescribe(house, MONDAY, 100, every=2, steroid=0)
    for n, planned in ((0, 100), (2, 100), (4, 100)):
        log(house, n, 0, planned=planned)

    assert alone(house)[4] == ("prompt", "R10_MISSED_3_CONSECUTIVE")


def test_a_day_without_a_word_is_not_missed(house: House):
    log(house, 0, 0)
    log(house, 1, 0)

    assert alone(house) == {0: ("digest", "R10_MISSED_DOSE"), 1: ("digest", "R10_MISSED_DOSE")}
    assert alerts(house) == []


@pytest.mark.parametrize(("taken", "level"), [(600, "prompt"), (800, "prompt"), (801, "urgent")])
def test_a_dose_above_the_plan_calls_at_once(house: House, taken: float, level: str):
    log(house, 0, taken)

    assert [alert.level for alert in alerts(house)] == [level]
    assert alone(house)[0] == (level, "R10_DOSE_ABOVE_PLAN")


def test_a_steroid_missed_twice_calls(house: House):
    prescribe(house, MONDAY, 100, steroid=20)
    log(house, 0, 0, planned=20, drug="prednisolone")
    log(house, 1, 0, planned=20, drug="prednisolone")

    assert alone(house)[1] == ("prompt", "R10_STEROID_STOPPED_ABRUPTLY")


def test_a_correction_of_the_log_counts_and_lowers_no_alert(house: House):
    for n in range(3):
        log(house, n, 0)
    log(house, 2, 400, clock="20:05")

    assert alone(house)[2] == ("none", "NO_CRITERIA_MET")
    assert [alert.state for alert in alerts(house)] == ["open"]


def test_doses_alone_are_no_entry_and_end_no_silence(house: House):
    """Day 0: itch 8, grade 3. The taps of the next days say nothing of it."""
    look(house, local(MONDAY, "09:00"))
    with house.database.writing() as session:
        itching = house.entry(at=local(MONDAY, "20:00"), itch_nrs=8)
        record_entry(session, house.ana, itching, local(MONDAY, "20:00"))
    for n in (1, 2):
        log(house, n, 400)
    days(house, 1, 3)

    assert judged(house) == {
        1: ("none", "R11_PATIENT_REMINDER_ONLY"),
        2: ("prompt", "R11_NO_ENTRY_48H_AFTER_CONCERN"),
    }


def test_the_alert_of_doses_alone_says_why_and_stands_in_the_books(house: House):
    log(house, 0, 600)
    (alert,) = alerts(house)
    at = local(MONDAY, "20:30")

    with house.database.reading() as session:
        page = alert_page.read(session, house.ben, alert.id, at)
        books = watching.day_evidence(session, house.worker, at - timedelta(days=1), at)

    assert [reason.code for reason in page.reasons] == ["R10_DOSE_ABOVE_PLAN"]
    assert "600 mg taken, 400 mg planned" in page.reasons[0].sentence
    assert (page.dose.on, page.dose.taken_mg, page.dose.how) == (MONDAY, 600, "different")
    key = f"{house.ana.actor_id} doses {MONDAY}"
    assert key in books.held


def test_the_dose_reminder_stops_for_a_dose_that_is_logged(house: House):
    look(house, local(MONDAY, "06:00"))
    give_way(house, "ana@example.org", at=local(MONDAY, "06:00"))
    set_rule(house, "dose", "08:00", local(MONDAY, "06:00"))
    log(house, 0, 400, clock="07:30")
    log(house, 1, None, how="taken_back", clock="07:30")
    look(house, local(MONDAY, "08:01"))
    look(house, local(on(1), "08:01"))

    assert fates(house, "dose") == {0: ("done", "entry_there"), 1: ("done", "sent")}
    assert [text for text, _way in messages(house)].count("dose") == 1


def test_the_reminder_still_goes_out_for_a_steroid_that_is_not_logged(house: House):
    prescribe(house, MONDAY, 100, steroid=20)
    look(house, local(MONDAY, "06:00"))
    give_way(house, "ana@example.org", at=local(MONDAY, "06:00"))
    set_rule(house, "dose", "08:00", local(MONDAY, "06:00"))
    log(house, 0, 100, planned=100, clock="07:30")
    look(house, local(MONDAY, "08:01"))

    assert fates(house, "dose")[0] == ("done", "sent")


def test_a_replay_counts_the_days_of_the_log_too(house: House):
    log(house, 0, 0)
    write(house, local(on(1), "19:00"), imatinib_mg_taken=400.0, imatinib_mg_prescribed=400.0)
    log(house, 1, 0, clock="21:00")

    with house.database.reading() as session:
        patient = people.patient(session, house.worker, house.ana.actor_id)
        course = told_course(session, house.worker, patient, on(1))

    assert [(told.on, told.entry.imatinib_mg_taken) for told in course] == [(on(0), 0), (on(1), 0)]
