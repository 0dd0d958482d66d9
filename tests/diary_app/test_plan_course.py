"""A whole plan: several steps checked and kept together."""

from datetime import timedelta
from pathlib import Path

import pytest

from db.errors import AccessDeniedError
from db.stores import treatment
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.plan_change import PlanChange
from diary_app.services.plan_course import TypedStep
from diary_app.services.roster import Roster
from tests.diary_app.care_house import kit_for
from tests.people import NOW, House

TODAY = NOW.date()


def step(day: int, mg: str, *, every: int = 1, lasts: str = "") -> TypedStep:
    start = (TODAY + timedelta(days=day)).isoformat()
    return TypedStep(PlanChange(start, mg, every, "", "Back after the rash."), lasts)


def test_a_whole_plan_is_kept_and_the_old_one_stays(house: House, tmp_path: Path) -> None:
    ana, roster = house.ana.actor_id, Roster(kit_for(house, tmp_path), house.dora)
    roster.change_course(ana, [step(0, "0"), step(60, "200")])
    roster.change_course(ana, [step(28, "100", every=2, lasts="7"), step(35, "100")])
    with house.database.reading() as session:
        plan = treatment.plan(session, house.dora, ana)
        every = treatment.every_step(session, house.dora, ana)
    assert [(row.imatinib_mg, row.every_n_days) for row in plan] == [
        (400, 1),
        (0, 1),
        (100, 2),
        (100, 1),
    ]
    assert [row.imatinib_mg for row in every if row.superseded_at is not None] == [200]


def test_a_rise_inside_the_watch_of_the_last_is_named(house: House, tmp_path: Path) -> None:
    roster = Roster(kit_for(house, tmp_path), house.dora)
    near = roster.check_course(house.ana.actor_id, [step(0, "0"), step(28, "100"), step(42, "200")])
    far = roster.check_course(house.ana.actor_id, [step(0, "0"), step(28, "100"), step(43, "200")])
    assert len(near.warnings) == 1
    assert "14 days after the rise before it" in near.warnings[0]
    assert far.warnings == ()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ([], "steps", "Give between 1"),
        ([step(-1, "100")], "starts_on", "Step 1: The plan is changed from today on"),
        ([step(0, "100"), step(7, "801")], "imatinib_mg", "Step 2: Give an amount from 0 to 800"),
        ([step(0, "100", lasts="7"), step(6, "200")], "starts_on", "Step 2: It starts before"),
        ([step(7, "100"), step(7, "200")], "starts_on", "Step 2: It starts before"),
        (
            [step(0, "100", lasts="7"), step(8, "200")],
            "starts_on",
            "Step 2: There are days without",
        ),
        ([step(0, "100", lasts="0")], "days", "Step 1: Give whole days"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_whole(
    house: House, tmp_path: Path, typed: list[TypedStep], field: str, said: str
) -> None:
    roster = Roster(kit_for(house, tmp_path), house.dora)
    with pytest.raises(UnusableAnswerError) as refused:
        roster.change_course(house.ana.actor_id, typed)
    assert (refused.value.field, str(refused.value).startswith(said)) == (field, True)
    with house.database.reading() as session:
        (only,) = treatment.plan(session, house.dora, house.ana.actor_id)
    assert only.imatinib_mg == 400


def test_the_reason_of_the_whole_plan_is_asked_for_without_naming_a_step(
    house: House, tmp_path: Path
) -> None:
    roster = Roster(kit_for(house, tmp_path), house.dora)
    silent = TypedStep(PlanChange(TODAY.isoformat(), "100", 1, "", " "), "")
    with pytest.raises(UnusableAnswerError) as refused:
        roster.check_course(house.ana.actor_id, [silent])
    assert refused.value.field == "reason"
    assert str(refused.value) == "Give the reason, up to 500 characters."


def test_a_nurse_may_not_confirm_a_whole_plan(house: House, tmp_path: Path) -> None:
    roster = Roster(kit_for(house, tmp_path), house.ben)
    with pytest.raises(AccessDeniedError):
        roster.change_course(house.ana.actor_id, [step(0, "100")])
