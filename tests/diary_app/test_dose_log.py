"""One patient's dose log. Ana takes 400 mg daily; it is Monday, 2 March 2026, 20:04 in Berlin."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from db.models import Alert, Assessment, AuditEvent, DoseRecord, PlanStep
from db.stores import diary as entries
from db.stores import treatment
from diary_app.components.care_words import logged_words
from diary_app.exports.period_facts import adherence
from diary_app.exports.table import table_csv
from diary_app.services.dose_log import PatientDoses
from diary_app.services.roster import Roster
from diary_app.services.visit import fill
from diary_app.state.doses import DoseRow
from diary_app.state.faults import AnswerRefusedError, DiaryError, NotInDiaryError
from tests.diary_app.patient_house import Desk, desk_for, save, save_only
from tests.people import NOW, House

TODAY = date(2026, 3, 2)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return desk_for(house, tmp_path)


def doses(desk: Desk) -> PatientDoses:
    return desk.diary().doses


def log(desk: Desk) -> list[tuple[str, str, float | None]]:
    with desk.house.database.reading() as session:
        rows = session.exec(select(DoseRecord).order_by(DoseRecord.recorded_at, DoseRecord.id))
        return [(row.drug, row.how, row.taken_mg) for row in rows]


def prescribe(
    desk: Desk,
    starts_on: date,
    imatinib_mg: float,
    *,
    every: int = 1,
    steroid: float | None = None,
    at: datetime = NOW,
) -> None:
    step = PlanStep(
        clinic_id=desk.house.clinic_id,
        patient_id=desk.house.ana.actor_id,
        starts_on=starts_on,
        imatinib_mg=imatinib_mg,
        every_n_days=every,
        prednisolone_mg=steroid,
        author_id=desk.house.dora.actor_id,
        approved_at=at,
    )
    with desk.house.database.writing() as session:
        treatment.change_plan(session, desk.house.dora, desk.house.ana.actor_id, [step], at)


def row(desk: Desk, drug: str = "imatinib", on: date | None = None) -> DoseRow:
    found = doses(desk).view().row(drug, on)
    assert found is not None
    return found


def levels(desk: Desk) -> list[str]:
    with desk.house.database.reading() as session:
        return [alert.level for alert in session.exec(select(Alert).order_by(Alert.raised_at))]


def test_an_unlogged_dose_is_unknown_and_one_tap_says_it_was_taken(desk: Desk) -> None:
    assert (row(desk).planned_mg, row(desk).said) == (400, None)

    said = doses(desk).take("imatinib", TODAY).said

    assert said is not None
    assert (said.how, said.taken_mg, said.clock) == ("planned", 400, "20:04")
    assert log(desk) == [("imatinib", "planned", 400)]
    assert "patient:" + str(desk.house.ana.actor_id) in desk.rung
    with desk.house.database.reading() as session:
        verbs = [event.verb for event in session.exec(select(AuditEvent))]
    assert verbs.count("dose.write") == 1


def test_two_taps_are_one_dose(desk: Desk) -> None:
    doses(desk).take("imatinib", TODAY)
    doses(desk).take("imatinib", TODAY)

    assert log(desk) == [("imatinib", "planned", 400)]


def test_undo_holds_for_ten_minutes_and_what_was_said_before_holds_again(desk: Desk) -> None:
    doses(desk).say("imatinib", TODAY, "late", taken_clock="14:20")
    doses(desk).say("imatinib", TODAY, "missed")
    desk.clock.pass_(minutes=10)

    said = doses(desk).undo("imatinib", TODAY).said

    assert said is not None
    assert (said.how, said.taken_clock) == ("late", "14:20")
    desk.clock.pass_(minutes=11)
    with pytest.raises(AnswerRefusedError, match="no longer be undone"):
        doses(desk).undo("imatinib", TODAY)
    assert len(log(desk)) == 3


def test_undo_of_the_first_word_makes_the_dose_unknown_again(desk: Desk) -> None:
    doses(desk).take("imatinib", TODAY)

    assert doses(desk).undo("imatinib", TODAY).said is None
    assert log(desk) == [("imatinib", "planned", 400), ("imatinib", "taken_back", None)]


@pytest.mark.parametrize(
    ("how", "more", "kept"),
    [
        ("late", {"taken_clock": "8.05"}, ("late", 400, "08:05", "")),
        ("late", {"taken_clock": "now"}, ("late", 400, "20:04", "")),
        ("late", {}, ("late", 400, "", "")),
        ("missed", {}, ("missed", 0, "", "")),
        ("different", {"taken_mg": 100}, ("different", 100, "", "")),
        ("different", {"taken_mg": 400}, ("planned", 400, "", "")),
        ("vomited", {"vomited_after": "within_30"}, ("vomited", None, "", "within_30")),
    ],
)
def test_something_else_is_kept_as_it_was_said(
    desk: Desk, how: str, more: dict[str, object], kept: tuple[object, ...]
) -> None:
    said = doses(desk).say("imatinib", TODAY, how, **more).said

    assert said is not None
    assert (said.how, said.taken_mg, said.taken_clock, said.vomited_after) == kept


@pytest.mark.parametrize(
    ("how", "more", "sentence"),
    [
        ("late", {"taken_clock": "25:00"}, "Please give the time as 14:20."),
        ("late", {"taken_clock": "20:05"}, "This time is still to come."),
        ("different", {"taken_mg": 0}, "Please type a number of milligrams"),
        ("different", {"taken_mg": 5001}, "Please type a number of milligrams"),
        ("vomited", {"vomited_after": "soon"}, "Please choose how long"),
        ("swallowed", {}, "does not know this answer"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    desk: Desk, how: str, more: dict[str, object], sentence: str
) -> None:
    with pytest.raises(AnswerRefusedError, match=sentence):
        doses(desk).say("imatinib", TODAY, how, **more)
    assert log(desk) == []


@pytest.mark.parametrize("day", [TOMORROW, YESTERDAY - timedelta(days=1)])
def test_only_today_and_yesterday_can_be_logged(desk: Desk, day: date) -> None:
    with pytest.raises(DiaryError):
        doses(desk).take("imatinib", day)


def test_an_off_day_has_nothing_to_take_and_nothing_to_miss(desk: Desk) -> None:
    """100 mg every other day from Sunday: Sunday is a dose day, Monday is off."""
    prescribe(desk, YESTERDAY, 100, every=2)

    today = row(desk)

    assert (today.planned_mg, today.off_day) == (0, True)
    assert (today.next_on, today.next_mg) == (TOMORROW, 100)
    for how in ("planned", "late", "missed", "vomited"):
        with pytest.raises(AnswerRefusedError, match="none can be missed"):
            doses(desk).say("imatinib", TODAY, how, vomited_after="later")
    assert row(desk, on=YESTERDAY).planned_mg == 100
    doses(desk).say("imatinib", TODAY, "different", taken_mg=100)
    assert levels(desk) == ["prompt"]  # R10: more than the 0 mg of that day


def test_the_off_day_of_yesterday_is_not_offered_as_unlogged(desk: Desk) -> None:
    prescribe(desk, TODAY, 100, every=2)
    desk.clock.pass_(days=2)  # Wednesday: a dose day; Tuesday was off

    view = doses(desk).view()

    assert view.yesterday == ()
    assert view.today[0].planned_mg == 100


def test_the_steroid_stands_beside_imatinib_with_a_log_of_its_own(desk: Desk) -> None:
    prescribe(desk, TODAY, 100, steroid=20)

    doses(desk).take("prednisolone", TODAY)

    assert [each.drug for each in doses(desk).view().today] == ["imatinib", "prednisolone"]
    assert row(desk).said is None
    assert log(desk) == [("prednisolone", "planned", 20)]


def test_just_after_midnight_it_is_asked_which_day_a_dose_belongs_to(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # Tuesday 00:30 in Berlin

    view = doses(desk).view()

    assert view.on == TOMORROW
    assert view.is_unclear("imatinib")
    doses(desk).take("imatinib", TODAY)
    assert not doses(desk).view().is_unclear("imatinib")
    assert row(desk, on=TOMORROW).said is None


def test_the_night_of_the_clock_change_belongs_to_one_day(desk: Desk) -> None:
    """On 29 March 2026 Berlin's clock goes from 02:00 to 03:00, at 01:00 UTC."""
    desk.clock.now = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert (doses(desk).view().on, doses(desk).view().is_night) == (date(2026, 3, 29), True)

    desk.clock.now = datetime(2026, 3, 29, 2, 0, tzinfo=UTC)  # 04:00 there, not 03:00
    assert not doses(desk).view().is_night

    desk.clock.now = datetime(2026, 3, 29, 21, 59, tzinfo=UTC)
    assert doses(desk).take("imatinib", date(2026, 3, 29)).said is not None
    desk.clock.now = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert doses(desk).view().on == date(2026, 3, 30)
    assert row(desk).said is None


