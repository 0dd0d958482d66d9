"""The entry being written: answers so far, which question is open, and the step to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from diary_app.state.also import with_unticked
from diary_app.state.body import disagree
from diary_app.state.questions import (
    COLUMNS,
    REVIEW,
    PlannedDay,
    applicable,
)

# Keys of a draft's content that are no answers: they never become columns of the entry.
STEERING = frozenset({"kind", "day", "at", "settled", "from_review", "light"})


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One draft; every change makes a new one.

    Attributes:
        kind: ``full``, or ``reading`` for a temperature alone.
        day: The patient's calendar day it is about, ISO ("2026-11-21").
        answers: Column of the entry -> value, and ``also``, the ticks below the danger signs. An
            absent column was not answered.
        settled: Question -> how it was passed without a value: ``not_measured``, ``not_known``,
            ``not_yet``, ``done``.
        at: The question on the screen, or ``review``.
        from_review: The question was opened from the review, which is next again.
    """

    kind: str = "full"
    day: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    from_review: bool = False

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "EntryDraft":
        """Return the draft kept as this content."""
        return cls(
            kind=content.get("kind", "full"),
            day=content.get("day", ""),
            answers={k: v for k, v in content.items() if k not in STEERING and v is not None},
            settled=dict(content.get("settled") or {}),
            at=content.get("at") or "",
            from_review=bool(content.get("from_review")),
        )

    def content(self) -> dict[str, Any]:
        """Return what is kept in the database."""
        return {
            **self.answers,
            "kind": self.kind,
            "day": self.day,
            "at": self.at,
            "settled": dict(self.settled),
            "from_review": self.from_review,
        }

    def is_answered(self, question: str) -> bool:
        """Return whether a question has a value or was passed on purpose."""
        columns = COLUMNS[question]
        if question == "regions" and self.answers.get("generalized"):
            return True
        if question == "handprints" and self._hands_are_doubted():
            return False
        return question in self.settled or bool(columns and columns[0] in self.answers)

    def _hands_are_doubted(self) -> bool:
        told = self.answers
        return disagree(told.get("map_percent"), told.get("handprints")) and not told.get(
            "handprints_sure"
        )


def answered(draft: EntryDraft, planned: PlannedDay, **values: Any) -> EntryDraft:
    """Return the draft with these columns set; None takes an answer back.

    Answers to questions that no longer apply are dropped: they were about something that is not
    there any more.
    """
    merged = {k: v for k, v in {**draft.answers, **values}.items() if v is not None}
    settled = {
        question: word
        for question, word in draft.settled.items()
        if not any(column in values for column in COLUMNS.get(question, ()))
    }
    return _cleaned(replace(draft, answers=merged, settled=settled), planned)


def passed(draft: EntryDraft, planned: PlannedDay, question: str, word: str) -> EntryDraft:
    """Return the draft with a question passed without a value, such as ``not_known``."""
    gone = set(COLUMNS[question])
    return _cleaned(
        replace(
            draft,
            answers={k: v for k, v in draft.answers.items() if k not in gone},
            settled={**draft.settled, question: word},
        ),
        planned,
    )


def _cleaned(draft: EntryDraft, planned: PlannedDay) -> EntryDraft:
    answers = dict(draft.answers)
    asked = applicable(draft.kind, answers, planned)
    for question, columns in COLUMNS.items():
        # Who is to blame is known without asking when there is only one of itch and rash.
        if question not in asked and question != "adl_due_to":
            for column in columns:
                answers.pop(column, None)
    if "adl_due_to" not in asked:
        answers.pop("adl_due_to", None)
        if answers.get("adl") in {"instrumental", "self_care"}:
            answers["adl_due_to"] = ["skin"] if answers.get("rash_present") else ["itch"]
    answers = with_unticked(answers)
    settled = {q: word for q, word in draft.settled.items() if q in asked}
    cleaned = replace(draft, answers=answers, settled=settled)
    if applicable(draft.kind, answers, planned) != asked:
        return _cleaned(cleaned, planned)
    return cleaned


def first_open(draft: EntryDraft, planned: PlannedDay) -> str:
    """Return the first question that is neither answered nor passed, or ``review``."""
    for question in applicable(draft.kind, draft.answers, planned):
        if not draft.is_answered(question):
            return question
    return REVIEW


def place(draft: EntryDraft, planned: PlannedDay) -> str:
    """Return the question to show: where the patient was, if it still applies."""
    if draft.at == REVIEW or draft.at in applicable(draft.kind, draft.answers, planned):
        return draft.at
    return first_open(draft, planned)


def onward(draft: EntryDraft, planned: PlannedDay) -> EntryDraft:
    """Return the draft at the next question, or at the review after the last.

    Opened from the review, it goes on with questions that have come up and then back there.
    """
    asked = applicable(draft.kind, draft.answers, planned)
    here = place(draft, planned)
    if draft.from_review:
        there = first_open(draft, planned)
        return replace(draft, at=there, from_review=there != REVIEW)
    if here == REVIEW or here not in asked or here == asked[-1]:
        return replace(draft, at=REVIEW, from_review=False)
    return replace(draft, at=asked[asked.index(here) + 1])


def backward(draft: EntryDraft, planned: PlannedDay) -> EntryDraft | None:
    """Return the draft at the question before; None at the first one."""
    asked = applicable(draft.kind, draft.answers, planned)
    here = place(draft, planned)
    if draft.from_review:
        return replace(draft, at=REVIEW, from_review=False)
    if here == REVIEW:
        return replace(draft, at=asked[-1])
    position = asked.index(here)
    return None if position == 0 else replace(draft, at=asked[position - 1])


def opened(draft: EntryDraft, question: str) -> EntryDraft:
    """Return the draft at a question that the patient wants to change in the review."""
    return replace(draft, at=question, from_review=True)


def progress(draft: EntryDraft, planned: PlannedDay) -> tuple[int, int]:
    """Return the number of the open question and how many there are, as far as is known."""
    asked = applicable(draft.kind, draft.answers, planned)
    here = place(draft, planned)
    return (len(asked), len(asked)) if here == REVIEW else (asked.index(here) + 1, len(asked))
