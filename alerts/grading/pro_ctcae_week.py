"""One week of PRO-CTCAE answers as the care team reads it: a composite grade per symptom.

No rule reads this. The scores describe how a treatment is borne and raise no alert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts.errors import ImpossibleValueError
from alerts.grading.limits import shown
from alerts.grading.pro_ctcae import composite_grade
from alerts.grading.pro_ctcae_items import ITEMS, PRESENCE, WEEKLY, Item
from alerts.grading.pro_ctcae_wording import QUESTIONS, USUAL, responses


@dataclass(frozen=True, slots=True)
class ItemOfWeek:
    """What one week says about one symptom.

    Attributes:
        scores: Shape ``(questions,)``, 0 to 4, or 0 and 1 for no and yes; None = not answered.
        grade: Composite grade, 0 to 3; None when an answer is missing, and for yes and no.
    """

    item: Item
    scores: tuple[int | None, ...]
    grade: int | None

    @property
    def is_presence(self) -> bool:
        """Return whether yes or no was all that was asked."""
        return self.item.attributes == (PRESENCE,)

    @property
    def is_present(self) -> bool | None:
        """Return the answer to a question of yes or no; None = not answered, or not such one."""
        return None if not self.is_presence or self.scores[0] is None else self.scores[0] == 1


def items_of_week(answers: Mapping[str, int | None]) -> tuple[ItemOfWeek, ...]:
    """Return the symptoms asked about in one week, in the order of the library.

    Args:
        answers: Column name, such as ``PROCTCAE_28A_SCL`` -> score, None = not answered.
    """
    found = []
    for number in sorted(ITEMS):
        item = ITEMS[number]
        if any(column in answers for column in item.columns):
            scores = tuple(answers.get(column) for column in item.columns)
            found.append(ItemOfWeek(item, scores, composite_grade(item.attributes, scores)))
    return tuple(found)


def codes_of(items: Sequence[int] | None) -> tuple[str, ...]:
    """Return the questions about these items in the order they are asked; None = the usual.

    Raises:
        ImpossibleValueError: If an item is not one whose wording is known.
    """
    chosen = set(USUAL if items is None else items)
    for number in chosen - set(WEEKLY):
        raise ImpossibleValueError(f"The weekly questions have no item {shown(number)}.", "items")
    wanted = {column for number in chosen for column in ITEMS[number].columns}
    return tuple(code for code in QUESTIONS if code in wanted)


def check_answers(answers: Mapping[str, object]) -> dict[str, int | None]:
    """Return answers that may be kept.

    Raises:
        ImpossibleValueError: If there is no such question, or no such answer to it.
    """
    kept: dict[str, int | None] = {}
    for code, score in answers.items():
        if code not in QUESTIONS:
            raise ImpossibleValueError(f"There is no question {shown(code)}.", "answers")
        if score is None:
            kept[code] = None
        elif type(score) is int and score in dict(responses(code)):
            kept[code] = score
        else:
            raise ImpossibleValueError(f"{code} has no answer {shown(score)}.", "answers")
    return kept
