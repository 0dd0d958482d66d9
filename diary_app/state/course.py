"""What the history asks of a diary: a month, the course, and what the clinic answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol
from uuid import UUID

Mark = Literal["urgent", "prompt", "unchecked", "entry"]
Period = Literal["weeks", "month", "months", "all"]
Unit = Literal["C", "F"]

MARKS: tuple[Mark, ...] = ("urgent", "prompt", "unchecked", "entry")
"""Gravest first; a day is shown by the gravest of its entries, and told by all of them."""


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day with at least one entry.

    Attributes:
        marks: One for each entry, gravest first. ``entry`` = nothing was asked of the patient.
    """

    on: date
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month of the calendar.

    Attributes:
        first_on: The first of the month.
        today: The patient's calendar day.
        earliest: The first day with an entry in the whole diary; None = there is none.
        days: Days with an entry; other days are absent.
        doses: Day -> a short word about its dose; days without one are absent.
    """

    first_on: date
    today: date
    earliest: date | None
    days: Mapping[date, DayMark]
    doses: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant on the patient's clock: the day and "21:04"."""

    on: date
    clock: str


@dataclass(frozen=True, slots=True)
class ClinicAnswer:
    """What became of one alert, as far as it is the patient's to know.

    Attributes:
        about: The entry that raised it and its day; None = it was not about an entry.
        level: prompt or urgent.
        taken: When somebody of the care team took it; None = nobody yet, or it was given back.
        closed: When it was closed; None = not yet.
        outcome: One of the care team's outcomes; None = not closed, or closed without one.
    """

    alert_id: UUID
    about: tuple[UUID, date] | None
    level: str
    raised: Moment
    taken: Moment | None = None
    taken_by: str = ""
    closed: Moment | None = None
    closed_by: str = ""
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class ChartDay:
    """One day with at least one entry; of several entries the worst counts.

    Attributes:
        itch: Worst itch, 0 to 10; None = not answered.
        celsius: Highest temperature in degrees Celsius; None = none.
        rash_percent: Of the skin; 0 = told that there is none; None = unknown.
        rash_words: ``everywhere`` or ``unsized`` when there is a rash without a number, else "".
        imatinib_mg: Taken; 0 = told as not taken; None = not answered. The same for prednisolone.
        imatinib_due_mg: Prescribed for that day; None = unknown.
    """

    on: date
    itch: int | None = None
    celsius: float | None = None
    rash_percent: float | None = None
    rash_words: Literal["", "everywhere", "unsized"] = ""
    imatinib_mg: float | None = None
    imatinib_due_mg: float | None = None
    prednisolone_mg: float | None = None
    prednisolone_due_mg: float | None = None


@dataclass(frozen=True, slots=True)
class ChartStep:
    """One step of the plan; 0 mg = stopped, None = the plan says nothing of prednisolone."""

    starts_on: date
    imatinib_mg: float
    every_n_days: int
    prednisolone_mg: float | None


@dataclass(frozen=True, slots=True)
class CourseChart:
    """A period of the course, both days inclusive; the last one is today.

    Attributes:
        unit: The one the patient used last.
        days: Days with an entry, oldest first.
        steps: The whole plan up to the last day, oldest first.
        step_ups: The days on which imatinib was started, restarted or raised, oldest first.
    """

    first_on: date
    last_on: date
    unit: Unit
    days: Sequence[ChartDay]
    steps: Sequence[ChartStep]
    step_ups: Sequence[date]


class Course(Protocol):
    """One patient's course. Every method may wait for a disk: call it in a thread."""

    def month(self, of: date | None) -> MonthView:
        """Return the month that holds a day; None = the present one."""
        ...

    def chart(self, period: Period) -> CourseChart:
        """Return the course of a period up to today."""
        ...

    def answers(self) -> tuple[ClinicAnswer, ...]:
        """Return what became of every alert, newest first."""
        ...

    def answer_about(self, entry_id: UUID) -> ClinicAnswer | None:
        """Return what became of the alert that holds an entry; None = it raised none."""
        ...
