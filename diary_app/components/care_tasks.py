"""Tasks that the diary asks of people, each with its button to say that it is done."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_parts import band, button
from diary_app.services.task_lines import TaskLine
from diary_app.text import _


def task_bands(
    lines: Sequence[TaskLine], done: Callable[[UUID], Awaitable[None]]
) -> list[ft.Control]:
    """Return one band a task, the viewer's own first.

    Args:
        lines: Open tasks of the clinic.
        done: Takes the id of a task that somebody did.
    """
    ordered = sorted(lines, key=lambda line: not line.mine)
    return [
        band(
            "urgent" if line.mine else "prompt",
            _words(line),
            key=f"task-{number}",
            act=button(_("Done"), partial(done, line.task_id), key=f"task-done-{number}"),
        )
        for number, line in enumerate(ordered)
    ]


def _words(line: TaskLine) -> str:
    sentence = line.sentence
    if line.patient_code:
        sentence = _("{sentence} (Patient {code})").format(
            sentence=sentence, code=line.patient_code
        )
    if line.mine:
        return _("Task for you: {sentence}").format(sentence=sentence)
    return _("Task for {name}: {sentence}").format(name=line.whom, sentence=sentence)
