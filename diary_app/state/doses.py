"""The dose log and the plan as the patient's screens know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from diary_app.state.entry_draft import EntryDraft, answered, passed
from diary_app.state.questions import PlannedDay

# A question of the entry that the dose log answers without an amount.
IN_LOG = "logged"
# Instead of a time of day: as it is said.
JUST_NOW = "now"


@dataclass(frozen=True, slots=True)
class DoseSaid:
    """The newest word on one medicine of one day.

    Attributes:
        how: planned, late, missed, different or vomited.
        taken_mg: None = unknown, 0 = not taken.
        clock: When it was said, "21:04" by the patient's clock.
        taken_clock: When it was taken late; empty = not said.
        vomited_after: within_30, within_120, later or unknown; empty unless vomited.
    """

    how: str
    taken_mg: float | None
    clock: str
    taken_clock: str = ""
    vomited_after: str = ""


@dataclass(frozen=True, slots=True)
class DoseRow:
    """One medicine of one day.

    Attributes:
        drug: imatinib or prednisolone.
        planned_mg: 0 = none that day; None = there is no plan.
        off_day: The day between two doses of an every-other-day plan.
        said: None = nothing is known of it yet, which is not the same as missed.
        can_undo: It was said just now, here.
        next_on: The next day with a planned dose; None = the plan has none ahead.
    """

    drug: str
    on: date
    planned_mg: float | None
    off_day: bool = False
    said: DoseSaid | None = None
    can_undo: bool = False
    next_on: date | None = None
    next_mg: float | None = None


@dataclass(frozen=True, slots=True)
class DosesView:
    """The doses of today, and of yesterday where they matter.

    Attributes:
        today: Imatinib always; prednisolone when it is planned or something was said.
        yesterday: Planned doses of yesterday of which nothing is known.
        is_night: Just after midnight it is not clear which day a dose belongs to.
        plan_changed_on: The day of a change of the plan that was not read yet.
    """

    on: date
    today: tuple[DoseRow, ...]
    yesterday: tuple[DoseRow, ...] = ()
    is_night: bool = False
    plan_changed_on: date | None = None

    def row(self, drug: str, on: date | None = None) -> DoseRow | None:
        """Return one medicine of today, or of another day that is there; None = it is not."""
        for row in (*self.today, *self.yesterday):
            if row.drug == drug and row.on == (on or self.on):
                return row
        return None

    def is_unclear(self, drug: str) -> bool:
        """Return whether the patient is asked to which day a dose of this medicine belongs."""
        return self.is_night and any(row.drug == drug for row in self.yesterday)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One step of the plan.

    Attributes:
        until: Its last day; None = until the plan changes.
        imatinib_mg: Per dosing day; 0 = stopped.
        prednisolone_mg: None = the plan says nothing.
        confirmed_by: The clinician who confirmed it; empty = no longer known.
    """

    starts_on: date
    until: date | None
    imatinib_mg: float
    every_n_days: int
    prednisolone_mg: float | None
    confirmed_by: str
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class StripDay:
    """One day of the two weeks that an every-other-day plan shows.

    Attributes:
        imatinib_mg: Planned; 0 = none.
        off_day: Whether it is a day between two doses.
    """

    on: date
    imatinib_mg: float
    off_day: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """The plan: the step in force, what comes and what was.

    Attributes:
        now: None = no step has begun.
        ahead: The next first.
        past: The newest first.
        strip: Fourteen days from today; empty unless one of them is an off day.
        visits: When the visits ahead begin, by the patient's clock, the next first.
    """

    doses: DosesView
    now: PlanLine | None
    ahead: tuple[PlanLine, ...]
    past: tuple[PlanLine, ...]
    strip: tuple[StripDay, ...] = ()
    visits: tuple[datetime, ...] = ()


class Doses(Protocol):
    """The dose log of one patient. Call every method in a thread.

    Methods raise `DiaryError` with a sentence for the patient.
    """

    def view(self) -> DosesView:
        """Return the doses of today."""
        ...

    def plan(self) -> PlanView:
        """Return the plan."""
        ...

    def read_plan(self) -> None:
        """Say that the newest plan was read."""
        ...

    def take(self, drug: str, on: date, record_id: UUID | None = None) -> DoseRow:
        """Say that a dose was taken as planned; saying it twice is saying it once."""
        ...

    def say(
        self,
        drug: str,
        on: date,
        how: str,
        *,
        taken_mg: float | None = None,
        taken_clock: str = "",
        vomited_after: str = "",
        record_id: UUID | None = None,
    ) -> DoseRow:
        """Say what became of a dose."""
        ...

    def undo(self, drug: str, on: date) -> DoseRow:
        """Take back what was said just now; what was said before it holds again."""
        ...


def with_log(
    draft: EntryDraft, planned: PlannedDay, said: Mapping[str, DoseSaid | None]
) -> EntryDraft:
    """Return the draft with its dose questions answered as the log answers them.

    Args:
        said: Medicine -> the newest word; None = it was taken back. Absent: the log is silent.
    """
    for drug, word in said.items():
        column = f"{drug}_mg_taken"
        values: dict[str, Any] = {column: None if word is None else word.taken_mg}
        draft = answered(draft, planned, **values)
        if word is not None and word.taken_mg is None:
            draft = passed(draft, planned, drug, IN_LOG)
    return draft
