"""What the patient wants to ask at the next visit, wherever the diary is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

MOST_OPEN = 20
LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question that is still open, and the day it was written."""

    id: UUID
    words: str
    on: date


class VisitQuestions(Protocol):
    """The questions of one patient. Call it in a thread; methods raise `DiaryError`."""

    def open(self) -> tuple[AskedQuestion, ...]:
        """Return what is still to be asked, the oldest first."""
        ...

    def ask(self, words: str) -> None:
        """Keep a question for the visit."""
        ...

    def take_back(self, question_id: UUID) -> None:
        """Take a question off the list."""
        ...
