"""The weekly questions: asked, skipped, sent, read by the team, and heard by no alert."""

import asyncio
import csv
from collections.abc import Awaitable, Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlmodel import select

from alerts.dispatch import Dispatch
from alerts.grading.pro_ctcae_items import WEEKLY
from alerts.grading.pro_ctcae_table import score_table
from alerts.grading.pro_ctcae_wording import QUESTIONS, responses
from alerts.worker import Worker
from db.access import Viewer
from db.models import Alert, Assessment, AuditEvent, Notification, WeeklyReport
from db.stores import weekly as store
from diary_app.screens.care_team.app import CareTeamApp
from diary_app.services.care_errors import UnusableAnswerError
from diary_app.services.desk import desk_for as care_desk
from diary_app.services.visit import Visits
from diary_app.state.faults import (
    AlreadySentError,
    AnswerRefusedError,
    ChangedElsewhereError,
    NotInDiaryError,
)
from tests.diary_app.care_house import BEN_SIGNED_IN
from tests.diary_app.patient_house import Desk, desk_for
from tests.diary_app.test_patient_screens import Phone, on_phone
from tests.ground.screen import Screen
from tests.people import NOW, House


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    """A clinic that asks about nausea, rash and itch: four questions."""
    built = desk_for(house, tmp_path)
    built.beat()
    ask(built, [9, 24, 28])
    return built


def ask(desk: Desk, items: list[int], *, is_on: bool = True) -> None:
    care_desk(desk.kit, desk.house.admin).office.choose_weekly(is_on, items)


def reports(desk: Desk) -> list[WeeklyReport]:
    with desk.house.database.reading() as session:
        return store.reports(session, desk.house.ana, desk.house.ana.actor_id)


def answer(desk: Desk, **answers: int | None) -> None:
    weekly = desk.diary().weekly
    draft = weekly.begin()
    assert draft is not None
    told = {f"PROCTCAE_{name}": score for name, score in answers.items()}
    kept = weekly.save_answers(draft.id, draft.revision, {"answers": told, "at": "review"})
    weekly.send(draft.id, kept.revision)


def at_desk(
    desk: Desk, viewer: Viewer, route: str, story: Callable[[Screen], Awaitable[None]]
) -> None:
    async def tell() -> None:
        screen = Screen(
            CareTeamApp,
            care_desk(desk.kit, viewer),
            signed_in=BEN_SIGNED_IN,
            route=route,
            views=True,
            width=1280.0,
        )
        try:
            await screen.until(lambda: not screen.shows("Reading..."))
            await screen.settle()
            await story(screen)
            assert screen.apologies() == []
        finally:
            await screen.close()

    asyncio.run(tell())


def rows_of(screen: Screen) -> dict[str, list[str]]:
    """The table of weekly grades: symptom -> its cells."""
    texts = screen.texts()
    cells = texts[texts.index("Symptom") :]
    found = {}
    for symptom in ("Nausea", "Rash", "Itchy skin"):
        start = cells.index(symptom) + 1
        found[symptom] = cells[start : start + cells.index("Nausea") - 1]
    return found


def test_a_patient_answers_and_the_team_reads_composite_grades(desk: Desk) -> None:
    async def answers(phone: Phone) -> None:
        await phone.tap("weekly-begin")
        await phone.shows("In the last 7 days, how OFTEN did you have NAUSEA?")
        assert phone.screen.shows("National Cancer Institute holds all rights")
        await phone.tap("answer-3")
        await phone.shows("what was the SEVERITY of your NAUSEA at its WORST?")
        await phone.tap("answer-2")
        await phone.shows("did you have any RASH?")
        await phone.tap("answer-1")
        await phone.shows("what was the SEVERITY of your ITCHY SKIN at its WORST?")
        await phone.tap("weekly-pass")
        await phone.shows("Please check")
        assert phone.screen.shows("Not answered")
        await phone.tap("weekly-send")
        await phone.shows("Your weekly answers are sent")
        assert phone.screen.shows("3 of 4 questions answered.")
        assert phone.screen.shows("These answers alert nobody.")
        assert not phone.screen.shows("fine")

    async def reads(screen: Screen) -> None:
        await screen.until(lambda: screen.shows("PRO-CTCAE composite, patient-reported"))
        assert screen.shows("It raises no alert and is not for diagnosis.")
        # Published table: frequency 3 and severity 2 give 2.
        assert rows_of(screen) == {
            "Nausea": ["2"],
            "Rash": ["Yes"],
            "Itchy skin": ["not answered"],
        }

    on_phone(desk, answers)
    at_desk(desk, desk.house.ben, f"/patients/{desk.house.ana.actor_id}", reads)

    (report,) = reports(desk)
    assert report.answers == {
        "PROCTCAE_9A_SCL": 3,
        "PROCTCAE_9B_SCL": 2,
        "PROCTCAE_24A_IND": 1,
        "PROCTCAE_28A_SCL": None,
    }
    assert (report.author, report.instrument) == ("patient", "PRO-CTCAE 1.0 en")
    assert (report.period_ends_on, report.id.version) == (NOW.date(), 7)