def test_nobody_else_logs_or_reads_a_patients_doses(desk: Desk) -> None:
    doses(desk).take("imatinib", TODAY)
    others = PatientDoses(desk.kit, desk.house.otto)

    assert others.view().today[0].said is None
    with pytest.raises(NotInDiaryError):
        PatientDoses(desk.kit, desk.house.ben).take("imatinib", TODAY)


# One truth: the entry and the log.


def test_the_entry_is_answered_from_the_log_and_keeps_its_detail(desk: Desk) -> None:
    doses(desk).say("imatinib", TODAY, "late", taken_clock="14:20")

    draft = desk.diary().begin("full")

    assert draft.content["imatinib_mg_taken"] == 400
    assert draft.doses["imatinib"].how == "late"
    save(desk.diary(), draft)
    assert log(desk) == [("imatinib", "late", 400)]


def test_the_log_is_answered_from_the_entry(desk: Desk) -> None:
    save(desk.diary(), imatinib_mg_taken=0.0)

    said = row(desk).said

    assert said is not None
    assert (said.how, row(desk).can_undo) == ("missed", False)


def test_a_dose_logged_while_the_entry_is_being_written_answers_its_question(desk: Desk) -> None:
    save_only(desk.diary(), imatinib_mg_taken=400.0)

    doses(desk).say("imatinib", TODAY, "missed")

    draft = desk.diary().open_draft()
    assert draft is not None
    assert draft.content["imatinib_mg_taken"] == 0


