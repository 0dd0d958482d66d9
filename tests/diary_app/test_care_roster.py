"""The roster service: the list, one patient, enrolling, and changing the plan."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from db.errors import AccessDeniedError, ConflictError, NotFoundError
from db.models import Assessment, DoseRecord
from db.stores import audit, doses, people, treatment
from diary_app.components.care_roster_words import dose_share_words, matches, rank, shown
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.enrolling import NewPatient
from diary_app.services.moves import Moves
from diary_app.services.office import Office
from diary_app.services.plan_change import PlanChange
from diary_app.services.roster import Roster
from tests.diary_app.care_house import hot_evening, keep_entry, kit_for
from tests.people import NOW, House

TODAY = NOW.date()
DOWN = PlanChange(TODAY.isoformat(), "200", 1, "", "Rash is back.")
NEW = NewPatient("Eva Nova", "P-002", "1960-02-29")


def test_the_list_says_how_long_a_patient_is_silent(house: House, tmp_path: Path) -> None:
    keep_entry(house, house.entry(at=NOW - timedelta(days=3)), "digest")
    page = Roster(kit_for(house, tmp_path), house.ben).list()
    (row,) = page.rows
    assert (row.silent_days, row.newest_level, row.open_level) == (3, "digest", None)
    assert row.dose is not None
    assert row.dose.planned_mg == 400


def test_a_patient_who_never_wrote_is_not_silent_for_zero_days(
    house: House, tmp_path: Path
) -> None:
    (row,) = Roster(kit_for(house, tmp_path), house.ben).list().rows
    assert (row.last_entry_on, row.silent_days, row.newest_level) == (None, None, None)


def test_the_list_names_the_open_alert(house: House, tmp_path: Path) -> None:
    hot_evening(house)
    (row,) = Roster(kit_for(house, tmp_path), house.ben).list().rows
    assert row.open_level == "urgent"


def told(house: House, days_ago: int, rash: int, itch: int, taken: float | None) -> None:
    at = NOW - timedelta(days=days_ago)
    entry = house.entry(at=at, itch_nrs=itch, imatinib_mg_taken=taken, imatinib_mg_prescribed=400)
    with house.database.writing() as session:
        session.add(entry)
        session.flush()
        session.add(
            Assessment(
                clinic_id=house.clinic_id,
                patient_id=house.ana.actor_id,
                entry_id=entry.id,
                assessed_at=at,
                outcome="graded",
                level="none",
                grades={"rash": rash, "pruritus": 1},
                rules_version="1.0.0",
            )
        )


def test_the_list_says_where_rash_and_itch_go_and_which_doses_are_known(
    house: House, tmp_path: Path
) -> None:
    told(house, 9, 0, 2, 400)
    told(house, 3, 1, 2, 400)
    told(house, 2, 0, 2, 0)
    told(house, 0, 0, 1, 400)
    (row,) = Roster(kit_for(house, tmp_path), house.ben).list().rows
    assert row.trend is not None
    assert (row.trend.direction, row.trend.rash, row.trend.itch) == ("worse", (0, 1), (2, 2))
    # 28 days up to yesterday: two taken, one not, 25 without an answer; today is not over.
    assert row.doses is not None
    assert (row.doses.planned, row.doses.covered, row.doses.unknown) == (28, 2, 25)
    assert dose_share_words(row.doses) == ("7 to 96 %", "25 doses not logged")


def test_the_dose_log_counts_before_the_entry(house: House, tmp_path: Path) -> None:
    told(house, 1, 0, 0, 400)
    record = DoseRecord(
        clinic_id=house.clinic_id,
        patient_id=house.ana.actor_id,
        diary_on=TODAY - timedelta(days=1),
        drug="imatinib",
        planned_mg=400,
        how="missed",
        taken_mg=0,
        time_zone="Europe/Berlin",
        recorded_at=NOW,
    )
    with house.database.writing() as session:
        doses.add(session, house.ana, record, NOW)
    (row,) = Roster(kit_for(house, tmp_path), house.ben).list().rows
    assert row.doses is not None
    assert (row.doses.covered, row.doses.unknown) == (0, 27)


@pytest.mark.parametrize(
    ("days_ago", "amount", "window"),
    [(14, "500", "increase"), (15, "500", None), (0, "300", None)],
    ids=["14 days after a step up", "15 days after it", "a step down"],
)
def test_the_window_mark_follows_the_rules(
    house: House, tmp_path: Path, days_ago: int, amount: str, window: str | None
) -> None:
    change = PlanChange((TODAY - timedelta(days=days_ago)).isoformat(), amount, 1, "", "Step.")
    past = kit_for(house, tmp_path, now=NOW - timedelta(days=days_ago))
    Roster(past, house.dora).change_plan(house.ana.actor_id, change)
    (row,) = Roster(kit_for(house, tmp_path), house.ben).list().rows
    assert row.window == window


def test_whom_to_call_first_then_by_any_column(house: House, tmp_path: Path) -> None:
    roster = Roster(kit_for(house, tmp_path), house.ben)
    roster.enroll(replace(NEW, name="Zoe Zeller"))
    roster.enroll(replace(NEW, name="Bea Blum", code="P-003", born_on="1971-05-04"))
    hot_evening(house)
    rows = list(roster.list().rows)
    assert [row.joined for row in rows] == [True, False, False]

    def codes(by: str) -> list[str]:
        return [row.patient.code for row in sorted(rows, key=lambda row: rank(row, by))]

    assert codes("call") == ["P-001", "P-002", "P-003"]
    assert codes("name") == ["P-001", "P-003", "P-002"]
    assert codes("entry") == ["P-002", "P-003", "P-001"]
    assert [row.patient.code for row in rows if matches(row, "zell p-0")] == ["P-002"]
    assert [row.patient.code for row in rows if matches(row, "1971-05")] == ["P-003"]
    assert [row.patient.code for row in rows if shown(row, "alert")] == ["P-001"]
    assert [row.patient.code for row in rows if shown(row, "silent")] == ["P-002", "P-003"]


def test_a_code_of_somebody_who_left_is_not_given_again(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    Moves(kit, house.ben).end(house.ana.actor_id, "finished")
    with pytest.raises(ConflictError, match="already has this code"):
        Roster(kit, house.ben).enroll(replace(NEW, code="P-001"))


def test_an_administrator_gets_names_without_any_diary(house: House, tmp_path: Path) -> None:
    hot_evening(house)
    page = Roster(kit_for(house, tmp_path), house.admin).list()
    (row,) = page.rows
    assert not page.clinical
    assert (row.dose, row.last_entry_on, row.newest_level, row.open_level) == (None,) * 4
    with pytest.raises(AccessDeniedError):
        Roster(kit_for(house, tmp_path), house.admin).page(house.ana.actor_id)


def test_a_nurse_of_another_clinic_cannot_open_the_patient(house: House, tmp_path: Path) -> None:
    roster = Roster(kit_for(house, tmp_path), house.cleo)
    assert [row.patient.name for row in roster.list().rows] == ["Otto Other"]
    with pytest.raises(NotFoundError):
        roster.page(house.ana.actor_id)


def test_opening_a_patient_is_audited_with_the_reading(house: House, tmp_path: Path) -> None:
    Roster(kit_for(house, tmp_path), house.ben).page(house.ana.actor_id, days=14)
    with house.database.reading() as session:
        (act,) = audit.events(session, house.admin)
    assert (act.verb, act.patient_id) == ("patient.read", house.ana.actor_id)


def test_since_start_begins_with_enrollment_when_the_plan_is_younger(
    house: House, tmp_path: Path
) -> None:
    page = Roster(kit_for(house, tmp_path), house.ben).page(house.ana.actor_id)
    assert page.bundle.first_on == TODAY - timedelta(days=200)
    assert page.bundle.last_on == TODAY


def test_a_clinician_changes_the_plan_from_a_day_on(house: House, tmp_path: Path) -> None:
    Roster(kit_for(house, tmp_path), house.dora).change_plan(house.ana.actor_id, DOWN)
    with house.database.reading() as session:
        steps = treatment.plan(session, house.dora, house.ana.actor_id)
    assert [(step.imatinib_mg, step.reason) for step in steps] == [
        (400, ""),
        (200, "Rash is back."),
    ]
    assert steps[1].author_id == house.dora.actor_id


def test_a_nurse_may_not_change_the_plan(house: House, tmp_path: Path) -> None:
    roster = Roster(kit_for(house, tmp_path), house.ben)
    with pytest.raises(AccessDeniedError):
        roster.check_plan(house.ana.actor_id, DOWN)
    with pytest.raises(AccessDeniedError):
        roster.change_plan(house.ana.actor_id, DOWN)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("starts_on", "31.3.2026"),
        ("starts_on", (TODAY - timedelta(days=1)).isoformat()),
        ("imatinib_mg", ""),
        ("imatinib_mg", "801"),
        ("imatinib_mg", "-100"),
        ("imatinib_mg", "nan"),
        ("imatinib_mg", "four"),
        ("every_n_days", 3),
        ("prednisolone_mg", "1001"),
        ("reason", "  "),
    ],
)
def test_refuses_a_plan_that_cannot_be(
    house: House, tmp_path: Path, field: str, typed: object
) -> None:
    roster = Roster(kit_for(house, tmp_path), house.dora)
    with pytest.raises(UnusableAnswerError) as refused:
        roster.change_plan(house.ana.actor_id, replace(DOWN, **{field: typed}))
    assert refused.value.field == field


def test_stopping_is_a_plan_of_zero_and_unsaid_prednisolone_stays_unknown(
    house: House, tmp_path: Path
) -> None:
    roster = Roster(kit_for(house, tmp_path), house.dora)
    checked = roster.check_plan(house.ana.actor_id, replace(DOWN, imatinib_mg="0"))
    assert (checked.imatinib_mg, checked.prednisolone_mg, checked.before_mg) == (0, None, 400)
    assert checked.warnings == ()


def test_warns_of_an_odd_amount_and_of_a_big_step(house: House, tmp_path: Path) -> None:
    roster = Roster(kit_for(house, tmp_path), house.dora)
    checked = roster.check_plan(house.ana.actor_id, replace(DOWN, imatinib_mg="750"))
    assert [warning.split(".")[0] for warning in checked.warnings] == [
        "This is not a multiple of 100 mg",
        "This raises imatinib by more than 100 mg in one step",
    ]


def test_a_first_plan_may_begin_with_what_the_patient_takes_already(
    house: House, tmp_path: Path
) -> None:
    roster = Roster(kit_for(house, tmp_path), house.dora)
    new = roster.enroll(NEW)
    back = (TODAY - timedelta(days=90)).isoformat()
    checked = roster.check_plan(new, replace(DOWN, starts_on=back))
    assert checked.warnings == (
        "This first plan begins in the past; days already logged keep their entries.",
    )
    with pytest.raises(UnusableAnswerError, match="at most a year back"):
        roster.check_plan(new, replace(DOWN, starts_on=(TODAY - timedelta(days=367)).isoformat()))


def test_one_step_inside_the_watch_of_the_last_rise_is_named(house: House, tmp_path: Path) -> None:
    roster = Roster(kit_for(house, tmp_path), house.dora)
    roster.change_plan(house.ana.actor_id, replace(DOWN, imatinib_mg="500"))
    soon = (TODAY + timedelta(days=14)).isoformat()
    checked = roster.check_plan(
        house.ana.actor_id, replace(DOWN, starts_on=soon, imatinib_mg="600")
    )
    assert len(checked.warnings) == 1
    assert "comes 14 days after the rise before it" in checked.warnings[0]


def test_a_nurse_enrolls_a_patient_in_the_clinics_zone(house: House, tmp_path: Path) -> None:
    patient_id = Roster(kit_for(house, tmp_path), house.ben).enroll(NEW)
    with house.database.reading() as session:
        row = people.patient(session, house.ben, patient_id)
    assert (row.name, row.code, row.time_zone) == ("Eva Nova", "P-002", "Europe/Berlin")
    assert row.prior_severe_reaction is None


def test_two_patients_of_a_clinic_never_share_a_code(house: House, tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="already has this code"):
        Roster(kit_for(house, tmp_path), house.ben).enroll(replace(NEW, code="p-001"))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("code", ""),
        ("born_on", "1.2.1960"),
        ("born_on", (TODAY + timedelta(days=1)).isoformat()),
        ("time_zone", "GMT+1000"),
        ("time_zone", "../etc/passwd"),
    ],
)
def test_refuses_a_patient_who_cannot_be(
    house: House, tmp_path: Path, field: str, typed: str
) -> None:
    with pytest.raises(UnusableAnswerError) as refused:
        Roster(kit_for(house, tmp_path), house.ben).enroll(replace(NEW, **{field: typed}))
    assert refused.value.field == field


def test_only_administrators_see_the_office(house: House, tmp_path: Path) -> None:
    page = Office(kit_for(house, tmp_path), house.admin).page()
    assert (page.clinic_name, page.erasures, page.acts) == ("North clinic", 0, ())
    with pytest.raises(AccessDeniedError):
        Office(kit_for(house, tmp_path), house.ben).page()