def test_answers_survive_a_reload_and_can_be_changed_before_they_are_sent(desk: Desk) -> None:
    async def before(phone: Phone) -> None:
        for key in ("weekly-begin", "answer-0"):
            await phone.tap(key)
        await phone.shows("SEVERITY of your NAUSEA")
        await phone.tap("back")
        await phone.shows("how OFTEN did you have NAUSEA?")
        await phone.tap("answer-1")
        await phone.shows("SEVERITY of your NAUSEA")
        await phone.shows("Kept at 20:04 · not sent yet")
        await phone.tap("close")
        await phone.shows("Go on with the questions")
        assert not phone.has("weekly-skip")

    async def after(phone: Phone) -> None:
        await phone.shows("Question 2 of 4")
        for key in ("answer-1", "answer-0", "answer-0", "review-PROCTCAE_9A_SCL", "answer-4"):
            await phone.tap(key)
        await phone.shows("Almost constantly")
        await phone.tap("weekly-send")
        await phone.shows("4 of 4 questions answered.")

    on_phone(desk, before)
    on_phone(desk, after, route="/weekly")

    (report,) = reports(desk)
    assert list(report.answers.values()) == [4, 1, 0, 0]


def test_skipping_is_missing_and_asks_again_after_seven_days(desk: Desk) -> None:
    async def skips(phone: Phone) -> None:
        await phone.tap("weekly-skip")
        await phone.screen.until(lambda: not phone.has("weekly-skip"))

    on_phone(desk, skips)

    (report,) = reports(desk)
    assert set(report.answers.values()) == {None}
    assert len(report.answers) == 4
    desk.clock.pass_(days=6)
    assert desk.diary().today().weekly is None
    desk.clock.pass_(days=1)
    assert desk.diary().today().weekly is not None


def test_looking_is_not_answering_and_skipping_never_throws_an_answer_away(desk: Desk) -> None:
    weekly = desk.diary().weekly
    draft = weekly.begin()
    looked = weekly.due()
    assert draft is not None
    assert looked is not None
    assert not looked.begun

    weekly.save_answers(draft.id, 0, {"answers": {"PROCTCAE_9A_SCL": 4}, "at": ""})
    weekly.skip()  # in another window, drawn before the answer

    assert reports(desk) == []
    again = weekly.begin()
    assert again is not None
    assert again.content["answers"] == {"PROCTCAE_9A_SCL": 4}


def test_is_not_asked_unless_the_clinic_wants_it(desk: Desk) -> None:
    ask(desk, [28], is_on=False)

    async def story(phone: Phone) -> None:
        await phone.shows("Hello, Ana")
        assert not phone.has("weekly-begin")

    async def not_due(phone: Phone) -> None:
        await phone.shows("The weekly questions are not due today.")

    on_phone(desk, story)
    on_phone(desk, not_due, route="/weekly")
    assert desk.diary(desk.house.otto).today().weekly is None


def test_the_worst_answers_to_everything_raise_no_alert(desk: Desk) -> None:
    ask(desk, list(WEEKLY))
    worst = {code: max(score for score, _word in responses(code)) for code in QUESTIONS}
    answer(desk, **{code.removeprefix("PROCTCAE_"): score for code, score in worst.items()})

    worker = Worker(
        database=desk.house.database,
        dispatch=Dispatch(
            database=desk.house.database,
            transport_for=lambda _way: pytest.fail("nothing is to be sent"),
            link_for=str,
            inbox_url="http://test",
            clock=desk.clock,
        ),
        changed=lambda _clinic: None,
        clock=desk.clock,
    )
    for _ in range(3):
        worker.run_once()
        desk.clock.pass_(minutes=20)

    with desk.house.database.reading() as session:
        for table in (Alert, Assessment, Notification):
            assert list(session.exec(select(table))) == []
    assert set(reports(desk)[0].answers.values()) == {1, 4}
    assert "worker" not in desk.rung
    assert not desk.house.worker.may("weekly.read")


def test_a_second_window_neither_overwrites_nor_sends_twice(desk: Desk) -> None:
    weekly = desk.diary().weekly
    draft = weekly.begin()
    assert draft is not None
    first = {"answers": {"PROCTCAE_28A_SCL": 2}, "at": "review"}
    kept = weekly.save_answers(draft.id, draft.revision, first)

    with pytest.raises(ChangedElsewhereError):
        weekly.save_answers(draft.id, draft.revision, {"answers": {}, "at": ""})
    weekly.send(draft.id, kept.revision)
    with pytest.raises(AlreadySentError, match="already sent at 20:04"):
        weekly.send(draft.id, kept.revision)
    with pytest.raises(AlreadySentError):
        weekly.save_answers(draft.id, kept.revision, first)
    assert len(reports(desk)) == 1


def test_refuses_impossible_answers_and_other_patients(desk: Desk) -> None:
    weekly = desk.diary().weekly
    draft = weekly.begin()
    assert draft is not None

    with pytest.raises(AnswerRefusedError):
        weekly.save_answers(draft.id, 0, {"answers": {"PROCTCAE_28A_SCL": 7}})
    with pytest.raises(NotInDiaryError):
        desk.diary(desk.house.otto).weekly.save_answers(draft.id, 0, {"answers": {}})