def test_an_entry_that_leaves_the_dose_open_takes_it_over(desk: Desk) -> None:
    doses(desk).take("imatinib", TODAY)

    save(desk.diary(), imatinib_mg_taken=None)

    with desk.house.database.reading() as session:
        (kept,) = entries.entries(session, desk.house.ana, desk.house.ana.actor_id)
    assert kept.imatinib_mg_taken == 400


def test_not_yet_in_the_entry_takes_back_what_was_logged(desk: Desk) -> None:
    doses(desk).take("imatinib", TODAY)
    draft = desk.diary().begin("full")
    content = {k: v for k, v in draft.content.items() if k != "imatinib_mg_taken"}
    kept = desk.diary().save_answers(
        draft.id, draft.revision, {**content, "settled": {"imatinib": "not_yet"}}
    )
    desk.diary().send(draft.id, kept.revision)

    assert row(desk).said is None


def test_a_vomited_dose_is_unknown_in_the_entry_and_stays_so_in_the_log(desk: Desk) -> None:
    doses(desk).say("imatinib", TODAY, "vomited", vomited_after="within_120")
    draft = desk.diary().begin("full")

    assert "imatinib_mg_taken" not in draft.content
    assert draft.content["settled"] == {"imatinib": "logged"}
    desk.diary().send(draft.id, draft.revision)
    assert log(desk) == [("imatinib", "vomited", None)]


def test_a_later_word_holds_in_the_history_and_for_the_clinic_too(desk: Desk) -> None:
    save(desk.diary())
    desk.clock.pass_(minutes=30)
    doses(desk).say("imatinib", TODAY, "different", taken_mg=200)

    (shown,) = desk.diary().history()
    house = desk.house
    with house.database.reading() as session:
        bundle = fill(session, house.dora, house.ana.actor_id, TODAY, TODAY, desk.clock.now)

    assert shown.answers["imatinib_mg_taken"] == 200
    assert bundle.entries[0].answers["imatinib_mg_taken"] == 200
    assert [(dose.how, dose.taken_mg) for dose in bundle.doses] == [("different", 200)]
    assert desk.diary().correct(shown.id).content["imatinib_mg_taken"] == 200


def test_a_dose_above_the_plan_after_an_entry_with_a_symptom_is_urgent(desk: Desk) -> None:
    """R10: more than planned with any grade above 0 in the same entry is urgent."""
    save(desk.diary(), itch_nrs=2)
    desk.clock.pass_(hours=1)

    doses(desk).say("imatinib", TODAY, "different", taken_mg=800)

    assert levels(desk) == ["urgent"]


def test_a_tap_after_the_entry_raises_nothing_that_was_raised_before(desk: Desk) -> None:
    save(desk.diary(), red_flags=["bleeding"], imatinib_mg_taken=None)
    with desk.house.database.reading() as session:
        before = session.exec(select(Alert)).one().revision

    doses(desk).take("imatinib", TODAY)

    with desk.house.database.reading() as session:
        assert session.exec(select(Alert)).one().revision == before


# The plan.


