"""Tasks that the diary asks of people, each with its button to say that it is done."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

import flet as ft

from diary_app.components.care_parts import band, button, fine
from diary_app.services.task_lines import TaskLine
from diary_app.text import _

FIRST_TASKS = 4


def task_bands(
    lines: Sequence[TaskLine], done: Callable[[UUID], Awaitable[None]]
) -> list[ft.Control]:
    """Return one band a task, the viewer's own first; the first few, and how many more there are.

    Args:
        lines: Open tasks of the clinic.
        done: Takes the id of a task that somebody did.
    """
    ordered = sorted(lines, key=lambda line: not line.mine)
    more = len(ordered) - FIRST_TASKS
    return [
        *(_band(number, line, done) for number, line in enumerate(ordered[:FIRST_TASKS])),
        *([fine(_("{n} more follow when these are done.").format(n=more))] if more > 0 else []),
    ]


def _band(number: int, line: TaskLine, done: Callable[[UUID], Awaitable[None]]) -> ft.Control:
    return band(
        "urgent" if line.mine else "prompt",
        _words(line),
        key=f"task-{number}",
        act=button(_("Done"), partial(done, line.task_id), key=f"task-done-{number}"),
    )


def _words(line: TaskLine) -> str:
    sentence = line.sentence
    if line.patient_code:
        sentence = _("{sentence} (Patient {code})").format(
            sentence=sentence, code=line.patient_code
        )
    if line.mine:
        return _("Task for you: {sentence}").format(sentence=sentence)
    return _("Task for {name}: {sentence}").format(name=line.whom, sentence=sentence)