def test_answers_left_lying_for_days_are_about_other_days(desk: Desk) -> None:
    weekly = desk.diary().weekly
    draft = weekly.begin()
    assert draft is not None
    weekly.save_answers(draft.id, 0, {"answers": {"PROCTCAE_9A_SCL": 4}, "at": ""})

    desk.clock.pass_(days=1)
    the_day_after = weekly.begin()
    desk.clock.pass_(days=1)
    later = weekly.begin()

    assert the_day_after is not None
    assert the_day_after.id == draft.id
    assert later is not None
    assert (later.id == draft.id, later.content["answers"]) == (False, {})


def test_the_same_report_twice_is_one_and_every_report_is_written_down(desk: Desk) -> None:
    answer(desk, **{"28A_SCL": 1})
    (report,) = reports(desk)
    again = WeeklyReport(**report.model_dump())

    with desk.house.database.writing() as session:
        assert store.add(session, desk.house.ana, again, NOW) is False
        verbs = [row.verb for row in session.exec(select(AuditEvent))]
    assert len(reports(desk)) == 1
    assert verbs.count("weekly.write") == 1


def test_the_administrator_switches_it_and_chooses_the_symptoms(desk: Desk) -> None:
    ask(desk, [9, 24, 28], is_on=False)

    async def story(screen: Screen) -> None:
        await screen.until(lambda: "weekly-on" in set(screen.keys()))
        assert "weekly-item-28" not in set(screen.keys())
        await screen.fire(screen.key("weekly-on"), "change", "true", value=True)
        await screen.fire(screen.key("weekly-item-24"), "change", "false", value=False)
        await screen.fire(screen.key("weekly-item-53"), "change", "true", value=True)
        await screen.click("weekly-keep")
        await screen.until(lambda: screen.shows("The weekly questions are kept."))

    at_desk(desk, desk.house.admin, "/admin", story)

    draft = desk.diary().weekly.begin()
    assert draft is not None
    assert [question.code for question in draft.questions] == [
        "PROCTCAE_9A_SCL",
        "PROCTCAE_9B_SCL",
        "PROCTCAE_28A_SCL",
        "PROCTCAE_53A_SCL",
        "PROCTCAE_53B_SCL",
    ]
    with desk.house.database.reading() as session:
        chosen = [row for row in session.exec(select(AuditEvent)) if row.verb == "clinic.weekly"]
    assert chosen[-1].detail == {"on": True, "items": [9, 28, 53]}


@pytest.mark.parametrize("items", [[], [1]])
def test_refuses_to_ask_nothing_or_what_is_not_known_word_for_word(
    desk: Desk, items: list[int]
) -> None:
    with pytest.raises(UnusableAnswerError):
        ask(desk, items)


def test_the_archive_has_the_scores_and_grades_as_other_programs_name_them(desk: Desk) -> None:
    answer(desk, **{"9A_SCL": 4, "9B_SCL": 2, "24A_IND": 0, "28A_SCL": 4})
    desk.clock.pass_(days=7)
    answer(desk, **{"9A_SCL": 0, "9B_SCL": 0})
    first_on, last_on = NOW.date(), desk.clock().date()

    files = archive(desk, first_on, last_on)

    table = list(csv.DictReader(StringIO(files["proctcae.csv"])))
    assert [row["period_ends_on"] for row in table] == ["2026-03-02", "2026-03-09"]
    assert [
        {name.removeprefix("PROCTCAE_"): row[name] for name in row if "PROCTCAE" in name}
        for row in table
    ] == [
        {
            "9A_SCL": "4",
            "9B_SCL": "2",
            "9_COMP": "2",
            "24A_IND": "0",
            "28A_SCL": "4",
            "28_COMP": "3",
        },
        {"9A_SCL": "0", "9B_SCL": "0", "9_COMP": "0", "24A_IND": "", "28A_SCL": "", "28_COMP": ""},
    ]
    # `diary grade --pro-ctcae` finds the same grades, or it would refuse the table.
    assert score_table(files["proctcae.csv"]).added == ()
    assert "National Cancer Institute" in files["data-dictionary.csv"]


def test_a_clinic_that_asks_nothing_sees_nothing_of_it(desk: Desk) -> None:
    ask(desk, [], is_on=False)

    async def story(screen: Screen) -> None:
        assert not screen.shows("PRO-CTCAE")

    at_desk(desk, desk.house.ben, f"/patients/{desk.house.ana.actor_id}", story)
    files = archive(desk, NOW.date(), NOW.date())
    assert "proctcae.csv" not in files
    assert "PROCTCAE" not in files["data-dictionary.csv"]


def archive(desk: Desk, first_on: Any, last_on: Any) -> dict[str, str]:
    made = Visits(desk.kit, desk.house.ben).archive(desk.house.ana.actor_id, first_on, last_on)
    with ZipFile(BytesIO(made)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}