def test_the_plan_has_the_step_now_the_steps_ahead_and_those_before(desk: Desk) -> None:
    monday = TODAY + timedelta(days=7)
    prescribe(desk, TODAY, 100, steroid=20)
    prescribe(desk, monday, 200, steroid=10)

    plan = doses(desk).plan()

    assert plan.now is not None
    assert (plan.now.imatinib_mg, plan.now.starts_on, plan.now.until) == (
        100,
        TODAY,
        monday - timedelta(days=1),
    )
    assert (plan.now.confirmed_by, plan.now.confirmed_on) == ("Dora", TODAY)
    (ahead,) = plan.ahead
    assert (ahead.starts_on, ahead.imatinib_mg, ahead.prednisolone_mg) == (monday, 200, 10)
    (past,) = plan.past
    assert (past.imatinib_mg, past.until) == (400, YESTERDAY)
    assert plan.strip == ()


def test_an_every_other_day_plan_shows_two_weeks_with_its_off_days(desk: Desk) -> None:
    """From Sunday every other day: Monday is off, Tuesday a dose day; 200 mg daily from the 9th."""
    prescribe(desk, YESTERDAY, 100, every=2)
    prescribe(desk, date(2026, 3, 9), 200)

    strip = doses(desk).plan().strip

    assert [day.imatinib_mg for day in strip] == [0, 100, 0, 100, 0, 100, 0] + [200] * 7
    assert [day.off_day for day in strip] == [True, False] * 3 + [True] + [False] * 7


def test_a_changed_plan_is_told_until_it_was_read(desk: Desk) -> None:
    assert doses(desk).view().plan_changed_on is None  # the first plan is no change
    prescribe(desk, TODAY, 200)
    assert doses(desk).view().plan_changed_on == TODAY

    desk.clock.pass_(minutes=1)
    doses(desk).read_plan()

    assert doses(desk).view().plan_changed_on is None
    desk.clock.pass_(days=1)
    prescribe(desk, TODAY, 100, at=desk.clock.now)  # a step that replaces all others
    assert doses(desk).view().plan_changed_on == TOMORROW


def test_the_next_dose_of_a_stopped_plan_is_not_made_up(desk: Desk) -> None:
    prescribe(desk, TOMORROW, 0)

    assert (row(desk).next_on, row(desk).next_mg) == (None, None)


def test_a_dose_that_cannot_be_graded_is_kept_and_the_clinic_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("400 mg of Ana")

    monkeypatch.setattr("alerts.dosing.assess", broken)

    doses(desk).take("imatinib", TODAY)

    assert log(desk) == [("imatinib", "planned", 400)]
    with desk.house.database.reading() as session:
        (alert,) = session.exec(select(Alert)).all()
        made = session.exec(select(Assessment)).one()
    assert (alert.level, alert.reason_codes) == ("prompt", ["COULD_NOT_BE_GRADED"])
    assert (made.outcome, made.dose_on) == ("failed", TODAY)


# What the care team sees.


def test_the_visit_counts_late_and_vomited_doses_apart_from_missed_ones(desk: Desk) -> None:
    doses(desk).say("imatinib", YESTERDAY, "vomited", vomited_after="later")
    doses(desk).say("imatinib", TODAY, "late", taken_clock="14:20")
    house = desk.house
    with house.database.reading() as session:
        bundle = fill(session, house.dora, house.ana.actor_id, YESTERDAY, TODAY, NOW)

    facts = adherence(bundle)

    assert (facts.days_with_entry, facts.planned, facts.taken) == (0, 2, 1)
    assert (facts.missed, facts.unreported, facts.late, facts.vomited) == (0, 0, 1, 1)
    rows = [line.split(",")[:9] for line in table_csv(bundle, "doses").splitlines()[1:]]
    assert [",".join(row) for row in rows] == [
        "P-001,2026-03-01,imatinib,400,vomited,,,later,2026-03-02T19:04:00Z",
        "P-001,2026-03-02,imatinib,400,late,400,14:20,,2026-03-02T19:04:00Z",
    ]


@pytest.mark.parametrize(
    ("how", "more", "words"),
    [
        ("late", {"taken_clock": "14:20"}, "400 mg, late at 14:20"),
        ("vomited", {"vomited_after": "within_30"}, "vomited after it (within 30 minutes)"),
        ("missed", {}, "none, missed"),
        ("taken_back", {}, "not logged"),
    ],
)
def test_the_nurse_reads_how_the_dose_was_taken(
    desk: Desk, how: str, more: dict[str, object], words: str
) -> None:
    doses(desk).say("imatinib", TODAY, how, **more)

    page = Roster(desk.kit, desk.house.ben).page(desk.house.ana.actor_id)

    assert logged_words(page.dose) == words
