"""What the clinic did about an alert, as a card."""

from collections.abc import Sequence

import flet as ft

from diary_app.components.heading import body, heading, quiet
from diary_app.components.notice import card
from diary_app.state.course import ClinicAnswer
from diary_app.state.course_words import answer_lines, answer_title
from diary_app.text import _


def answer_card(
    answer: ClinicAnswer, actions: Sequence[ft.Control] = (), *, title: str = ""
) -> ft.Control:
    """Return the card of one answer.

    Args:
        title: Instead of what it is about.
    """
    lines = answer_lines(answer)
    controls: list[ft.Control] = [heading(title or answer_title(answer), 2)]
    controls += [body(line, strong=line == lines[-1]) for line in lines]
    if answer.closed is not None:
        controls.append(quiet(_("If you feel worse or are worried, call the clinic again.")))
    return card([*controls, *actions], key=f"answer-{answer.alert_id}")
