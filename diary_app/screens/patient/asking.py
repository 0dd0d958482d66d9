"""What a question knows and may do, and what it puts on the screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import flet as ft

from diary_app.state.diary import ClinicCard, Diary, PhotoView
from diary_app.state.doses import DoseSaid
from diary_app.state.entry_draft import EntryDraft
from diary_app.state.questions import PlannedDay


@dataclass(frozen=True)
class Asking:
    """One open question of the entry being written.

    Attributes:
        question: Its name.
        wide: A desktop window rather than a phone.
        draft_id: For photos; a string, as it appears in paths.
        logged: What the dose log says of the day, by medicine.
        answer: Keeps columns and stays: ``answer(itch_nrs=3)``; ``typing=True`` while typing.
        answer_on: Keeps columns and goes to the next question.
        pass_on: Passes the question without a value: ``pass_on("not_known")``.
        on: Goes to the next question.
        to_review: Leaves out what is still to be asked.
    """

    question: str
    draft: EntryDraft
    planned: PlannedDay
    clinic: ClinicCard
    diary: Diary
    draft_id: str
    photos: tuple[PhotoView, ...]
    logged: Mapping[str, DoseSaid]
    wide: bool
    answer: Callable[..., None]
    answer_on: Callable[..., None]
    pass_on: Callable[[str], None]
    on: Callable[[], None]
    to_review: Callable[[], None]

    def value(self, column: str) -> Any:
        """Return an answer; None when there is none."""
        return self.draft.answers.get(column)


@dataclass(frozen=True)
class Sheet:
    """One question as it is drawn.

    Attributes:
        title: The question.
        hint: A quieter line below it.
        controls: The answers.
        foot: What stays in sight below them, above "Back".
        main: The button beside "Back"; None when picking an answer goes on by itself.
    """

    title: str
    controls: tuple[ft.Control, ...]
    hint: str = ""
    foot: tuple[ft.Control, ...] = ()
    main: ft.Control | None = None
