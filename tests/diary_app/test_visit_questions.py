"""Questions for the next visit: Ana writes them down, Dora reads and ticks them off."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from db.errors import AccessDeniedError, NotFoundError
from db.stores import audit
from diary_app import routes
from diary_app.services.roster import Roster
from diary_app.services.visit import Visits
from diary_app.services.visit_questions import OwnQuestions, TeamQuestions
from diary_app.state.faults import AnswerRefusedError, NotInDiaryError
from tests.diary_app.care_house import kit_for
from tests.diary_app.patient_house import desk_for
from tests.diary_app.test_care_screens import on_screen
from tests.diary_app.test_patient_screens import Phone, on_phone
from tests.ground.screen import Screen
from tests.people import NOW, House

SWIM = "May I swim in the sea?"


def test_a_question_stands_on_page_one_until_it_was_talked_about(
    house: House, tmp_path: Path
) -> None:
    kit, ana = kit_for(house, tmp_path), house.ana.actor_id
    OwnQuestions(kit, house.ana).ask(f"  {SWIM}\n ")
    first_on, last_on = NOW.date().replace(day=1), NOW.date()

    (asked,) = Roster(kit, house.dora).page(ana, days=14, again=True).bundle.questions
    report = PdfReader(BytesIO(Visits(kit, house.dora).report_pdf(ana, first_on, last_on)))

    assert asked.words == SWIM
    page_one = " ".join(report.pages[0].extract_text().split())
    assert "Open questions from the patient" in page_one
    assert f"“{SWIM}” (2 Mar 2026)" in page_one

    TeamQuestions(kit, house.ben).answer(asked.id)

    assert OwnQuestions(kit, house.ana).open() == ()
    assert Roster(kit, house.dora).page(ana, days=14, again=True).bundle.questions == ()
    with pytest.raises(NotFoundError):
        TeamQuestions(kit, house.ben).answer(asked.id)


def test_a_question_can_be_taken_back_and_both_are_written_down(
    house: House, tmp_path: Path
) -> None:
    mine = OwnQuestions(kit_for(house, tmp_path), house.ana)
    mine.ask(SWIM)

    mine.take_back(mine.open()[0].id)

    assert mine.open() == ()
    with house.database.reading(house.clinic_id) as session:
        acts = [row.verb for row in audit.events(session, house.admin)]
    written = sorted(act for act in acts if act.startswith("question."))
    assert written == ["question.ask", "question.taken_back"]


def test_what_cannot_be_kept_is_said_in_a_sentence_and_nothing_is_kept(
    house: House, tmp_path: Path
) -> None:
    mine = OwnQuestions(kit_for(house, tmp_path), house.ana)

    with pytest.raises(AnswerRefusedError, match="Write your question first"):
        mine.ask(" \n ")
    with pytest.raises(AnswerRefusedError, match="at most 500 characters"):
        mine.ask("a" * 501)
    for number in range(20):
        mine.ask(f"Question {number}")
    with pytest.raises(AnswerRefusedError, match="20 questions already"):
        mine.ask(SWIM)

    assert [question.words for question in mine.open()] == [f"Question {n}" for n in range(20)]


def test_nobody_reads_or_ends_the_questions_of_others(house: House, tmp_path: Path) -> None:
    kit = kit_for(house, tmp_path)
    mine = OwnQuestions(kit, house.ana)
    mine.ask(SWIM)
    asked = mine.open()[0].id

    assert OwnQuestions(kit, house.otto).open() == ()
    with pytest.raises(NotInDiaryError):
        OwnQuestions(kit, house.otto).take_back(asked)
    with pytest.raises(NotFoundError):
        TeamQuestions(kit, house.cleo).answer(asked)
    with pytest.raises(AccessDeniedError):
        TeamQuestions(kit, house.admin).answer(asked)
    assert len(mine.open()) == 1


def test_the_patient_writes_and_takes_back_on_the_plan_and_hears_who_reads_it(
    house: House, tmp_path: Path
) -> None:
    desk = desk_for(house, tmp_path)
    desk.beat()

    async def story(phone: Phone) -> None:
        await phone.shows("Your care team reads this at your visit, not before.")
        await phone.tap("keep-question")
        await phone.shows("Write your question first.")
        await phone.screen.enter("visit-question", SWIM)
        await phone.tap("keep-question")
        await phone.shows("Written on Monday, March 2")
        (asked,) = OwnQuestions(desk.kit, house.ana).open()
        await phone.tap(f"take-back-{asked.id}")
        await phone.screen.until(lambda: not phone.has(f"take-back-{asked.id}"))

    on_phone(desk, story, route=routes.PLAN)


def test_the_care_team_ticks_a_question_off_on_the_patients_page(
    house: House, tmp_path: Path
) -> None:
    mine = OwnQuestions(kit_for(house, tmp_path), house.ana)
    mine.ask(SWIM)
    asked = mine.open()[0].id

    async def story(screen: Screen) -> None:
        assert screen.shows(SWIM)
        await screen.click(f"answer-{asked}")
        await screen.until(lambda: screen.shows("The patient has written down no question."))

    on_screen(house, tmp_path, house.dora, f"/patients/{house.ana.actor_id}", story)
    assert mine.open() == ()
