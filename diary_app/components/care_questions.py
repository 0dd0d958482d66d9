"""What the patient wants to ask at the visit, and ticking it off."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_component import keyed
from diary_app.components.care_parts import button, fine, text
from diary_app.components.care_reading import attempt
from diary_app.components.care_words import when
from diary_app.exports.bundle import QuestionLine
from diary_app.services.visit_questions import TeamQuestions
from diary_app.text import _


@keyed
def QuestionsPanel(
    desk: TeamQuestions, questions: Sequence[QuestionLine], zone: str, may_answer: bool
) -> ft.Control:
    """List the open questions, the oldest first; the page is read anew after a change."""

    async def answer(question_id: UUID) -> None:
        await attempt(desk.answer, question_id)

    lines: list[ft.Control] = []
    for question in questions:
        asked = when(question.asked_at, zone, question.asked_at)
        lines += [
            text(question.words),
            fine(_("Written {time}").format(time=asked)),
        ]
        if may_answer:
            lines.append(
                ft.Row(
                    [
                        button(
                            _("Talked about it"),
                            partial(answer, question.id),
                            key=f"answer-{question.id}",
                            icon=ft.Icons.CHECK,
                        )
                    ]
                )
            )
    if not lines:
        lines.append(fine(_("The patient has written down no question.")))
    return ft.Column(lines, spacing=6)
