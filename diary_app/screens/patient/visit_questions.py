"""The card where patients write down what they want to ask at their next visit."""

import asyncio
from collections.abc import Callable
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.buttons import main_button, other_button
from diary_app.components.care_component import keyed
from diary_app.components.fields import edge
from diary_app.components.heading import body, heading, quiet
from diary_app.components.loading import use_loaded
from diary_app.components.notice import card
from diary_app.ground.live import use_topic
from diary_app.screens.patient.around import Around
from diary_app.state.calendar import day_words
from diary_app.state.faults import DiaryError
from diary_app.state.visit_questions import LONGEST_WORDS, AskedQuestion
from diary_app.text import _


@keyed
def VisitQuestionsCard(around: Around) -> ft.Control:
    """List the open questions, take one back, write a new one."""
    questions = around.diary.questions
    loaded = use_loaded(questions.open)
    typed, set_typed = ft.use_state("")
    problem, set_problem = ft.use_state("")
    use_topic(around.diary.topic, loaded.again)

    def change(event: ft.Event[ft.TextField]) -> None:
        set_typed(event.control.value or "")

    async def act(call: Callable[..., None], *arguments: object) -> bool:
        try:
            await asyncio.to_thread(call, *arguments)
        except DiaryError as error:
            set_problem(str(error))
            return False
        set_problem("")
        loaded.again()
        return True

    async def ask() -> None:
        if await act(questions.ask, typed):
            set_typed("")

    async def take_back(question_id: UUID) -> None:
        await act(questions.take_back, question_id)

    lines: list[ft.Control] = [heading(_("For my next visit"), 2)]
    lines += [_line(question, take_back) for question in loaded.value or ()]
    lines += [
        ft.TextField(
            label=_("What do you want to ask?"),
            value=typed,
            on_change=change,
            multiline=True,
            min_lines=2,
            max_lines=6,
            max_length=LONGEST_WORDS,
            error=problem or None,
            border=edge(),
            key="visit-question",
        ),
        main_button(_("Keep this question"), ask, key="keep-question"),
        quiet(
            _(
                "Your care team reads this at your visit, not before. If you feel unwell, write an"
                " entry or call."
            )
        ),
    ]
    return card(lines, key="visit-questions")


def _line(question: AskedQuestion, take_back: Callable[[UUID], object]) -> ft.Control:
    return ft.Column(
        [
            body(question.words),
            quiet(_("Written on {day}").format(day=day_words(question.on))),
            other_button(
                _("Take off the list"),
                partial(take_back, question.id),
                key=f"take-back-{question.id}",
            ),
        ],
        spacing=4,
        tight=True,
    )
